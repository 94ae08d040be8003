"""A ZIP archive read from its first byte on, compared with its central directory.

A reader that streams and one that begins at the end must find the same members:
PyPI refuses an archive in which they would not. Only headers are read, data are
skipped, so that the size of the file does not matter.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

from .members import MOST_MEMBERS, Faults, report_too_many, shown
from .terminal.text import pluralize
from .zipdirectory import Directory, End, Entry
from .zipfields import (
    CENTRAL,
    END,
    END_64,
    LOCAL,
    LOCATOR_64,
    UNKNOWN_SIZE,
    check_name,
    decode_name,
    read_extra,
)

_LOCAL = struct.Struct("<4s2xHH8xLLHH")
_END_SIZE = 22
_STREAMED = 0x8
_STORED = 0
_KNOWN = (LOCAL, CENTRAL, END, END_64, LOCATOR_64)


def walk(file: BinaryIO, end: End, directory: Directory, faults: Faults) -> None:
    """Report everything that a walk over the records finds wrong.

    It stops at the first fault after which it cannot know where the next record is.

    Args:
        file: The file.
        end: The record that ends the archive.
        directory: Its central directory.
        faults: Where to report.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    signature = file.read(4)
    if signature not in _KNOWN:
        _report_unknown(signature, 0, faults)
    elif end.start != end.offset:
        faults.add(
            "zip-directory-mismatch",
            f"The central directory begins at byte {end.start}, but the archive says "
            f"{end.offset}.",
        )
    else:
        _Walk(file, size, directory, faults).run()
    _check_end(end, directory, size, faults)


def _check_end(end: End, directory: Directory, size: int, faults: Faults) -> None:
    """Report what the last record says wrongly."""
    found = len(directory.entries)
    if end.here != end.total:
        faults.add(
            "zip-malformed",
            f"The archive says that this disk has {end.here} of its "
            f"{pluralize(end.total, 'member')}.",
        )
    if end.total != found:
        faults.add(
            "zip-directory-mismatch",
            f"The central directory has {pluralize(found, 'member')}, but the archive "
            f"says {end.total}.",
        )
    length = directory.end - directory.start
    if length != end.size:
        faults.add(
            "zip-directory-mismatch",
            f"The central directory is {pluralize(length, 'byte')} long, but the "
            f"archive says {end.size}.",
        )
    if not end.agrees:
        faults.add(
            "zip-directory-mismatch",
            "The two end records, with ZIP64 and without, contradict each other.",
        )
    rest = size - end.position - _END_SIZE - end.comment
    if rest > 0:
        more = pluralize(rest, "more byte")
        faults.add("zip-trailing-data", f"The archive is followed by {more}.")
    elif rest < 0:
        faults.add("zip-malformed", "The archive's comment is cut short.")


def _report_unknown(signature: bytes, position: int, faults: Faults) -> None:
    where = "The archive begins with" if position == 0 else f"At byte {position} are"
    faults.add(
        "zip-unknown-record",
        f"{where} bytes that are no ZIP record: `{signature.hex(' ')}`.",
    )


