"""What a scenario plays with, and the option that records its screen anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

from screens.stage import Kind, Stage
from support.command import Twine
from support.fakepypi import FakePyPI
from support.terminal import OpenTerminal


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `pytest tests/screens --record` write the screens instead of comparing."""
    parser.addoption("--record", action="store_true", help="record the screens anew")


@pytest.fixture
def stage(
    twine: Twine,
    pypi: FakePyPI,
    workdir: Path,
    terminal: OpenTerminal,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Kind], Stage]:
    """Return a function that makes the stage for one kind of screen."""
    return lambda kind: Stage(
        kind=kind,
        workdir=workdir,
        pypi=pypi,
        twine=twine,
        open_terminal=terminal,
        monkeypatch=monkeypatch,
    )
