"""Credentials that a CI gets in exchange for its identity."""

import base64
import threading
import time
from collections.abc import Iterator

import pytest
import requests
import responses
from responses import matchers

from twine import exceptions
from twine.auth import CredentialInput, Resolver, identity, oidc
from twine.auth.trusted_publishing import TrustedPublishing
from twine.config.keywords import TrustedPublishingMode
from twine.terminal import prompts
from twine.terminal.console import Console

PYPI = "https://upload.pypi.org/legacy/"


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put somebody at the terminal who has a token."""
    monkeypatch.setattr(prompts, "can_ask", lambda: True)
    monkeypatch.setattr(prompts, "ask_secret", lambda prompt: "typed")


def make_resolver(
    url: str,
    mode: TrustedPublishingMode,
    given: CredentialInput,
    config: dict[str, str | None] | None = None,
) -> Resolver:
    """Return what finds the credentials for an index."""
    console = Console()
    publishing = TrustedPublishing(
        url,
        mode=mode,
        open_session=lambda: oidc.open_session(None, None),
        console=console,
    )
    return Resolver(
        config or {"repository": url},
        given,
        trusted_publishing=publishing,
        console=console,
    )


def resolver(mode: TrustedPublishingMode = "auto") -> Resolver:
    """Return what finds the credentials for PyPI."""
    return make_resolver(PYPI, mode, CredentialInput())


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

    monkeypatch.setattr(identity, "find_identity", find)
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
    monkeypatch.setattr(identity, "find_identity", lambda audience: None)

    with pytest.raises(exceptions.TrustedPublishingFailure):
        header(found)


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("identity_token", "why"),
    [
        (None, "gave no identity"),
        ("identity-1", "only once"),
        ("identity-2", "out of order"),
    ],
)
def test_token_that_lives_is_kept(
    identities: list[str],
    clock: list[float],
    mint: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    identity_token: str | None,
    why: str,
) -> None:
    """While it can be used, trouble with the next one is a warning, once a minute."""
    add_token(mint, 1, clock[0] + 900)
    mint.post(
        "https://upload.pypi.org/_/oidc/mint-token",
        status=503,
        json={"message": "out of order"},
    )
    found = resolver()
    _ = found.password
    monkeypatch.setattr(identity, "find_identity", lambda audience: identity_token)

    clock[0] += 700
    for _ in range(2):
        assert header(found) == "__token__:pypi-1"
    (warning,) = caplog.messages
    assert "expires in 200 s" in warning
    assert why in warning
    clock[0] += 60
    assert header(found) == "__token__:pypi-1"
    assert len(caplog.messages) == 2
    clock[0] += 140
    with pytest.raises(exceptions.TrustedPublishingFailure):
        header(found)


def refuse(index: responses.RequestsMock, code: str, description: str) -> None:
    """Let the index accept no identity."""
    index.post(
        "https://upload.pypi.org/_/oidc/mint-token",
        status=422,
        json={"errors": [{"code": code, "description": description}]},
    )


NOT_SET_UP = [
    ("invalid-publisher", "no corresponding publisher", None),
    ("invalid-payload", "unknown trusted publishing issuer", "CIRCLECI"),
]


@pytest.mark.usefixtures("person", "identities")
@pytest.mark.parametrize(("code", "description", "variable"), NOT_SET_UP)
def test_person_is_asked_where_nobody_set_it_up(
    mint: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    code: str,
    description: str,
    variable: str | None,
) -> None:
    """A machine with an identity of its own, or an issuer that PyPI does not take."""
    if variable is not None:
        monkeypatch.setenv(variable, "true")
    refuse(mint, code, description)
    caplog.set_level("INFO", "twine")

    assert resolver().password == "typed"
    assert description in caplog.text
    levels = [r.levelname for r in caplog.records if "trusted" in r.name]
    assert levels == ["INFO"]


@pytest.mark.usefixtures("nobody", "identities")
@pytest.mark.parametrize(("code", "description", "variable"), NOT_SET_UP)
def test_missing_token_is_explained_where_nobody_set_it_up(
    mint: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    code: str,
    description: str,
    variable: str | None,
) -> None:
    """Without a person the token is missing, and a warning says what was tried."""
    if variable is not None:
        monkeypatch.setenv(variable, "true")
    refuse(mint, code, description)

    with pytest.raises(exceptions.NonInteractive):
        _ = resolver().password

    (warning,) = caplog.messages
    assert description in warning


@pytest.mark.usefixtures("person", "identities")
@pytest.mark.parametrize("config", ["GITHUB_ACTIONS", "always"])
def test_refusal_is_an_error_where_it_was_meant(
    mint: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch, config: str
) -> None:
    """In a CI, or with `always`, nobody is asked instead."""
    monkeypatch.setenv(config, "true")
    refuse(mint, "invalid-publisher", "no corresponding publisher identity-1")

    with pytest.raises(exceptions.TrustedPublishingFailure) as caught:
        _ = resolver("always" if config == "always" else "auto").password

    assert "invalid-publisher" in str(caught.value)
    assert "identity-1" not in str(caught.value)


@pytest.mark.usefixtures("person", "mint")
@pytest.mark.parametrize("mode", ["auto", "always"])
def test_cloud_machine_without_identity(
    monkeypatch: pytest.MonkeyPatch, mode: TrustedPublishingMode
) -> None:
    """A machine that gives none is a failure only if there has to be one."""

    def find(audience: str) -> str:
        raise exceptions.TrustedPublishingFailure("GCP: request failed")

    monkeypatch.setattr(identity, "find_identity", find)
    if mode == "auto":
        assert resolver(mode).password == "typed"
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
    with pytest.raises(exceptions.TrustedPublishingFailure, match="GCP"):
        _ = resolver(mode).password


@pytest.mark.usefixtures("person")
def test_never_asks_no_index() -> None:
    """Nothing is sent, and a person is asked at once."""
    with responses.RequestsMock():
        assert resolver("never").password == "typed"


@pytest.mark.usefixtures("person")
def test_always_needs_an_identity(
    mint: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside of a CI the error says where an identity comes from."""
    monkeypatch.setattr(identity, "find_identity", lambda audience: None)

    with pytest.raises(exceptions.TrustedPublishingFailure) as caught:
        _ = resolver("always").password

    assert "`TWINE_IDENTITY_TOKEN`" in str(caught.value)


