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
from support.answers import response
from support.secrets import PASSWORD
from twine import exceptions
from twine.index.delivery import Delivery
from twine.index.response import Exists, Uploaded
from twine.package import PackageFile
from twine.publish.outcome import Outcome, Result
from twine.publish.run import Run
from twine.repository import Repository
from twine.terminal.console import Console, default
from twine.terminal.text import format_size

PYPI = "https://upload.pypi.org/legacy/"
Send = Callable[[PackageFile], Delivery]


UPLOADED = Delivery(tries=1, verdict=Uploaded(), response=response(200))
EXISTS = Delivery(tries=1, verdict=Exists(), response=response(409))


class Scripted(Repository):
    """An index that delivers by a function; what that raises is a failure."""

    def __init__(self, send: Send, url: str = "https://index.example/") -> None:
        """Deliver by a function."""
        super().__init__(url, None, None)
        self._send = send

    def deliver(
        self,
        package: PackageFile,
        *,
        tries: int | None = None,
        on_try: Callable[[int], None] = lambda number: None,
    ) -> Delivery:
        """Deliver one file."""
        on_try(1)
        try:
            return self._send(package)
        except (Exception, KeyboardInterrupt) as exc:  # noqa: BLE001
            return Delivery(tries=1, error=exc)


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


def publish(
    files: Sequence[PackageFile],
    send: Send | Repository,
    *,
    console: Console | None = None,
    skip_existing: bool = True,
    jobs: int = 1,
    keep_going: bool = False,
) -> Result:
    """Publish, and return what came of it."""
    repository = send if isinstance(send, Repository) else Scripted(send)
    return Run(
        repository,
        files,
        console or default(),
        jobs=jobs,
        keep_going=keep_going,
        skip_existing=skip_existing,
    ).run()


def statuses(result: Result) -> list[str]:
    """Return the statuses in the order of the files."""
    return [outcome.status for outcome in result.outcomes]


def refusing(*names: str) -> Send:
    """Return a way to send that fails for files that begin so."""

    def send(package: PackageFile) -> Delivery:
        if package.basefilename.startswith(names):
            raise requests.HTTPError(f"400 Bad {package.basefilename}")
        return UPLOADED

    return send


