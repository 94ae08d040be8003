"""A CI's identity in exchange for an API token."""

import json

import id as identity
import pytest
import requests
import responses
import urllib3.exceptions

from support.secrets import SECRET
from twine import exceptions
from twine.auth import oidc

AUDIENCE = "https://upload.pypi.org/_/oidc/audience"
MINT = "https://upload.pypi.org/_/oidc/mint-token"
HOST = "upload.pypi.org"
TOKEN = f"pypi-{SECRET}-minted"


def play_ci(
    monkeypatch: pytest.MonkeyPatch, answer: str | Exception | None
) -> list[str]:
    """Let the library `id` answer; return the audiences that it is asked for."""
    audiences: list[str] = []

    def detect(audience: str) -> str | None:
        audiences.append(audience)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(identity, "detect_credential", detect)
    return audiences


def mint() -> oidc.TrustedPublishingToken:
    """Mint a token."""
    return oidc.mint_token(requests.Session(), HOST, f"{SECRET}-identity")


@responses.activate
@pytest.mark.parametrize("status", [301, 404, 500])
def test_an_index_without_trusted_publishing_is_an_http_error(status: int) -> None:
    """No answer about the audience means that there is no trusted publishing."""
    responses.get(AUDIENCE, status=status, headers={"Location": "https://evil.example"})

    with pytest.raises(requests.HTTPError) as caught:
        oidc.fetch_audience(requests.Session(), HOST)

    assert str(status) in str(caught.value)


@responses.activate
@pytest.mark.parametrize(
    "body",
    ["", "<html>", "[]", "null", '{"audience": null}', '{"audience": 5}', "[" * 99_999],
)
def test_an_answer_without_audience_makes_no_sense(body: str) -> None:
    """Anything but an object with a text is a TrustedPublishingFailure."""
    responses.get(AUDIENCE, body=body)

    with pytest.raises(exceptions.TrustedPublishingFailure) as caught:
        oidc.fetch_audience(requests.Session(), HOST)

    assert AUDIENCE in str(caught.value)


@pytest.mark.parametrize("answer", ["head.payload.sign", None])
def test_the_ci_gives_an_identity_or_there_is_none(
    monkeypatch: pytest.MonkeyPatch, answer: str | None
) -> None:
    """The token is made for the audience; outside of a CI there is none."""
    audiences = play_ci(monkeypatch, answer)

    assert oidc.find_identity("pypi") == answer
    assert audiences == ["pypi"]


@pytest.mark.parametrize(
    "error",
    [
        identity.IdentityError("No permission."),
        OSError("Broken pipe"),
        ValueError("Invalid IPv6 URL"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        urllib3.exceptions.LocationParseError("http://"),
    ],
)
def test_a_ci_that_gives_no_identity_is_told_how_to(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The error quotes the library and says what each CI needs."""
    play_ci(monkeypatch, error)

    with pytest.raises(exceptions.TrustedPublishingFailure) as caught:
        oidc.find_identity("testpypi")

    text = str(caught.value)
    assert str(error).rstrip(".") in text
    assert "id-token: write" in text
    assert "`TESTPYPI_ID_TOKEN`" in text


@responses.activate
@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        (1_900_000_000, 1_900_000_000),
        (None, None),
        ("soon", None),
        (True, None),
        (float("inf"), None),
        (float("nan"), None),
        ([], None),
    ],
)
def test_a_token_is_minted(expires: object, expected: int | None) -> None:
    """The token comes with its end, if the index names one that makes sense."""
    body = json.dumps({"success": True, "token": TOKEN, "expires": expires})
    responses.post(MINT, body=body)

    token = mint()

    assert token["token"] == TOKEN
    assert token.get("expires") == expected
    assert json.loads(responses.calls[0].request.body or b"") == {
        "token": f"{SECRET}-identity"
    }


@responses.activate
def test_a_refusal_is_told_in_the_indexs_words() -> None:
    """Each reason is shown, with its code and what to compare."""
    errors = [
        {"code": "invalid-publisher", "description": "valid token, no publisher"},
        {"code": "other", "description": "another reason"},
        "no object",
    ]
    responses.post(MINT, status=422, json={"message": "Refused", "errors": errors})

    with pytest.raises(exceptions.TrustedPublishingFailure) as caught:
        mint()

    text = str(caught.value)
    assert "valid token, no publisher (invalid-publisher)" in text
    assert "another reason (other)" in text
    assert "workflow" in text


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (422, '{"message": "Only this"}', "Only this"),
        (422, '{"errors": {}}', "did not say why"),
        (422, '{"message": null, "errors": null}', "did not say why"),
        (422, '{"errors": [{"code": "x", "description": null}]}', "(x)"),
        (200, '{"success": true}', "did not say why"),
        (200, '{"success": true, "token": 5}', "did not say why"),
        (200, '{"success": true, "token": ""}', "did not say why"),
        (200, '{"success": true, "token": null}', "did not say why"),
        (200, "<html>", "200, and not in JSON"),
        (200, "", "200, and not in JSON"),
        (503, "[]", "503, and not in JSON"),
        (403, "[" * 99_999, "403, and not in JSON"),
    ],
)
def test_an_answer_without_a_token_is_a_failure(
    status: int, body: str, words: str
) -> None:
    """Whatever the index says instead of a token is told, and nothing made up."""
    responses.post(MINT, status=status, body=body)

    with pytest.raises(exceptions.TrustedPublishingFailure) as caught:
        mint()

    assert f"`{HOST}`" in str(caught.value)
    assert words in str(caught.value)
    assert "None" not in str(caught.value)
