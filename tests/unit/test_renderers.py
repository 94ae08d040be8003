"""Descriptions are rendered by processes that are stopped when it is enough."""

import contextvars
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.texts import doubling
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
    assert renderers.find_problems(RST, doubling(40)) is None
    assert renderers.find_problems(RST, BROKEN) == SAID


@pytest.mark.parametrize(
    ("media_type", "text"), [(MARKDOWN, "<div>" * 50_000), (RST, doubling(18))]
)
@pytest.mark.usefixtures("bounded")
def test_time_is_bounded(
    monkeypatch: pytest.MonkeyPatch, media_type: str, text: str
) -> None:
    """What takes too long ends, in the library's code too, and the next one is fine."""
    monkeypatch.setattr(renderers, "SECONDS", 0.3)
    began = time.monotonic()

    assert renderers.find_problems(media_type, text) is None
    assert time.monotonic() - began < 5

    monkeypatch.setattr(renderers, "SECONDS", 30)
    assert renderers.find_problems(RST, BROKEN) == SAID


@pytest.mark.parametrize("executable", ["", None, "/no/such/python", "true"])
@pytest.mark.usefixtures("bounded")
def test_an_application_without_interpreter_renders_itself(
    monkeypatch: pytest.MonkeyPatch, executable: str | None
) -> None:
    """A program that is no Python cannot begin one."""
    monkeypatch.setattr(sys, "executable", executable)

    assert renderers.find_problems(RST, BROKEN) == SAID


@pytest.mark.usefixtures("bounded")
def test_files_of_this_folder_are_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project may have a module with the name of a library."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for name in ("docutils", "readme_renderer", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)\n")

    problems = []
    monkeypatch.setattr(rendering, "find_problems", lambda *given: problems.append(1))

    assert renderers.find_problems(RST, BROKEN) == SAID
    assert problems == []


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


@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
@pytest.mark.usefixtures("bounded")
def test_they_are_deaf_to_ctrl_c(begun: list["subprocess.Popen[str]"]) -> None:
    """A terminal sends it to all; who asked decides."""
    assert renderers.find_problems(RST, "One.\n") == ()
    begun[0].send_signal(signal.SIGINT)

    assert renderers.find_problems(RST, BROKEN) == SAID
    assert len(begun) == 1
