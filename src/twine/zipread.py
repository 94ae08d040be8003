"""The content of a ZIP archive's members, in bounded memory and time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from .members import (
    LARGEST_SOURCE,
    LARGEST_TEXTS,
    Faults,
    is_source,
    product_of,
    report_too_large,
    shown,
)
from .terminal.text import pluralize
from .zipdirectory import Directory, Entry
from .zipfields import LOCAL, decode_name

STORED = 0
DEFLATED = 8

_LOCAL = struct.Struct("<4s2xH18xHH")
ENCRYPTED = 0x1
_PATCHED_OR_STRONGLY_ENCRYPTED = 0x60
_BLOCK = 64 * 1024
# What a member costs besides its bytes, in bytes that take as long.
_EFFORT = 8 * 1024


class Unreadable(Exception):
    """A member cannot be read."""


class Misplaced(Exception):
    """A member is not where the central directory says."""


class Members:
    """The members of an archive, to be read.

    Args:
        file: The file.
        directory: Its central directory.
        faults: Where to report those that cannot be read.
    """

    def __init__(self, file: BinaryIO, directory: Directory, faults: Faults) -> None:
        self._file = file
        self._directory = directory
        self._faults = faults

    def texts(self, names: Mapping[str, int]) -> dict[str, bytes | None]:
        """Return the content of members by name; ``None`` where it cannot be read.

        That one is damaged or encrypted is no fault here: a rule finds the ``None``.

        Args:
            names: Their names, and how large each may be; those that are larger, are
                not there, misplaced or compressed in an unknown way are left out.
        """
        found: dict[str, bytes | None] = {}
        left = LARGEST_TEXTS
        for name, most in names.items():
            entry = self._directory.names.get(name)
            if entry is None or entry.method not in {STORED, DEFLATED}:
                continue
            if max(entry.size, entry.packed) > min(left, most):
                report_too_large(name, max(entry.size, entry.packed), self._faults)
                continue
            try:
                found[name] = self._read(entry)
            except Misplaced as exc:
                self._report_misplaced(exc)
            except Unreadable:
                found[name] = None
            left -= entry.size
        return found

    def check(self, prefix: str) -> None:
        """Report the members of a folder that cannot be read.

        Args:
            prefix: The folder, with its slash.
        """
        left = LARGEST_TEXTS
        for entry in self._directory.entries:
            if entry.name.startswith(prefix) and not entry.name.endswith("/"):
                cost = max(entry.size, entry.packed) + _EFFORT
                if cost <= left:
                    left -= cost
                    self._try_to_read(entry)

    def encrypted(self, budget: int) -> Iterator[tuple[str, str]]:
        """Yield the members that hold encrypted source, with the product's name.

        Args:
            budget: How many bytes to look through; when they are used up, that is
                reported.
        """
        sources = [
            entry
            for entry in self._directory.entries
            if is_source(entry.name) and entry.size <= LARGEST_SOURCE
        ]
        for number, entry in enumerate(sources):
            budget -= max(entry.size, entry.packed) + _EFFORT
            if budget < 0:
                self._faults.add(
                    "source-not-searched",
                    f"The search for encrypted source left out {len(sources) - number} "
                    f"of {pluralize(len(sources), 'file')} of Python source, because "
                    "it would take too long.",
                )
                return
            data = self._try_to_read(entry)
            product = product_of(data or b"")
            if product is not None:
                yield entry.name, product

    def _try_to_read(self, entry: Entry) -> bytes | None:
        if entry.flags & ENCRYPTED or entry.method not in {STORED, DEFLATED}:
            # Reported for all members at once, whether they are read or not.
            return None
        try:
            return self._read(entry)
        except Misplaced as exc:
            self._report_misplaced(exc)
        except Unreadable as exc:
            self._faults.add("zip-damaged-member", str(exc))
        return None

    def _report_misplaced(self, error: Misplaced) -> None:
        # Else the walk has found the reason.
        if not self._faults.have("zip"):
            self._faults.add("zip-header-mismatch", str(error))

    def _read(self, entry: Entry) -> bytes:
        """Return a member's content, as ``zipfile`` does.

        Args:
            entry: The member.

        Raises:
            Misplaced: It is not where it should be.
            Unreadable: It is encrypted or damaged.
        """
        name = shown(entry.name)
        if entry.flags & (ENCRYPTED | _PATCHED_OR_STRONGLY_ENCRYPTED):
            raise Unreadable(f"{name} has an unknown format.")
        self._go_to_data(entry)
        if entry.method == STORED:
            data = self._file.read(min(entry.packed, entry.size))
        else:
            data = self._inflate(entry)
        if zlib.crc32(data) != entry.crc:
            raise Unreadable(f"The checksum of {name} does not match.")
        return data

    def _go_to_data(self, entry: Entry) -> None:
        """Move to where a member's data begin."""
        # Further than the directory there is no member; a file system refuses to go
        # to where a header may point.
        self._file.seek(min(max(0, entry.offset), self._directory.end))
        head = self._file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != LOCAL:
            raise Misplaced(f"{shown(entry.name)} has no header of its own.")
        _, flags, length, extra = _LOCAL.unpack(head)
        raw = self._file.read(length)
        if decode_name(raw, flags) != entry.name:
            raise Misplaced(
                f"{shown(entry.name)} is called {shown(raw)} in its own header."
            )
        self._file.read(extra)

    def _inflate(self, entry: Entry) -> bytes:
        """Return the content of a compressed member, which is at its data."""
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        parts = []
        missing, left = entry.size, entry.packed
        try:
            while missing > 0 and left > 0 and not inflater.eof:
                block = self._file.read(min(_BLOCK, left))
                if not block:
                    break
                left -= len(block)
                part = inflater.decompress(block, missing)
                missing -= len(part)
                parts.append(part)
        except zlib.error as exc:
            raise Unreadable(
                f"The compressed data of {shown(entry.name)} are damaged.",
            ) from exc
        return b"".join(parts)
