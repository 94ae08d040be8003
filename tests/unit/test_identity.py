"""The identity of a CI job, and what to say when an index does not accept it."""

import base64
import json

import id as ambient
import pytest
import urllib3.exceptions

from support.secrets import SECRET
from twine import exceptions
from twine.auth import identity
from twine.auth.oidc import Refusal
from twine.config.known_indexes import PYPI

WORKFLOW = "o/r/.github/workflows/release.yml@refs/heads/main"
GITHUB: dict[str, object] = {
    "iss": "https://token.actions.githubusercontent.com",
    "sub": "repo:o/r:ref:refs/heads/main",
    "repository": "o/r",
    "workflow_ref": WORKFLOW,
    "job_workflow_ref": WORKFLOW,
    "ref": "refs/heads/main",
    "jti": SECRET,
}
UNKNOWN_ISSUER = Refusal(
    status=422,
    reasons="unknown trusted publishing issuer (invalid-payload)",
    codes=frozenset({"invalid-payload"}),
)
INVALID_PUBLISHER = Refusal(
    status=422,
    reasons="valid token, but no corresponding publisher (invalid-publisher)",
    codes=frozenset({"invalid-publisher"}),
)


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

    monkeypatch.setattr(ambient, "detect_credential", detect)
    return audiences


@pytest.mark.parametrize("answer", ["head.payload.sign", None])
def test_ci_gives_an_identity_or_there_is_none(
    monkeypatch: pytest.MonkeyPatch, answer: str | None
) -> None:
    """The token is made for the audience; outside of a CI there is none."""
    audiences = play_ci(monkeypatch, answer)

    assert identity.find_identity("pypi") == answer
    assert audiences == ["pypi"]


@pytest.mark.parametrize(
    "error",
    [
        ambient.IdentityError("No permission."),
        OSError("Broken pipe"),
        ValueError("Invalid IPv6 URL"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        urllib3.exceptions.LocationParseError("http://"),
    ],
)
def test_ci_that_gives_no_identity_is_told_how_to(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The error quotes the library and says what each CI needs."""
    play_ci(monkeypatch, error)

    with pytest.raises(exceptions.TrustedPublishingFailure) as caught:
        identity.find_identity("testpypi")

    text = str(caught.value)
    assert str(error).rstrip(".") in text
    assert "id-token: write" in text
    assert "`TESTPYPI_ID_TOKEN`" in text


def test_variable_holds_the_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    """`TWINE_IDENTITY_TOKEN` wins over the CI; empty it is as good as not set."""
    play_ci(monkeypatch, "detected")

    monkeypatch.setenv("TWINE_IDENTITY_TOKEN", " given\n")
    assert identity.find_identity("pypi") == "given"
    monkeypatch.setenv("TWINE_IDENTITY_TOKEN", " ")
    assert identity.find_identity("pypi") == "detected"


def encode(payload: bytes) -> str:
    """Return a JWT with this payload."""
    return f"head.{base64.urlsafe_b64encode(payload).decode().rstrip('=')}.signature"


@pytest.mark.parametrize("size", range(4))
def test_claims_are_read(size: int) -> None:
    """Base64 without padding, as in RFC 7515, whatever the length."""
    claims = {"sub": "x" * size}
    assert identity.read_claims(encode(json.dumps(claims).encode())) == claims


@pytest.mark.parametrize(
    "token",
    ["", "opaque", "head.%.sig", encode(b"\xff"), encode(b"[]"), encode(b"[" * 99_999)],
)
def test_unreadable_token_has_no_claims(token: str) -> None:
    """An identity token need not be a JWT; the index will say."""
    assert identity.read_claims(token) == {}


def explain(refusal: Refusal, claims: dict[str, object]) -> str:
    """Return the text of the error."""
    return str(identity.explain_refusal(refusal, "upload.pypi.org", claims, PYPI))


def test_refusal_shows_what_to_compare() -> None:
    """Reasons, the claims that matter, where the publisher is, and what expires."""
    lines = explain(INVALID_PUBLISHER, {**GITHUB, "environment": "a\nb"}).splitlines()

    assert INVALID_PUBLISHER.reasons in lines[0]
    assert "  repository: o/r" in lines
    assert f"  workflow_ref: {WORKFLOW}" in lines
    assert "  ref: refs/heads/main" in lines
    assert "  environment: a b" in lines
    assert any("https://pypi.org/manage/account/publishing/" in line for line in lines)
    assert any("30 days" in line for line in lines)
    assert SECRET not in "".join(lines)


def test_missing_environment_is_shown() -> None:
    """A publisher with an environment does not match a job without one."""
    assert "environment: (none)" in explain(INVALID_PUBLISHER, GITHUB)
    assert (
        "environment"
        not in explain(INVALID_PUBLISHER, {"email": "a@b"}).partition("Compare")[0]
    )


@pytest.mark.parametrize(
    ("called", "told"), [(WORKFLOW, False), ("o/shared/w.yml@v1", True)]
)
def test_reusable_workflow_is_told(called: str, told: bool) -> None:
    """The index compares the workflow that was called, not the one that calls."""
    text = explain(INVALID_PUBLISHER, {**GITHUB, "job_workflow_ref": called})

    assert ("reusable workflow" in text) is told


def test_other_refusals_have_other_advice() -> None:
    """Nobody compares claims because the index is down, or knows no such CI."""
    down = explain(Refusal(status=503, reasons="busy"), GITHUB)
    unknown = explain(UNKNOWN_ISSUER, {"iss": "https://oidc.circleci.com"})
    other = explain(Refusal(status=422, reasons="bad (invalid-payload)"), {})
    used = explain(
        Refusal(status=422, reasons="used", codes=frozenset({"invalid-reuse-token"})),
        GITHUB,
    )

    assert "try again later" in down
    assert "`https://oidc.circleci.com`" in unknown
    assert "only once" in used
    assert "Compare" not in down + unknown + used
    assert "30 days" not in other
    assert "says:" not in other


@pytest.mark.parametrize(
    ("refusal", "variable", "expected"),
    [
        (INVALID_PUBLISHER, None, True),
        (INVALID_PUBLISHER, "GITHUB_ACTIONS", False),
        (INVALID_PUBLISHER, "TWINE_IDENTITY_TOKEN", False),
        (UNKNOWN_ISSUER, None, True),
        (UNKNOWN_ISSUER, "CIRCLECI", True),
        (UNKNOWN_ISSUER, "TWINE_IDENTITY_TOKEN", False),
        (Refusal(status=422, reasons="expired (invalid-token)"), None, False),
    ],
)
def test_nobody_set_it_up(
    monkeypatch: pytest.MonkeyPatch,
    refusal: Refusal,
    variable: str | None,
    expected: bool,
) -> None:
    """A cloud machine has an identity by itself, and some CIs are not known yet."""
    if variable is not None:
        monkeypatch.setenv(variable, "true")

    assert identity.is_not_set_up(refusal) is expected
