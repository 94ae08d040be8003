"""What an index says in its own words."""

import pytest
import requests

from support.secrets import PASSWORD, SECRET
from twine import exceptions
from twine.index.response import Reply
from twine.index.server_message import MOST_WORDS
from twine.index.upload_error import (
    check_status_code,
    describe_refusal,
    message_of,
)

URL = "https://index.example/legacy/"


def answer(
    status: int,
    body: str = "",
    *,
    reason: str = "",
    kind: str = "text/plain",
    url: str = URL,
    location: str | None = None,
) -> Reply:
    """Return an answer."""
    return Reply(
        url=url,
        status=status,
        reason=reason,
        body=body,
        content_type=kind,
        location=location,
    )


def response(
    status: int,
    content: bytes = b"",
    *,
    reason: str | bytes | None = "Reason",
    url: str = URL,
    headers: dict[str, str] | None = None,
) -> requests.Response:
    """Return what requests makes of an answer."""
    found = requests.Response()
    found.status_code = status
    found.url = url
    found.reason = reason  # type: ignore[assignment]
    found.headers.update(headers or {})
    found.encoding = requests.utils.get_encoding_from_headers(found.headers)
    found._content = content
    return found


def explain(reply: Reply, *, verbose: bool = False) -> str:
    """Return why an index refused."""
    return str(describe_refusal(reply, verbose=verbose))


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("", "text/plain", ""),
        ("  It is\r\n full. ", "text/plain", "It is full."),
        ("It is full.", "", "It is full."),
        (
            '{"code": "400 Bad name.", "message": "The m", "title": "Bad"}',
            "application/json",
            "Bad name.",
        ),
        (
            '{"message": "Bad name here", "code": "400"}',
            "application/json",
            "Bad name here",
        ),
        (
            '{"detail": "Not in this house", "title": "a b"}',
            "application/problem+json",
            "Not in this house",
        ),
        (
            '{"errors": [{"status": 403, "message": "Not yours to do"}]}',
            "application/json",
            "Not yours to do",
        ),
        (
            '{"errors": ["One is bad", "Two is bad"]}',
            "text/plain",
            "One is bad Two is bad",
        ),
        (
            '{"message": "It failed here", "errors": [{"description": "One is bad"}]}',
            "application/json",
            "It failed here One is bad",
        ),
        ('{"error": {"message": "So deep down"}}', "application/json", "So deep down"),
        ('"just a text"', "application/json", "just a text"),
        ('["a list", "a list"]', "application/json", "a list"),
        ("{broken", "application/json", "{broken"),
        (
            "<html><head><title>400</title></head><h1>400</h1>It is <b>bad</b>.</html>",
            "text/html",
            "400 It is bad .",
        ),
        ("<title>403 Forbidden</title><body></body>", "text/html", "403 Forbidden"),
        (
            "<p>a &lt; b<script>x()</script><style>y</style>",
            "text/html; charset=utf-8",
            "a < b",
        ),
        ("<p>No type", "", "No type"),
        ("<Error><Message>Too big</Message></Error>", "application/xml", "Too big"),
        ("</head></head><p>odd", "text/html", "odd"),
        ("", "text/html", ""),
    ],
)
def test_a_body_is_boiled_down_to_its_sentence(
    body: str, kind: str, words: str
) -> None:
    """JSON gives its telling fields, HTML its text, anything else itself."""
    assert message_of(answer(400, body, kind=kind)) == words


@pytest.mark.parametrize(
    "body",
    [
        "<p>Full.<![%",
        "<p>Full.<![abc[ x ]]>",
        "<p>Full.<!DOCTYPE [<!ELEMENT",
        "<p>Full.<!--",
        "<p>Full.</",
        "<p>Full.&#xffffffff;",
        "<p>Full.<?",
    ],
)
def test_markup_that_no_parser_likes_does_no_harm(body: str) -> None:
    """Broken HTML still shows its words, or nothing, and never fails."""
    assert "Full." in message_of(answer(400, body, kind="text/html"))


@pytest.mark.parametrize("body", ["[" * 100_000, "1" * 5000, '{"a":' * 100_000])
def test_json_that_no_parser_likes_does_no_harm(body: str) -> None:
    """JSON too deep or too large is shown as it is, cut."""
    found = message_of(answer(400, body, kind="application/json"))

    assert body.startswith(found[:100])


def test_a_message_deep_down_is_not_dug_for() -> None:
    """Only a few levels of JSON are looked through."""
    body = '{"error": ' * 6 + '"so very deep"' + "}" * 6

    assert message_of(answer(400, body, reason="Bad")) == body


