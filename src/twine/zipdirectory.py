"""A ZIP archive as Python's ``zipfile`` sees it: from its end, in bounded memory.

The records are those of PKWARE's APPNOTE.TXT, section 4.3; where the places that
readers look at contradict each other, this follows CPython, as PyPI does.
"""

from __future__ import annotations

import dataclasses
import os
import struct
from typing import BinaryIO, NamedTuple

from .members import LONGEST_NAMES, MOST_MEMBERS, Faults, report_too_many, shown
from .terminal.text import pluralize
from .zipfields import (
    CENTRAL,
    END,
    END_64,
    LOCATOR_64,
    UNKNOWN_COUNT,
    UNKNOWN_SIZE,
    check_name,
    decode_name,
    read_extra,
)

_CENTRAL = struct.Struct("<4s2xBxHH4xLLLHHH8xL")
_END = struct.Struct("<4s4xHHLLH")
_END_64 = struct.Struct("<4sQ12xQQQQ")
_LOCATOR_64 = struct.Struct("<4s4xQ4x")
_LONGEST_COMMENT = 0xFFFF
_NEWEST_VERSION = 63  # 6.3 is the newest that `zipfile` opens


class Entry(NamedTuple):
    """What the central directory says of a member.

    Args:
        name: Its name.
        offset: Where its local header begins in the file.
        flags: The general purpose flags.
        method: How it is compressed.
        crc: The checksum of its content.
        packed: How many bytes of the file it takes.
        size: How many bytes its content has.
    """

    name: str
    offset: int
    flags: int
    method: int
    crc: int
    packed: int
    size: int


class End(NamedTuple):
    """The record that ends an archive, completed by its ZIP64 twin.

    Args:
        position: Where it begins.
        position_64: Where its ZIP64 twin begins, if there is one.
        here: How many members are on this disk.
        total: How many members there are.
        size: The size of the central directory.
        offset: Where the central directory is said to begin.
        comment: The length of the archive's comment.
        agrees: Whether the twin says nothing else.
    """

    position: int
    position_64: int | None
    here: int
    total: int
    size: int
    offset: int
    comment: int
    agrees: bool = True

    @property
    def start(self) -> int:
        """Where the central directory must begin to end right before this."""
        end = self.position if self.position_64 is None else self.position_64
        return end - self.size


@dataclasses.dataclass(slots=True)
class Directory:
    """The central directory.

    Args:
        start: Where it begins.
        end: Where the record after it begins.
        entries: Its members in order.
        names: The same by name.
        repeated: The names that it holds more than once.
    """

    start: int
    end: int
    entries: list[Entry] = dataclasses.field(default_factory=list)
    names: dict[str, Entry] = dataclasses.field(default_factory=dict)
    repeated: set[str] = dataclasses.field(default_factory=set)


def find_end(file: BinaryIO) -> End | None:
    """Return the record that ends an archive; ``None`` if this is no ZIP archive.

    Args:
        file: The file.
    """
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _END.size - _LONGEST_COMMENT - 1)
    file.seek(start)
    tail = file.read(size - start)
    at = len(tail) - _END.size
    plain = at >= 0 and tail.startswith(END, at) and tail.endswith(b"\0\0")
    if not plain:
        at = tail.rfind(END)
    if at < 0 or len(tail) - at < _END.size:
        return None
    _, here, total, length, offset, comment = _END.unpack_from(tail, at)
    end = End(start + at, None, here, total, length, offset, comment)
    return _with_zip64(file, end)


def _with_zip64(file: BinaryIO, end: End) -> End:
    """Return the end with the larger numbers of its ZIP64 twin, if it has one."""
    position = end.position - _LOCATOR_64.size - _END_64.size
    if position < 0:
        return end
    file.seek(position)
    data = file.read(_END_64.size + _LOCATOR_64.size)
    if data[:4] != END_64 or data[_END_64.size :][:4] != LOCATOR_64:
        return end
    _, _, here, total, size, offset = _END_64.unpack_from(data)
    both = (
        (end.here, here, UNKNOWN_COUNT),
        (end.total, total, UNKNOWN_COUNT),
        (end.size, size, UNKNOWN_SIZE),
        (end.offset, offset, UNKNOWN_SIZE),
    )
    agrees = all(small in {large, unknown} for small, large, unknown in both)
    return End(end.position, position, here, total, size, offset, end.comment, agrees)


