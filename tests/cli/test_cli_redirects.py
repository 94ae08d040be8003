"""Redirects, which are never followed."""

import pytest

from support.command import Twine
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


def test_a_redirect_of_register_is_not_followed(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """`register` does not follow redirects either."""
    index.answer("/legacy/", Answer(301, "Moved", {"Location": "/new/"}))
    given = ("--repository-url", index.upload_url, *LOGIN)
    twine("register", *given, wheel).failure("RedirectDetected")
    assert len(index.requests) == 1
