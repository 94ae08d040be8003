"""Text as it may be shown: harmless, on one line, with readable numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Escape sequences as terminals know them (ECMA-48), then single control characters.
_ESCAPE_SEQUENCE_OR_CONTROL = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|[]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[ -/]*[0-~])"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
# What could make a terminal show something else than the text: C0 and C1 controls apart
# from tab and newline, the marks that reorder text (Unicode's Bidi_Control, see
# CVE-2021-42574), and its other line separators.
_DECEPTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)


def single_line(text: str) -> str:
    """Return text on one line, free of control characters and escape sequences."""
    return " ".join(_ESCAPE_SEQUENCE_OR_CONTROL.sub("", text).split())


def escape_controls(text: str) -> str:
    """Return text with every control character written as its escape."""
    return _DECEPTIVE.sub(lambda found: ascii(found[0])[1:-1], text)


def fit_encoding(text: str, encoding: str | None) -> str:
    """Return text with escapes for the characters that an encoding lacks."""
    encoding = encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


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
    """Return a number of bytes as people write it, ``2.9 MB`` for example."""
    kilobytes = size / 1024
    if kilobytes <= 1024:
        return f"{kilobytes:.1f} KB"
    return f"{kilobytes / 1024:.1f} MB"


def format_rate(speed: float) -> str:
    """Return bytes per second as people write them, ``2.9 MB/s`` for example."""
    return f"{format_size(round(speed))}/s"


def format_duration(seconds: float) -> str:
    """Return a length of time: ``2.9 s``, or ``75 s`` where tenths do not matter."""
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def find_nearest(given: str, known: Iterable[str]) -> str | None:
    """Return the one of some words that was most likely meant, if one is near."""
    import difflib  # here: few command lines are wrong

    words = {word.lower(): word for word in known}
    found = difflib.get_close_matches(given.lower(), words, n=1, cutoff=0.7)
    return words[found[0]] if found else None


def suggest(given: str, known: Iterable[str]) -> str:
    """Return the question whether a word was meant, to be put after what was given.

    It does not repeat what was given, which may be a secret.
    """
    nearest = find_nearest(given, known)
    return f" (did you mean `{nearest}`?)" if nearest else ""
