"""What an answer of an index means, and what it says."""

import pytest

from support.answers import URL, reply, response
from twine.index.response import (
    Ambiguous,
    Exists,
    Oddity,
    Redirected,
    Refused,
    Reply,
    TryAgain,
    Uploaded,
    Verdict,
    classify_response,
)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (reply(200), Uploaded()),
        (reply(201), Uploaded()),
        (reply(204), Uploaded()),
        (
            reply(301, location="https://other.example/"),
            Redirected("https://other.example/"),
        ),
        (reply(307, location="/x"), Redirected("/x")),
        (reply(302), Refused()),
        (reply(304, location=""), Refused()),
        (reply(409), Refused(maybe_exists=True)),
        (reply(403), Refused(maybe_exists=True)),
        (reply(400, "File already exists."), Exists()),
        (reply(400, reason="The file ALREADY EXISTS"), Exists()),
        (reply(400, "Bad name"), Refused()),
        (reply(422, "it already exists"), Refused()),
        (reply(401), Refused()),
        (reply(499), Refused()),
        (reply(408), TryAgain()),
        (reply(425), TryAgain()),
        (reply(429), TryAgain()),
        (reply(429, retry_after="7"), TryAgain(wait=7.0)),
        (reply(500), TryAgain(in_doubt=True)),
        (reply(500, "it already exists"), TryAgain(in_doubt=True)),
        (reply(503, retry_after="0"), TryAgain(wait=0.0, in_doubt=True)),
        (reply(520), TryAgain(in_doubt=True)),
        *[(reply(status), TryAgain(in_doubt=True)) for status in (101, 102, 103)],
        *[(reply(status), Refused()) for status in (501, 505, 506, 510, 511)],
        (reply(999), TryAgain(in_doubt=True)),
    ],
)
def test_every_answer_has_one_meaning(given: Reply, verdict: Verdict) -> None:
    """The status, and for some of them the words, say what an answer means."""
    assert classify_response(given) == verdict


SAYS_EXISTS = {
    "PyPI": reply(400, reason="File already exists ('x', with blake2_256 hash 'y')."),
    "pypiserver": reply(409, "<pre>Package &#x27;x&#x27; already exists!</pre>"),
    "a small server": reply(409, "exists"),
    "devpi": reply(409, reason="x already exists in non-volatile index"),
    "Google": reply(400, '{"error": {"message": "Requested entity already exists"}}'),
    "GitLab": reply(400, '{"message": {"base": ["File name has already been taken"]}}'),
    "Azure": reply(409, "The feed already contains file 'x' in package 'y 1.0'."),
    "Nexus": reply(400, reason="Repository does not allow updating assets: x"),
    "Nexus, a page": reply(400, "<p>/packages/x/1.0/x.whl cannot\n be updated</p>"),
    "Artifactory": reply(
        403,
        '{"errors": [{"message": "Not enough permissions to delete/overwrite '
        "artifact 'x' (user 'y' needs DELETE permission).\"}]}",
    ),
}


@pytest.mark.parametrize("said", SAYS_EXISTS.values(), ids=SAYS_EXISTS)
def test_the_words_that_say_exists(said: Reply) -> None:
    """Each index has its own, in JSON, in HTML or in the reason phrase."""
    assert classify_response(said) == Exists()


@pytest.mark.parametrize(
    "said",
    [
        "The name 'x' conflicts with an existing project.",
        "The name 'x' is in a namespace that is reserved.",
        "The name 'x' is too similar to an existing project.",
        "This filename has already been used, use a different version.",
    ],
)
def test_other_words_do_not(said: str) -> None:
    """PyPI's other conflicts are refusals, and a file deleted is not there."""
    assert classify_response(reply(409, said)) == Refused(maybe_exists=True)
    assert classify_response(reply(400, reason=said)) == Refused()


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (" 120 ", 120.0),
        ("Sun, 06 Nov 1994 08:49:00 GMT", 0.0),
        ("Sun, 06 Nov 999999 08:49:00 GMT", None),
        ("9" * 5000, None),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_to_wait_is_said_in_seconds_or_as_a_date(
    asked: str, wait: float | None
) -> None:
    """Retry-After has two forms; nonsense is nothing."""
    found = classify_response(reply(429, retry_after=asked))

    assert found == TryAgain(wait=wait)


