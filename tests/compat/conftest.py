"""Fixtures for tests that run two programs side by side."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from compat.sides import Side, Sides
from support.pki import Authority

_HOW = (
    "Set TWINE_REFERENCE to an environment with the PyPA's twine 7.0.0; "
    "`tox -e compat` makes one."
)


def python_of(folder: Path) -> Path:
    """Return the Python of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Return the environment of the PyPA's twine, which must be there."""
    folder = Path(os.environ.get("TWINE_REFERENCE", "?")).absolute()
    python = python_of(folder)
    if not python.is_file():
        pytest.fail(f"There is no {python}. {_HOW}")
    said = subprocess.run(
        [str(python), "-m", "twine", "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert said.startswith("twine version 7.0.0 "), _HOW
    return folder


@pytest.fixture
def sides(reference: Path, tmp_path: Path, authority: Authority) -> Sides:
    """Return the two programs."""
    pythons = {"ours": sys.executable, "theirs": str(python_of(reference))}
    ours, theirs = (
        Side(argv=(python, "-m", "twine"), folder=tmp_path / name, authority=authority)
        for name, python in pythons.items()
    )
    return Sides(ours=ours, theirs=theirs)
