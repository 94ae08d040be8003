"""Trusted publishing: an identity of the CI is exchanged for a token."""

from typing import Protocol

import pytest

from support.command import Result, Twine
from support.fakepypi import FakePyPI, make_identity
from support.index import Answer
from support.secrets import TOKEN, TOKEN_AUTH
from support.wire import Received

AUDIENCE = "/_/oidc/audience"
MINT = "/_/oidc/mint-token"


class InGitHub(Protocol):
    """Say how the `in_github` fixture is called."""

    def __call__(self, *args: str) -> Result:
        """Run `upload` with `args` and the wheel."""


@pytest.fixture
def in_github(twine: Twine, pypi: FakePyPI, wheel: str) -> InGitHub:
    """Return a function that uploads from a GitHub job without any token."""

    def run(*args: str) -> Result:
        given = ("--retries", "1", *args)
        return twine("upload", *given, wheel, env=pypi.github_env)

    return run


def paths(pypi: FakePyPI) -> list[str]:
    """Return the paths that were asked for on PyPI, without queries."""
    return [request.path.partition("?")[0] for request in pypi.requests]


@pytest.mark.parametrize(
    ("name", "host", "audience"),
    [
        ("pypi", "upload.pypi.org", "pypi"),
        ("testpypi", "test.pypi.org", "testpypi"),
    ],
)
def test_the_identity_becomes_a_token(
    in_github: InGitHub, pypi: FakePyPI, name: str, host: str, audience: str
) -> None:
    """The host of the upload URL names the audience and mints the token."""
    in_github("-r", name).success()
    asked, identity, mint, sent = pypi.requests[:4]
    assert (asked.method, asked.url) == ("GET", f"https://{host}{AUDIENCE}")
    assert identity.path.endswith(f"&audience={audience}")
    assert (mint.method, mint.url) == ("POST", f"https://{host}{MINT}")
    assert list(mint.json) == ["token"]
    assert (sent.host, sent.auth) == (host, f"__token__:{pypi.minted[0]}")


def test_the_exchange_carries_no_credentials(
    in_github: InGitHub, pypi: FakePyPI
) -> None:
    """Only the upload is sent with a token."""
    in_github().success()
    for request in pypi.requests:
        if request.host.endswith("pypi.org") and request.path != "/legacy/":
            assert request.auth is None


def test_a_given_token_beats_trusted_publishing(
    twine: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """Who gives a token wants that token used."""
    twine("upload", "-p", TOKEN, wheel, env=pypi.github_env).success()
    assert [request.auth for request in pypi.uploads] == [TOKEN_AUTH]
    assert paths(pypi) == ["/legacy/"]


def test_a_private_index_is_not_asked(twine: Twine, pypi: FakePyPI, wheel: str) -> None:
    """Trusted publishing belongs to PyPI and TestPyPI."""
    given = ("--repository-url", pypi.upload_url, "-u", "__token__")
    twine("upload", *given, wheel, env=pypi.github_env).failure("NonInteractive")
    assert pypi.requests == []


def test_files_are_read_before_a_token_is_minted(
    in_github: InGitHub, pypi: FakePyPI, broken_sdist: str
) -> None:
    """A broken file costs no token."""
    in_github(broken_sdist).failure("InvalidDistribution")
    assert pypi.requests == []


def test_a_job_without_the_permission_is_told_how_to_get_it(
    twine: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """A GitHub job that may not ask for an identity learns which line it lacks."""
    env = {**pypi.env, "GITHUB_ACTIONS": "true"}
    said = twine("upload", wheel, env=env).failure("TrustedPublishingFailure")
    assert "id-token: write" in said
    assert pypi.uploads == []


def test_nothing_leaks_with_verbose(in_github: InGitHub, pypi: FakePyPI) -> None:
    """`--verbose` shows neither the identity nor the token."""
    said = in_github("--verbose").success()
    (mint,) = [request for request in pypi.requests if request.path == MINT]
    assert mint.json["token"] not in said
    assert pypi.minted[0] not in said


def test_a_refusal_that_quotes_the_identity_is_not_shown_with_it(
    in_github: InGitHub, pypi: FakePyPI
) -> None:
    """A server that repeats the token in its error does not make us show it."""

    def refuse(request: Received) -> Answer:
        words = f"malformed JWT: {request.json['token']}"
        error = {"code": "invalid-payload", "description": words}
        return Answer.of_json({"message": "failed", "errors": [error]}, 422, "No")

    pypi.answer(MINT, refuse)
    assert "invalid-payload" in in_github().failure("TrustedPublishingFailure")


def test_gitlab_gives_its_identity_in_a_variable(
    twine: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """On GitLab the identity is in `PYPI_ID_TOKEN`."""
    identity = make_identity(1, "pypi")
    pypi.identities.append(identity)
    env = {**pypi.env, "GITLAB_CI": "true", "PYPI_ID_TOKEN": identity}
    twine("upload", wheel, env=env).success()
    assert [request.auth for request in pypi.uploads] == [f"__token__:{pypi.minted[0]}"]