def test_long_words_are_cut() -> None:
    """A page of text is cut to what a person can take in."""
    found = message_of(answer(400, "word " * 1000))

    assert len(found) < MOST_WORDS + 10
    assert found.endswith("[...]")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            answer(400, "Bad name", reason="Bad Request"),
            ["400 Bad Request", URL, "Bad name"],
        ),
        (answer(401), ["401", "user name and the password"]),
        (answer(403), ["403", "user name and the password"]),
        (answer(404), ["404", "URL"]),
        (answer(405), ["405", "URL"]),
        (answer(405, url="https://index.example/simple/"), ["`/simple`", "installing"]),
        (answer(413), ["413", "larger"]),
        (answer(400, "'x' is not a valid version"), ["not a valid", "`twine check`"]),
        (answer(302), ["302", "redirect"]),
        (answer(403, url="https://upload.pypi.org/legacy/"), ["`__token__`"]),
        (answer(403, url="https://test.pypi.org/legacy/"), ["`__token__`"]),
        (answer(499, "Gone"), ["499 from", "Gone"]),
    ],
)
def test_a_refusal_is_explained(given: Reply, words: list[str]) -> None:
    """Status, reason, URL, the index's words and what to do stand together."""
    text = explain(given)

    assert all(word in text for word in words), text


def test_what_the_reason_says_is_not_said_twice() -> None:
    """PyPI's message stands in the reason phrase and in the body."""
    text = explain(answer(400, "Bad name.", reason="Bad name. See help"))

    assert text.count("Bad name.") == 1


def test_a_token_is_no_advice_for_other_indexes() -> None:
    """Only PyPI's refusals mention PyPI's tokens."""
    assert "__token__" not in explain(answer(403))


def test_verbose_cuts_nothing() -> None:
    """Who asked for more gets all of the words."""
    body = "word " * 1000

    assert body.strip() in explain(answer(400, body), verbose=True)
    assert body.strip() not in explain(answer(400, body))


@pytest.mark.parametrize("reason", ["", "Bad Request"])
def test_json_that_has_no_sentence_is_quoted(reason: str) -> None:
    """Where no field tells a sentence, the body is shown, with or without a reason."""
    body = '{"code": "x1"}'

    assert body in explain(answer(400, body, reason=reason))


def test_what_only_repeats_the_reason_is_left_out() -> None:
    """A body that says nothing but the reason phrase is not quoted."""
    text = explain(answer(400, '{"message": "Bad Request"}', reason="Bad Request"))

    assert text.count("Bad Request") == 1


def test_no_password_of_the_url_is_shown() -> None:
    """A URL in a message is masked."""
    text = explain(answer(400, url=f"https://u:{PASSWORD}@index.example/"))

    assert SECRET not in text
    assert "index.example" in text


def test_what_a_framework_says_beats_its_frame() -> None:
    """Servers put an error into `<pre>` amid words of their own."""
    page = "<h1>Error: 409</h1>Sorry!<pre>{}</pre>"

    told = message_of(answer(400, page.format("It is full"), kind="text/html"))
    silent = message_of(answer(400, page.format("None"), kind="text/html"))

    assert (told, silent) == ("It is full", "")


@pytest.mark.parametrize(
    "charset", ["idna", "punycode", "undefined", "hex", "utf-7", "nonsense", "utf-16"]
)
def test_an_encoding_that_is_none_does_no_harm(charset: str) -> None:
    """A body is shown somehow, whatever encoding it claims."""
    found = Reply.from_response(
        response(
            400,
            "It is full: Grüße".encode(),
            headers={"Content-Type": f"text/plain; charset={charset}"},
        )
    )

    assert isinstance(explain(found), str)


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

    assert message_of(found) == said


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_success_is_no_error(status: int) -> None:
    """Nothing is raised for an answer of the 200 family."""
    check_status_code(response(status), False)


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


@pytest.mark.parametrize("host", ["pypi.python.org", "testpypi.python.org"])
def test_a_host_that_is_gone_is_an_error_of_its_own(host: str) -> None:
    """410 from a host that PyPI has given up names the right URLs."""
    with pytest.raises(exceptions.UploadToDeprecatedPyPIDetected) as caught:
        check_status_code(response(410, url=f"https://{host}/pypi"), False)

    assert "https://upload.pypi.org/legacy/" in str(caught.value)


@pytest.mark.parametrize("host", ["pypi.org", "www.pypi.org", "upload.pypi.org"])
def test_the_wrong_url_of_pypi_is_an_error_of_its_own(host: str) -> None:
    """405 from PyPI names the right URLs."""
    with pytest.raises(exceptions.InvalidPyPIUploadURL) as caught:
        check_status_code(response(405, url=f"https://{host}/x"), False)

    assert "https://upload.pypi.org/legacy/" in str(caught.value)
    assert "https://test.pypi.org/legacy/" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "url"),
    [
        (405, URL),
        (405, "https://notpypi.org/"),
        (410, URL),
        (410, "https://upload.pypi.org/legacy/"),
        (400, URL),
        (409, URL),
        (429, URL),
        (499, URL),
        (503, URL),
        (520, URL),
        (302, URL),
    ],
)
def test_any_other_refusal_is_an_http_error(status: int, url: str) -> None:
    """Other programs read status and reason from the response of an HTTPError."""
    given = response(status, b"It is full.", url=url)

    with pytest.raises(requests.HTTPError) as caught:
        check_status_code(given, False)

    assert caught.value.response is given
    assert str(status) in str(caught.value)
    assert "It is full." in str(caught.value)
    assert not isinstance(caught.value, exceptions.TwineException)


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
