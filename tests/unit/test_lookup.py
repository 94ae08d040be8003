"""What an index has under the name of a file: asked once, and where."""

from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from support import dists
from support.patience import hasty
from support.secrets import BASIC_AUTH, PASSWORD, USER
from twine.config.known_indexes import Index, parse_simple_url
from twine.index.file_status import (
    Absent,
    Different,
    FileStatus,
    Present,
    Same,
    Unknown,
    compare_digests,
    conflict_error,
)
from twine.package import PackageFile
from twine.repository import Repository

pytestmark = pytest.mark.usefixtures("records_printed")

PYPI = "https://upload.pypi.org/legacy/"
UPLOAD = "https://index.example/legacy/"
LISTED = "https://index.example/simple/some-pkg/"
ONE, TWO = "1a" * 32, "2b" * 32


@pytest.fixture
def package(tmp_path: Path) -> PackageFile:
    """Return a wheel."""
    return PackageFile.from_filename(str(dists.make_wheel(tmp_path, "some_pkg")), None)


def open_index(url: str = UPLOAD, check: str | None = None) -> Repository:
    """Return an index, which may be asked elsewhere than its URL says."""
    where: Index | None = parse_simple_url(check) if check else None
    return Repository(url, USER, PASSWORD, policy=hasty(1)[0], check=where)


def lists(package: PackageFile, digest: str | None) -> dict[str, Any]:
    """Return an answer that lists a file."""
    hashes = {} if digest is None else {"sha256": digest}
    row = {"filename": package.basefilename, "hashes": hashes}
    return {"json": {"files": [row]}}


@pytest.mark.parametrize(
    ("sha256", "listed", "status"),
    [
        (ONE, ONE, Same()),
        (ONE, None, Present()),
        (None, ONE, Present()),
        (ONE, TWO, Different(filename="a.whl", sha256=ONE, listed=TWO)),
    ],
)
def test_only_two_digests_tell_whether_it_is_the_same_file(
    sha256: str | None, listed: str | None, status: FileStatus
) -> None:
    """Without one of them, the index has a file of that name, and no more is known."""
    assert compare_digests("a.whl", sha256, listed) == status


def test_a_conflict_names_both_digests() -> None:
    """The file's comes first, then that of the index."""
    status = Different(filename="a.whl", sha256=ONE, listed=TWO)
    said = str(conflict_error(status))
    assert said.startswith("`a.whl` already exists")
    assert said.index(ONE) < said.index(TWO)
    assert "publish a new version" in said


@responses.activate
@pytest.mark.parametrize(
    ("url", "answer", "status"),
    [
        (UPLOAD, {"json": {"files": []}}, Absent()),
        (UPLOAD, {"status": 404}, Absent(certain=False)),
        (PYPI, {"status": 404}, Absent()),
    ],
)
def test_a_file_that_is_not_listed(
    package: PackageFile, url: str, answer: dict[str, Any], status: FileStatus
) -> None:
    """A 404 is certain only where the layout is."""
    simple_url = LISTED if url == UPLOAD else "https://pypi.org/simple/some-pkg/"
    responses.get(simple_url, **answer)

    assert open_index(url).fetch_file_status(package) == status


@responses.activate
@pytest.mark.parametrize(
    ("answer", "reason", "login_required"),
    [
        ({"status": 401}, f"`{LISTED}` answered 401", True),
        ({"body": "?"}, f"`{LISTED}` answered with `text/plain`", False),
        ({"body": requests.ConnectionError("Gone.\nHint")}, "failed: Gone", False),
    ],
)
def test_an_index_that_does_not_answer(
    package: PackageFile, answer: dict[str, Any], reason: str, login_required: bool
) -> None:
    """Why not is told in one line, and whether a log-in is missing."""
    responses.get(LISTED, **answer)

    status = open_index().fetch_file_status(package)

    assert isinstance(status, Unknown)
    assert reason in status.reason
    assert "Hint" not in status.reason
    assert status.login_required is login_required


@responses.activate
def test_a_project_is_asked_for_once(package: PackageFile) -> None:
    """An answer counts for all files of the project until it is wanted afresh."""
    responses.get(LISTED, **lists(package, None))
    responses.get(LISTED, **lists(package, package.sha2_digest))
    index = open_index()

    assert [index.fetch_file_status(package) for _ in range(2)] == [Present()] * 2
    assert index.fetch_file_status(package, afresh=True) == Same()
    assert index.fetch_file_status(package) == Same()
    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize("answer", [{"status": 500}, {"body": "[" * 99_999}])
def test_an_index_that_cannot_tell_is_a_warning(
    package: PackageFile, answer: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A program that asks for a file then hears no; the upload itself will show."""
    responses.get(LISTED, **answer)
    index = open_index()

    assert not index.package_is_uploaded(package)
    assert not index.package_is_uploaded(package)
    assert len([text for text in caplog.messages if "is unknown: " in text]) == 1


def test_an_unknown_layout_names_the_option(
    package: PackageFile, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is asked, and the warning says how it can be."""
    assert isinstance(
        open_index("https://index.example/a/b/c").fetch_file_status(package), Unknown
    )
    assert "`--check-url`" in caplog.text


@responses.activate
@pytest.mark.parametrize(
    ("url", "check", "asked", "auth"),
    [
        (UPLOAD, None, "https://index.example/simple/", BASIC_AUTH),
        (
            UPLOAD,
            "https://index.example:443/x",
            "https://index.example:443/x/",
            BASIC_AUTH,
        ),
        (UPLOAD, "http://index.example/x/", "http://index.example/x/", None),
        (
            UPLOAD,
            "https://index.example:8443/x/",
            "https://index.example:8443/x/",
            None,
        ),
        (UPLOAD, "https://other.example/x/", "https://other.example/x/", None),
        (UPLOAD, "https://a:b%40@other.example/x/", "https://other.example/x/", "a:b@"),
        (UPLOAD, "https://a:b@index.example/x/", "https://index.example/x/", "a:b"),
        (PYPI, None, "https://pypi.org/simple/", None),
        ("https://test.pypi.org/legacy/", None, "https://test.pypi.org/simple/", None),
    ],
)
def test_credentials_go_to_the_same_origin_only(
    package: PackageFile, url: str, check: str | None, asked: str, auth: str | None
) -> None:
    """Scheme, host and port count; a look-up URL may have credentials of its own."""
    responses.get(f"{asked}some-pkg/", json={"files": []})
    index = open_index(url, check)
    index.session.headers["X-Key"] = "opens"

    assert index.fetch_file_status(package) == Absent()

    headers = responses.calls[0].request.headers
    expected = requests.auth._basic_auth_str(*auth.split(":")) if auth else None
    assert headers.get("Authorization") == expected
    assert ("X-Key" in headers) is (auth in {BASIC_AUTH, "a:b"})
