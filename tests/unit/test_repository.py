"""One index, seen as an object."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from support import dists
from support.index import Answer, ScriptedIndex
from support.patience import Clock
from support.pki import Authority
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, USER
from twine import exceptions
from twine.package import PackageFile
from twine.repository import Repository
from twine.retries import RetryPolicy

PYPI = "https://upload.pypi.org/legacy/"


@pytest.fixture
def package(tmp_path: Path) -> PackageFile:
    """Return a wheel."""
    return PackageFile.from_filename(str(dists.make_wheel(tmp_path, "some_pkg")), None)


@pytest.fixture
def clock() -> Clock:
    """Return a way to wait that costs no time."""
    return Clock()


@pytest.fixture
def waits(clock: Clock) -> list[float]:
    """Return a list of the seconds that would have been waited."""
    return clock.waits


@pytest.fixture
def repository(index: ScriptedIndex, clock: Clock) -> Iterator[Repository]:
    """Return the scripted index as a repository."""
    policy = RetryPolicy(interrupted=clock)
    found = Repository(index.upload_url, USER, PASSWORD, policy=policy)
    yield found
    found.close()


def test_a_file_is_sent_with_its_form(
    index: ScriptedIndex,
    repository: Repository,
    package: PackageFile,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The index receives the form, the file, and the credentials."""
    response = repository.upload(package)

    (request,) = index.requests
    assert response.status_code == 200
    assert request.auth == BASIC_AUTH
    assert request.value(":action") == "file_upload"
    assert request.value("protocol_version") == "1"
    assert request.value("name") == "some-pkg"
    assert request.files["content"] == (
        package.basefilename,
        "application/octet-stream",
        Path(package.filename).read_bytes(),
    )
    assert capsys.readouterr().out == f"Uploading {package.basefilename}\n"


