"""Redirects, which are never followed."""

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, SECRET, USER

LOGIN = ("-u", USER, "-p", PASSWORD)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(
    upload: Twine, index: ScriptedIndex, wheel: str, sdist: str, status: int
) -> None:
    """Both URLs are told; neither files nor credentials go to the other."""
    goal = f"{index.url}/elsewhere/"
    index.answer("/legacy/", Answer(status, "Moved", {"Location": goal}))
    said = upload(wheel, sdist).failure("RedirectDetected")
    assert index.upload_url in said
    assert goal in said
    assert [request.path for request in index.requests] == ["/legacy/"]


@pytest.mark.parametrize("relative", [True, False])
def test_a_missing_slash_is_hinted_at(
    twine: Twine, index: ScriptedIndex, wheel: str, relative: bool
) -> None:
    """Where only the slash at the end is missing, that is said."""
    url = index.upload_url.removesuffix("/")
    location = "/legacy/" if relative else f"{url}/"
    index.answer("/legacy", Answer(308, "Permanent", {"Location": location}))
    result = twine("upload", "--repository-url", url, *LOGIN, wheel)
    said = result.failure("RedirectDetected")
    assert f"{url}/" in said
    assert "slash" in said
    assert len(index.requests) == 1


def test_pypi_without_its_slash(publish: Twine, pypi: FakePyPI, wheel: str) -> None:
    """PyPI redirects to a path; the whole URL is told."""
    pypi.answer("/legacy", Answer(308, "Redirect", {"Location": "/legacy/"}))
    url = "https://upload.pypi.org/legacy"
    said = publish("--repository-url", url, wheel).failure("RedirectDetected")
    assert "https://upload.pypi.org/legacy/" in said


def test_another_goal_earns_no_hint_about_slashes(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """The hint belongs to the slash only."""
    index.answer("/legacy/", Answer(302, "Found", {"Location": "/login"}))
    said = upload(wheel).failure("RedirectDetected")
    assert f"{index.url}/login" in said
    assert "slash" not in said


def test_credentials_in_either_url_are_masked(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """A URL with a password in it is shown without."""
    address = f"127.0.0.1:{index.port}"
    goal = f"http://admin:{SECRET}@{address}/other/"
    index.answer("/legacy/", Answer(302, "Found", {"Location": goal}))
    url = f"http://{USER}:{PASSWORD}@{address}/legacy/"
    said = twine("upload", "--verbose", "--repository-url", url, wheel)
    message = said.failure("RedirectDetected")
    assert f"{address}/other/" in message
    assert "admin" not in message


@pytest.mark.parametrize("status", [300, 301, 302, 304, 308])
def test_a_redirect_to_nowhere_is_no_success(
    upload: Twine, index: ScriptedIndex, wheel: str, status: int
) -> None:
    """A 3xx without `Location` is a failure."""
    index.answer("/legacy/", Answer(status, "Moved"))
    assert str(status) in upload(wheel).failure()
    assert len(index.requests) == 1


@pytest.mark.parametrize(
    "location", ["http://[::1", "//", "http://h:x/", "\xff\xfe", "javascript:alert(1)"]
)
def test_a_goal_that_is_no_url_does_no_harm(
    upload: Twine, index: ScriptedIndex, wheel: str, location: str
) -> None:
    """Whatever `Location` holds, the failure is the redirect."""
    index.answer("/legacy/", Answer(302, "Found", {"Location": location}))
    upload(wheel).failure("RedirectDetected")


def test_a_redirect_of_register_is_not_followed(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """`register` does not follow redirects either."""
    index.answer("/legacy/", Answer(301, "Moved", {"Location": "/new/"}))
    given = ("--repository-url", index.upload_url, *LOGIN)
    twine("register", *given, wheel).failure("RedirectDetected")
    assert len(index.requests) == 1