@pytest.mark.usefixtures("person")
def test_always_needs_an_index_that_has_it() -> None:
    """An index without the endpoints is an error, although a person could type."""
    with responses.RequestsMock() as index:
        index.get("https://upload.pypi.org/_/oidc/audience", status=404)
        with pytest.raises(requests.HTTPError):
            _ = resolver("always").password


def test_always_needs_https() -> None:
    """Over plain HTTP anybody could take the identity."""
    found = make_resolver("http://index.example/", "always", CredentialInput())

    with (
        responses.RequestsMock(),
        pytest.raises(exceptions.TrustedPublishingFailure, match="https://"),
    ):
        _ = found.password


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (CredentialInput(password="typed"), "`--password`"),
        (CredentialInput(username="bob"), "`--username`"),
    ],
)
def test_always_excludes_other_credentials(given: CredentialInput, names: str) -> None:
    """What was given by an option or a variable must not be ignored in silence."""
    found = make_resolver(PYPI, "always", given)

    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        _ = (found.username, found.password)

    assert names in str(caught.value)


@pytest.mark.usefixtures("identities", "clock")
def test_always_precedes_the_configuration(mint: responses.RequestsMock) -> None:
    """`.pypirc` and keyring are not asked."""
    add_token(mint, 1, None)
    found = make_resolver(
        PYPI,
        "always",
        CredentialInput("__token__"),
        {"repository": PYPI, "username": "bob", "password": "kept"},
    )

    assert (found.username, found.password) == ("__token__", "pypi-1")


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


@pytest.mark.usefixtures("nobody", "identities", "clock")
def test_interrupt_ends_only_the_wait_for_revocation(
    mint: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was uploaded by then is yet to be told."""
    add_token(mint, 1, None)
    found = resolver()
    assert found.password == "pypi-1"

    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", lambda thread: None)
    monkeypatch.setattr(threading.Thread, "join", interrupt)
    found.revoke_tokens()

    assert not found.holds_trusted_publishing_token