class _Walk:
    """The way from one local header to the next, up to the central directory."""

    def __init__(
        self, file: BinaryIO, size: int, directory: Directory, faults: Faults
    ) -> None:
        self.file = file
        self.size = size
        self.directory = directory
        self.faults = faults
        self.seen: set[str] = set()
        self.count = 0

    def run(self) -> None:
        """Go all the way."""
        position: int | None = 0
        while position is not None and position != self.directory.start:
            self.file.seek(position)
            signature = self.file.read(4)
            if signature == LOCAL:
                position = self.step(position)
            else:
                self.report_stop(signature, position)
                return
        if position is not None:
            self.report_missing()

    def report_stop(self, signature: bytes, position: int) -> None:
        """Report what stands where a local header, or the directory, should."""
        if len(signature) < 4:
            self.faults.add(
                "zip-malformed",
                "The data of a member run to the end of the file.",
            )
        elif signature in _KNOWN:
            self.faults.add(
                "zip-directory-mismatch",
                f"The members end at byte {position}, but the central directory "
                f"begins at byte {self.directory.start}.",
            )
        else:
            _report_unknown(signature, position, self.faults)

    def report_missing(self) -> None:
        """Report the members that the directory has and the walk did not meet."""
        if len(self.seen) < len(self.directory.names):
            for name in self.directory.names:
                if name not in self.seen:
                    self.faults.add(
                        "zip-missing-member",
                        f"The central directory has {shown(name)}, which is not there.",
                    )

    def step(self, position: int) -> int | None:
        """Return where the record after a member begins, if that is known.

        Args:
            position: Where its local header begins.
        """
        self.count += 1
        if self.count > MOST_MEMBERS:
            report_too_many(self.faults)
            return None
        data = LOCAL + self.file.read(_LOCAL.size - 4)
        if len(data) < _LOCAL.size:
            self.faults.add("zip-malformed", "The archive ends within a local header.")
            return None
        fields: tuple[int, ...] = _LOCAL.unpack(data)[1:]
        flags, method, packed, size, length, more = fields
        rest = self.file.read(length + more)
        raw = rest[:length]
        if len(rest) < length + more:
            self.faults.add("zip-malformed", f"The archive ends within {shown(raw)}.")
            return None
        if flags & _STREAMED:
            self.faults.add(
                "zip-data-descriptor",
                f"The size of {shown(raw)} stands after its data.",
            )
            return None
        values = read_extra(rest[length:], raw, self.faults, is_local=True)
        sizes = self.sizes(raw, method, (packed, size), values)
        if sizes is None or not self.agrees(raw, flags, position, sizes):
            return None
        return position + _LOCAL.size + length + more + sizes[0]

    def sizes(
        self,
        raw: bytes,
        method: int,
        sizes: tuple[int, int],
        values: list[int] | None,
    ) -> tuple[int, int] | None:
        """Return a member's packed and full size, with ZIP64's if it has them."""
        if values is None:
            return None
        if len(values) == 1 and method != _STORED:
            self.faults.add(
                "zip64-malformed",
                f"The ZIP64 field of {shown(raw)} has one size for two.",
            )
            return None
        if UNKNOWN_SIZE not in sizes:
            return sizes
        if not values:
            self.faults.add(
                "zip64-malformed",
                f"{shown(raw)} has a size of 4 GiB and no ZIP64 field that says more.",
            )
            return None
        packed, size = sizes
        return (
            values[1 if len(values) > 1 else 0] if packed == UNKNOWN_SIZE else packed,
            values[0] if size == UNKNOWN_SIZE else size,
        )

    def agrees(
        self, raw: bytes, flags: int, position: int, sizes: tuple[int, int]
    ) -> bool:
        """Return whether the directory says the same of a member."""
        name = decode_name(raw, flags)
        entry = self.directory.names.get(name)
        if entry is None:
            if check_name(raw, flags, self.faults):
                self.faults.add(
                    "zip-unlisted-member",
                    f"{shown(name)} is not in the central directory.",
                )
            return False
        if name in self.directory.repeated:
            self.seen.add(name)
            return True
        if name in self.seen:
            self.faults.add(
                "zip-duplicate-name", f"{shown(name)} is there more than once."
            )
            return False
        self.seen.add(name)
        return self.matches(entry, position, sizes)

    def matches(self, entry: Entry, position: int, sizes: tuple[int, int]) -> bool:
        """Return whether an entry of the directory describes this very member."""
        for what, here, there in (
            ("compressed size", sizes[0], entry.packed),
            ("size", sizes[1], entry.size),
        ):
            if here != there:
                self.faults.add(
                    "zip-size-mismatch",
                    f"The {what} of {shown(entry.name)} is {here} in its own header, "
                    f"{there} in the central directory.",
                )
                return False
        if entry.offset != position:
            self.faults.add(
                "zip-header-mismatch",
                f"{shown(entry.name)} begins at byte {position}, but at byte "
                f"{entry.offset} according to the central directory.",
            )
            return False
        return True