@pytest.mark.parametrize("jobs", [1, 4])
def test_a_good_run_has_nothing_left(
    tmp_path: Path, jobs: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file is uploaded or skipped, and each upload gets a line."""
    files = packages(tmp_path, "a-1w", "a-1w2", "b-1w", "a-1s")

    result = publish(
        files, lambda p: EXISTS if "py2" in p.filename else UPLOADED, jobs=jobs
    )

    assert statuses(result) == ["uploaded", "skipped", "uploaded", "uploaded"]
    assert (result.error, result.left) == (None, [])
    shown = capsys.readouterr().out
    assert shown.count("Uploaded ") == 3
    assert f"Uploaded {files[0].basefilename}: " in shown
    size = format_size(sum(files[position].size for position in (0, 2, 3)))
    assert f"\nTotal uploaded: 3 files, {size} in " in shown


@pytest.mark.parametrize(
    ("jobs", "verbose", "groups"), [(1, True, 2), (1, False, 0), (2, True, 0)]
)
def test_verbose_logs_have_a_group_for_each_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    jobs: int,
    verbose: bool,
    groups: int,
) -> None:
    """Where the lines of several files are mixed there are none."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    files = packages(tmp_path, "a-1w", "a-1s")

    index = Scripted(lambda package: UPLOADED)
    Run(index, files, default(), jobs=jobs, verbose=verbose).run()

    shown = capsys.readouterr().out
    assert shown.count("::group::") == shown.count("::endgroup::\nUploaded ") == groups


def test_one_upload_has_no_total(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would say the same as the line of the file; skipped files do not count."""
    files = packages(tmp_path, "a-1w", "a-1w2")

    publish(files, lambda p: EXISTS if "py2" in p.filename else UPLOADED)

    shown = capsys.readouterr().out
    assert "Uploaded a-1-py3" in shown
    assert "Total" not in shown


def test_what_is_known_of_a_file_is_kept(tmp_path: Path) -> None:
    """Path, size, digest, time, tries and URL are in the outcome."""
    (package,) = packages(tmp_path, "a-1w")
    data = Path(package.filename).read_bytes()

    def send(package: PackageFile) -> Delivery:
        _ = package.digests
        return UPLOADED

    (outcome,) = publish([package], Scripted(send, PYPI)).outcomes

    assert 0 <= outcome.seconds < 60
    assert outcome == Outcome(
        path=package.filename,
        status="uploaded",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        seconds=outcome.seconds,
        tries=1,
        url="https://pypi.org/project/a/1/",
    )


@pytest.mark.parametrize("jobs", [1, 4])
def test_the_first_refusal_ends_the_run(tmp_path: Path, jobs: int) -> None:
    """What waited is not tried; the error is kept, and what is left is known."""
    files = packages(tmp_path, "a-1w", "a-1w2", "a-1s")

    result = publish(files, refusing("a-1-py3"), jobs=jobs)

    assert statuses(result) == ["failed", "not tried", "not tried"]
    assert isinstance(result.error, requests.HTTPError)
    assert result.left == [package.filename for package in files]


def test_who_keeps_going_tries_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A refused file is a warning and stays failed, the others have their chance."""
    files = packages(tmp_path, "a-1w", "b-1w", "c-1w")

    result = publish(files, refusing("b"), keep_going=True)

    assert statuses(result) == ["uploaded", "failed", "uploaded"]
    assert str(result.error).startswith("400 Bad b-1")
    assert result.left == [files[1].filename]
    assert f"{files[1].basefilename} failed: 400 Bad b-1" in caplog.text


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_sdist_is_held_back_for_want_of_a_wheel(
    tmp_path: Path, jobs: int, caplog: pytest.LogCaptureFixture
) -> None:
    """When a wheel of its release failed, the sdist is not sent; others are."""
    files = packages(tmp_path, "a-1w", "a-1w2", "b-1w", "a-1s", "b-1s")

    result = publish(files, refusing("a-1-py2"), jobs=jobs, keep_going=True)

    assert statuses(result) == [
        *("uploaded", "failed", "uploaded"),
        *("not tried", "uploaded"),
    ]
    assert result.left == [files[1].filename, files[3].filename]
    assert f"{files[3].basefilename} is held back" in caplog.text
    assert result.outcomes[3].note is not None


def test_an_sdist_whose_wheels_were_there_already_is_sent(tmp_path: Path) -> None:
    """A skipped wheel is as good as an uploaded one."""
    files = packages(tmp_path, "a-1w", "a-1s")

    def send(package: PackageFile) -> Delivery:
        return EXISTS if package.filetype == "bdist_wheel" else UPLOADED

    assert statuses(publish(files, send)) == ["skipped", "uploaded"]


@pytest.mark.parametrize("keep_going", [False, True])
def test_an_interruption_ends_the_run(tmp_path: Path, keep_going: bool) -> None:
    """Ctrl-C is the error that counts."""
    files = packages(tmp_path, "a-1w", "b-1w", "c-1w")

    def send(package: PackageFile) -> Delivery:
        if package.safe_name == "b":
            raise KeyboardInterrupt
        return refusing("a")(package)

    result = publish(files, send, keep_going=keep_going)

    second = "failed" if keep_going else "not tried"
    assert statuses(result) == ["failed", second, "not tried"]
    assert isinstance(result.error, KeyboardInterrupt) is keep_going


def test_a_doubt_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file that may have been stored is reported as such."""
    one, two = packages(tmp_path, "a-1w", "b-1w")
    error = requests.ConnectionError("It broke.")

    def send(package: PackageFile) -> Delivery:
        return Delivery(tries=1, error=error, in_doubt=package is one)

    result = publish([one, two], send, keep_going=True)

    assert [outcome.in_doubt for outcome in result.outcomes] == [True, False]
    assert "Whether it got through is not known." in caplog.text


def test_a_refusal_after_a_doubt_says_so(tmp_path: Path) -> None:
    """What the index refuses now may have got through before."""
    delivery = Delivery(tries=2, response=response(403), in_doubt=True)

    result = publish(packages(tmp_path, "a-1w"), lambda package: delivery)

    assert "403 Reason from" in str(result.error)
    assert "Whether it got through is not known." in str(result.error)


def test_an_error_holds_no_secret(tmp_path: Path) -> None:
    """A program may log what it catches, whatever the index sent back."""
    answer = response(400, f"not {PASSWORD}".encode())
    console = Console()
    console.hide(PASSWORD)

    result = publish(
        packages(tmp_path, "a-1w"),
        lambda package: Delivery(tries=1, verdict=None, response=answer),
        console=console,
    )

    assert "The server says: not ********" in str(result.error)


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    """A program that goes on after Ctrl-C can publish with the same repository."""
    files = packages(tmp_path, "a-1w", "b-1w", "c-1w")
    main, started = threading.main_thread().ident or 0, threading.Barrier(2, timeout=10)

    def interrupted(package: PackageFile) -> Delivery:
        if started.wait() == 0:
            # Until the main thread waits: Python dislikes it while a thread starts.
            time.sleep(0.2)
            signal.pthread_kill(main, signal.SIGINT)
        assert repository.policy.interrupted.wait(10)
        raise KeyboardInterrupt

    repository = Scripted(interrupted)
    result = publish(files, repository, jobs=2)

    assert isinstance(result.error, KeyboardInterrupt)
    assert set(statuses(result)) == {"failed", "not tried"}
    assert not repository.policy.interrupted.is_set()


def test_a_fault_of_a_program_is_a_failure(tmp_path: Path) -> None:
    """What a replaced `upload` raises ends the run in order, and is counted."""

    class Courier(Repository):
        def upload(
            self, package: PackageFile, max_redirects: int | None = None
        ) -> requests.Response:
            if package.safe_name == "b":
                raise exceptions.InvalidDistribution("Not mine.")
            return response(200)

    files = packages(tmp_path, "a-1w", "b-1w", "c-1w")
    result = publish(files, Courier("https://index.example/", None, None))

    assert statuses(result) == ["uploaded", "failed", "not tried"]
    assert [outcome.tries for outcome in result.outcomes] == [1, 1, 0]
    assert str(result.error) == "Not mine."
