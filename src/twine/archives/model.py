"""An archive as the rules see it: values only. Pure."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple

from .. import exceptions

# A faulty packer repeats its fault for each member; a few show what it is.
_MOST_OF_A_RULE = 5
# A name may have 64 KiB (APPNOTE 4.4.10).
_LONGEST_NAME = 200


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with how an archive is built, and the rule that reports it."""

    rule: str
    detail: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What the rules need to know of an archive; it was read without extracting it.

    Args:
        kind: What the bytes are.
        faults: What is wrong with how it is built.
        names: The names of all members that are no folders, in order; none if the
            archive could not be read to its end.
        folders: The names of the folders that have an entry of their own.
        top: Of an sdist, the path that all members have in common, folders included;
            empty if there is none.
        texts: The content of the members that rules look into, by name: the files
            in a wheel's own ``.dist-info`` (``WHEEL``, ``METADATA``, ``RECORD``,
            ``entry_points.txt``). ``None`` stands for one that cannot be read.
        encrypted_texts: Python source that is encrypted: member names, with the
            product's name.
        tokens: Texts that hold an API token of PyPI or TestPyPI: member names, with
            the number of the line. The token itself is not kept.
    """

    kind: Literal["zip", "tar", "neither"]
    faults: tuple[Fault, ...] = ()
    names: tuple[str, ...] = ()
    folders: frozenset[str] = frozenset()
    top: str = ""
    texts: Mapping[str, bytes | None] = dataclasses.field(default_factory=dict)
    encrypted_texts: tuple[tuple[str, str], ...] = ()
    tokens: tuple[tuple[str, int], ...] = ()


class Reading(NamedTuple):
    """What was read of a distribution file: metadata too, or why there is none."""

    archive: Archive
    metadata: bytes | exceptions.InvalidDistribution


class Faults:
    """Faults as they are found: of one rule the first few, then how many more."""

    def __init__(self) -> None:
        self._found: list[Fault] = []
        self._count: Counter[str] = Counter()

    def add(self, rule: str, detail: str) -> None:
        """Remember a fault."""
        self._count[rule] += 1
        if self._count[rule] <= _MOST_OF_A_RULE:
            self._found.append(Fault(rule=rule, detail=detail))

    def all(self) -> tuple[Fault, ...]:
        """Return them in the order in which they were found."""
        more = (
            Fault(rule=rule, detail=f"There are more like these: {count} in all.")
            for rule, count in self._count.items()
            if count > _MOST_OF_A_RULE
        )
        return (*self._found, *more)


def quote_name(name: str | bytes) -> str:
    """Return a member's name, UTF-8 or not, as a literal that fits on a screen."""
    if isinstance(name, bytes):
        name = name.decode("utf-8", "backslashreplace")
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}..."
    text = "".join(
        # Escape sequences would reach the terminal.
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in name
    )
    return f"`{text}`"