def test_registering_sends_no_file(
    index: ScriptedIndex,
    repository: Repository,
    package: PackageFile,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The same form without the file announces a project."""
    repository.register(package)

    (request,) = index.requests
    assert request.value(":action") == "submit"
    assert request.value("name") == "some-pkg"
    assert request.files == {}
    assert capsys.readouterr().out == f"Registering {package.basefilename}\n"


@pytest.mark.parametrize("credentials", [(None, None), ("", "")])
def test_without_credentials_none_are_sent(
    index: ScriptedIndex,
    package: PackageFile,
    credentials: tuple[str | None, str | None],
) -> None:
    """A repository that was given nothing sends nothing."""
    repository = Repository(index.upload_url, *credentials, disable_progress_bar=True)
    repository.upload(package)
    repository.close()

    assert index.requests[0].auth is None


def test_a_failing_index_is_tried_again(
    index: ScriptedIndex,
    repository: Repository,
    package: PackageFile,
    waits: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """After 5xx the file is sent once more, whole, after a while."""
    index.answer("/legacy/", Answer(503, "Busy"), times=2)

    response = repository.upload(package)

    assert response.status_code == 200
    assert len({request.files["content"] for request in index.uploads}) == 1
    assert len(index.uploads) == 3
    assert repository.delivery(package).tries == 3
    assert len(waits) == 2
    assert waits[0] < waits[1]
    assert capsys.readouterr().out.count("503 Busy") == 2


def test_a_failing_index_is_given_up(
    index: ScriptedIndex,
    repository: Repository,
    package: PackageFile,
    waits: list[float],
) -> None:
    """After five times, or as many as asked for, the last answer comes back."""
    index.answer("/legacy/", Answer(503, "Busy"))

    assert repository.upload(package).status_code == 503
    assert len(index.uploads) == 5
    assert repository.upload(package, max_redirects=1).status_code == 503
    assert len(index.uploads) == 6


@pytest.mark.parametrize("status", [301, 400, 403, 409, 499])
def test_a_refusal_is_not_repeated(
    index: ScriptedIndex,
    repository: Repository,
    package: PackageFile,
    status: int,
) -> None:
    """Whoever says no is not asked again, and a redirect is not followed."""
    index.answer("/legacy/", Answer(status, "No", {"Location": "/other/"}))

    assert repository.upload(package).status_code == status
    assert len(index.requests) == 1


@responses.activate
def test_an_override_of_a_single_upload_is_called(
    package: PackageFile, clock: Clock
) -> None:
    """Other programs replace `_upload`; the loop around it stays."""
    responses.get("https://index.example/simple/some-pkg/", status=404)

    class Fake(Repository):
        """An index that fails once."""

        count = 0

        def _upload(self, package: PackageFile) -> requests.Response:
            self.count += 1
            response = requests.Response()
            response.status_code = 500 if self.count == 1 else 200
            return response

    policy = RetryPolicy(interrupted=clock)
    fake = Fake("https://index.example/", None, None, policy=policy)

    assert fake.upload(package).status_code == 200
    assert fake.count == 2


def test_a_file_that_went_away_is_told(
    repository: Repository, package: PackageFile, index: ScriptedIndex
) -> None:
    """A file deleted between reading and sending is InvalidDistribution."""
    _ = package.digests
    Path(package.filename).unlink()

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        repository.upload(package)

    assert package.filename in str(caught.value)
    assert index.requests == []


def test_certificates_are_set_if_given(
    tmp_path: Path, repository: Repository, authority: Authority
) -> None:
    """None changes nothing; a file that is not there is an error."""
    client = authority.write_client_certificate(tmp_path / "client.pem")

    repository.set_certificate_authority(None)
    repository.set_client_certificate(None)
    assert (repository.session.verify, repository.session.cert) == (True, None)

    repository.set_certificate_authority(str(authority.ca_file))
    repository.set_client_certificate(str(client))
    assert repository.session.verify == str(authority.ca_file)
    assert repository.session.cert == str(client)

    for change in (
        repository.set_certificate_authority,
        repository.set_client_certificate,
    ):
        with pytest.raises(exceptions.InvalidConfiguration):
            change(str(tmp_path / "missing.pem"))


@responses.activate
def test_pypi_tells_which_files_it_has(package: PackageFile) -> None:
    """The project's page is asked once, and again only if told to."""
    url = "https://pypi.org/simple/some-pkg/"
    responses.get(url, json={"files": [{"filename": package.basefilename}]})
    responses.get(url, json={"files": []})
    repository = Repository(PYPI, "__token__", PASSWORD)

    assert repository.package_is_uploaded(package)
    assert repository.package_is_uploaded(package)
    assert not repository.package_is_uploaded(package, bypass_cache=True)
    assert len(responses.calls) == 2
    assert all("Authorization" not in call.request.headers for call in responses.calls)


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"body": "<html>"},
        {"body": "[" * 99_999},
        {"body": requests.ConnectionError("broken")},
    ],
)
def test_pypi_that_cannot_tell_is_a_warning(
    package: PackageFile,
    answer: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without a listing the upload itself will show; a warning is enough."""
    responses.get("https://pypi.org/simple/some-pkg/", **answer)

    assert not Repository(PYPI, "__token__", PASSWORD).package_is_uploaded(package)
    assert capsys.readouterr().out.startswith("WARNING ")


def test_another_index_is_not_asked(
    index: ScriptedIndex, repository: Repository, package: PackageFile
) -> None:
    """A private index is not asked what it has."""
    assert not repository.package_is_uploaded(package)
    assert index.requests == []


def test_releases_have_pages(package: PackageFile) -> None:
    """Each release has one page on PyPI and TestPyPI, and none elsewhere."""
    test = "https://test.pypi.org/legacy/"

    assert Repository(PYPI, None, None).release_urls([package, package]) == {
        "https://pypi.org/project/some-pkg/1.0/"
    }
    assert Repository(test, None, None).release_urls([package]) == {
        "https://test.pypi.org/project/some-pkg/1.0/"
    }
    assert Repository(PYPI, None, None).release_urls([]) == set()
    assert not Repository("https://index.example/", None, None).release_urls([package])


def test_no_secret_shows_in_a_repr() -> None:
    """A repository in a traceback tells no password."""
    repository = Repository("https://index.example/", USER, PASSWORD)

    assert SECRET not in repr(repository)
    assert SECRET not in repr(repository.session)


@pytest.mark.parametrize("action", ["upload", "register"])
def test_a_password_is_hidden_without_any_settings(
    package: PackageFile,
    capsys: pytest.CaptureFixture[str],
    action: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A program that makes a Repository itself sees its password in no error."""
    policy = RetryPolicy(retries=1, interrupted=Clock())
    repository = Repository("https://index.example/", USER, PASSWORD, policy=policy)

    def fail(*args: object, **kwargs: object) -> None:
        raise requests.ConnectionError(f"It said {PASSWORD}.")

    monkeypatch.setattr(repository.session, "post", fail)

    with pytest.raises(requests.ConnectionError) as caught:
        getattr(repository, action)(package)

    assert str(caught.value).startswith("It said ********.")
    shown = capsys.readouterr().out
    assert SECRET not in shown
    assert action == "register" or "It said ********." in shown
