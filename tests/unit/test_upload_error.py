"""What an index says in its own words."""

import pytest
import requests

from support.answers import URL, reply, response
from support.secrets import PASSWORD, SECRET
from twine import exceptions
from twine.index.response import Reply
from twine.index.server_message import find_message
from twine.index.upload_error import (
    check_status_code,
    describe_refusal,
)


def explain(reply: Reply, *, verbose: bool = False) -> str:
    """Return why an index refused."""
    return str(describe_refusal(reply, verbose=verbose))


def test_a_refusal_is_explained() -> None:
    """Status, reason, URL, the index's words and what to do stand together."""
    refusal = reply(401, "Bad token", reason="Unauthorized")

    assert explain(refusal).splitlines() == [
        f"401 Unauthorized from {URL}",
        "The server says: Bad token",
        "Check the user name and the password.",
    ]
    assert explain(reply(499)) == f"499 from {URL}"


def test_what_the_reason_says_is_not_said_twice() -> None:
    """PyPI's message stands in the reason phrase and in the body."""
    text = explain(reply(400, "Bad name.", reason="Bad name. See help"))

    assert text.count("Bad name.") == 1


def test_verbose_cuts_nothing() -> None:
    """Who asked for more gets all of the words."""
    body = "word " * 1000

    assert body.strip() in explain(reply(400, body), verbose=True)
    assert body.strip() not in explain(reply(400, body))


def test_no_password_of_the_url_is_shown() -> None:
    """A URL in a message is masked."""
    text = explain(reply(400, url=f"https://u:{PASSWORD}@index.example/"))

    assert SECRET not in text
    assert "index.example" in text


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("text/plain", "Ungültig: „x“".encode(), "Ungültig: „x“"),
        ("text/html", "<p>Ungültig</p>".encode(), "Ungültig"),
        ("text/plain", "Ungültig".encode("latin-1"), "Ungültig"),
        ("text/plain; charset=latin-1", "Ungültig".encode("latin-1"), "Ungültig"),
        ("text/plain; Charset=latin-1", "Ã¼".encode("latin-1"), "Ã¼"),
        ("application/json", '{"detail": "Ungültig"}'.encode(), "Ungültig"),
        ("", "Ungültig".encode(), "Ungültig"),
    ],
)
def test_words_are_utf_8_unless_the_server_says_otherwise(
    kind: str, body: bytes, said: str
) -> None:
    """Without a charset UTF-8 is tried before Latin-1; one that is told counts."""
    found = Reply.from_response(response(400, body, headers={"Content-Type": kind}))

    assert find_message(found.body, kind, found.reason) == said


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<form>Log in<input type=password>", "page to log in at"),
        (b'{"error": "The token has expired."}', "The token has expired."),
    ],
)
def test_a_success_that_is_none_is_an_error(body: bytes, words: str) -> None:
    """What no index answers is told with the words that came instead."""
    with pytest.raises(requests.HTTPError, match=words):
        check_status_code(response(200, body), False)


@pytest.mark.parametrize(
    "location",
    ["/users/sign_in", "https://login.example.com/x?y", "/SSO/", "https://h/oauth2"],
)
def test_a_redirect_to_a_login_is_no_new_url(location: str) -> None:
    """Nobody is told to use a page to log in at as the repository URL."""
    with pytest.raises(exceptions.RedirectDetected) as caught:
        check_status_code(response(302, headers={"Location": location}), False)

    assert "log in" in str(caught.value)
    assert "use " not in str(caught.value)


def test_a_redirect_is_an_error_of_its_own() -> None:
    """Both URLs are told, without passwords."""
    found = response(
        301,
        url=f"https://u:{PASSWORD}@index.example/x",
        headers={"Location": f"https://v:{PASSWORD}@index.example/x/"},
    )

    with pytest.raises(exceptions.RedirectDetected) as caught:
        check_status_code(found, False)

    assert SECRET not in str(caught.value)
    assert "https://********@index.example/x/" in str(caught.value)
    assert "slash" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "url"),
    [
        (405, "https://notpypi.org/"),
        (410, "https://upload.pypi.org/legacy/"),
        (302, URL),
    ],
)
def test_any_other_refusal_is_an_http_error(status: int, url: str) -> None:
    """Only what PyPI has given up, and its other URLs, have errors of their own."""
    with pytest.raises(requests.HTTPError, match=f"{status} Reason from"):
        check_status_code(response(status, url=url), False)


@pytest.mark.parametrize(
    ("location", "goal"),
    [
        ("/other/", "https://index.example/other/"),
        ("../x", "https://index.example/x"),
        ("//other.example/x", "https://other.example/x"),
        ("https://[other.example/", "https://[other.example/"),
    ],
)
def test_the_goal_of_a_redirect_is_told_in_full(location: str, goal: str) -> None:
    """A Location may be only a path, or nonsense; both are told."""
    with pytest.raises(exceptions.RedirectDetected) as caught:
        check_status_code(response(302, headers={"Location": location}), False)

    assert f"`{goal}`" in str(caught.value)
