"""The exchange of tokens is as patient as the upload."""

from pathlib import Path

import pytest

from support.fakepypi import FakePyPI
from support.index import Answer, Fault
from twine.commands import upload
from twine.settings import Settings

PYPI = "https://upload.pypi.org/legacy/"
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
