"""Text as it may be shown: harmless, on one line, with readable numbers. Pure."""

from __future__ import annotations

import re

# Escape sequences as terminals know them (ECMA-48), then single control characters.
_CONTROL = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|[]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[ -/]*[0-~])"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)


def single_line(text: str) -> str:
    """Return text on one line, free of control characters and escape sequences."""
    return " ".join(_CONTROL.sub("", text).split())


def is_text(value: str) -> bool:
    """Return whether what comes from outside is text.

    Python keeps bytes that are none as lone surrogates (PEP 383): in arguments,
    variables, file names, and sometimes in what was typed.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def pluralize(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 byte``, ``2 bytes``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def format_size(size: int) -> str:
    """Return a number of bytes as people write it."""
    kilobytes = size / 1024
    if kilobytes <= 1024:
        return f"{kilobytes:.1f} KB"
    return f"{kilobytes / 1024:.1f} MB"
