"""Run a command, and return what it showed, without what differs between runs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.secrets import PYPI_TOKEN
from support.terminal import OpenTerminal, Terminal

Kind = Literal["pipe", "terminal", "narrow"]
_COLUMNS = {"terminal": 80, "narrow": 40}
_PLATFORMS = (
    *("macosx_10_13_x86_64", "macosx_11_0_arm64"),
    *("manylinux_2_28_aarch64", "manylinux_2_28_x86_64"),
    *("musllinux_1_2_aarch64", "musllinux_1_2_x86_64"),
    *("win_amd64", "win_arm64"),
)
# What differs between two runs, or two versions of a library.
_VARIES = (
    (r"\b\d+\.\d s\b", "0.2 s"),
    (r"\b\d+(\.\d)? [KM]B/s", "1.5 MB/s"),
    (r"expires in \d+ s", "expires in 200 s"),
    (r"(readme-renderer|docutils) [\d.]+", r"\1 X.Y"),
    (r"(?m)^[-\\|/] (?=The index)", "| "),  # it turns
    # A bar fills what rate and time have left of the line.
    ("[━╸╺]+", "━" * 7),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A project's folder, an index that seems to be PyPI, and the command."""

    kind: Kind
    workdir: Path
    pypi: FakePyPI
    twine: Twine
    open_terminal: OpenTerminal
    monkeypatch: pytest.MonkeyPatch
    env: dict[str, str] = field(default_factory=dict)
    """What replaces the environment of somebody who has a token."""

    def wheel(
        self, name: str = "kettle", version: str = "1.0", metadata: str | None = None
    ) -> str:
        """Make a wheel in `dist`, and return its file name."""
        folder = self.workdir / "dist"
        return dists.make_wheel(folder, name, version, metadata=metadata).name

    def sdist(self, name: str = "kettle", metadata: str | None = None) -> str:
        """Make an sdist in `dist`, and return its file name."""
        return dists.make_sdist(self.workdir / "dist", name, metadata=metadata).name

    def forty(self) -> list[str]:
        """Make forty wheels of one release in `dist`, and return their names."""
        made = [
            dists.make_wheel(
                self.workdir / "dist",
                "kettle",
                tag=f"cp{python}-cp{python}-{platform}",
                payload=bytes(40_000 + 5_000 * number),
            )
            for python in (310, 311, 312, 313, 314)
            for number, platform in enumerate(_PLATFORMS)
        ]
        return sorted(path.name for path in made)

    @property
    def index_env(self) -> dict[str, str]:
        """The variables that lead to the index; no command shows them."""
        proxy, authority = self.pypi.url, str(self.pypi.ca_file)
        return {"HTTPS_PROXY": proxy, "REQUESTS_CA_BUNDLE": authority}

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a command."""
        return self.env or self.index_env | {"TWINE_PASSWORD": PYPI_TOKEN}

    def run(self, *args: str) -> str:
        """Return the screen after a command has ended."""
        if self.kind != "pipe":
            terminal = self.open(*args)
            code, _ = terminal.finish()
            return self.transcribe(args, terminal.render(), code)
        # argparse asks for the width even if there is no terminal.
        result = self.twine(*args, env=self.environment | {"COLUMNS": "80"})
        return self.transcribe(args, result.out + result.err, result.code)

    def open(self, *args: str) -> Terminal:
        """Start a command on a terminal."""
        columns = _COLUMNS[self.kind]
        return self.open_terminal(*args, env=self.environment, columns=columns)

    def transcribe(self, args: tuple[str, ...], shown: str, code: int | None) -> str:
        """Return a command and what it showed, with stable texts for what varies.

        The status is None for a command that still runs.
        """
        for pattern, text in _VARIES:
            shown = re.sub(pattern, text, shown)
        shown = shown.replace(str(self.workdir), "/home/me/kettle")
        ends = {0: "", None: "(still running)\n"}
        end = ends.get(code, f"(exit status {code})\n")
        return f"$ {' '.join(['twine', *args])}\n{shown}{end}"


Play = Callable[[Stage], str]
SCENARIOS: list[tuple[Kind, Play]] = []


def screen(*kinds: Kind) -> Callable[[Play], Play]:
    """Let a function be a scenario, for these kinds of screens."""

    def add(play: Play) -> Play:
        SCENARIOS.extend((kind, play) for kind in kinds)
        return play

    return add
