"""Run the command in the background, and press Ctrl-C."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from support.command import Argument, Result, clean_environment, twine_argv
from support.secrets import PASSWORD, find_leak


class Run:
    """A command that is on its way; a context manager."""

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

    def __enter__(self) -> "Run":
        """Return the run itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the command if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def wait_for(self, happened: Callable[[], object]) -> None:
        """Wait until something is so."""
        until = time.monotonic() + 20
        while not happened():
            assert self._process.poll() is None, self.out.read_text()
            assert time.monotonic() < until, self.out.read_text()
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
