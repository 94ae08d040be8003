"""What to do about a refusal: its words come before its status."""

import pytest

from support.answers import URL, reply
from twine.index.hints import hint_for

PYPI = "https://upload.pypi.org/legacy/"


@pytest.mark.parametrize("url", [URL, PYPI])
@pytest.mark.parametrize(
    ("status", "said", "hint"),
    [
        (403, "Read-only mode: Uploads are temporarily disabled.", "Try again later."),
        (403, "New project registration temporarily disabled.", "Try again later."),
        (400, "Repository does not allow updating assets: x", "publish a new version"),
        (400, "File already exists. See https://x/", "publish a new version"),
        (409, "Validation failed: File name has already been taken", "a new version"),
        (403, "Not enough permissions to delete/overwrite artifact 'x'", "new version"),
        (403, "Forbidden Package protected.", "maintainer"),
        (403, "Attention Required! | Cloudflare Sorry, you have been blocked", "fire"),
        (403, "You don't have permission to access /x on this server.", "firewall"),
        (403, "Request blocked. Support ID: 1", "firewall"),
        (403, "User 'x' does not have a verified email address", ""),
        (403, "Two-factor authentication is required to upload", ""),
        (403, "This project has been archived", ""),
        (403, "Quota exceeded", ""),
    ],
)
def test_words_come_before_the_status(
    url: str, status: int, said: str, hint: str
) -> None:
    """A refusal that has another reason brings no advice about credentials."""
    found = hint_for(reply(status, url=url), said)

    assert hint in found
    assert bool(hint) is bool(found)
    assert not {"password", "token", "user"} & set(found.split())


@pytest.mark.parametrize(
    ("status", "said", "hint"),
    [
        (401, "", "Check the user name and the password."),
        (401, "Nothing to see", "Check the user name and the password."),
        (403, "", "Check the user name and the password."),
        (403, "Forbidden", "Check the user name and the password."),
        (403, "Invalid or non-existent authentication information.", "password"),
        (403, "The user 'x' isn't allowed to upload to project 'y'.", "may upload"),
        (403, "insufficient_scope", "may upload here"),
        (403, "TF400813: The user is not authorized.", "may upload here"),
    ],
)
def test_credentials_are_the_reason(status: int, said: str, hint: str) -> None:
    """Where the words speak of credentials or permissions, or say nothing."""
    assert hint in hint_for(reply(status), said)
    assert "`__token__`" in hint_for(reply(status, url=PYPI), said)


def test_a_page_that_denies_access_is_a_firewalls() -> None:
    """An index that denies access in JSON or plain text means the credentials."""
    page = reply(403, "<h1>Access Denied</h1>", kind="text/html")
    assert hint_for(page, "Access Denied") == ""
    assert "password" in hint_for(reply(403), "Access Denied")


@pytest.mark.parametrize(
    ("status", "url", "said", "hint"),
    [
        (404, URL, "", "Check the URL"),
        (405, "https://index.example/simple/", "", "`/simple` is for installing"),
        (413, URL, "", "larger"),
        (503, URL, "Busy", "try again later"),
        (500, URL, "'NoneType' object is not iterable", ""),
        (400, URL, "'x' is not a valid version", "`twine check`"),
        (302, URL, "", "redirect"),
    ],
)
def test_some_statuses_have_advice(status: int, url: str, said: str, hint: str) -> None:
    """Where the words tell no more."""
    assert hint in hint_for(reply(status, url=url), said)
