"""Descriptions are rendered by processes that are stopped when it is enough."""

import contextvars
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.texts import HUGE_MARKDOWN, doubling
from twine import renderers, rendering
from twine.rendering import MARKDOWN, RST

BROKEN = "A :kettle:`x`.\n"
SAID = ('line 1: error: Unknown interpreted text role "kettle".',)


@pytest.fixture
def bounded() -> Iterator[None]:
    """Let other processes render."""
    with renderers.bounded():
        yield


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[str]"]:
    """Return the processes that are begun."""
    processes: list[subprocess.Popen[str]] = []
    real = subprocess.Popen

    def begin(*args: object, **options: object) -> "subprocess.Popen[str]":
        processes.append(real(*args, **options))  # type: ignore[call-overload]
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", begin)
    return processes


def ask_side_by_side(texts: list[str]) -> list[tuple[str, ...] | None]:
    """Ask about each text in a thread of its own."""
    with ThreadPoolExecutor(len(texts)) as pool:
        promises = [
            pool.submit(
                contextvars.copy_context().run, renderers.find_problems, RST, text
            )
            for text in texts
        ]
        return [promise.result() for promise in promises]


@pytest.mark.parametrize(
    ("media_type", "text"),
    [(RST, BROKEN), (RST, "Fine words: \u00e4\U0001f600.\n"), (RST, "\udc80"),
     (MARKDOWN, " "), (MARKDOWN, "# Fine"), ("text/plain", BROKEN)],
)  # fmt: skip
@pytest.mark.usefixtures("bounded")
def test_they_say_the_same(media_type: str, text: str) -> None:
    """Who renders makes no difference to what is found."""
    here = rendering.find_problems(media_type, text)

    assert renderers.find_problems(media_type, text) == here


def test_without_a_bound_nothing_is_begun(
    begun: list["subprocess.Popen[str]"],
) -> None:
    """A program that asks for one description need not have processes for that."""
    assert renderers.find_problems(RST, BROKEN) == SAID
    assert begun == []


def test_without_memory_nothing_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has no more is no fault of this program."""

    def fail(raw: str, stream: object = None) -> None:
        raise MemoryError

    monkeypatch.setattr("readme_renderer.rst.render", fail)
    assert renderers.find_problems(RST, BROKEN) is None

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with renderers.bounded():
        assert renderers.find_problems(RST, BROKEN) is None


def test_one_after_the_other_needs_one_process(
    begun: list["subprocess.Popen[str]"],
) -> None:
    """The libraries are loaded once."""
    with renderers.bounded():
        assert renderers.find_problems(RST, BROKEN) == SAID
        assert renderers.find_problems(RST, "Fine words.\n") == ()
        assert renderers.find_problems("text/plain", "Fine words.\n") == ()

    assert len(begun) == 1


def test_nothing_is_left_behind(begun: list["subprocess.Popen[str]"]) -> None:
    """All processes end with the context."""
    with renderers.bounded():
        ask_side_by_side(["One.\n", "Two.\n", BROKEN])

    assert begun
    assert all(process.returncode is not None for process in begun)


def test_nothing_is_rendered_twice(begun: list["subprocess.Popen[str]"]) -> None:
    """The wheels of a release have one description, and are looked at together."""
    with renderers.bounded():
        assert ask_side_by_side([BROKEN] * 8) == [SAID] * 8

    assert len(begun) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="no bound on memory there")
@pytest.mark.usefixtures("bounded")
def test_memory_is_bounded() -> None:
    """What asks for more than there is ends, and the next one is rendered."""
    assert renderers.find_problems(MARKDOWN, HUGE_MARKDOWN) is None
    assert renderers.find_problems(RST, BROKEN) == SAID


@pytest.mark.parametrize(
    ("media_type", "text"), [(MARKDOWN, "<div>" * 100_000), (RST, doubling(18))]
)
@pytest.mark.usefixtures("bounded")
def test_time_is_bounded(
    monkeypatch: pytest.MonkeyPatch, media_type: str, text: str
) -> None:
    """What takes too long ends, in the library's code too, and the next one is fine."""
    monkeypatch.setattr(renderers, "SECONDS", 0.3)
    began = time.monotonic()

    assert renderers.find_problems(media_type, text) is None
    assert time.monotonic() - began < 20

    monkeypatch.setattr(renderers, "SECONDS", 30)
    assert renderers.find_problems(RST, BROKEN) == SAID


def test_who_was_given_up_is_gone(begun: list["subprocess.Popen[str]"]) -> None:
    """Very many hostile files do not use up what the system has."""
    with renderers.bounded():
        for number in range(3):
            text = f"{number} {HUGE_MARKDOWN}"
            assert renderers.find_problems(MARKDOWN, text) is None
            assert begun[-1].returncode is not None
            assert begun[-1].stdout is not None
            assert begun[-1].stdout.closed


