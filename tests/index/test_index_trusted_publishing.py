"""Tokens of trusted publishing: how they are obtained and renewed."""

from pathlib import Path

import pytest

from support.dists import make_wheel
from support.fakepypi import FakePyPI
from support.index import Answer, Fault
from support.wire import Received
from twine import exceptions
from twine.commands import upload
from twine.settings import Settings

PYPI = "https://upload.pypi.org/legacy/"
PRIVATE = "https://private.example:8443/legacy/"
BUSY = Answer(503, "Busy", {"Retry-After": "0"})


@pytest.fixture
def settings(pypi: FakePyPI, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of a CI job that may publish without a password."""
    for name, value in pypi.github_env.items():
        monkeypatch.setenv(name, value)
    return Settings(
        repository_url=PYPI,
        cacert=str(pypi.ca_file),
        non_interactive=True,
        timeout=2.0,
        retries=2,
    )


@pytest.mark.parametrize("path", ["/_/oidc/audience", "/_/oidc/mint-token"])
def test_the_exchange_is_repeated(
    pypi: FakePyPI, settings: Settings, wheel: Path, path: str
) -> None:
    """After failures that pass, a token is minted and used."""
    pypi.answer(path, BUSY, times=1)
    pypi.answer(path, Answer(fault=Fault.RESET_AFTER_BODY), times=1)

    publication = upload.publish(settings, [str(wheel)])

    assert [outcome.status for outcome in publication.outcomes] == ["uploaded"]
    (request,) = pypi.uploads
    assert request.auth == f"__token__:{pypi.minted[-1]}"


@pytest.mark.parametrize("path", ["/_/oidc/audience", "/_/oidc/mint-token"])
def test_the_exchange_is_given_up(
    pypi: FakePyPI, settings: Settings, wheel: Path, path: str
) -> None:
    """After as many tries as for a file it fails, and nothing is sent."""
    pypi.answer(path, BUSY)

    with pytest.raises(Exception, match="503"):
        upload.publish(settings, [str(wheel)])

    assert len([r for r in pypi.requests if r.path == path]) == 3
    assert pypi.uploads == []


@pytest.mark.parametrize("jobs", [1, 4])
def test_token_is_renewed_once(
    pypi: FakePyPI, settings: Settings, workdir: Path, jobs: int
) -> None:
    """Uploads side by side share the new token."""
    wheels = [str(make_wheel(workdir, f"pkg{number}")) for number in range(4)]
    settings.jobs = jobs
    pypi.lifetime = 290

    def last_longer(request: Received) -> Answer:
        answer = pypi.default_answer(request)
        pypi.lifetime = 900
        return answer

    pypi.answer("/_/oidc/mint-token", last_longer)

    upload.upload(settings, wheels)

    _, second = pypi.minted
    assert {request.auth for request in pypi.uploads} == {f"__token__:{second}"}


def test_any_index_can_be_asked(
    pypi: FakePyPI, settings: Settings, wheel: Path
) -> None:
    """`always` asks the host and port of the upload URL, whatever the index."""
    private = Settings(
        repository_url=PRIVATE, cacert=settings.cacert, trusted_publishing="always"
    )
    upload.upload(private, [str(wheel)])

    assert {tunnel.path for tunnel in pypi.tunnels} == {"private.example:8443"}
    assert [request.auth for request in pypi.uploads] == [f"__token__:{pypi.minted[0]}"]


def test_other_indexes_are_not_asked(
    pypi: FakePyPI, settings: Settings, wheel: Path
) -> None:
    """Without `always` an unknown index gets no identity."""
    private = Settings(
        repository_url=PRIVATE, cacert=settings.cacert, non_interactive=True
    )

    with pytest.raises(exceptions.NonInteractive):
        upload.upload(private, [str(wheel)])

    assert pypi.requests == []