PLAIN = ["", "OK", "null", '{"ok": true}', '{"error": null, "code": 200}', "[]"]
PAGES = [
    "<!doctype html><h1>Welcome home</h1>",
    "\n <HTML><h1>Welcome home</h1>",
    "<!-- made by hand --><p>Welcome home",
    "<script>start()</script>",
    "<div>Welcome home</div>",
    "<meta charset=utf-8><p>Welcome home",
    "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>Hello</html>",
    "<html><a href='/login'>Log in</a> Our shop: welcome, browse, and enjoy it</html>",
    f"<!--{'x' * 70_000}--><h1>Welcome home</h1>",
]
LOGINS = [
    "<html><form><input type='password' name='p'></form></html>",
    "<form>Log in<INPUT TYPE=password></form>",
    "<form>Log in<input\ntype = 'password'></form>",
    "<html><title>Sign In</title><body>Welcome</body></html>",
    "<html><title>Acme</title><h1>Log in</h1></html>",
    "<body>Sign in with SSO</body>",
    "<p>Your session has expired, please sign in again.</p>",
    "<form action='https://idp.example/x'><input name='SAMLRequest'></form>",
    "<meta http-equiv='refresh' content='0; url=/users/sign_in'>",
    "<script>window.location.href = 'https://login.example.com/?x'</script>",
]


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        *[(body, Uploaded()) for body in PLAIN],
        ("<!DOCTYPE html><title>200 OK</title><body>", Uploaded()),
        ("<html><body>OK</body></html>", Uploaded()),
        ("<html><body>201 Created</body></html>", Uploaded()),
        ("<html></html>", Uploaded()),
        ("<?xml version='1.0'?><ok/>", Uploaded()),
        *[(body, Ambiguous(Oddity.PAGE)) for body in PAGES],
        *[(body, Ambiguous(Oddity.LOGIN)) for body in LOGINS],
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "text/plain", ""])
def test_a_success_that_is_a_web_page_is_ambiguous(
    body: str, verdict: Verdict, kind: str
) -> None:
    """Empty, short and JSON bodies are plain successes, pages for people are not."""
    assert classify_response(reply(200, body, kind=kind)) == verdict


@pytest.mark.parametrize(
    ("kind", "body", "verdict"),
    [
        ("text/html", "Hello", Ambiguous(Oddity.PAGE)),
        ("Application/XHTML+xml; charset=utf-8", "Hello", Ambiguous(Oddity.PAGE)),
        ("text/html", "Created.", Uploaded()),
        ("text/plain", "Hello", Uploaded()),
    ],
)
def test_a_page_is_known_by_its_type(kind: str, body: str, verdict: Verdict) -> None:
    """What claims to be a page is one, unless it says no more than that all is well."""
    assert classify_response(reply(200, body, kind=kind)) == verdict


@pytest.mark.parametrize("kind", ["", "text/plain; charset=iso-8859-1"])
def test_a_byte_order_mark_hides_no_page(kind: str) -> None:
    """A mark before a page is stronger than what its type says of the encoding."""
    body = "<p>Welcome home".encode("utf-8-sig")
    given = Reply.from_response(response(200, body, headers={"Content-Type": kind}))

    assert classify_response(given) == Ambiguous(Oddity.PAGE)


@pytest.mark.parametrize(
    "body",
    [
        '{"error": {"code": 403, "message": "No"}}',
        '{"error": "expired"}',
        '{"errors": [{"status": 403, "message": "No"}]}',
        '{"success": false}',
        '{"success": "false"}',
        '{"ok": false}',
        '{"code": 401}',
        '{"code": "401"}',
        '{"code": "403 No entry here"}',
        '{"status": 400.0}',
        '{"status": {"code": 500}}',
        '{"statusCode": 404}',
        '{"status": "error"}',
    ],
)
def test_json_that_speaks_of_an_error_is_no_success(body: str) -> None:
    """A status of 200 does not make a success of it, whatever its type is."""
    for kind in ("application/json", "text/html"):
        given = reply(200, body, kind=kind)
        assert classify_response(given) == Ambiguous(Oddity.ERROR)


@pytest.mark.parametrize(
    "body",
    [
        '{"success": true, "errors": [], "error": ""}',
        '{"code": 0}',
        '{"status": 201}',
        '{"status": "ok"}',
        '{"status": "4.0.1"}',
        '{"code": "2026-11-27"}',
        '{"message": "stored", "type": "actionlog"}',
        '["error"]',
        "{broken",
    ],
)
def test_other_json_is_a_success(body: str) -> None:
    """Numbers below 400 and empty errors do no harm."""
    assert classify_response(reply(200, body, kind="application/json")) == Uploaded()


def test_203_is_not_the_answer_of_the_index() -> None:
    """It comes from something on the way; a page to log in at is told as such."""
    assert classify_response(reply(203)) == Ambiguous(Oddity.NOT_ITS_OWN)
    assert classify_response(reply(203, PAGES[0])) == Ambiguous(Oddity.NOT_ITS_OWN)
    assert classify_response(reply(203, LOGINS[0])) == Ambiguous(Oddity.LOGIN)


def test_a_response_is_taken_apart() -> None:
    """All that the meaning depends on is taken out of a response."""
    found = Reply.from_response(
        response(
            302,
            "Grüße".encode(),
            reason="Gr\xfc\xdfe".encode(),
            headers={
                "Location": "/x",
                "Content-Type": "text/plain; charset=utf-8",
                "Retry-After": "5",
            },
        )
    )

    assert found == Reply(
        url=URL,
        status=302,
        reason="Grüße",
        location="/x",
        content_type="text/plain; charset=utf-8",
        retry_after="5",
        body="Grüße",
    )


def test_a_reason_that_is_no_text_does_no_harm() -> None:
    """A reason phrase in an unknown encoding is shown as far as it goes."""
    found = Reply.from_response(response(400, reason=b"Gr\xfc\xdfe"))

    assert found.reason.startswith("Gr")
