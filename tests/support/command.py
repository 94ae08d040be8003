"""Run the command as a user does, in an environment without surprises."""

import atexit
import io
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import keyring.core
import pytest

from support.schemas import validate_document
from support.secrets import find_leak
from twine.__main__ import main

Argument = str | os.PathLike[str]
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH")
_READ_AT_START = {"PYTHONPATH", "PYTHONWARNINGS"}
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
        """Return what a failed command said, from the one line with the error on."""
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


def twine_argv(*args: Argument) -> list[str]:
    """Return the command line that runs twine."""
    return [sys.executable, "-m", "twine", *(os.fspath(argument) for argument in args)]


def write_program(path: Path, script: str) -> str:
    """Write a shell script, whose last argument is `$last`, and return its path."""
    path.write_text(f"#!/bin/sh\nfor last; do :; done\n{script}\n")
    path.chmod(0o755)
    return str(path)


def clean_environment(home: Path, env: Mapping[str, str] | None) -> dict[str, str]:
    """Return an environment without credentials, CI, proxies and user settings."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Twine:
    """The command `twine`, to be called, in a folder and with a home folder.

    In the tests' own process it is 20 times as fast; its streams there are no terminals
    and have no file descriptors.
    """

    cwd: Path
    home: Path
    in_process: bool = True
    given: tuple[Argument, ...] = ()
    """What comes before the arguments of each call."""
    env: Mapping[str, str] = field(default_factory=dict)
    """What each call adds to a clean environment."""

    def __call__(
        self,
        *args: Argument,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
    ) -> Result:
        """Run twine off any terminal and wait for its end.

        It may show no secret, and JSON has to be as documented.

        Without a text to pipe in there is no input at all.
        """
        argv = twine_argv(*self.given, *args)
        environment = clean_environment(self.home, {**self.env, **(env or {})})
        run = _run_in_process if self.in_process else _run_process
        code, *streams = run(argv, self.cwd, environment, stdin)
        assert not (leak := find_leak("\n".join(map(repr, streams)))), leak
        out, err = (
            text.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
            for text in streams
        )
        if "json" in argv and code != 2:  # `--format json`, and no usage error
            validate_document(argv[3:], out)
        return Result(code=code, out=out, err=err)


def _run_process(
    argv: list[str], cwd: Path, env: dict[str, str], stdin: str | None
) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        argv,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL if stdin is None else None,
        input=None if stdin is None else stdin.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def _run_in_process(
    argv: list[str], cwd: Path, env: dict[str, str], stdin: str | None
) -> tuple[int, bytes, bytes]:
    assert not _READ_AT_START & env.keys(), "it needs a process of its own"
    encoding, _, errors = env["PYTHONIOENCODING"].partition(":")
    given, out, err = io.BytesIO((stdin or "").encode()), io.BytesIO(), io.BytesIO()
    streams = {
        "stdin": io.TextIOWrapper(given, encoding, errors or None),
        "stdout": io.TextIOWrapper(out, encoding, errors or None),
        "stderr": io.TextIOWrapper(err, encoding, "backslashreplace"),
    }
    with pytest.MonkeyPatch.context() as patch, _logging_restored():
        for name in set(os.environ) - set(env):
            patch.delenv(name)
        for name, value in env.items():
            patch.setenv(name, value)
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        patch.setattr(sys, "argv", argv[2:])
        patch.setattr(keyring.core, "_keyring_backend", None)  # the last call's
        patch.chdir(cwd)
        code = _run_main()
        streams["stdout"].flush()
        streams["stderr"].flush()
    return code, out.getvalue(), err.getvalue()


def _run_main() -> int:
    """Call `main()` and return the exit status; leave nothing that it registered."""
    on_interrupt = signal.getsignal(signal.SIGINT)
    try:
        return main()
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else int(bool(exc.code))
    finally:
        signal.signal(signal.SIGINT, on_interrupt)
        atexit.unregister(signal.signal)  # the tests' own Ctrl-C is not to be ignored


@contextmanager
def _logging_restored() -> Iterator[None]:
    """Put back the handlers and the level of the loggers that a command may set."""
    loggers = (logging.getLogger(), logging.getLogger("twine"))
    before = [(logger.level, list(logger.handlers)) for logger in loggers]
    try:
        yield
    finally:
        for logger, (level, handlers) in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.handlers[:] = handlers


def plain(text: str) -> str:
    """Return `text` without terminal escape codes."""
    return _ESCAPE.sub("", text)
