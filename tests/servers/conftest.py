"""Real package indexes for the tests in this folder.

The environment that runs these tests needs, beside the package under test and the
usual test tools (pytest, trustme, requests):

* `pypiserver` and `passlib`, which checks its passwords; `bcrypt` must stay away, for
  passlib 1.7.4 cannot be imported beside a current one;
* `devpi-server` (its client is not needed: the user and the indexes are made over
  its REST API);
* `pip`, to install what was uploaded (a dependency of pypiserver).

The tox environment `servers` has them. Where one is missing, every test that needs it
fails; nothing is skipped. Each server starts once per test process, on loopback, and
holds nothing but what these tests upload.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from servers import running
from servers.running import Devpi, PrivateIndex
from support import dists
from support.command import Argument, Result, Twine

_numbers: Final = itertools.count(1)
Upload = Callable[..., Result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Hold the files of one version that no other test has uploaded."""

    name: str
    version: str
    wheel: Path
    sdist: Path
    zip_sdist: Path


def make_release(folder: Path, name: str, version: str) -> Release:
    """Build the files of one version in `folder`."""
    return Release(
        name=name,
        version=version,
        wheel=dists.make_wheel(folder, name, version),
        sdist=dists.make_sdist(folder, name, version),
        zip_sdist=dists.make_zip_sdist(folder, name, version),
    )


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
def changed(release: Release, tmp_path: Path) -> Path:
    """Build the same wheel with other content, under the same file name."""
    folder = tmp_path / "new"
    wheel = dists.make_wheel(folder, release.name, release.version, payload=b"other")
    assert wheel.name == release.wheel.name
    assert wheel.read_bytes() != release.wheel.read_bytes()
    return wheel


@pytest.fixture
def upload(twine: Twine) -> Upload:
    """Return a function that runs `upload`, or another command, with credentials."""

    def run(
        index: PrivateIndex,
        *arguments: Argument,
        command: str = "upload",
        password: str | None = None,
    ) -> Result:
        return twine(
            command,
            f"--repository-url={index.upload_url}",
            f"--username={index.username}",
            f"--password={password or index.password}",
            *arguments,
        )

    return run
