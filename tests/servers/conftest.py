"""Real package indexes for the tests in this folder.

The environment that runs these tests needs, beside the package under test and the
usual test tools (pytest, trustme, requests):

* `pypiserver` and `passlib`, which checks its passwords; `bcrypt` must stay away, for
  passlib 1.7.4 cannot be imported beside a current one;
* `devpi-server` (its client is not needed: the user and the indexes are made over
  its REST API);
* `pip`, to install what was uploaded (a dependency of pypiserver).

The tox environment `servers` has them. Where one is missing, every test that needs it
fails and says so; nothing is skipped. Each server starts once per test process, on
loopback, and holds nothing but what these tests upload.
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from servers import running
from servers.pip_client import Pip
from servers.releases import Release, make_release
from servers.running import Devpi, PrivateIndex

_numbers: Final = itertools.count(1)


@pytest.fixture(scope="session")
def pypiserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateIndex]:
    """Run one pypiserver for all tests."""
    with running.pypiserver(tmp_path_factory.mktemp("pypiserver")) as index:
        yield index


@pytest.fixture(scope="session")
def devpi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devpi]:
    """Run one devpi-server for all tests."""
    with running.devpi(tmp_path_factory.mktemp("devpi")) as server:
        yield server


@pytest.fixture(params=["pypiserver", "devpi"])
def private_index(request: pytest.FixtureRequest) -> PrivateIndex:
    """Return an index that keeps the first upload of a file, on each server in turn."""
    if request.param == "devpi":
        server: Devpi = request.getfixturevalue("devpi")
        return server.fixed
    index: PrivateIndex = request.getfixturevalue("pypiserver")
    return index


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """Build a wheel and two sdists under a name that is new to the servers."""
    return make_release(tmp_path / "dist", f"parcel{next(_numbers)}", "1.2.3")


@pytest.fixture
def pip_for(tmp_path: Path) -> Callable[[PrivateIndex], Pip]:
    """Return what makes a pip that knows only the given index."""

    def make(index: PrivateIndex) -> Pip:
        folder = tmp_path / "pip"
        folder.mkdir()
        return Pip(simple_url=index.simple_url, folder=folder)

    return make
