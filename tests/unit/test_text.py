"""Text as it may be shown: numbers that people read."""

import pytest

from twine.terminal.text import format_duration, format_rate


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (0.04, "0.0 s"), (9.94, "9.9 s"), (10.4, "10 s"), (754.1, "754 s")],
)
def test_durations_have_tenths_where_they_matter(seconds: float, text: str) -> None:
    """They are in seconds, whatever they are of."""
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("speed", "text"), [(51_200.4, "50.0 KB/s"), (3 * 2**20, "3.0 MB/s")]
)
def test_rates_are_written_as_sizes_are(speed: float, text: str) -> None:
    """An upload of 3.0 MB at 3.0 MB/s takes one second."""
    assert format_rate(speed) == text
