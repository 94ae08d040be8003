"""Whatever bytes a file is made of, checking it for PyPI ends in a verdict."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import dists
from twine.check.inspect import inspect
from twine.check.subject import read_subject, read_subjects

MAKERS: dict[str, Callable[[Path], Path]] = {
    "wheel": dists.make_wheel,
    "sdist": dists.make_sdist,
    "zip": dists.make_zip_sdist,
}
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["set", "cut", "drop", "insert"]),
        st.floats(0, 1, allow_nan=False),
        st.binary(min_size=1, max_size=30),
    ),
    min_size=1,
    max_size=4,
)


def damage(data: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    """Return bytes with some of them changed, cut, dropped or added."""
    damaged = bytearray(data)
    for how, where, new in changes:
        at = int(where * len(damaged))
        if how == "set":
            damaged[at : at + len(new)] = new
        elif how == "cut":
            del damaged[at:]
        elif how == "drop":
            del damaged[at : at + len(new)]
        else:
            damaged[at:at] = new
    return bytes(damaged)


def has_verdict(path: Path) -> None:
    """Check a file; hold that it passes, or fails with findings."""
    (report,) = inspect(read_subjects(read_subject, [str(path)])).files
    assert report.path == str(path)
    assert report.verdict.failed is any(
        one.severity.name == "ERROR" for one in report.findings
    )


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=settings().max_examples * 2 // 5)
@given(data=st.binary(max_size=200))
def test_checker_on_any_bytes(tmp_path: Path, kind: str, data: bytes) -> None:
    """Any bytes under the name of a distribution get a verdict."""
    path = MAKERS[kind](tmp_path)
    path.write_bytes(data)
    has_verdict(path)


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=settings().max_examples * 2 // 5)
@given(changes=CHANGES)
def test_checker_on_damage(
    tmp_path: Path, kind: str, changes: list[tuple[str, float, bytes]]
) -> None:
    """A sound distribution with some damage passes or fails with findings."""
    path = MAKERS[kind](tmp_path)
    path.write_bytes(damage(path.read_bytes(), changes))
    has_verdict(path)
