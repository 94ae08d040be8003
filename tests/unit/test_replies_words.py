"""What an index says in its own words."""

import pytest

from support.secrets import PASSWORD, SECRET
from twine.index import response as replies
from twine.index.response import Reply
from twine.index.server_message import MOST_WORDS

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
    assert replies.words_of(answer(400, body, kind=kind)) == words


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
    assert "Full." in replies.words_of(answer(400, body, kind="text/html"))


@pytest.mark.parametrize("body", ["[" * 100_000, "1" * 5000, '{"a":' * 100_000])
def test_json_that_no_parser_likes_does_no_harm(body: str) -> None:
    """JSON too deep or too large is shown as it is, cut."""
    found = replies.words_of(answer(400, body, kind="application/json"))

    assert body.startswith(found[:100])


def test_a_message_deep_down_is_not_dug_for() -> None:
    """Only a few levels of JSON are looked through."""
    body = '{"error": ' * 6 + '"so very deep"' + "}" * 6

    assert replies.words_of(answer(400, body, reason="Bad")) == body


def test_long_words_are_cut() -> None:
    """A page of text is cut to what a person can take in."""
    found = replies.words_of(answer(400, "word " * 1000))

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
    text = replies.explain(given)

    assert all(word in text for word in words), text


def test_what_the_reason_says_is_not_said_twice() -> None:
    """PyPI's message stands in the reason phrase and in the body."""
    text = replies.explain(answer(400, "Bad name.", reason="Bad name. See help"))

    assert text.count("Bad name.") == 1


def test_a_token_is_no_advice_for_other_indexes() -> None:
    """Only PyPI's refusals mention PyPI's tokens."""
    assert "__token__" not in replies.explain(answer(403))


def test_verbose_cuts_nothing() -> None:
    """Who asked for more gets all of the words."""
    body = "word " * 1000

    assert body.strip() in replies.explain(answer(400, body), verbose=True)
    assert body.strip() not in replies.explain(answer(400, body))


@pytest.mark.parametrize("reason", ["", "Bad Request"])
def test_json_that_has_no_sentence_is_quoted(reason: str) -> None:
    """Where no field tells a sentence, the body is shown, with or without a reason."""
    body = '{"code": "x1"}'

    assert body in replies.explain(answer(400, body, reason=reason))


def test_what_only_repeats_the_reason_is_left_out() -> None:
    """A body that says nothing but the reason phrase is not quoted."""
    text = replies.explain(
        answer(400, '{"message": "Bad Request"}', reason="Bad Request")
    )

    assert text.count("Bad Request") == 1


def test_no_password_of_the_url_is_shown() -> None:
    """A URL in a message is masked."""
    text = replies.explain(answer(400, url=f"https://u:{PASSWORD}@index.example/"))

    assert SECRET not in text
    assert "index.example" in text


def test_what_a_framework_says_beats_its_frame() -> None:
    """Servers put an error into `<pre>` amid words of their own."""
    page = "<h1>Error: 409</h1>Sorry!<pre>{}</pre>"

    told = replies.words_of(answer(400, page.format("It is full"), kind="text/html"))
    silent = replies.words_of(answer(400, page.format("None"), kind="text/html"))

    assert (told, silent) == ("It is full", "")
