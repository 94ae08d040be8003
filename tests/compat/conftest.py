"""Fixtures for tests that run two programs side by side."""

import os
import subprocess
from pathlib import Path

import pytest

from compat.sides import Sides, both
from support.pki import Authority

_HOW = (
    "Set TWINE_REFERENCE to an environment with the PyPA's twine, which "
    "`python tools/reference.py FOLDER` makes; `tox -e compat` does both."
)


@pytest.fixture(scope="session")
def reference() -> Path:
    """Return the environment of the PyPA's twine, which must be there."""
    folder = os.environ.get("TWINE_REFERENCE")
    if not folder:
        pytest.fail(_HOW)
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    python = Path(folder).absolute() / inside
    if not python.is_file():
        pytest.fail(f"There is no {python}. {_HOW}")
    said = subprocess.run(
        [str(python), "-m", "twine", "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    if not said.startswith("twine version 7.0.0 "):
        pytest.fail(f"Not version 7.0.0: {said}")
    return Path(folder).absolute()


@pytest.fixture
def sides(reference: Path, tmp_path: Path, authority: Authority) -> Sides:
    """Return the two programs."""
    return both(reference, tmp_path, authority)
