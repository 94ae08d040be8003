"""The headers of a metadata file: where they end, and how values were folded.

They are those of RFC 822 as Python's ``email`` reads them, and ``packaging`` with it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from ..terminal.text import single_line

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
# What `email.feedparser` takes for a header or for more of the one before.
_HEADER = re.compile(rb"[!-9;-~]*:|[ \t]|From ")
# How the lines of a value begin after the first: as core metadata says of
# `Description`, and as distutils and setuptools wrote them (`rfc822_escape`).
_FOLDS = (r" {7}\|", r" {8}")
_END = r"\r\n|\r(?!\n)|\n"
_SHOWN = 60


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HeaderBreak:
    """A line that is no header, and makes a parser take the rest for the body.

    Nearly always it is the second line of a value that should have had one.

    Args:
        line: Its number.
        text: Its beginning, harmless to show.
        lost: The names of the headers that follow, in lower case.
    """

    line: int
    text: str
    lost: tuple[str, ...]


def header_lines(data: bytes) -> Iterator[bytes]:
    """Yield the lines before the first blank one, without their ends."""
    for found in _LINE.finditer(data):
        line = found[0].rstrip(b"\r\n")
        if not line:
            return
        yield line


def find_header_break(data: bytes) -> HeaderBreak | None:
    """Return where the headers end before a blank line does."""
    lines = enumerate(header_lines(data), 1)
    for number, line in lines:
        if not _HEADER.match(line):
            text = single_line(line.decode("utf-8", "replace"))
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            rest = (_name(one) for _, one in lines)
            lost = dict.fromkeys(name for name in rest if name)
            return HeaderBreak(line=number, text=shown, lost=tuple(lost))
    return None


def has_header(data: bytes, name: str) -> bool:
    """Return whether there is a header of a name; it is given in lower case."""
    return any(_name(line) == name for line in header_lines(data))


def _name(line: bytes) -> str:
    """Return the name of a header in lower case; empty for any other line."""
    name, colon, _ = line.partition(b":")
    return name.decode("ascii", "replace").lower() if colon else ""


def unfold(value: str) -> str:
    """Return a header's value as it was before it was folded.

    Args:
        value: The value. If one of its lines is not folded it stays as it is.
    """
    breaks = len(re.findall(_END, value))
    for fold in _FOLDS:
        # A line of nothing but white space is blank, whoever took some of it away.
        line = rf"({_END})(?:{fold}|[ \t]*(?=[\r\n]|\Z))"
        unfolded, count = re.subn(line, r"\1", value)
        if count == breaks:
            return unfolded
    return value
