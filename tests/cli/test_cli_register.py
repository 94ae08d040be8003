"""`register`: announce a release to an index that wants that."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.command import Result, Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, TOKEN, USER

Register = Callable[..., Result]


@pytest.fixture
def register(twine: Twine, index: ScriptedIndex) -> Register:
    """Return a function that runs `register` with the scripted index."""

    def run(*args: str) -> Result:
        given = ("--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD)
        return twine("register", *given, *args)

    return run


@pytest.mark.parametrize("make", [dists.make_wheel, dists.make_sdist])
def test_metadata_is_sent_without_the_file(
    register: Register,
    index: ScriptedIndex,
    workdir: Path,
    make: Callable[[Path], Path],
) -> None:
    """The form is that of an upload, without `content` and for another action."""
    name = make(workdir).name
    said = register(name).success()
    assert f"Registering package to {index.upload_url}\n" in said
    assert f"Registering {name}\n" in said
    (request,) = index.requests
    assert request.auth == BASIC_AUTH
    assert request.value(":action") == "submit"
    assert request.value("protocol_version") == "1"
    assert request.value("name") == "pkg"
    assert request.files == {}


def test_the_options_are_those_of_upload(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """Variables and comment work as with `upload`."""
    env = {
        "TWINE_REPOSITORY_URL": index.upload_url,
        "TWINE_USERNAME": USER,
        "TWINE_PASSWORD": PASSWORD,
    }
    twine("register", "-c", "hello", wheel, env=env).success()
    (request,) = index.requests
    assert (request.auth, request.value("comment")) == (BASIC_AUTH, "hello")


@pytest.mark.parametrize("status", [400, 403, 404, 410, 500, 503])
def test_a_refusal_is_an_error(
    register: Register, index: ScriptedIndex, wheel: str, status: int
) -> None:
    """The answer of the index is told."""
    headers = {"Retry-After": "0"}
    index.answer("/legacy/", Answer(status, "Nope", headers, b"not here"))
    said = register(wheel).failure("HTTPError")
    assert str(status) in said
    assert "not here" in said


def test_a_file_that_is_not_there_is_named(
    register: Register, index: ScriptedIndex
) -> None:
    """A missing file is `PackageNotFound`."""
    assert "nope-1.0.tar.gz" in register("nope-1.0.tar.gz").failure("PackageNotFound")
    assert index.requests == []


def test_a_broken_file_is_refused(
    register: Register, index: ScriptedIndex, broken_sdist: str
) -> None:
    """`register` reads the file as `upload` does."""
    assert broken_sdist in register(broken_sdist).failure("InvalidDistribution")
    assert index.requests == []


def test_pypi_takes_no_registrations(twine: Twine, pypi: FakePyPI, wheel: str) -> None:
    """PyPI gave registration up, and its own words say so."""
    env = {**pypi.env, "TWINE_PASSWORD": TOKEN}
    pypi.answer("/legacy/", Answer(410, "Gone", body=b"no longer supported"))
    said = twine("register", wheel, env=env).failure("HTTPError")
    assert "no longer supported" in said
