"""Trusted publishing: an identity of the CI is exchanged for a token."""

import json
from collections.abc import Callable

import pytest

from support.command import Result, Twine
from support.fakepypi import FakePyPI, make_identity
from support.index import Answer
from support.secrets import TOKEN, TOKEN_AUTH
from support.wire import Received

AUDIENCE = "/_/oidc/audience"
MINT = "/_/oidc/mint-token"
InGitHub = Callable[..., Result]


@pytest.fixture
def in_github(twine: Twine, pypi: FakePyPI, wheel: str) -> InGitHub:
    """Return a function that uploads from a GitHub job without any token."""

    def run(*args: str) -> Result:
        given = ("--retries", "1", *args)
        return twine("upload", *given, wheel, env=pypi.github_env)

    return run


@pytest.mark.parametrize(
    ("name", "host", "audience"),
    [
        ("pypi", "upload.pypi.org", "pypi"),
        ("testpypi", "test.pypi.org", "testpypi"),
    ],
)
def test_identity_becomes_a_token(
    in_github: InGitHub, pypi: FakePyPI, name: str, host: str, audience: str
) -> None:
    """The host of the upload URL names the audience and mints the token.

    Only the upload has credentials, and `--verbose` shows neither identity nor token.
    """
    said = in_github("-r", name, "--verbose").success()
    asked, identity, mint, sent = pypi.requests[:4]
    assert (asked.method, asked.url) == ("GET", f"https://{host}{AUDIENCE}")
    assert identity.path.endswith(f"&audience={audience}")
    assert (mint.method, mint.url) == ("POST", f"https://{host}{MINT}")
    assert list(mint.json) == ["token"]
    assert (sent.host, sent.auth) == (host, f"__token__:{pypi.minted[0]}")
    assert (asked.auth, mint.auth) == (None, None)
    assert mint.json["token"] not in said
    # The job's log is told to mask it before anything else is printed.
    assert said.count(pypi.minted[0]) == 1
    assert f"\n::add-mask::{pypi.minted[0]}\n" in said.partition("The token comes")[0]


def test_json_is_not_spoiled_by_the_mask(in_github: InGitHub, pypi: FakePyPI) -> None:
    """The command for the job's log goes to standard error, which it reads as well."""
    result = in_github("--format", "json")
    result.success()
    assert json.loads(result.out)["error"] is None
    assert f"::add-mask::{pypi.minted[0]}\n" in result.err


def test_given_token_beats_trusted_publishing(
    twine: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """Who gives a token wants that token used."""
    twine("upload", "-p", TOKEN, wheel, env=pypi.github_env).success()
    assert [request.auth for request in pypi.uploads] == [TOKEN_AUTH]
    assert [request.path for request in pypi.requests] == ["/legacy/"]


@pytest.mark.parametrize(
    "given", [("-u", "bob"), ("-u", "__token__", "--repository-url", "{}/legacy/")]
)
def test_other_users_and_indexes_mint_no_token(
    in_github: InGitHub, pypi: FakePyPI, given: tuple[str, ...]
) -> None:
    """A minted token is for the user `__token__` of PyPI and TestPyPI."""
    in_github(*(word.format(pypi.url) for word in given)).failure("NonInteractive")
    assert pypi.requests == []


def test_refusal_is_shown_without_the_identity(
    in_github: InGitHub, pypi: FakePyPI
) -> None:
    """Code and description are shown, but no token that is repeated in them."""

    def refuse(request: Received) -> Answer:
        words = f"malformed JWT: {request.json['token']}"
        error = {"code": "invalid-payload", "description": words}
        return Answer.of_json({"message": "failed", "errors": [error]}, 422, "No")

    pypi.answer(MINT, refuse)
    said = in_github().failure("TrustedPublishingFailure")
    assert "invalid-payload" in said
    assert "malformed JWT" in said
    assert pypi.uploads == []


def test_identity_from_the_variable(twine: Twine, pypi: FakePyPI, wheel: str) -> None:
    """In any other CI the identity is in `TWINE_IDENTITY_TOKEN`, good for one use."""
    identity = make_identity(1, "pypi")
    pypi.identities.append(identity)
    env = {**pypi.env, "TWINE_IDENTITY_TOKEN": identity}
    twine("upload", wheel, env=env).success()
    assert [request.auth for request in pypi.uploads] == [f"__token__:{pypi.minted[0]}"]
    said = twine("upload", wheel, env=env).failure("TrustedPublishingFailure")
    assert "invalid-reuse-token" in said
    assert "can be used only once" in said


@pytest.mark.parametrize("given", ["option", "variable"])
def test_never_means_that_no_index_is_asked(
    twine: Twine, pypi: FakePyPI, wheel: str, given: str
) -> None:
    """The option, or its variable, turns trusted publishing off."""
    args = ["--trusted-publishing", "never"] if given == "option" else []
    env = {} if args else {"TWINE_TRUSTED_PUBLISHING": "never"}
    result = twine("upload", *args, wheel, env=pypi.github_env | env)
    result.failure("NonInteractive")
    assert pypi.requests == []


def test_other_words_are_wrong(twine: Twine, wheel: str) -> None:
    """A misspelled word is an error of the command line, and not the default."""
    result = twine("upload", "--trusted-publishing", "alway", wheel)
    assert result.code == 2
    assert "auto, always, never" in result.err
