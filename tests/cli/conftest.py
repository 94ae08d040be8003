"""Fixtures that put one distribution, one index and one command together."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import LOGIN, PASSWORD, TOKEN, USER
from support.storing import StoringIndex


@pytest.fixture
def wheel(workdir: Path) -> str:
    """Make a wheel in `workdir` and return its file name."""
    return dists.make_wheel(workdir).name


@pytest.fixture
def sdist(workdir: Path) -> str:
    """Make an sdist in `workdir` and return its file name."""
    return dists.make_sdist(workdir).name


@pytest.fixture
def release(workdir: Path) -> list[str]:
    """Make three wheels and an sdist."""
    return dists.make_release(workdir)


@pytest.fixture
def broken_sdist(workdir: Path) -> str:
    """Make what only looks like an sdist in `workdir`; return its file name."""
    (workdir / "broken-1.0.tar.gz").write_bytes(b"")
    return "broken-1.0.tar.gz"


@pytest.fixture
def refused(workdir: Path) -> str:
    """Make a wheel of a local version: PyPI refuses it."""
    return dists.make_wheel(workdir, "local", "1.0+mine").name


@pytest.fixture
def doubtful(workdir: Path) -> str:
    """Make a wheel that PyPI may refuse: its tags are others than its name's."""
    path = dists.make_wheel(workdir, "doubtful")
    return path.rename(workdir / "doubtful-1.0-py2.py3-none-any.whl").name


@pytest.fixture
def without_email_validator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process lack a library that a rule needs."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *more: None if name == "email_validator" else find(name, *more),
    )


@pytest.fixture
def upload(twine: Twine, index: ScriptedIndex) -> Twine:
    """Return the command `upload` to the scripted index, credentials given."""
    given = ("--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD)
    return replace(twine, given=("upload", *given))


@pytest.fixture
def send(twine: Twine, store: StoringIndex) -> Twine:
    """Return the command `upload` to an index that stores, credentials given."""
    given = ("upload", "--repository-url", store.upload_url)
    return replace(twine, given=given, env=LOGIN)


@pytest.fixture
def publish(twine: Twine, pypi: FakePyPI) -> Twine:
    """Return the command `upload` to what seems to be PyPI, token given."""
    env = {**pypi.env, "TWINE_PASSWORD": TOKEN}
    return replace(twine, given=("upload",), env=env)
