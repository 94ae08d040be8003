"""The sentence in which a server explains itself."""

import json

import pytest

from twine.index.server_message import MAX_MESSAGE_LENGTH, MAX_PARSED, find_message

JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        # Artifactory
        (
            {"errors": [{"status": 403, "message": "Not enough permissions"}]},
            "Not enough permissions",
        ),
        ({"errors": [{"status": 401, "message": "Unauthorized"}]}, ""),
        # GitLab
        (
            {"message": {"base": ["File name has already been taken"]}},
            "File name has already been taken",
        ),
        ({"message": {"version": ["is invalid"]}}, "is invalid"),
        ({"message": "401 Project Not Found"}, "Project Not Found"),
        ({"error": "insufficient_scope", "scope": "api"}, "insufficient_scope"),
        (
            {
                "error": "insufficient_scope",
                "error_description": "The request requires higher privileges",
            },
            "The request requires higher privileges",
        ),
        # Warehouse
        (
            {
                "code": "400 The name 'x' is too similar to an existing project.",
                "message": "The server could not comply with the request.\n\n\n",
                "title": "Bad Request",
            },
            "The name 'x' is too similar to an existing project.",
        ),
        # RFC 9457
        (
            {
                "type": "https://example.org/full",
                "title": "No room left",
                "status": 403,
                "detail": "The quota of 10 MB is used up.",
            },
            "The quota of 10 MB is used up.",
        ),
        ({"type": "about:blank", "title": "No room left"}, "No room left"),
        # Azure
        (
            {
                "$id": "1",
                "innerException": None,
                "message": "TF400813: The user is not authorized.",
                "typeName": "UnauthorizedRequestException",
                "errorCode": 0,
            },
            "TF400813: The user is not authorized.",
        ),
        # Gitea, FastAPI, devpi
        ({"errors": None, "message": "quota exceeded"}, "quota exceeded"),
        ({"detail": [{"loc": ["x"], "msg": "field required"}]}, "field required"),
        ({"message": "no such index", "type": "actionlog"}, "no such index"),
        ({"error": {"code": 5, "message": "It is offline"}}, "It is offline"),
    ],
)
def test_json_of_many_vendors_is_understood(body: object, said: str) -> None:
    """What an index puts into its JSON for people is found."""
    found = find_message(json.dumps(body), f"{JSON}; charset=utf-8", "Unauthorized")

    assert found == said


PYPI = "The user 'x' isn't allowed to upload to project 'y'."
WEBOB = f"Access was denied to this resource.\n\n\n{PYPI}\n\n"


@pytest.mark.parametrize(
    ("reason", "said"), [(PYPI, ""), ("Forbidden", PYPI), ("", PYPI)]
)
@pytest.mark.parametrize(
    "body",
    [
        {"code": f"403 {PYPI}", "message": WEBOB, "title": "Forbidden"},
        {"message": WEBOB, "title": "Forbidden"},
        {"message": PYPI, "title": "Forbidden"},
    ],
)
def test_the_sentence_of_pypi_is_told_once(
    body: object, reason: str, said: str
) -> None:
    """It is not repeated after the reason phrase, and has no introduction."""
    assert find_message(json.dumps(body), JSON, reason) == said


def test_plain_text_of_pypi_has_no_introduction() -> None:
    """Status and introduction stand before the sentence there."""
    assert find_message(f"403 Forbidden\n\n{WEBOB}", "text/plain", "Forbidden") == PYPI


@pytest.mark.parametrize(
    ("page", "said"),
    [
        # Nexus
        (
            """<!DOCTYPE html><html><head><title>400 - Repository Manager</title>
            <link rel='icon' href='x'/></head><body><div class='nexus-header'>
            <a href='..'>Nexus</a></div><div class='content'>400 Bad Request<br/>
            Repository does not allow updating assets: hosted</div></body></html>""",
            "Repository does not allow updating assets: hosted",
        ),
        (
            """<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r
            <body>\r\n<center><h1>413 Request Entity Too Large</h1></center>\r
            <hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n""",
            "413 Request Entity Too Large",
        ),
        ("<?xml version='1.0'?><Error><Message>Denied</Message></Error>", "Denied"),
        ("<p>Tom &amp; Jerry&#33;</p>", "Tom & Jerry!"),
        ("<template>x</template><p>seen", "seen"),
        ("<pre>first</pre>other<pre>second</pre>", "first second"),
    ],
)
def test_a_page_is_boiled_down(page: str, said: str) -> None:
    """Markup, scripts and styles go; what a reader sees stays."""
    found = find_message(page, "", "")

    assert said in found
    assert "<" not in found


@pytest.mark.parametrize("kind", ["text/plain", "text/html", JSON])
def test_nothing_plays_with_the_terminal(kind: str) -> None:
    """Control characters and escape sequences are gone, whatever carried them."""
    raw = "a\x1b[31mb\x1b]0;title\x07\x01\x9b\r\n\tc \u2028 d"
    body = json.dumps({"message": raw}) if kind == JSON else raw

    assert find_message(body, kind, "") == "ab c d"


@pytest.mark.parametrize("body", ['{"code": "x1"}', "{broken"])
def test_json_that_has_no_sentence_is_quoted(body: str) -> None:
    """Where no field tells a sentence, the body is shown."""
    assert find_message(body, JSON, "Bad Request") == body


@pytest.mark.parametrize("most", [MAX_MESSAGE_LENGTH, 10])
def test_long_words_are_cut_or_whole(most: int) -> None:
    """A cut is marked; without a limit nothing is cut."""
    body = "x" * (most + 1)

    assert find_message(body, "", "", most=most) == "x" * most + " [...]"
    assert find_message(body[1:], "", "", most=most) == body[1:]
    assert find_message(body, "", "", most=None) == body


def test_each_sentence_is_told_once() -> None:
    """What stands in several fields of several errors is not repeated."""
    body = {"message": "It is full", "errors": [{"message": "It is full"}] * 9}

    assert find_message(json.dumps(body), JSON, "") == "It is full"


def test_a_page_without_an_end_is_looked_at_in_part() -> None:
    """What would keep the parser busy for long is cut off before."""
    far = f"<p>Full.</p>{' ' * MAX_PARSED}<p>unseen</p>"

    assert find_message(far, "text/html", "", most=None) == "Full."
