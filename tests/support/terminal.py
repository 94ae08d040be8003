"""Run a command in a real pseudo-terminal, and type into it."""

import contextlib
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

import pyte

from support.command import Argument, plain
from support.secrets import find_leak

# The child makes the terminal its own, as a login shell does, so that `/dev/tty` is
# this terminal and not the one in which the tests run.
_TAKE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """A command in a terminal of 24 lines; a context manager."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        columns: int = 200,
    ) -> None:
        """Start the command; `env` is its whole environment."""
        import fcntl
        import pty
        import struct
        import termios

        self._until = time.monotonic() + 60
        self._master, slave = pty.openpty()
        self._seen = ""
        self._read_up_to = 0
        # Taller than the terminal, so that nothing is lost that has scrolled away.
        self._screen = pyte.Screen(columns, 200)
        self._stream = pyte.Stream(self._screen)
        self._drawn = 0
        size = struct.pack("HHHH", 24, columns, 0, 0)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _TAKE_TERMINAL, *argv],
                cwd=cwd,
                env={"TERM": "xterm-256color", **env},
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
            )
        finally:
            os.close(slave)

    def __enter__(self) -> "Terminal":
        """Return the terminal itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the command if it still runs, and close the terminal."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._master)

    @property
    def screen(self) -> str:
        """Everything written so far, escape codes included."""
        return self._seen.replace("\r\n", "\n")

    def render(self) -> str:
        """Return what a person sees, lines included that have left the screen."""
        self._stream.feed(self._seen[self._drawn :])
        self._drawn = len(self._seen)
        lines = [line.rstrip() for line in self._screen.display]
        assert not lines[-1], "more lines than the emulator has"
        return "\n".join(lines).rstrip("\n") + "\n"

    def wait_until(self, shows: Callable[[str], bool]) -> str:
        """Wait until the screen as a person sees it is as wanted, and return it."""
        while not shows(screen := self.render()):
            assert self._read(), f"that never showed:\n{screen}"
        return screen

    def expect(self, text: str) -> None:
        """Wait until `text` shows, after what was expected before."""
        while True:
            shown = plain(self._seen)
            found = shown.find(text, self._read_up_to)
            if found >= 0:
                self._read_up_to = found + len(text)
                return
            if not self._read():
                raise AssertionError(f"{text!r} never showed:\n{self.screen}")

    def type_line(self, text: str) -> None:
        """Type `text` and press Enter."""
        os.write(self._master, text.encode() + b"\r")

    def type_keys(self, keys: bytes) -> None:
        """Send `keys` as they are, control characters too."""
        os.write(self._master, keys)

    def finish(self) -> tuple[int, str]:
        """Return the exit status and all that was shown, which must hold no secret."""
        while self._read():
            pass
        code = self._process.wait(max(0.1, self._until - time.monotonic()))
        assert not (leak := find_leak(plain(self._seen))), leak
        return code, self.screen

    def _read(self) -> bool:
        """Read what is there; tell whether more may come."""
        left = self._until - time.monotonic()
        ready, _, _ = select.select([self._master], [], [], max(0, left))
        if not ready:
            raise AssertionError(f"the command takes too long:\n{self.screen}")
        data = b""
        # Linux reports the end of a terminal as an input/output error.
        with contextlib.suppress(OSError):
            data = os.read(self._master, 65536)
        self._seen += data.decode("utf-8", "backslashreplace")
        return bool(data)


class OpenTerminal(Protocol):
    """Say how the `terminal` fixture is called."""

    def __call__(
        self,
        *args: Argument,
        env: Mapping[str, str] | None = None,
        columns: int = 200,
    ) -> Terminal:
        """Start twine in a pseudo-terminal, in `workdir`."""
