"""The headers of a metadata file: where they end, and how values were folded.

They are those of RFC 822 as Python's ``email`` reads them, and ``packaging`` with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..terminal.text import single_line
from .fields import FIELDS

_FIELDS = {field.header.lower(): field.header for field in FIELDS}
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
# What `email.feedparser` takes for a header or for more of the one before.
_HEADER = re.compile(rb"[!-9;-~]*:|[ \t]|From ")
# How the lines of a value begin after the first: as core metadata says of
# `Description`, and as distutils and setuptools wrote them (`rfc822_escape`).
_FOLDS = (r" {7}\|", r" {8}")
_END = r"\r\n|\r(?!\n)|\n"
_SHOWN = 60


def header_lines(data: bytes) -> Iterator[bytes]:
    """Yield the lines before the first blank one, without their ends."""
    for found in _LINE.finditer(data):
        line = found[0].rstrip(b"\r\n")
        if not line:
            return
        yield line


def find_header_break(data: bytes) -> str:
    """Return which line ends the headers before a blank line, and what that loses.

    Such a line is no header, so a parser takes the rest for the body. Nearly always it
    is the second line of a value that should have had one.

    Returns:
        Sentences that are harmless to show; empty if there is no such line.
    """
    lines = enumerate(header_lines(data), 1)
    for number, line in lines:
        if not _HEADER.match(line):
            text = single_line(line.decode("utf-8", "replace"))
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            names = dict.fromkeys(_name(following) for _, following in lines)
            lost = [f"`{_FIELDS[name]}`" for name in names if name in _FIELDS]
            return (
                f"The headers of the metadata end at line {number}, `{shown}`, which "
                "is no header: all that follows is read as the description."
            ) + (f" Lost are {', '.join(lost)}." if lost else "")
    return ""


def has_header(data: bytes, name: str) -> bool:
    """Return whether there is a header of a name; it is given in lower case."""
    return any(_name(line) == name for line in header_lines(data))


def _name(line: bytes) -> str:
    """Return the name of a header in lower case; empty for any other line."""
    name, colon, _ = line.partition(b":")
    return name.decode("ascii", "replace").lower() if colon else ""


def unfold(value: str) -> str:
    """Return a header's value as it was before folding, if all its lines are folded."""
    breaks = len(re.findall(_END, value))
    for fold in _FOLDS:
        # A line of nothing but white space is blank, whoever took some of it away.
        line = rf"({_END})(?:{fold}|[ \t]*(?=[\r\n]|\Z))"
        unfolded, count = re.subn(line, r"\1", value)
        if count == breaks:
            return unfolded
    return value
