"""Fixtures for tests that run two programs side by side."""

import os
import subprocess
from pathlib import Path

import pytest

from compat.sides import Side, Sides, python_of
from support.pki import Authority

_HOW = (
    "Set TWINE_REFERENCE to an environment with the PyPA's twine 7.0.0; "
    "`tox -e compat` makes one."
)


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
    python = python_of(reference)
    return Sides(
        ours=Side(folder=tmp_path / "ours", authority=authority),
        theirs=Side(folder=tmp_path / "theirs", authority=authority, python=python),
    )