def test_a_large_one_has_a_process_to_itself(
    begun: list["subprocess.Popen[str]"],
) -> None:
    """What others left in the memory of a process does not change a verdict."""
    with renderers.bounded():
        assert renderers.find_problems(RST, "Fine words.\n") == ()
        assert renderers.find_problems(RST, "Fine words.\n" * 5000) == ()
        assert renderers.find_problems(RST, "Fine words.\n" * 5001) == ()
        assert renderers.find_problems(RST, BROKEN) == SAID

    assert len(begun) == 3


def test_there_are_as_many_as_processors(
    monkeypatch: pytest.MonkeyPatch, begun: list["subprocess.Popen[str]"]
) -> None:
    """More could only wait for each other."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with renderers.bounded():
        ask_side_by_side(["One.\n", "Two.\n", "Three.\n", BROKEN])

    assert len(begun) == 1


@pytest.mark.usefixtures("bounded")
def test_after_the_end_nothing_is_begun(begun: list["subprocess.Popen[str]"]) -> None:
    """A thread may ask too late: nobody waits for what it finds."""
    current = renderers._current.get()
    assert current is not None
    current.end()

    assert current.find_problems(RST, BROKEN) is None
    assert begun == []


@pytest.mark.parametrize("executable", ["", None, "/usr/bin/uwsgi", "/no/such/python"])
def test_an_application_without_interpreter_renders_itself(
    monkeypatch: pytest.MonkeyPatch, executable: str | None
) -> None:
    """A program that is no Python cannot begin one, nor is it begun again."""
    monkeypatch.setattr(sys, "executable", executable)
    with renderers.bounded():
        assert renderers.find_problems(RST, BROKEN) == SAID


def test_a_frozen_application_renders_itself(
    monkeypatch: pytest.MonkeyPatch, begun: list["subprocess.Popen[str]"]
) -> None:
    """What it would begin is itself."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with renderers.bounded():
        assert renderers.find_problems(RST, BROKEN) == SAID

    assert begun == []


def begin_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script in the place of Python."""
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


@pytest.mark.skipif(os.name == "nt", reason="no such scripts there")
@pytest.mark.parametrize("script", ["exit 1", "echo ready?", "exec echo '\\377'"])
def test_a_python_that_does_not_work_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """One that cannot load the libraries, for example."""
    begin_instead(tmp_path, monkeypatch, script)
    with renderers.bounded():
        assert renderers.find_problems(RST, BROKEN) == SAID


@pytest.mark.skipif(os.name == "nt", reason="no such scripts there")
def test_what_python_prints_first_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone may have put a greeting into `sitecustomize`."""
    begin_instead(tmp_path, monkeypatch, f'echo Hello\nexec "{sys.executable}" "$@"')
    monkeypatch.delattr(rendering, "find_problems")
    with renderers.bounded():
        assert renderers.find_problems(RST, BROKEN) == SAID


def test_odd_folders_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own import passes over what is no path."""
    monkeypatch.setattr(sys, "path", [*sys.path, None, "", "no/such"])
    monkeypatch.delattr(rendering, "find_problems")
    with renderers.bounded():
        assert renderers.find_problems(RST, BROKEN) == SAID


def test_no_byte_code_is_written_where_none_is_wanted(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    begun: list["subprocess.Popen[str]"],
) -> None:
    """These processes obey the options of this one."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    with renderers.bounded():
        assert renderers.find_problems(RST, BROKEN) == SAID

    command = begun[0].args
    assert isinstance(command, list)
    assert command[1:5] == ["-I", "-B", "-X", f"pycache_prefix={tmp_path}"]


@pytest.mark.usefixtures("bounded")
def test_files_of_this_folder_are_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project may have a module with the name of a library."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for name in ("docutils", "readme_renderer", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)\n")
    monkeypatch.delattr(rendering, "find_problems")

    assert renderers.find_problems(RST, BROKEN) == SAID


@pytest.mark.usefixtures("bounded")
def test_an_end_in_the_midst_of_it(begun: list["subprocess.Popen[str]"]) -> None:
    """Who presses Ctrl-C waits for no description."""
    answers: list[tuple[str, ...] | None] = []
    current = renderers._current.get()
    assert current is not None

    def ask() -> None:
        answers.append(current.find_problems(MARKDOWN, "<div>" * 100_000))

    thread = threading.Thread(target=ask)
    thread.start()
    until = time.monotonic() + 20
    while not (current._all and current._all[0]._is_ready):
        assert time.monotonic() < until
        time.sleep(0.01)

    began = time.monotonic()
    current.end()
    thread.join(10)

    assert answers == [None]
    assert not thread.is_alive()
    assert time.monotonic() - began < 5


@pytest.mark.skipif(os.name == "nt", reason="no sessions there")
@pytest.mark.usefixtures("bounded")
def test_ctrl_c_is_not_for_them(begun: list["subprocess.Popen[str]"]) -> None:
    """A terminal sends it to all that belong to it; who asked decides."""
    assert renderers.find_problems(RST, "One.\n") == ()

    assert os.getsid(begun[0].pid) == begun[0].pid
