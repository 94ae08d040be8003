"""Ctrl-C at each stage: a clean stop, a report, and exit status 130."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import dists
from support.command import (
    Argument,
    Result,
    clean_environment,
    plain,
    twine_argv,
    write_program,
)
from support.index import Answer, Fault
from support.secrets import PASSWORD, USER, find_leak
from support.storing import StoringIndex
from support.tables import read_table
from support.terminal import OpenTerminal

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="no signal reaches just one process there"
)
SLOW = Answer(503, "Busy", {"Retry-After": "60"})
ONE = ("--format", "json")
SEVERAL = ("--jobs", "4")
WAYS = pytest.mark.parametrize("options", [ONE, SEVERAL], ids=["json", "jobs"])


class Run:
    """A command that is on its way."""

    def __init__(self, *args: Argument, cwd: Path, home: Path) -> None:
        """Start `twine upload`."""
        self.out = cwd.parent / "out.txt"
        self.err = cwd.parent / "err.txt"
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self._process = subprocess.Popen(
                twine_argv("upload", *args),
                cwd=cwd,
                env=clean_environment(home, {"TWINE_PASSWORD": PASSWORD}),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def end(self) -> None:
        """End the command if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def wait_for(self, happened: Callable[[], object]) -> None:
        """Wait until something is so."""
        until = time.monotonic() + 20
        while not happened():
            running = self._process.poll() is None and time.monotonic() < until
            assert running, self.out.read_text()
            time.sleep(0.01)

    def shows(self, text: str) -> bool:
        """Return whether the command has printed a text."""
        return text in self.out.read_text() + self.err.read_text()

    def press(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def interrupt(self, within: float = 10) -> Result:
        """Press Ctrl-C once, and return what is left behind soon after."""
        self.press()
        code = self._process.wait(within)
        result = Result(code=code, out=self.out.read_text(), err=self.err.read_text())
        assert not (leak := find_leak(result.text)), leak
        assert result.code == 130, result.text
        assert "Traceback" not in result.text, result.text
        assert "Exception ignored" not in result.text, result.text
        return result


Start = Callable[..., Run]


@pytest.fixture
def start(store: StoringIndex, workdir: Path, home: Path) -> Iterator[Start]:
    """Return a function that starts an upload to `store`."""
    runs: list[Run] = []

    def run(*args: Argument) -> Run:
        given = ("--repository-url", store.upload_url, "-u", USER, *args)
        runs.append(Run(*given, cwd=workdir, home=home))
        return runs[-1]

    yield run
    for begun in runs:
        begun.end()


def check(result: Result, names: list[str], store: StoringIndex) -> list[str]:
    """Compare the table with the index and with the JSON; return what it says."""
    table = read_table(result.text)
    assert list(table) == names
    uploaded = {name for name, status in table.items() if status == "uploaded"}
    assert uploaded == set(store.stored)
    assert "To publish the rest:" in result.text
    assert "Interrupted" in result.text
    statuses = list(table.values())
    if result.out.startswith("{"):
        document = json.loads(result.out)
        assert [file["status"] for file in document["files"]] == statuses
        assert document["error"]["type"] == "KeyboardInterrupt"
    return statuses


@WAYS
def test_interrupt_while_the_body_is_sent(
    start: Start, store: StoringIndex, workdir: Path, options: tuple[str, ...]
) -> None:
    """A file that is being sent is not stored; the ones after it are not tried."""
    names = dists.make_release(workdir, bytes(16 << 20))
    store.answer("/legacy/", Answer(fault=Fault.STALL))
    run = start(*options, *names)
    run.wait_for(lambda: store.requests)

    statuses = check(run.interrupt(), names, store)

    assert statuses == ["failed", "not tried", "not tried", "not tried"]


@WAYS
def test_interrupt_while_an_answer_is_awaited(
    start: Start, store: StoringIndex, workdir: Path, options: tuple[str, ...]
) -> None:
    """After the whole body nobody knows; the report says that."""
    names = dists.make_release(workdir)
    store.answer("/legacy/", store.keeping(Answer()), times=1)
    store.answer("/legacy/", Answer(fault=Fault.SILENCE))
    run = start(*options, *names)
    silent = 1 if options == ONE else 2
    run.wait_for(lambda: len(store.uploads) == 1 + silent)

    result = run.interrupt()

    first, second, *_, last = check(result, names, store)
    assert (first, second, last) == ("uploaded", "failed", "not tried")
    assert "not known" in result.text


@WAYS
def test_interrupt_while_a_retry_is_awaited(
    start: Start, store: StoringIndex, workdir: Path, options: tuple[str, ...]
) -> None:
    """Nobody waits a minute for a try that will not come, `--keep-going` or not."""
    names = dists.make_release(workdir)
    store.answer("/legacy/", Answer(403, "No"), times=1)
    store.answer("/legacy/", SLOW)
    run = start("--keep-going", *options, *names)
    run.wait_for(lambda: run.shows("Try 2 of 5"))

    first, *_, last = check(run.interrupt(), names, store)

    assert (first, last) == ("failed", "not tried")


def test_interrupt_lets_other_uploads_end(
    start: Start, store: StoringIndex, workdir: Path
) -> None:
    """An upload that ends well after Ctrl-C is reported as uploaded."""
    names = dists.make_release(workdir)
    store.answer("/legacy/", store.keeping(Answer()), times=1)
    store.answer("/legacy/", store.keeping(Answer(wait=1)))
    run = start("--jobs", "2", *names)
    run.wait_for(lambda: len(store.uploads) == 3)

    statuses = check(run.interrupt(), names, store)

    assert statuses[-1] == "not tried"
    assert len(store.stored) == statuses.count("uploaded")


def test_interrupt_while_a_signature_is_made(
    start: Start, store: StoringIndex, workdir: Path, tmp_path: Path
) -> None:
    """Before anything is sent there is nothing to report."""
    wheel = dists.make_wheel(workdir).name
    signer = write_program(tmp_path / "signer", "echo signing\nexec sleep 30")
    run = start("--sign", "--sign-with", signer, wheel)
    run.wait_for(lambda: run.shows("signing\n"))

    run.interrupt()

    assert store.requests == []


def test_second_interrupt_leaves_a_true_report(
    start: Start, store: StoringIndex, workdir: Path
) -> None:
    """After a second Ctrl-C, what had been sent is not called untried."""
    wheels = [dists.make_wheel(workdir, name).name for name in ("one", "two")]
    store.answer("/legacy/", Answer(fault=Fault.SILENCE))
    run = start("--jobs", "2", "--format", "json", *wheels)
    run.wait_for(lambda: len(store.uploads) == 2)
    run.press()
    time.sleep(0.3)  # less than the grace that the first one leaves

    files = json.loads(run.interrupt().out)["files"]

    assert [(one["status"], one["tries"], one["in_doubt"]) for one in files] == [
        ("failed", 1, True)
    ] * 2


def test_interrupt_in_a_terminal(
    terminal: OpenTerminal, store: StoringIndex, workdir: Path
) -> None:
    """The keys Ctrl-C wipe the progress lines away, and leave a cursor behind."""
    names = dists.make_release(workdir, bytes(16 << 20))
    store.answer("/legacy/", Answer(fault=Fault.STALL))
    given = ("--repository-url", store.upload_url, "-u", USER, "--jobs", "2")
    env = {"TWINE_PASSWORD": PASSWORD}
    screen = terminal("upload", *given, *names, env=env)
    screen.expect("file 1 of 4")

    screen.type_keys(b"\x03")
    code, text = screen.finish()

    assert code == 130
    assert "Traceback" not in text
    shown = plain(text)
    assert read_table(shown)[names[-1]] == "not tried"
    assert "To publish the rest:" in shown
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
