"""Several distributions, and what became of each."""

import hashlib
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import requests

from support import dists
from support.secrets import PASSWORD
from twine import exceptions
from twine.package import PackageFile
from twine.publish.outcome import Status
from twine.publish.run import Publication
from twine.repository import Repository
from twine.terminal import console

pytestmark = pytest.mark.usefixtures("records_printed")

PYPI = "https://upload.pypi.org/legacy/"
Send = Callable[[PackageFile], Status]


def packages(folder: Path, *specs: str) -> list[PackageFile]:
    """Return distributions, written `a-1w` or `a-1s`; `a-1w2` is a second wheel."""
    found = []
    for spec in specs:
        name, rest = spec.split("-")
        version, kind, number = rest[0], rest[1], rest[2:]
        if kind == "s":
            path = dists.make_sdist(folder, name, version)
        else:
            tag = f"py{number or 3}-none-any"
            path = dists.make_wheel(folder, name, version, tag=tag)
        found.append(PackageFile.from_filename(str(path), None))
    return found


def publication(
    files: Sequence[PackageFile],
    send: Send,
    *,
    url: str = "https://index.example/",
    jobs: int = 1,
    keep_going: bool = False,
) -> Publication:
    """Run, and return what came of it."""
    repository = Repository(url, None, None)
    found = Publication(repository, files, send, jobs=jobs, keep_going=keep_going)
    found.run()
    return found


def statuses(found: Publication) -> list[str]:
    """Return the statuses in the order of the files."""
    return [outcome.status for outcome in found.outcomes]


def refusing(*names: str) -> Send:
    """Return a way to send that fails for files that begin so."""

    def send(package: PackageFile) -> Status:
        if package.basefilename.startswith(names):
            raise requests.HTTPError(f"400 Bad {package.basefilename}")
        return "uploaded"

    return send


