"""One file: its tries, and what the index has when no answer says so."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from support import dists
from support.index import Answer, Fault, ScriptedIndex
from support.patience import Clock
from support.secrets import PASSWORD, USER
from twine.index.retry import RetryPolicy
from twine.package import PackageFile
from twine.repository import Repository

pytestmark = pytest.mark.usefixtures("records_printed")

UPLOAD = "https://index.example/legacy/"
LISTED = "https://index.example/simple/some-pkg/"
PAGE = "<!doctype html><h1>Welcome home</h1>"
LOGIN = "<form>Log in<input type='password'></form>"


@pytest.fixture
def package(tmp_path: Path) -> PackageFile:
    """Return a wheel."""
    return PackageFile.from_filename(str(dists.make_wheel(tmp_path, "some_pkg")), None)


@pytest.fixture
def clock() -> Clock:
    """Return a way to wait that costs no time."""
    return Clock()


@pytest.fixture
def private(clock: Clock) -> Iterator[Repository]:
    """Return an index that has a simple API beside its upload URL."""
    policy = RetryPolicy(interrupted=clock)
    found = Repository(UPLOAD, USER, PASSWORD, policy=policy)
    yield found
    found.close()


def list_file(package: PackageFile, digest: str | None) -> None:
    """Make the index list a file."""
    hashes = {} if digest is None else {"sha256": digest}
    row = {"filename": package.basefilename, "hashes": hashes}
    responses.get(LISTED, json={"files": [row]})


def methods() -> list[str | None]:
    """Return the methods of the requests so far."""
    return [call.request.method for call in responses.calls]


@responses.activate
def test_a_doubt_ends_with_the_listing(
    private: Repository, package: PackageFile
) -> None:
    """What is listed in the end is uploaded, whatever was in doubt before."""
    responses.post(UPLOAD, status=500)
    responses.post(UPLOAD, body=PAGE, content_type="text/html")
    responses.get(LISTED, json={"files": []})
    list_file(package, package.sha2_digest)

    delivery = private.deliver(package)

    assert delivery.conclude().status_code == 200
    assert not delivery.in_doubt


@responses.activate
def test_what_exists_after_a_doubt_is_ours(
    private: Repository, package: PackageFile, capsys: pytest.CaptureFixture[str]
) -> None:
    """`already exists` and our digest in the listing: an earlier try got through."""
    responses.post(UPLOAD, status=500)
    responses.post(UPLOAD, status=409)
    responses.get(LISTED, status=404)
    list_file(package, package.sha2_digest)

    assert private.upload(package).status_code == 200
    assert "earlier try" in capsys.readouterr().out


ODD: dict[str, dict[str, Any]] = {
    "page": {"body": PAGE, "content_type": "text/html"},
    "login": {"body": LOGIN, "content_type": "text/html"},
    "error": {"json": {"success": False, "message": "Permission denied"}},
    "203": {"body": "OK", "status": 203},
}
LISTINGS: dict[str, dict[str, Any]] = {
    "absent": {"json": {"files": []}},
    "unknown": {"status": 404},
    "login": {"status": 302, "headers": {"Location": "/login"}},
}


@responses.activate
@pytest.mark.parametrize(
    ("odd", "listing"),
    [pair for pair in itertools.product(ODD, LISTINGS) if pair != ("page", "unknown")],
)
def test_a_success_that_is_none_may_be_a_failure(
    private: Repository, package: PackageFile, odd: str, listing: str
) -> None:
    """What the index does not list failed; what nobody lists, too, but for a page."""
    responses.post(UPLOAD, **ODD[odd])
    responses.get(LISTED, **LISTINGS[listing])
    delivery = private.deliver(package)

    with pytest.raises(requests.HTTPError) as caught:
        delivery.conclude()
    assert caught.value.response.status_code == ODD[odd].get("status", 200)
    assert methods() == ["POST", "GET"]
    # A server that speaks of an error leaves no doubt.
    in_doubt = listing != "absent" and odd != "error"
    assert ("not stored" in str(caught.value)) is (listing == "absent")
    assert delivery.in_doubt is in_doubt
    assert ("not known" in str(caught.value)) is in_doubt


@responses.activate
@pytest.mark.parametrize("odd", ODD)
def test_a_success_that_is_none_is_one_if_the_file_is_listed(
    private: Repository, package: PackageFile, odd: str
) -> None:
    """Whatever the answer was, the listing counts."""
    responses.post(UPLOAD, **ODD[odd])
    list_file(package, package.sha2_digest)

    delivery = private.deliver(package)

    assert delivery.conclude().status_code == 200
    assert not delivery.in_doubt


@responses.activate
def test_fewer_tries_are_counted_as_such(
    private: Repository, package: PackageFile, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever asks for two tries reads of two."""
    responses.post(UPLOAD, status=429)

    assert private.upload(package, max_redirects=2).status_code == 429
    assert methods() == ["POST", "POST"]
    assert "Try 2 of 2" in caplog.text


def test_an_interrupted_repository_ends_its_waits(
    index: ScriptedIndex, package: PackageFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that waits for its answer gets a moment, no more, and is in doubt."""
    monkeypatch.setattr("twine.repository.GRACE", 0.1)
    index.answer("/legacy/", Answer(fault=Fault.SILENCE))
    repository = Repository(index.upload_url, USER, PASSWORD)
    timer = threading.Timer(0.3, repository.interrupt)
    timer.start()

    delivery = repository.deliver(package)

    timer.join()
    assert len(index.uploads) == 1
    assert isinstance(delivery.error, KeyboardInterrupt)
    assert (delivery.tries, delivery.in_doubt) == (1, True)


def test_a_key_pressed_after_the_body_leaves_a_doubt(
    private: Repository, package: PackageFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the answer is awaited: the index may have the file."""

    def press(url: str, data: Any, **keywords: Any) -> None:
        data.read()
        raise KeyboardInterrupt

    monkeypatch.setattr(private.session, "post", press)

    delivery = private.deliver(package)

    assert isinstance(delivery.error, KeyboardInterrupt)
    assert (delivery.tries, delivery.in_doubt) == (1, True)
