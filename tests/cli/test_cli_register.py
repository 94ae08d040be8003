"""`register`: announce a release to an index that wants that."""

import pytest

from support.command import Twine
from support.index import Answer, ScriptedIndex
from support.secrets import BASIC_AUTH, LOGIN


@pytest.fixture
def login(index: ScriptedIndex) -> dict[str, str]:
    """Return variables with the index and its credentials."""
    return {**LOGIN, "TWINE_REPOSITORY_URL": index.upload_url}


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_register_sends_metadata_without_the_file(
    twine: Twine,
    index: ScriptedIndex,
    login: dict[str, str],
    kind: str,
    request: pytest.FixtureRequest,
) -> None:
    """The form is that of an upload, without `content` and for another action."""
    name = request.getfixturevalue(kind)
    said = twine("register", "-c", "hello", name, env=login).success()
    assert f"Registering package to {index.upload_url}\n" in said
    assert f"Registering {name}\n" in said
    (sent,) = index.requests
    assert sent.auth == BASIC_AUTH
    assert sent.value(":action") == "submit"
    assert sent.value("protocol_version") == "1"
    assert (sent.value("name"), sent.value("comment")) == ("pkg", "hello")
    assert sent.files == {}


def test_a_quiet_registration_prints_nothing(
    twine: Twine, login: dict[str, str], wheel: str
) -> None:
    """That it succeeded is told by the exit status."""
    assert twine("register", "--quiet", wheel, env=login).success() == ""


@pytest.mark.parametrize("status", [410, 503])
def test_refused_registration_is_an_error(
    twine: Twine, index: ScriptedIndex, login: dict[str, str], wheel: str, status: int
) -> None:
    """The answer of the index is shown."""
    headers = {"Retry-After": "0"}
    index.answer("/legacy/", Answer(status, "Nope", headers, b"not here"))
    said = twine("register", wheel, env=login).failure("HTTPError")
    assert f"{status} Nope" in said
    assert "not here" in said


def test_unreadable_file_is_not_registered(
    twine: Twine, index: ScriptedIndex, login: dict[str, str], broken_sdist: str
) -> None:
    """A missing file is `PackageNotFound`, a broken one `InvalidDistribution`."""
    missing = twine("register", "nope-1.0.tar.gz", env=login)
    assert "nope-1.0.tar.gz" in missing.failure("PackageNotFound")
    broken = twine("register", broken_sdist, env=login)
    assert broken_sdist in broken.failure("InvalidDistribution")
    assert index.requests == []
