"""A CI's identity in exchange for an API token."""

import json

import pytest
import requests
import responses

from support.secrets import SECRET
from twine import exceptions
from twine.auth import oidc

AUDIENCE = "https://upload.pypi.org/_/oidc/audience"
MINT = "https://upload.pypi.org/_/oidc/mint-token"
HOST = "upload.pypi.org"
TOKEN = f"pypi-{SECRET}-minted"


def mint() -> oidc.TrustedPublishingToken | oidc.Refusal:
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

    assert mint() == {"success": True, "token": TOKEN, "expires": expected}
    assert json.loads(responses.calls[0].request.body or b"") == {
        "token": f"{SECRET}-identity"
    }


@responses.activate
def test_refusal_has_the_words_and_codes_of_the_index() -> None:
    """Each reason is there with its code; what is no object is left out."""
    errors = [
        {"code": "invalid-publisher", "description": "valid token, no publisher."},
        {"code": "other", "description": "another reason."},
        "no object",
    ]
    responses.post(MINT, status=422, json={"message": "Refused", "errors": errors})

    assert mint() == oidc.Refusal(
        status=422,
        reasons="valid token, no publisher. (invalid-publisher); "
        "another reason. (other)",
        codes=frozenset({"invalid-publisher", "other"}),
    )


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (422, '{"message": "Only this."}', "Only this"),
        (422, '{"errors": {}}', "it did not say why"),
        (422, '{"message": null, "errors": null}', "it did not say why"),
        (
            422,
            '{"errors": [{"code": "x", "description": null}]}',
            "no reason given (x)",
        ),
        (200, '{"token": 5}', "it did not say why"),
        (200, '{"token": ""}', "it did not say why"),
        (200, '{"token": "pypi-a\\n::warning::"}', "it did not say why"),
        (200, "<html>", "it answered 200, and not in JSON"),
        (503, "[]", "it answered 503, and not in JSON"),
        (403, "[" * 99_999, "it answered 403, and not in JSON"),
    ],
)
def test_answer_without_a_token_is_a_refusal(
    status: int, body: str, words: str
) -> None:
    """Whatever the index says instead of a token is told, and nothing made up."""
    responses.post(MINT, status=status, body=body)

    refusal = mint()

    assert isinstance(refusal, oidc.Refusal)
    assert (refusal.status, refusal.reasons) == (status, words)


@responses.activate
def test_token_is_burned() -> None:
    """The token is the body, nothing else is sent, and any answer will do."""
    burn = responses.post("https://upload.pypi.org/_/oidc/burn-token", status=404)

    oidc.burn_token(requests.Session(), HOST, TOKEN)

    (call,) = burn.calls
    assert json.loads(call.request.body or b"") == {"token": TOKEN}
    assert "Authorization" not in call.request.headers
