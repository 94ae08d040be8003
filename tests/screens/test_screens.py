"""Golden screens: what a person sees, as text; the documentation shows these files."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from screens import scenarios
from screens.stage import SCENARIOS, Kind, Play, Stage

HERE = Path(__file__).parent


def file_name(kind: Kind, play: Play) -> str:
    """Return the name of the file with a screen."""
    return f"{play.__name__.replace('_', '-')}.{kind}.txt"


HELP = {
    scenarios.no_arguments,
    scenarios.help_of_upload,
    scenarios.help_of_check,
}
FILES = {file_name(kind, play): (kind, play) for kind, play in SCENARIOS}


@pytest.mark.parametrize("name", FILES)
def test_screen_is_as_recorded(
    stage: Callable[[Kind], Stage], request: pytest.FixtureRequest, name: str
) -> None:
    """`pytest tests/screens --record` records anew; look at each difference."""
    kind, play = FILES[name]
    if kind != "pipe" and sys.platform == "win32":
        pytest.skip("has no pseudo-terminal")
    if play in HELP and sys.version_info >= (3, 13):
        pytest.skip("argparse of Python 3.13 has another layout")
    shown = play(stage(kind))
    # Known only if this folder was named on the command line.
    if request.config.getoption("record", default=False):
        (HERE / name).write_text(shown, encoding="utf-8")
    assert shown == (HERE / name).read_text(encoding="utf-8")


def test_each_file_is_a_screen() -> None:
    """No file is left of a scenario that has gone."""
    assert {path.name for path in HERE.glob("*.txt")} == set(FILES)
