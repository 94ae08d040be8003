"""Which uploads go before which, and how many may run at once."""

import pytest

from twine.publish.schedule import LONGEST_UPLOAD, Item, fits_beside, plan_phases


def items(text: str) -> list[Item]:
    """Return distributions, written `a1w b2s` for wheels and sdists."""
    return [
        Item(project=word[0], version=word[1], is_wheel=word[2] == "w")
        for word in text.split()
    ]


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("", []),
        ("a1w", [[0]]),
        ("a1w a1s", [[0], [1]]),
        ("a1w a1w a1w a1s", [[0], [1, 2], [3]]),
        ("a1s a1s", [[0], [1]]),
        ("a1w b1w", [[0, 1]]),
        ("a1w a2w a2w", [[0], [1], [2]]),
        ("a1w a2w a1s a2s", [[0], [1], [2, 3]]),
        ("a1w a2w b1w a1s c1s", [[0, 2, 4], [1], [3]]),
    ],
)
def test_files_go_in_phases(text: str, phases: list[list[int]]) -> None:
    """The first of each project, of each release, the other wheels, the sdists."""
    assert plan_phases(items(text)) == phases


@pytest.mark.parametrize(
    ("sent", "seconds", "size", "running", "fits"),
    [
        (0, 0.0, 10**12, 7, True),
        (0, 5.0, 10**12, 7, True),
        (100, 0.0, 10**12, 7, True),
        (1000, 10.0, 10**12, 0, True),
        (1000, 10.0, 50 * int(LONGEST_UPLOAD), 1, True),
        (1000, 10.0, 50 * int(LONGEST_UPLOAD) + 1, 1, False),
    ],
)
def test_side_by_side_must_not_take_too_long(
    sent: int, seconds: float, size: int, running: int, fits: bool
) -> None:
    """The line is shared; without a measured rate everything may go."""
    assert fits_beside(running, size, sent=sent, seconds=seconds) is fits
