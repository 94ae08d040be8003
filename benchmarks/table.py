"""The table of what was measured, for the screen and for the documentation."""

from __future__ import annotations

import dataclasses
import os
import platform
import shutil
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measure import NAMES, find_uv

PAGE = Path(__file__).resolve().parents[1] / "docs/explanation/performance.rst"
BEGIN = ".. measured: what follows is written by `python -m benchmarks --write`\n"
END = ".. measured: end\n"
OTHERS = NAMES[1:]
HEAD = ("Work", *NAMES, *(f"to {name}" for name in OTHERS), "Limit", "Reached")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    Args:
        title: What was measured.
        values: What each program took, by its name.
        ratios: Our value as a share of each other program's, by its name.
        limit: What ours may be at most.
        ok: Whether it was; ``None`` if there was nothing to compare with.
    """

    title: str
    values: Mapping[str, str]
    ratios: Mapping[str, float]
    limit: str
    ok: bool | None

    def cells(self) -> list[str]:
        """Return its cells under :data:`HEAD`."""
        values = [self.values.get(name, "") for name in NAMES]
        ratios = [
            f"{self.ratios[name]:.2f}" if name in self.ratios else "" for name in OTHERS
        ]
        reached = {True: "yes", False: "no", None: ""}[self.ok]
        return [self.title, *values, *ratios, self.limit, reached]


def as_text(rows: Sequence[Row]) -> str:
    """Return the table for a terminal."""
    lines = [list(HEAD), *(row.cells() for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def as_rst(rows: Sequence[Row], rounds: int) -> str:
    """Return the table for the documentation, with what it was measured on.

    Args:
        rows: Its lines.
        rounds: How many turns each program had.
    """
    lines = [_circumstances(rounds), ""]
    lines += [".. list-table::", "   :header-rows: 1", "   :class: measured", ""]
    for cells in (HEAD, *(row.cells() for row in rows)):
        for number, cell in enumerate(cells):
            lines.append(f"   {'*' if number == 0 else ' '} - {cell}".rstrip())
    return "\n".join([*lines, "", ""])


def _circumstances(rounds: int) -> str:
    """Return a sentence about the machine and the programs."""
    programs = [_version([found, "--version"]) for found in _found()]
    return (
        f"Medians of {rounds} rounds, on {platform.system()} with {os.cpu_count()} "
        f"processors, Python {platform.python_version()} and {ssl.OPENSSL_VERSION}; "
        f"compared with {', '.join(['twine 7.0.0', *programs])}."
    )


def _found() -> list[str]:
    return [path for path in (find_uv(), shutil.which("curl")) if path is not None]


def _version(command: list[str]) -> str:
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return " ".join(said.split()[:2])


def write(rows: Sequence[Row], rounds: int, page: Path = PAGE) -> None:
    """Put the table into its place in the documentation.

    Args:
        rows: Its lines.
        rounds: How many turns each program had.
        page: The page.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise RuntimeError(f"{page} has no place for the table")
    text = f"{before}{BEGIN}\n{as_rst(rows, rounds)}{END}{after}"
    page.write_text(text, encoding="utf-8")
