"""Questions for the person at the terminal."""

from __future__ import annotations

import contextlib
import getpass
import sys
from collections.abc import Callable

from .. import exceptions
from .text import is_text


def can_ask() -> bool:
    """Return whether a person sits at a terminal and can be asked."""
    # `input` raises RuntimeError without standard error (CPython, "lost sys.stderr").
    return bool(sys.stdin and sys.stderr) and sys.stdin.isatty()


def ask(prompt: str) -> str:
    """Ask for one line, with echo.

    Raises:
        EOFError: The terminal was closed instead of an answer.
        InvalidConfiguration: The answer is not text.
    """
    if sys.stdout is not None and sys.stdout.isatty():
        return _read_text(lambda: input(prompt))
    # The question must be seen even where standard output goes to a file.
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return _read_text(input)


def ask_secret(prompt: str) -> str:
    """Ask for one line without showing what is typed.

    Raises:
        EOFError: The terminal was closed instead of an answer.
        InvalidConfiguration: The answer is not text.
    """
    return _read_text(lambda: getpass.getpass(prompt))


def _read_text(read: Callable[[], str]) -> str:
    """Return what was typed, if it is text."""
    # UnicodeDecodeError holds what was typed, a password perhaps: it must not become
    # the context of the error below.
    with contextlib.suppress(UnicodeDecodeError):
        answer = read()
        if is_text(answer):
            return answer
    raise exceptions.InvalidConfiguration(
        "What was typed is not text in the encoding that is expected here.",
        hint="Let the terminal use the encoding of the locale: most likely UTF-8.",
    )
