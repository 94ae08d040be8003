"""What an answer of an index means, and what it says."""

import dataclasses

import pytest
import requests

from support.secrets import PASSWORD, SECRET
from twine import exceptions, replies
from twine.replies import Exists, Redirected, Refused, Reply, TryAgain, Uploaded

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


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (answer(200), Uploaded()),
        (answer(201), Uploaded()),
        (answer(204), Uploaded()),
        (
            answer(301, location="https://other.example/"),
            Redirected("https://other.example/"),
        ),
        (answer(307, location="/x"), Redirected("/x")),
        (answer(302), Refused()),
        (answer(304, location=""), Refused()),
        (answer(409), Exists()),
        (answer(400, "File already exists."), Exists()),
        (answer(400, reason="The file ALREADY EXISTS"), Exists()),
        (answer(400, "Bad name"), Refused()),
        (answer(403, "it already exists"), Refused()),
        (answer(401), Refused()),
        (answer(429), Refused()),
        (answer(499), Refused()),
        (answer(500), TryAgain()),
        (answer(503), TryAgain()),
        (answer(520), TryAgain()),
        (answer(999), TryAgain()),
    ],
)
def test_every_answer_has_one_meaning(given: Reply, verdict: replies.Verdict) -> None:
    """The status, and for some of them the words, say what an answer means."""
    assert replies.judge(given) == verdict


def test_a_response_is_taken_apart() -> None:
    """All that the meaning depends on is taken out of a response."""
    found = Reply.from_response(
        response(
            302,
            "Grüße".encode(),
            reason="Gr\xfc\xdfe".encode(),
            headers={"Location": "/x", "Content-Type": "text/plain; charset=utf-8"},
        )
    )

    assert found == Reply(
        url=URL,
        status=302,
        reason="Grüße",
        location="/x",
        content_type="text/plain; charset=utf-8",
        body="Grüße",
    )


def test_a_bare_response_is_taken_apart() -> None:
    """A response that lacks everything but its number is one, too."""
    found = Reply.from_response(response(500, reason=None, url=""))

    assert found == Reply(url="", status=500)


def test_a_reason_that_is_no_text_does_no_harm() -> None:
    """A reason phrase in an unknown encoding is shown as far as it goes."""
    found = Reply.from_response(response(400, reason=b"Gr\xfc\xdfe"))

    assert found.reason.startswith("Gr")


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

    assert isinstance(replies.explain(found), str)


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_success_is_no_error(status: int) -> None:
    """Nothing is raised for an answer of the 200 family."""
    replies.check_status_code(response(status), False)


def test_a_redirect_is_an_error_of_its_own() -> None:
    """Both URLs are told, without passwords."""
    found = response(
        301,
        url=f"https://u:{PASSWORD}@index.example/x",
        headers={"Location": f"https://v:{PASSWORD}@index.example/x/"},
    )

    with pytest.raises(exceptions.RedirectDetected) as caught:
        replies.check_status_code(found, False)

    assert SECRET not in str(caught.value)
    assert "https://********@index.example/x/" in str(caught.value)
    assert "slash" in str(caught.value)


@pytest.mark.parametrize("host", ["pypi.python.org", "testpypi.python.org"])
def test_a_host_that_is_gone_is_an_error_of_its_own(host: str) -> None:
    """410 from a host that PyPI has given up names the right URLs."""
    with pytest.raises(exceptions.UploadToDeprecatedPyPIDetected) as caught:
        replies.check_status_code(response(410, url=f"https://{host}/pypi"), False)

    assert "https://upload.pypi.org/legacy/" in str(caught.value)


@pytest.mark.parametrize("host", ["pypi.org", "www.pypi.org", "upload.pypi.org"])
def test_the_wrong_url_of_pypi_is_an_error_of_its_own(host: str) -> None:
    """405 from PyPI names the right URLs."""
    with pytest.raises(exceptions.InvalidPyPIUploadURL) as caught:
        replies.check_status_code(response(405, url=f"https://{host}/x"), False)

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
        replies.check_status_code(given, False)

    assert caught.value.response is given
    assert str(status) in str(caught.value)
    assert "It is full." in str(caught.value)
    assert not isinstance(caught.value, exceptions.TwineException)


def test_values_are_frozen() -> None:
    """An answer and its meaning cannot be changed on the way."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer(200).status = 1  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Redirected("x").location = "y"  # type: ignore[misc]


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
        replies.check_status_code(response(302, headers={"Location": location}), False)

    assert f"`{goal}`" in str(caught.value)
