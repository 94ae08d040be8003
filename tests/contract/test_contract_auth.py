"""`twine.auth`: where credentials come from, for programs that ask themselves."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from support.fakepypi import FakePyPI
from support.secrets import PASSWORD, TOKEN, USER
from twine import auth, exceptions

PYPI = "https://upload.pypi.org/legacy/"
PRIVATE = "https://index.example/legacy/"
UseKeyring = Callable[[str, str, str], None]


def _config(url: str = PRIVATE, **keys: str | None) -> dict[str, str | None]:
    return {"repository": url, **keys}


@pytest.fixture
def in_github(
    pypi: FakePyPI, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], auth.Resolver]:
    """Return a function that makes a resolver for PyPI in a GitHub job."""
    environment = pypi.github_env | {"REQUESTS_CA_BUNDLE": str(pypi.ca_file)}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return lambda: auth.Private(_config(PYPI), auth.CredentialInput())


def _credentials(authenticator: Any) -> str | None:
    """Return the header that an authenticator puts on a request."""
    request = requests.Request("POST", PYPI, auth=authenticator).prepare()
    return request.headers.get("Authorization")


def test_constants() -> None:
    """PyPI's user name, and how long before its end a token is renewed."""
    assert auth.TOKEN_USERNAME == "__token__"
    assert dt.timedelta(minutes=5) == auth.TOKEN_RENEWAL_THRESHOLD


def test_resolver_is_chosen_and_made() -> None:
    """`Private` is the one that never asks; both inputs are optional."""
    assert auth.Resolver.choose(interactive=True) is auth.Resolver
    assert auth.Resolver.choose(interactive=False) is auth.Private
    given, nothing = auth.CredentialInput(USER, PASSWORD), auth.CredentialInput()
    assert (given.username, given.password) == (USER, PASSWORD)
    assert (nothing.username, nothing.password) == (None, None)


def test_input_beats_config_beats_keyring(use_keyring: UseKeyring) -> None:
    """The order of the sources."""
    use_keyring(PRIVATE, "kept", "kept-word")
    config = _config(username="filed", password="filed-word")
    given = auth.Resolver(config, auth.CredentialInput("given", "given-word"))
    assert (given.username, given.password) == ("given", "given-word")
    filed = auth.Resolver(config, auth.CredentialInput())
    assert (filed.username, filed.password) == ("filed", "filed-word")
    kept = auth.Resolver(_config(), auth.CredentialInput())
    assert (kept.username, kept.password) == ("kept", "kept-word")


def test_keyring_is_asked_by_upload_url(use_keyring: UseKeyring) -> None:
    """The name of the service is the URL, the one that `system` shows."""
    use_keyring(PRIVATE, USER, PASSWORD)
    here = auth.Private(_config(username=USER), auth.CredentialInput())
    assert here.system == PRIVATE
    assert here.get_username_from_keyring() == USER
    assert here.get_password_from_keyring() == PASSWORD
    assert here.username_from_keyring_or_prompt() == USER
    assert here.password_from_keyring_or_trusted_publishing_or_prompt() == PASSWORD
    there = auth.Private(
        _config("https://other.example/", username=USER), auth.CredentialInput()
    )
    assert there.get_username_from_keyring() is None
    assert there.get_password_from_keyring() is None


def test_private_never_asks() -> None:
    """Whatever is missing is an exception."""
    resolver = auth.Private(_config(), auth.CredentialInput())
    with pytest.raises(exceptions.NonInteractive):
        resolver.prompt("username")
    with pytest.raises(exceptions.NonInteractive):
        _ = resolver.username


def test_prompt_asks_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question names what is wanted, and the answer comes back."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return "typed"

    resolver = auth.Resolver(_config(), auth.CredentialInput())
    assert resolver.prompt("username", answer) == "typed"
    assert asked == ["Enter your username: "]


def test_authenticator_puts_the_credentials_on_a_request() -> None:
    """It fits `requests`: as `auth=`, on a session or a request."""
    resolver = auth.Private(_config(), auth.CredentialInput(USER, PASSWORD))
    expected = requests.auth._basic_auth_str(USER, PASSWORD)
    assert _credentials(resolver.authenticator) == expected


def test_trusted_publishing_gives_a_token(
    in_github: Callable[[], auth.Resolver], pypi: FakePyPI
) -> None:
    """In a CI the password is a token made for this run, minted once."""
    resolver = in_github()
    assert not resolver._has_valid_cached_tp_token()
    assert resolver.password == resolver.make_trusted_publishing_token()
    assert pypi.minted == [resolver.password]
    assert resolver._tp_token is not None
    assert resolver._tp_token["token"] == resolver.password
    assert (resolver._tp_token["expires"] or 0) > time.time()
    assert resolver._has_valid_cached_tp_token()
    header = _credentials(auth.TrustedPublishingAuthenticator(resolver))
    assert header == requests.auth._basic_auth_str("__token__", pypi.minted[0])


def test_outside_of_a_ci_there_is_no_token(
    pypi: FakePyPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a CI's identity the answer is None, not an error."""
    environment = pypi.env | {"REQUESTS_CA_BUNDLE": str(pypi.ca_file)}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    resolver = auth.Private(_config(PYPI), auth.CredentialInput())
    assert resolver.make_trusted_publishing_token() is None
    assert resolver._make_trusted_publishing_token() is None
    assert resolver._tp_token is None
    assert pypi.minted == []


def test_token_of_the_index_is_a_dictionary() -> None:
    """Programs make and read it like any other."""
    token = auth.TrustedPublishingToken(token=TOKEN, success=True, expires=1)
    assert dict(token) == {"token": TOKEN, "success": True, "expires": 1}
    error = auth.TrustedPublishingTokenRetrievalError(code="c", description="d")
    assert dict(error) == {"code": "c", "description": "d"}
