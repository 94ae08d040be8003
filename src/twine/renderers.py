"""Render descriptions side by side, in processes that can be stopped.

From a text nobody can tell how long it will take to be rendered: some hundred bytes
can ask for days, or for all the memory there is. So processes of their own do it,
which end by themselves when they have been given enough.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import contextvars
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO, cast

from . import rendering, workers

# What one description may take; 100 kB of reStructuredText take 0.7 s and 40 MB.
SECONDS = 30
# The process sees the libraries that this one sees, and no others.
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:]; from twine.rendering import serve; serve()"
)
_current: contextvars.ContextVar[_Renderers | None] = contextvars.ContextVar(
    "renderers", default=None
)


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Let other processes render, in bounded time and memory, while in this context.

    They render as many descriptions at a time as threads ask. No description is
    rendered twice.
    """
    renderers = _Renderers()
    token = _current.set(renderers)
    try:
        yield
    finally:
        _current.reset(token)
        renderers.end()


def find_problems(media_type: str, text: str) -> tuple[str, ...] | None:
    """Return why a description would not be rendered; empty if it would.

    Args:
        media_type: What kind of text it is.
        text: The description.

    Returns:
        One text for each problem, as :func:`twine.rendering.find_problems` has them;
        ``None`` if it took more than :data:`SECONDS`, or more memory than
        :data:`twine.rendering.MEBIBYTES`. That is found out within :func:`bounded`
        only.
    """
    if media_type not in {rendering.RST, rendering.MARKDOWN}:
        return ()
    renderers = _current.get()
    if renderers is None:
        return rendering.find_problems(media_type, text)
    return renderers.find_problems(media_type, text)


class _Renderers:
    """Processes that render, begun as they are needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[
            tuple[str, bytes], concurrent.futures.Future[tuple[str, ...] | None]
        ] = {}
        self._all: list[_Renderer] = []
        self._idle: list[_Renderer] = []

    def find_problems(self, media_type: str, text: str) -> tuple[str, ...] | None:
        """Answer the question, which another thread may have asked before."""
        import hashlib

        data = text.encode("utf-8", "surrogatepass")
        key = (media_type, hashlib.sha256(data).digest())
        with self._lock:
            is_new = key not in self._answers
            answer = self._answers.setdefault(key, concurrent.futures.Future())
        if is_new:
            workers.fulfil(answer, lambda: self._ask(media_type, text))
        return answer.result()

    def _ask(self, media_type: str, text: str) -> tuple[str, ...] | None:
        try:
            renderer = self._take()
            problems = renderer.find_problems(media_type, text)
        except OSError:
            # No interpreter can be had: this is an application of its own, perhaps.
            return rendering.find_problems(media_type, text)
        if problems is not None:
            self._idle.append(renderer)
        return problems

    def _take(self) -> _Renderer:
        with self._lock:
            if not self._idle:
                self._all.append(_Renderer())
                return self._all[-1]
            return self._idle.pop()

    def end(self) -> None:
        """End all of the processes, whatever they do."""
        for renderer in self._all:
            renderer.end()


class _Renderer:
    """A process that renders one description after the other.

    Raises:
        OSError: It cannot be begun.
    """

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._is_ready = False
        self._process = subprocess.Popen(
            [sys.executable or "", "-I", "-c", _PROGRAM, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
        )
        self._questions = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)

    def find_problems(self, media_type: str, text: str) -> tuple[str, ...] | None:
        """Return the problems; ``None`` if the process ended without an answer.

        Raises:
            OSError: It is not what it should be.
        """
        with self._asking:
            self._is_ready = (
                self._is_ready or self._answers.readline() == rendering.READY
            )
            if not self._is_ready:
                raise OSError
            with contextlib.suppress(OSError):
                self._questions.write(json.dumps([SECONDS, media_type, text]) + "\n")
                self._questions.flush()
            answer = self._answers.readline()
        return tuple(json.loads(answer)) if answer else None

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        # Whoever waits for its answer sees that there will be none.
        with self._asking, contextlib.suppress(OSError), self._process:
            pass
