"""`Repository`: an index that programs talk to themselves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from support.dists import make_sdist, make_wheel, metadata_text
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.pki import Authority
from support.secrets import PASSWORD, TOKEN, USER
from twine import repository
from twine.package import PackageFile

PYPI = "https://upload.pypi.org/legacy/"
TESTPYPI = "https://test.pypi.org/legacy/"


@pytest.fixture
def wheel(workdir: Path) -> PackageFile:
    """Return a wheel that is ready to be sent."""
    return PackageFile.from_filename(str(make_wheel(workdir)), None)


@pytest.fixture
def private(index: ScriptedIndex) -> Iterator[repository.Repository]:
    """Return a private index with credentials."""
    found = repository.Repository(index.upload_url, USER, PASSWORD, True)
    yield found
    found.close()


@pytest.fixture
def fake_pypi(
    pypi: FakePyPI, monkeypatch: pytest.MonkeyPatch
) -> Iterator[repository.Repository]:
    """Return PyPI, as played behind a proxy."""
    for name, value in pypi.env.items():
        monkeypatch.setenv(name, value)
    found = repository.Repository(PYPI, "__token__", TOKEN, disable_progress_bar=True)
    found.set_certificate_authority(str(pypi.ca_file))
    yield found
    found.close()


def test_a_proxy_of_the_session_is_used_for_questions_too(
    index: ScriptedIndex, wheel: PackageFile
) -> None:
    """A program that sets the session's proxies sets them for all that is asked."""
    file = {
        "filename": wheel.basefilename,
        "hashes": {"sha256": wheel.sha2_digest},
    }
    index.answer("http://index.invalid/legacy/", Answer(500, "Broken"))
    index.answer("http://index.invalid/simple/pkg/", Answer.of_json({"files": [file]}))
    found = repository.Repository("http://index.invalid/legacy/", None, None, True)
    found.session.proxies = {"http": index.url}

    assert found.upload(wheel).status_code == 200
    found.close()
    assert [request.method for request in index.requests] == ["POST", "GET"]


def test_session_is_of_requests_and_has_the_credentials(
    private: repository.Repository, index: ScriptedIndex
) -> None:
    """Programs find a plain `requests.Session` with Basic credentials."""
    assert isinstance(private.session, requests.Session)
    assert private.session.auth == (USER, PASSWORD)
    assert private.url == index.upload_url


def test_without_credentials_none_are_sent(
    index: ScriptedIndex, wheel: PackageFile
) -> None:
    """None for both means an anonymous upload."""
    anonymous = repository.Repository(index.upload_url, None, None, True)
    anonymous.upload(wheel)
    anonymous.close()
    assert index.uploads[0].auth is None


def test_fields_are_sent_in_the_order_of_7_0_0(
    private: repository.Repository,
    index: ScriptedIndex,
    wheel: PackageFile,
    workdir: Path,
) -> None:
    """The metadata, then what the index wants besides, and the file at the end."""
    (workdir / "a.asc").write_bytes(b"SIG")
    wheel.comment, wheel.attestations = "good", [{"version": 1}]
    wheel.add_gpg_signature("a.asc", "a.asc")
    private.upload(wheel)
    [request] = index.uploads
    names = [part.name for part in request.parts]
    assert names[names.index("pyversion") :] == [
        *("pyversion", "filetype", "comment", "sha256_digest", "gpg_signature"),
        *("attestations", "blake2_256_digest", ":action", "protocol_version"),
        "content",
    ]


def test_names_of_urls() -> None:
    """Programs read from here where PyPI is, and was."""
    assert repository.WAREHOUSE == "https://upload.pypi.org/"
    assert repository.TEST_WAREHOUSE == "https://test.pypi.org/"
    assert repository.WAREHOUSE_WEB == "https://pypi.org/"
    assert repository.OLD_WAREHOUSE == "https://upload.pypi.io/"
    assert repository.LEGACY_PYPI == "https://pypi.python.org/"
    assert repository.LEGACY_TEST_PYPI == "https://testpypi.python.org/"
    with repository.make_requests_session() as session:
        assert isinstance(session, requests.Session)


def test_verify_package_integrity_does_nothing(
    private: repository.Repository, wheel: PackageFile
) -> None:
    """It is there to be called, as in 7.0.0."""
    Path(wheel.filename).unlink()
    private.verify_package_integrity(wheel)