def check_zip64(file: BinaryIO, end: End, faults: Faults) -> bool:
    """Report ZIP64 records that only some readers understand.

    Args:
        file: The file.
        end: Its end.
        faults: Where to report them.

    Returns:
        Whether there are none.
    """
    here = end.position - _LOCATOR_64.size
    file.seek(max(0, here))
    located = here >= 0 and file.read(4) == LOCATOR_64
    if not located:
        file.seek(max(0, end.position - _END_64.size))
        if end.position >= _END_64.size and file.read(4) == END_64:
            faults.add(
                "zip64-malformed",
                "A ZIP64 end record stands without the locator that should follow it.",
            )
            return False
        return True
    file.seek(here)
    _, target = _LOCATOR_64.unpack(file.read(_LOCATOR_64.size))
    file.seek(min(target, end.position))
    data = file.read(_END_64.size)
    if len(data) < _END_64.size or data[:4] != END_64:
        faults.add(
            "zip64-malformed",
            f"The ZIP64 locator points to byte {target}, where no ZIP64 end record is.",
        )
        return False
    if _END_64.unpack(data)[1] != _END_64.size - 12:
        faults.add(
            "zip64-extensible-data",
            "The ZIP64 end record carries extensible data.",
        )
        return False
    if target != end.position_64:
        faults.add(
            "zip64-malformed",
            f"Between the ZIP64 end record, at byte {target}, and its locator, at "
            f"byte {here}, are other bytes.",
        )
        return False
    return True


def read_directory(file: BinaryIO, end: End, faults: Faults) -> Directory | None:
    """Return the central directory; ``None`` if it cannot be read, or is too large.

    Args:
        file: The file.
        end: Its end.
        faults: Where to report what is wrong with it.
    """
    if end.start < 0:
        faults.add(
            "zip-negative-offset",
            f"The central directory, {pluralize(end.size, 'byte')} long, would begin "
            "before the file.",
        )
        return None
    file.seek(end.start)
    directory = Directory(end.start, end.start)
    names = 0
    while directory.end < directory.start + end.size:
        found = _read_entry(file, end.start - end.offset, directory.end, faults)
        if found is None:
            return None
        entry, length = found
        directory.end += length
        names += length - _CENTRAL.size
        if len(directory.entries) == MOST_MEMBERS or names > LONGEST_NAMES:
            report_too_many(faults)
            return None
        directory.entries.append(entry)
        if entry.name in directory.names:
            directory.repeated.add(entry.name)
        directory.names[entry.name] = entry
    for name in sorted(directory.repeated):
        faults.add(
            "zip-duplicate-name",
            f"The central directory has {shown(name)} more than once.",
        )
    return directory


def _read_entry(
    file: BinaryIO, shift: int, at: int, faults: Faults
) -> tuple[Entry, int] | None:
    """Read one record of the central directory; return it with its length."""
    head = file.read(_CENTRAL.size)
    if len(head) < _CENTRAL.size or head[:4] != CENTRAL:
        faults.add(
            "zip-malformed",
            f"At byte {at}, where a record of the central directory should begin, are "
            f"other bytes: `{head[:4].hex(' ')}`.",
        )
        return None
    _, version, flags, method, crc, packed, size, *lengths, offset = _CENTRAL.unpack(
        head
    )
    rest = file.read(sum(lengths))
    raw, extra = rest[: lengths[0]], rest[lengths[0] : lengths[0] + lengths[1]]
    if len(rest) < sum(lengths):
        faults.add("zip-malformed", f"The archive ends within {shown(raw)}.")
        return None
    if version > _NEWEST_VERSION:
        faults.add(
            "zip-malformed",
            f"{shown(raw)} asks for version {version / 10} of the ZIP format.",
        )
        return None
    check_name(raw, flags, faults)
    if lengths[2]:
        faults.add("zip-member-comment", f"{shown(raw)} has a comment.")
    numbers = _with_large(
        [size, packed, offset],
        read_extra(extra, raw, faults, is_local=False),
        raw,
        faults,
    )
    if numbers is None:
        return None
    size, packed, offset = numbers
    name = decode_name(raw, flags)
    entry = Entry(name, offset + shift, flags, method, crc, packed, size)
    return entry, _CENTRAL.size + len(rest)


def _with_large(
    numbers: list[int], values: list[int] | None, raw: bytes, faults: Faults
) -> list[int] | None:
    """Put the values of the ZIP64 field where a record has no room for them."""
    if values is None:
        return None
    left = iter(values)
    found = [next(left, None) if n == UNKNOWN_SIZE else n for n in numbers]
    complete = [number for number in found if number is not None]
    if len(complete) < len(numbers):
        faults.add(
            "zip64-malformed",
            f"{shown(raw)} has a size of 4 GiB and no ZIP64 field that says more.",
        )
        return None
    return complete
