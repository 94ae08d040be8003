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
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO, cast

from . import rendering, workers

# What one description may take, on the clock.
SECONDS = 30
# A text of more characters has a process to itself: what others left behind in its
# memory must not count.
_LARGE = 50_000
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

    They render as many descriptions at a time as threads ask, and no more than there
    are processors. No description is rendered twice. An application that is no Python
    to begin others with renders all of them itself, without bounds.
    """
    renderers = _Renderers()
    token = _current.set(renderers if _is_python() else None)
    try:
        yield
    finally:
        _current.reset(token)
        renderers.end()


def _is_python() -> bool:
    """Return whether what runs here is a Python, and not an application with one."""
    name = os.path.basename(sys.executable or "").lower()
    return name.startswith(("python", "pypy")) and not hasattr(sys, "frozen")


def find_problems(media_type: str, text: str) -> tuple[str, ...] | None:
    """Return why a description would not be rendered; empty if it would.

    Args:
        media_type: What kind of text it is.
        text: The description.

    Returns:
        One text for each problem, as :func:`twine.rendering.find_problems` has them;
        ``None`` if it took more than :data:`SECONDS`, or more memory than
        :data:`twine.rendering.MEBIBYTES`. Out of :func:`bounded` the time has no end,
        and the memory is all that there is.
    """
    if media_type not in {rendering.RST, rendering.MARKDOWN}:
        return ()
    renderers = _current.get()
    if renderers is None:
        return _find_here(media_type, text)
    return renderers.find_problems(media_type, text)


def _find_here(media_type: str, text: str) -> tuple[str, ...] | None:
    try:
        return rendering.find_problems(media_type, text)
    except MemoryError:
        return None


class _Renderers:
    """Processes that render, begun as they are needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._answers: dict[
            tuple[str, bytes], concurrent.futures.Future[tuple[str, ...] | None]
        ] = {}
        self._all: list[_Renderer] = []
        self._idle: list[_Renderer] = []
        self._has_ended = False

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
        is_large = len(text) > _LARGE
        with self._room:
            try:
                renderer = self._take(is_new=is_large)
                problems = renderer.find_problems(media_type, text)
            except OSError:
                if self._has_ended:
                    return None
                return _find_here(media_type, text)
            if problems is None or is_large:
                self._all.remove(renderer)
                renderer.end()
            else:
                self._idle.append(renderer)
            return problems

    def _take(self, *, is_new: bool) -> _Renderer:
        """Return a process that nobody else asks.

        Raises:
            OSError: It cannot be begun, or it is too late.
        """
        with self._lock:
            if self._has_ended:
                raise ChildProcessError
            if self._idle and not is_new:
                return self._idle.pop()
            renderer = _Renderer()
            self._all.append(renderer)
            return renderer

    def end(self) -> None:
        """End all of the processes, whatever they do."""
        with self._lock:
            self._has_ended = True
            left = [*self._all]
        for renderer in left:
            renderer.kill()
        for renderer in left:
            renderer.end()


class _Renderer:
    """A process that renders one description after the other.

    Raises:
        OSError: It cannot be begun.
    """

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._is_ready = False
        options = ["-B"] if sys.dont_write_bytecode else []
        if sys.pycache_prefix is not None:
            options += ["-X", f"pycache_prefix={sys.pycache_prefix}"]
        folders = [
            one for one in cast("list[object]", sys.path) if isinstance(one, str)
        ]
        self._process = subprocess.Popen(
            [sys.executable, "-I", *options, "-c", _PROGRAM, *folders],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
            errors="replace",
            start_new_session=True,  # Ctrl-C is not for it
        )
        self._questions = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)

    def find_problems(self, media_type: str, text: str) -> tuple[str, ...] | None:
        """Return the problems; ``None`` if the process ended without an answer.

        Raises:
            OSError: It never was ready to answer.
        """
        with self._asking:
            # Whatever this Python may be made to print as it begins.
            if not self._is_ready and rendering.READY not in self._answers:
                raise ChildProcessError
            self._is_ready = True
            with contextlib.suppress(OSError):
                self._questions.write(json.dumps([SECONDS, media_type, text]) + "\n")
                self._questions.flush()
            answer = self._answers.readline()
        return tuple(json.loads(answer)) if answer.endswith("\n") else None

    def kill(self) -> None:
        """Make it end."""
        self._process.kill()

    def end(self) -> None:
        """End it, and wait until it has ended."""
        self.kill()
        # Whoever waits for its answer sees that there will be none.
        with self._asking, contextlib.suppress(OSError), self._process:
            pass