@pytest.mark.parametrize("jobs", [1, 4])
def test_a_good_run_has_nothing_left(
    tmp_path: Path, jobs: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file is uploaded or skipped, and each upload is told on a line."""
    files = packages(tmp_path, "a-1w", "a-1w2", "b-1w", "a-1s")

    found = publication(
        files, lambda p: "skipped" if "py2" in p.filename else "uploaded", jobs=jobs
    )

    assert statuses(found) == ["uploaded", "skipped", "uploaded", "uploaded"]
    assert found.error is None
    assert found.left == []
    shown = capsys.readouterr().out
    assert shown.count("Uploaded ") == 3
    assert f"Uploaded {files[0].basefilename}: " in shown


def test_what_is_known_of_a_file_is_kept(tmp_path: Path) -> None:
    """Path, size, digest, time, tries and URL are in the outcome."""
    (package,) = packages(tmp_path, "a-1w")
    data = Path(package.filename).read_bytes()

    def send(package: PackageFile) -> Status:
        _ = package.digests
        return "uploaded"

    (outcome,) = publication([package], send, url=PYPI).outcomes

    assert outcome.path == package.filename
    assert outcome.size == len(data)
    assert outcome.sha256 == hashlib.sha256(data).hexdigest()
    assert outcome.seconds >= 0
    assert outcome.url == "https://pypi.org/project/a/1/"
    assert outcome.error is None


@pytest.mark.parametrize("jobs", [1, 4])
def test_the_first_refusal_ends_the_run(tmp_path: Path, jobs: int) -> None:
    """What waited is not tried; the error is kept, and what is left is known."""
    files = packages(tmp_path, "a-1w", "a-1w2", "a-1s")

    found = publication(files, refusing("a-1-py3"), jobs=jobs)

    assert statuses(found) == ["failed", "not tried", "not tried"]
    assert isinstance(found.error, requests.HTTPError)
    assert found.outcomes[0].error is found.error
    assert found.left == [package.filename for package in files]


def test_who_keeps_going_tries_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refused file is told and stays failed, the others have their chance."""
    files = packages(tmp_path, "a-1w", "b-1w", "c-1w")

    found = publication(files, refusing("b"), keep_going=True)

    assert statuses(found) == ["uploaded", "failed", "uploaded"]
    assert str(found.error).startswith("400 Bad b-1")
    assert found.left == [files[1].filename]
    shown = capsys.readouterr().out
    assert f"WARNING  {files[1].basefilename} failed: 400 Bad b-1" in shown


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_sdist_is_held_back_for_want_of_a_wheel(
    tmp_path: Path, jobs: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """When a wheel of its release failed, the sdist is not sent; others are."""
    files = packages(tmp_path, "a-1w", "a-1w2", "b-1w", "a-1s", "b-1s")

    found = publication(files, refusing("a-1-py2"), jobs=jobs, keep_going=True)

    assert statuses(found) == [
        "uploaded",
        "failed",
        "uploaded",
        "not tried",
        "uploaded",
    ]
    assert found.left == [files[1].filename, files[3].filename]
    assert f"{files[3].basefilename} is held back" in capsys.readouterr().out
    assert found.outcomes[3].note is not None


def test_an_sdist_whose_wheels_were_there_already_is_sent(tmp_path: Path) -> None:
    """A skipped wheel is as good as an uploaded one."""
    files = packages(tmp_path, "a-1w", "a-1s")

    def send(package: PackageFile) -> Status:
        return "skipped" if package.filetype == "bdist_wheel" else "uploaded"

    assert statuses(publication(files, send)) == ["skipped", "uploaded"]


@pytest.mark.parametrize("keep_going", [False, True])
def test_an_interruption_ends_the_run(tmp_path: Path, keep_going: bool) -> None:
    """Ctrl-C is the error that counts, and leaves a doubt."""
    files = packages(tmp_path, "a-1w", "b-1w", "c-1w")

    def send(package: PackageFile) -> Status:
        if package.safe_name == "b":
            raise KeyboardInterrupt
        return refusing("a")(package)

    found = publication(files, send, keep_going=keep_going)

    expected = ["failed", "failed", "not tried"]
    assert statuses(found) == (
        expected if keep_going else ["failed", "not tried", "not tried"]
    )
    assert isinstance(found.error, KeyboardInterrupt) is keep_going


def test_a_doubt_of_the_repository_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that may have landed is told as such."""
    one, two = packages(tmp_path, "a-1w", "b-1w")
    repository = Repository("https://index.example/", None, None)

    def send(package: PackageFile) -> Status:
        if package is one:
            repository.delivery(package).in_doubt = True
        raise requests.ConnectionError("It broke.")

    found = Publication(repository, [one, two], send, keep_going=True)
    found.run()

    assert [outcome.in_doubt for outcome in found.outcomes] == [True, False]
    assert "Whether it got through is not known." in capsys.readouterr().out


def test_an_error_holds_no_secret(tmp_path: Path) -> None:
    """A program may log what it catches, whatever the index sent back."""
    files = packages(tmp_path, "a-1w")

    def send(package: PackageFile) -> Status:
        raise requests.HTTPError(f"400 Bad\nThe server says: not {PASSWORD}")

    with console.activate(console.Console()) as screen:
        screen.hide(PASSWORD)
        found = publication(files, send)

    assert "The server says: not ********" in str(found.error)


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    """A program that goes on after Ctrl-C can publish with the same repository."""
    files = packages(tmp_path, "a-1w", "b-1w", "c-1w")
    repository = Repository("https://index.example/", None, None)
    main, started = threading.main_thread().ident or 0, threading.Barrier(2, timeout=10)

    def interrupted(package: PackageFile) -> Status:
        if started.wait() == 0:
            # Until the main thread waits: Python dislikes it while a thread starts.
            time.sleep(0.2)
            signal.pthread_kill(main, signal.SIGINT)
        assert repository.policy.interrupted.wait(10)
        raise KeyboardInterrupt

    found = Publication(repository, files, interrupted, jobs=2)
    found.run()

    assert isinstance(found.error, KeyboardInterrupt)
    assert set(statuses(found)) == {"failed", "not tried"}
    assert not repository.policy.interrupted.is_set()


def test_files_go_side_by_side(tmp_path: Path) -> None:
    """Wheels after the first one of their release meet; the sdist comes last."""
    files = packages(tmp_path, "a-1w", "a-1w2", "a-1w4", "a-1s")
    barrier = threading.Barrier(2, timeout=10)
    order: list[str] = []

    def send(package: PackageFile) -> Status:
        if "py2" in package.filename or "py4" in package.filename:
            barrier.wait()
        order.append(package.filetype)
        return "uploaded"

    found = publication(files, send, jobs=4)

    assert statuses(found) == ["uploaded"] * 4
    assert order == ["bdist_wheel"] * 3 + ["sdist"]


def test_spellings_of_a_name_are_one_project(tmp_path: Path) -> None:
    """`A.b` and `a-b` share their pioneer."""
    files = packages(tmp_path, "Some.Pkg-1w", "some_pkg-2w")
    begun: list[str] = []

    def send(package: PackageFile) -> Status:
        begun.append(package.version)
        raise requests.HTTPError("400 Bad")

    publication(files, send, jobs=2)

    assert begun == ["1"]


def test_a_slow_line_is_not_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the pace says that it would take too long, files go one by one."""
    monkeypatch.setattr("twine.publish.schedule.LONGEST_UPLOAD", 0.0)
    files = packages(tmp_path, "a-1w", "b-1w", "c-1w", "d-1w")
    running, beside = 0, []
    lock = threading.Lock()
    first = threading.Event()

    def send(package: PackageFile) -> Status:
        nonlocal running
        if package.safe_name == "a":
            first.set()
            return "uploaded"
        with lock:
            running += 1
            beside.append(running)
        threading.Event().wait(0.05)
        with lock:
            running -= 1
        return "uploaded"

    repository = Repository("https://index.example/", None, None)
    found = Publication(repository, files, send, jobs=2)
    found._attempt(0)
    found.run()

    assert statuses(found) == ["uploaded"] * 4
    assert set(beside) == {1}


def test_a_file_that_vanished_is_told(tmp_path: Path) -> None:
    """A file deleted while a password was typed is no fault of ours."""
    files = packages(tmp_path, "a-1w")
    Path(files[0].filename).unlink()

    def send(package: PackageFile) -> Status:
        package.open().close()
        return "uploaded"

    found = publication(files, send)

    assert statuses(found) == ["failed"]
    assert isinstance(found.error, exceptions.InvalidDistribution)
    assert "cannot be read" in str(found.error)


def test_lines_of_side_by_side_uploads_reach_the_callers_console(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With JSON on standard output, threads print to standard error."""
    files = packages(tmp_path, "a-1w", "b-1w")

    with console.activate(console.Console(to_stderr=True)):
        publication(files, refusing(), jobs=2)

    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("Uploaded ") == 2
