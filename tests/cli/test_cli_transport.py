"""What a person sees of retries, timeouts and early refusals."""

from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.index import Answer, Fault, ScriptedIndex


@pytest.fixture
def big_wheel(workdir: Path) -> str:
    """Make a wheel that is larger than what sockets hold on the way."""
    return dists.make_wheel(workdir, "big", payload=bytes(16 << 20)).name


@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.STALL])
def test_a_server_that_sleeps_is_told(
    upload: Twine, index: ScriptedIndex, big_wheel: str, fault: Fault
) -> None:
    """With `--timeout 1` the second try comes soon, and is told."""
    index.answer("/legacy/", Answer(fault=fault))

    result = upload("--timeout", "1", "--retries", "1", big_wheel, timeout=30)

    result.failure()
    assert "in time" in result.out
    assert "Try 2 of 2 follows in " in result.out
    assert len(index.requests) >= 2


def test_each_retry_is_one_warning(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """503 twice, then 200: why, which try of how many, and when."""
    busy = Answer(503, "Busy", {"Retry-After": "0"}, b"Back in a minute.")
    index.answer("/legacy/", busy, times=2)

    said = upload(wheel).success()

    assert said.count("503 Busy") == 2
    assert "Try 2 of 5 follows in 0.0 s." in said
    assert "Try 3 of 5 follows in 0.0 s." in said
    assert f"Uploaded {wheel}: " in said
