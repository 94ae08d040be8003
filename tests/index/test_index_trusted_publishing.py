"""Tokens of trusted publishing: how they are obtained, renewed and given up."""

import hashlib
from pathlib import Path

import pytest

from support.dists import make_wheel
from support.fakepypi import FakePyPI
from support.index import Answer, Fault
from support.secrets import TOKEN
from support.wire import Received
from twine import exceptions
from twine.auth import trusted_publishing
from twine.commands import register, upload
from twine.package import PackageFile
from twine.repository import Repository
from twine.settings import Settings

PYPI = "https://upload.pypi.org/legacy/"
PRIVATE = "https://private.example:8443/legacy/"
BURN = "/_/oidc/burn-token"
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


def test_token_is_given_up_after_the_last_upload(
    pypi: FakePyPI, settings: Settings, wheel: Path, workdir: Path
) -> None:
    """The token is sent once, without credentials, when all files are sent."""
    other = make_wheel(workdir, "other")

    upload.upload(settings, [str(wheel), str(other)])

    *before, burn = pypi.requests
    assert BURN not in {request.path for request in before}
    assert burn.url == f"https://upload.pypi.org{BURN}"
    assert burn.json == {"token": pypi.minted[0]}
    assert burn.auth is None
    assert pypi.burned == pypi.minted


def test_token_is_given_up_after_a_refusal(
    pypi: FakePyPI, settings: Settings, wheel: Path
) -> None:
    """A failure of the upload leaves no token behind."""
    pypi.answer("/legacy/", Answer(400, "Bad"))

    with pytest.raises(Exception, match="400 Bad"):
        upload.upload(settings, [str(wheel)])

    assert pypi.burned == pypi.minted != []


@pytest.mark.parametrize("jobs", [1, 2])
def test_token_is_given_up_after_an_interrupt(
    pypi: FakePyPI,
    settings: Settings,
    wheel: Path,
    monkeypatch: pytest.MonkeyPatch,
    jobs: int,
) -> None:
    """Neither does Ctrl-C."""

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Repository, "_post", interrupted)
    settings.jobs = jobs

    with pytest.raises(KeyboardInterrupt):
        upload.upload(settings, [str(wheel)])

    assert pypi.burned == pypi.minted != []


def test_token_is_given_up_where_no_upload_begins(
    pypi: FakePyPI,
    settings: Settings,
    wheel: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What goes wrong between the exchange and the first file counts as well."""

    def refuse(*args: object) -> None:
        raise exceptions.InvalidConfiguration("No.")

    monkeypatch.setattr(Repository, "set_client_certificate", refuse)

    with pytest.raises(exceptions.InvalidConfiguration):
        upload.upload(settings, [str(wheel)])

    assert pypi.burned == pypi.minted != []


def test_token_is_given_up_after_registering(
    pypi: FakePyPI, settings: Settings, wheel: Path
) -> None:
    """`register` does the same."""
    register.register(settings, str(wheel))

    assert pypi.burned == pypi.minted != []


def test_token_is_given_up_before_waiting(
    pypi: FakePyPI, settings: Settings, wheel: Path
) -> None:
    """PyPI is asked for its list without credentials, which may take minutes."""
    pypi.existing[wheel.name] = hashlib.sha256(wheel.read_bytes()).hexdigest()
    settings.wait = 5

    upload.upload(settings, [str(wheel)])

    assert [r.path for r in pypi.requests[-2:]] == [BURN, "/simple/pkg/"]
    assert pypi.burned == pypi.minted


def test_dry_run_gives_its_token_up(
    pypi: FakePyPI, settings: Settings, wheel: Path
) -> None:
    """The exchange proves the setup; nothing is sent."""
    settings.dry_run = True

    upload.upload(settings, [str(wheel)])

    assert pypi.uploads == []
    assert pypi.burned == pypi.minted != []


def test_settings_can_be_used_again(
    pypi: FakePyPI, settings: Settings, wheel: Path
) -> None:
    """After its token was given up, a program's next upload gets a new one."""
    upload.upload(settings, [str(wheel)])
    upload.upload(settings, [str(wheel)])

    sent = [request.auth for request in pypi.uploads]
    assert sent == [f"__token__:{token}" for token in pypi.minted]
    assert len(pypi.minted) == 2
    assert pypi.burned == pypi.minted


def test_program_gives_up_tokens_itself(
    pypi: FakePyPI, settings: Settings, wheel: Path
) -> None:
    """Nothing is given up behind the back of a program that uploads by itself."""
    repository = settings.create_repository()
    repository.upload(PackageFile.from_filename(str(wheel), None))
    repository.close()
    assert pypi.burned == []

    settings.revoke_tokens()
    settings.revoke_tokens()

    assert pypi.burned == pypi.minted != []


def test_given_token_is_never_given_up(
    pypi: FakePyPI, settings: Settings, wheel: Path
) -> None:
    """PyPI would report a user's own token to its operators."""
    given = Settings(repository_url=PYPI, cacert=settings.cacert, password=TOKEN)

    upload.upload(given, [str(wheel)])

    assert [request.path for request in pypi.requests] == ["/legacy/"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, "Not Found"),
        Answer(307, "Moved", {"Location": "https://pypi.org/"}),
        Answer(fault=Fault.RESET_AFTER_BODY),
        Answer(fault=Fault.SILENCE),
    ],
)
def test_trouble_with_giving_up_is_not_told(
    pypi: FakePyPI,
    settings: Settings,
    wheel: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    answer: Answer,
) -> None:
    """There is one try, nobody waits long for it, and the upload is a success."""
    monkeypatch.setattr(trusted_publishing, "_LONGEST_REVOCATION", 1.0)
    pypi.answer(BURN, answer)

    upload.upload(settings, [str(wheel)])

    assert [r.path for r in pypi.requests].count(BURN) == 1
    assert "burn" not in capsys.readouterr().out
    assert [record for record in caplog.records if record.levelname != "DEBUG"] == []


@pytest.mark.parametrize("jobs", [1, 4])
def test_token_is_renewed_once(
    pypi: FakePyPI, settings: Settings, workdir: Path, jobs: int
) -> None:
    """Uploads side by side share the new token, and both tokens are given up."""
    wheels = [str(make_wheel(workdir, f"pkg{number}")) for number in range(4)]
    settings.jobs = jobs
    pypi.lifetime = 290

    def last_longer(request: Received) -> Answer:
        answer = pypi.default_answer(request)
        pypi.lifetime = 900
        return answer

    pypi.answer("/_/oidc/mint-token", last_longer)

    upload.upload(settings, wheels)

    first, second = pypi.minted
    assert {request.auth for request in pypi.uploads} == {f"__token__:{second}"}
    assert pypi.burned == [first, second]


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
    assert pypi.burned == pypi.minted


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
