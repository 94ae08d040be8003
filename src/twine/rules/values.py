"""The form as PyPI reads it, and how to show its values. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model import Subject

_SHOWN = 120


def values(subject: Subject, field: str) -> list[str]:
    """Return the values of a field that PyPI would see.

    It drops a field whose last value is the word ``UNKNOWN``, and one whose only
    value is empty; it spells NUL bytes out.
    """
    found = [value for name, value in subject.form if name == field]
    if not found or found[-1].strip() == "UNKNOWN" or found == [""]:
        return []
    return [value.replace("\0", "\\x00") for value in found]


def value(subject: Subject, field: str) -> str:
    """Return the one value of a field that PyPI would see; empty if there is none."""
    return next(iter(values(subject, field)), "")


def show(text: str) -> str:
    """Return a value as a message shows it: between backticks, on one line, short."""
    line = " ".join(text.split())
    if len(line) > _SHOWN:
        line = f"{line[: _SHOWN - 1]}…"
    return f"`{line}`"


def show_some(names: Iterable[str], limit: int = 5) -> str:
    """Return a few of many names as a message shows them."""
    ordered = sorted(names)
    shown = ", ".join(show(name) for name in ordered[:limit])
    more = len(ordered) - limit
    return f"{shown} and {more} more" if more > 0 else shown
