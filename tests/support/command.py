"""Run the installed command as a user does, in an environment without surprises."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from support.secrets import find_leak

Argument = str | os.PathLike[str]
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH")
_ESCAPE = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a finished command left behind."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything on the screen."""
        return self.out + self.err

    def success(self) -> str:
        """Return what was said by a command that succeeded without an error."""
        assert self.code == 0, self.text
        assert "ERROR" not in self.text, self.text
        return self.out

    def failure(self, name: str | None = None) -> str:
        """Return what a failed command said, from the one line with the error on.

        Args:
            name: of the error, if it matters
        """
        assert "Traceback" not in self.text, self.text
        assert self.code == 1, self.text
        lines = self.out.splitlines(keepends=True)
        errors = [n for n, line in enumerate(lines) if line.startswith("ERROR")]
        assert len(errors) == 1, self.text
        said = "".join(lines[errors[0] :])
        assert re.match(rf"ERROR    {name or '[A-Za-z]+'}: \S", said), self.text
        return said

    @property
    def warnings(self) -> list[str]:
        """The lines on standard output that announce a warning."""
        return [line for line in self.out.splitlines() if line.startswith("WARNING")]


class Twine(Protocol):
    """Say how the `twine` fixture is called."""

    def __call__(
        self,
        *args: Argument,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        timeout: float = 60,
    ) -> Result:
        """Run twine in `workdir` with `home` as its home folder."""


def twine_argv(*args: Argument) -> list[str]:
    """Return the command line that runs twine."""
    return [sys.executable, "-m", "twine", *(os.fspath(argument) for argument in args)]


def clean_environment(home: Path, env: Mapping[str, str] | None) -> dict[str, str]:
    """Return an environment without credentials, CI, proxies and user settings.

    Args:
        home: the home folder
        env: variables to add
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT  # nor coverage's: it costs more than the commands themselves
    }
    return {
        **kept,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "LANG": "C.UTF-8",
        "PYTHONIOENCODING": "utf-8",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **(env or {}),
    }


def run_twine(
    *args: Argument,
    cwd: Path,
    home: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | None = None,
    timeout: float = 60,
) -> Result:
    """Run twine off any terminal and wait for its end; fail if it shows a secret.

    Args:
        args: what follows `twine` on the command line
        cwd: where to run
        home: the home folder; `cwd` by default
        env: variables to add to a clean environment
        stdin: text to pipe in; None to give no input at all
        timeout: seconds after which the test fails
    """
    done = subprocess.run(
        twine_argv(*args),
        cwd=cwd,
        env=clean_environment(home or cwd, env),
        stdin=subprocess.DEVNULL if stdin is None else None,
        input=None if stdin is None else stdin.encode(),
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    assert not (leak := find_leak(f"{done.stdout!r}\n{done.stderr!r}")), leak
    out, err = (
        text.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
        for text in (done.stdout, done.stderr)
    )
    return Result(code=done.returncode, out=out, err=err)


def plain(text: str) -> str:
    """Return `text` without terminal escape codes."""
    return _ESCAPE.sub("", text)
