"""Ctrl-C at each stage: a clean stop, a report, and exit status 130."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from support import dists
from support.command import (
    Argument,
    Result,
    plain,
)
from support.index import Answer, Fault
from support.running import Run
from support.secrets import PASSWORD, USER
from support.storing import StoringIndex
from support.tables import read_table
from support.terminal import OpenTerminal

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="no signal reaches just one process there"
)
SLOW = Answer(503, "Busy", {"Retry-After": "60"})


@pytest.fixture
def start(
    store: StoringIndex, workdir: Path, home: Path
) -> Iterator[Callable[..., Run]]:
    """Return a function that starts an upload to `store`."""
    runs: list[Run] = []

    def run(*args: Argument) -> Run:
        given = ("--repository-url", store.upload_url, "-u", USER, *args)
        runs.append(Run(*given, cwd=workdir, home=home))
        return runs[-1]

    yield run
    for begun in runs:
        begun.__exit__()


def make_files(folder: Path, size: int = 0) -> list[str]:
    """Make three wheels and an sdist."""
    tags = [f"py3-none-manylinux_2_{n}_x86_64" for n in range(3)]
    wheels = [dists.make_wheel(folder, tag=t, payload=bytes(size)) for t in tags]
    return [path.name for path in (*wheels, dists.make_sdist(folder))]


def check(result: Result, names: list[str], store: StoringIndex) -> dict[str, str]:
    """Compare the table with the index, and return it."""
    table = read_table(result.out)
    assert list(table) == names
    assert {n for n, status in table.items() if status == "uploaded"} == set(
        store.stored
    )
    assert "To publish the rest:" in result.out
    assert "Interrupted" in result.out
    return table


JOBS = pytest.mark.parametrize("jobs", ["1", "4"])


@JOBS
def test_while_the_body_is_sent(
    start: Callable[..., Run], store: StoringIndex, workdir: Path, jobs: str
) -> None:
    """A file that is being sent is not stored; the ones after it are not tried."""
    names = make_files(workdir, 16 << 20)
    store.answer("/legacy/", Answer(fault=Fault.STALL))
    run = start("--jobs", jobs, *names)
    run.wait_for(lambda: store.requests)

    table = check(run.interrupt(), names, store)

    assert list(table.values()) == ["failed", "not tried", "not tried", "not tried"]


@JOBS
def test_while_an_answer_is_awaited(
    start: Callable[..., Run], store: StoringIndex, workdir: Path, jobs: str
) -> None:
    """After the whole body nobody knows; the report says that."""
    names = make_files(workdir)
    store.answer("/legacy/", store.keeping(Answer()), times=1)
    store.answer("/legacy/", Answer(fault=Fault.SILENCE))
    run = start("--jobs", jobs, *names)
    silent = 1 if jobs == "1" else 2
    run.wait_for(lambda: len(store.uploads) == 1 + silent)

    result = run.interrupt()

    table = check(result, names, store)
    assert table[names[0]] == "uploaded"
    assert table[names[1]] == "failed"
    assert table[names[-1]] == "not tried"
    assert "not known" in result.out


@JOBS
def test_while_a_retry_is_awaited(
    start: Callable[..., Run], store: StoringIndex, workdir: Path, jobs: str
) -> None:
    """Nobody waits a minute for a try that will not come."""
    names = make_files(workdir)
    store.answer("/legacy/", store.keeping(Answer()), times=1)
    store.answer("/legacy/", SLOW)
    run = start("--jobs", jobs, *names)
    waiting = 1 if jobs == "1" else 2
    run.wait_for(lambda: run.out.read_text().count("Try 2 of 5") == waiting)

    table = check(run.interrupt(), names, store)

    assert table[names[1]] == "failed"
    assert table[names[-1]] == "not tried"


def test_what_runs_beside_is_reported_truly(
    start: Callable[..., Run], store: StoringIndex, workdir: Path
) -> None:
    """An upload that ends well after Ctrl-C is reported as uploaded."""
    names = make_files(workdir)
    store.answer("/legacy/", store.keeping(Answer()), times=1)
    store.answer("/legacy/", store.keeping(Answer(wait=1)))
    run = start("--jobs", "2", *names)
    run.wait_for(lambda: len(store.uploads) == 3)

    table = check(run.interrupt(), names, store)

    assert table[names[-1]] == "not tried"
    assert len(store.stored) == list(table.values()).count("uploaded")


@JOBS
def test_during_trouble_with_one_of_many(
    start: Callable[..., Run], store: StoringIndex, workdir: Path, jobs: str
) -> None:
    """With `--keep-going` Ctrl-C still stops everything."""
    names = make_files(workdir)
    store.answer("/legacy/", Answer(403, "No"), times=1)
    store.answer("/legacy/", SLOW)
    run = start("--keep-going", "--jobs", jobs, *names)
    run.wait_for(lambda: run.shows("Try 2 of 5"))

    table = check(run.interrupt(), names, store)

    assert table[names[0]] == "failed"
    assert table[names[-1]] == "not tried"


def test_while_a_signature_is_made(
    start: Callable[..., Run], store: StoringIndex, workdir: Path, tmp_path: Path
) -> None:
    """Before anything is sent there is nothing to report."""
    wheel = dists.make_wheel(workdir).name
    signer = tmp_path / "signer"
    signer.write_text("#!/bin/sh\necho signing\nexec sleep 30\n")
    signer.chmod(0o755)
    run = start("--sign", "--sign-with", str(signer), wheel)
    run.wait_for(lambda: run.shows("Signing"))
    run.wait_for(lambda: run.shows("signing\n"))

    run.interrupt()

    assert store.requests == []


def test_while_the_index_is_asked(
    start: Callable[..., Run], store: StoringIndex, workdir: Path
) -> None:
    """The look-up after a doubt can be interrupted too."""
    names = make_files(workdir)
    store.answer("/legacy/", Answer(500, "Broken"))
    store.answer("/simple/pkg/", Answer(fault=Fault.SILENCE))
    run = start(*names)
    run.wait_for(lambda: store.lookups)

    table = check(run.interrupt(), names, store)

    assert list(table.values()) == ["failed"] + ["not tried"] * 3


def test_a_second_time(
    start: Callable[..., Run], store: StoringIndex, workdir: Path
) -> None:
    """Ctrl-C twice in a row is as good as once."""
    names = make_files(workdir)
    store.answer("/legacy/", SLOW)
    run = start(*names)
    run.wait_for(lambda: run.shows("Try 2 of 5"))
    run.press()

    result = run.interrupt()

    assert "Interrupted" in result.out


def test_while_the_index_is_asked_side_by_side(
    start: Callable[..., Run], store: StoringIndex, workdir: Path
) -> None:
    """Threads that ask what landed end soon, however silent the index is."""
    wheels = [dists.make_wheel(workdir, name).name for name in ("one", "two")]
    store.answer("/legacy/", Answer(500, "Broken"))
    for name in ("one", "two"):
        store.answer(f"/simple/{name}/", Answer(fault=Fault.SILENCE))
    run = start("--jobs", "2", *wheels)
    run.wait_for(lambda: len(store.lookups) == 2)

    table = check(run.interrupt(), wheels, store)

    assert list(table.values()) == ["failed", "failed"]


def test_impatience_is_no_reason_to_lie(
    start: Callable[..., Run], store: StoringIndex, workdir: Path
) -> None:
    """After a second Ctrl-C, what had been sent is not called untried."""
    wheels = [dists.make_wheel(workdir, name).name for name in ("one", "two")]
    store.answer("/legacy/", Answer(fault=Fault.SILENCE))
    run = start("--jobs", "2", "--format", "json", *wheels)
    run.wait_for(lambda: len(store.uploads) == 2)
    run.press()
    time.sleep(0.3)  # less than the grace that the first one leaves
    result = run.interrupt()

    files = json.loads(result.out)["files"]
    assert [(one["status"], one["tries"], one["in_doubt"]) for one in files] == [
        ("failed", 1, True)
    ] * 2


@pytest.mark.parametrize("stage", ["sending", "answer", "retry"])
def test_with_json(
    start: Callable[..., Run],
    store: StoringIndex,
    workdir: Path,
    stage: str,
) -> None:
    """The document is whole and valid, and says what became of each file."""
    names = make_files(workdir, 16 << 20 if stage == "sending" else 0)
    answers: Mapping[str, Answer] = {
        "sending": Answer(fault=Fault.STALL),
        "answer": Answer(fault=Fault.SILENCE),
        "retry": SLOW,
    }
    store.answer("/legacy/", answers[stage])
    run = start("--format", "json", *names)
    run.wait_for(
        lambda: run.shows("Try 2 of 5") if stage == "retry" else store.requests
    )

    result = run.interrupt()

    document = json.loads(result.out)
    assert [f["status"] for f in document["files"]] == ["failed"] + ["not tried"] * 3
    assert document["error"]["type"] == "KeyboardInterrupt"
    assert "To publish the rest:" in result.err


def test_in_a_terminal(
    terminal: OpenTerminal, store: StoringIndex, workdir: Path
) -> None:
    """The keys Ctrl-C wipe the progress lines away, and leave a cursor behind."""
    names = make_files(workdir, 16 << 20)
    store.answer("/legacy/", Answer(fault=Fault.STALL))
    given = ("--repository-url", store.upload_url, "-u", USER, "--jobs", "2")
    env = {"TWINE_PASSWORD": PASSWORD}
    screen = terminal("upload", *given, *names, env=env, columns=200)
    screen.expect("file 1 of 4")

    screen.type_keys(b"\x03")
    code, text = screen.finish()

    assert code == 130
    assert "Traceback" not in text
    shown = plain(text)
    assert read_table(shown)[names[-1]] == "not tried"
    assert "To publish the rest:" in shown
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
