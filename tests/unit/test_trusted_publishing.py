"""Credentials that a CI gets in exchange for its identity."""

import base64
import time
from collections.abc import Iterator

import pytest
import requests
import responses
from responses import matchers

from twine import exceptions
from twine.auth import CredentialInput, Resolver, oidc
from twine.auth.trusted_publishing import TrustedPublishing
from twine.terminal import prompts
from twine.terminal.console import Console

PYPI = "https://upload.pypi.org/legacy/"


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put somebody at the terminal who has a token."""
    monkeypatch.setattr(prompts, "can_ask", lambda: True)
    monkeypatch.setattr(prompts, "ask_secret", lambda prompt: "typed")


def resolver(**config: str) -> Resolver:
    """Return who finds the credentials for PyPI."""
    return Resolver({"repository": PYPI, **config}, CredentialInput())


def header(found: Resolver) -> str:
    """Return the user and password that a request is sent with."""
    request = requests.Request("POST", PYPI).prepare()
    found.authenticator(request)
    sent = str(request.headers["Authorization"]).removeprefix("Basic ")
    return base64.b64decode(sent).decode()


@pytest.fixture
def identities(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run in a CI that gives an identity token for each question."""
    given: list[str] = []

    def find(audience: str) -> str | None:
        assert audience == "pypi"
        given.append(f"identity-{len(given) + 1}")
        return given[-1]

    monkeypatch.setattr(oidc, "find_identity", find)
    return given


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a list whose only item is the time."""
    now = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


@pytest.fixture
def mint() -> Iterator[responses.RequestsMock]:
    """Play PyPI's token exchange."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as index:
        index.get("https://upload.pypi.org/_/oidc/audience", json={"audience": "pypi"})
        yield index


def add_token(
    index: responses.RequestsMock, number: int, expires: float | None
) -> None:
    """Let the index exchange one identity token for one API token."""
    index.post(
        "https://upload.pypi.org/_/oidc/mint-token",
        json={"success": True, "token": f"pypi-{number}"}
        | ({} if expires is None else {"expires": int(expires)}),
        match=[matchers.json_params_matcher({"token": f"identity-{number}"})],
    )


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("tells", [True, False])
def test_a_token_near_its_end_is_renewed(
    identities: list[str],
    clock: list[float],
    mint: responses.RequestsMock,
    tells: bool,
) -> None:
    """With less than five minutes left, a fresh identity buys a new token."""
    for number in (1, 2):
        add_token(mint, number, clock[0] + 900 if tells else None)
    found = resolver()
    _ = found.password

    clock[0] += 599
    assert header(found) == "__token__:pypi-1"
    clock[0] += 2
    assert header(found) == "__token__:pypi-2"
    assert identities == ["identity-1", "identity-2"]


@pytest.mark.usefixtures("nobody", "identities")
def test_a_token_that_cannot_be_renewed_is_a_failure(
    clock: list[float],
    mint: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No request is sent with an empty password."""
    add_token(mint, 1, clock[0] + 900)
    found = resolver()
    _ = found.password
    clock[0] += 1000
    monkeypatch.setattr(oidc, "find_identity", lambda audience: None)

    with pytest.raises(exceptions.TrustedPublishingFailure):
        header(found)


@pytest.mark.usefixtures("person", "identities")
@pytest.mark.parametrize("trouble", ["audience", "identity"])
def test_a_token_that_lives_is_kept(
    clock: list[float],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
) -> None:
    """While it can still be used, trouble with the next one is only a warning."""
    with responses.RequestsMock() as index:
        index.get("https://upload.pypi.org/_/oidc/audience", json={"audience": "pypi"})
        add_token(index, 1, clock[0] + 900)
        found = resolver()
        _ = found.password
    clock[0] += 700
    with responses.RequestsMock() as index:
        if trouble == "audience":
            index.get("https://upload.pypi.org/_/oidc/audience", status=503)
        else:
            monkeypatch.setattr(oidc, "find_identity", lambda _: None)
            index.get(
                "https://upload.pypi.org/_/oidc/audience", json={"audience": "pypi"}
            )
        assert header(found) == "__token__:pypi-1"

    assert "could not be renewed yet" in caplog.text


@pytest.mark.usefixtures("nobody", "clock")
def test_tokens_are_masked(identities: list[str], mint: responses.RequestsMock) -> None:
    """Neither the identity nor the token shows from then on."""
    add_token(mint, 1, None)
    console = Console()
    header(Resolver({"repository": PYPI}, CredentialInput(), console=console))

    assert console.sanitize(f"{identities[0]} and pypi-1") == "******** and ********"


@pytest.mark.usefixtures("person")
def test_an_index_that_cannot_tell_is_no_reason_to_stop(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With a person at hand, an index without trusted publishing is a note."""
    caplog.set_level("INFO", "twine")
    with responses.RequestsMock() as index:
        index.get("https://upload.pypi.org/_/oidc/audience", status=404)
        assert resolver().password == "typed"

    assert "404" in caplog.text


@pytest.mark.usefixtures("nobody")
def test_an_index_that_cannot_tell_is_an_error_in_a_ci() -> None:
    """Without a person, the refusal of the index is the error."""
    with responses.RequestsMock() as index:
        index.get("https://upload.pypi.org/_/oidc/audience", status=500)
        with pytest.raises(requests.HTTPError) as caught:
            _ = resolver().password

    assert "500" in str(caught.value)


@pytest.mark.usefixtures("nobody", "identities")
def test_the_exchange_uses_the_session_that_it_is_given(clock: list[float]) -> None:
    """Settings hands in how to make a session; that one is used and closed."""
    session = requests.Session()
    publishing = TrustedPublishing(
        PYPI, open_session=lambda: session, console=Console()
    )
    found = Resolver(
        {"repository": PYPI}, CredentialInput(), trusted_publishing=publishing
    )
    with responses.RequestsMock() as index:
        index.get(
            "https://upload.pypi.org/_/oidc/audience",
            json={"audience": "pypi"},
            match=[matchers.header_matcher({"X-Mine": "yes"})],
        )
        add_token(index, 1, None)
        session.headers["X-Mine"] = "yes"
        assert found.password == "pypi-1"


@pytest.mark.usefixtures("nobody", "mint")
def test_a_missing_token_is_told_with_the_ways_to_give_it() -> None:
    """On PyPI the advice is about tokens, not about user names."""
    with pytest.raises(exceptions.NonInteractive) as caught:
        _ = resolver().password

    assert "API token" in str(caught.value)
    assert "`TWINE_PASSWORD`" in str(caught.value)
    assert "`TWINE_USERNAME`" not in str(caught.value)