@pytest.mark.parametrize(
    ("answer", "tries"),
    [
        (Answer(201, "Created"), 1),
        (Answer(403, "Forbidden"), 1),
        (Answer(301, "Moved", {"Location": "/elsewhere/"}), 1),
        (Answer(503, "Busy"), 2),
    ],
)
def test_upload_returns_any_answer(
    private: repository.Repository,
    index: ScriptedIndex,
    wheel: PackageFile,
    answer: Answer,
    tries: int,
) -> None:
    """A refusal is for the caller to judge, a redirect is not followed.

    A failing index gets as many tries as the caller allows; `_upload` sends once.
    """
    index.answer("/legacy/", answer)
    response = private.upload(wheel, max_redirects=2)
    assert response.status_code == answer.status
    assert [request.path for request in index.uploads] == ["/legacy/"] * tries
    assert private._upload(wheel).status_code == answer.status
    assert len(index.uploads) == tries + 1


def test_certificates_reach_the_session(
    tls_index: ScriptedIndex, authority: Authority, workdir: Path, wheel: PackageFile
) -> None:
    """An index with its own authority is reached once that is trusted."""
    found = repository.Repository(tls_index.upload_url, USER, PASSWORD, True)
    found.set_certificate_authority(None)
    with pytest.raises(requests.exceptions.SSLError):
        found.upload(wheel)
    client = str(authority.write_client_certificate(workdir / "client.pem"))
    found.set_certificate_authority(str(authority.ca_file))
    found.set_client_certificate(None)
    assert found.session.cert != client
    found.set_client_certificate(client)
    assert found.session.cert == client
    assert found.upload(wheel).status_code == 200
    found.close()


def test_package_is_uploaded_asks_the_index(
    fake_pypi: repository.Repository, pypi: FakePyPI, wheel: PackageFile
) -> None:
    """PyPI is asked once per project, without credentials."""
    assert not fake_pypi.package_is_uploaded(wheel)
    pypi.existing[wheel.basefilename] = "0" * 64
    assert not fake_pypi.package_is_uploaded(wheel)
    assert fake_pypi.package_is_uploaded(wheel, bypass_cache=True)
    assert fake_pypi.package_is_uploaded(wheel)
    assert {request.auth for request in pypi.requests} == {None}
    assert len(pypi.requests) == 2


@pytest.mark.parametrize(
    ("url", "pages"),
    [
        (PYPI, "https://pypi.org/project/"),
        (TESTPYPI, "https://test.pypi.org/project/"),
        ("https://index.example/legacy/", None),
    ],
)
def test_release_urls_are_the_pages_of_the_releases(
    url: str, pages: str | None, workdir: Path
) -> None:
    """One page for each release, however many files it has; on PyPI only."""
    other = metadata_text("Odd_name", "2.0")
    packages = [
        PackageFile.from_filename(str(path), None)
        for path in (
            make_wheel(workdir),
            make_sdist(workdir),
            make_wheel(workdir, "Odd_name", "2.0", metadata=other),
        )
    ]
    found = repository.Repository(url, None, None)
    expected = {f"{pages}pkg/1.0/", f"{pages}Odd-name/2.0/"} if pages else set()
    assert found.release_urls(packages) == expected
    found.close()


def test_close_closes_the_connections(
    index: ScriptedIndex, wheel: PackageFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that closes the repository has closed its session."""
    found = repository.Repository(index.upload_url, USER, PASSWORD, True)
    closed: list[Any] = []
    monkeypatch.setattr(found.session, "close", lambda: closed.append(found.session))
    found.close()
    assert closed == [found.session]


def test_form_as_a_list_keeps_repeated_fields() -> None:
    """The static helper turns the dictionary into the form's parts, in order."""
    convert = repository.Repository._convert_metadata_to_list_of_tuples
    assert convert(
        {
            "name": "pkg",
            "classifiers": ["A", "B"],
            "keywords": ["x", "y"],
            "project_urls": {"Home": "https://home.example"},
            "gpg_signature": ("a.asc", b"SIG"),
        }
    ) == [
        ("name", "pkg"),
        ("classifiers", "A"),
        ("classifiers", "B"),
        ("keywords", "x, y"),
        ("project_urls", "Home, https://home.example"),
        ("gpg_signature", ("a.asc", b"SIG")),
    ]
