"""Do the records of a ZIP archive say the same to every reader?

A program that unpacks an archive while it arrives reads it from its beginning; most
others begin with the central directory at its end. PyPI refuses an archive in which
they might find different members. Here ``zipfile`` reads the directory, and the file
is *tiled*: in order of their offsets, each member must begin where the one before it
ended, and say in its own header what the directory says; the directory follows the
last member, and the end records follow the directory. Only headers are read.

The records are those of PKWARE's APPNOTE.TXT, sections 4.3 and 4.5. Each message begins
with what PyPI says of the fault, to be searched for.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from .model import Faults, quote_name

_LOCAL = struct.Struct("<4s2xHH8xLLHH")
# Without name, extra field and comment (APPNOTE 4.3.12).
_CENTRAL_SIZE = 46
_END = struct.Struct("<4s4xHHLLH")
_END_64 = struct.Struct("<4s20xQQQQ4s4xQ4x")  # with the locator that follows it
_LONGEST_COMMENT = 0xFFFF
_FULL = 0xFFFFFFFF  # the actual size is in the ZIP64 extra field
_FULL_COUNT = 0xFFFF
# General purpose flags (APPNOTE 4.4.4): bits 3 and 11.
_STREAMED = 0x8
_UTF_8 = 0x800
# A checksum and both sizes in 8 bytes each, with a signature that is optional.
_LARGEST_DESCRIPTOR = 24
_ZIP64 = 0x0001
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_END_MISMATCHES = (
    "Malformed zip file: members on this disk",
    "Mismatched central directory records",
    "Mismatched central directory size",
    "Mismatched central directory offset",
)


class _LocalHeader(NamedTuple):
    """What stands before a member's data, apart from what nobody reads there."""

    flags: int
    method: int
    packed: int
    size: int
    name: bytes
    extra: bytes

    @property
    def length(self) -> int:
        return _LOCAL.size + len(self.name) + len(self.extra)


def check_framing(file: BinaryIO, archive: zipfile.ZipFile, faults: Faults) -> None:
    """Report everything in which two readers could differ."""
    for text in _check_members(file, archive):
        faults.add("zip-framing", text)
    for name, count in Counter(archive.namelist()).items():
        if count > 1:
            text = f"Duplicate filename: {quote_name(name)} is there {count} times."
            faults.add("zip-framing", text)
    for text in _check_end(file, archive):
        faults.add("zip-framing", text)


def _check_members(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield where members do not follow each other, or contradict the directory."""
    position = slack = 0
    for info in sorted(archive.filelist, key=lambda one: one.header_offset):
        name = quote_name(info.filename)
        start = info.header_offset
        # Elsewhere no header is read: entries could share a long one.
        is_inside = position <= start < archive.start_dir
        header = _read_header(file, start) if is_inside else None
        if header is None:
            yield (
                f"Mis-matched local headers and central directory: {name} does not "
                f"begin at byte {start}."
            )
            continue
        if start > position + slack:
            yield _describe_gap(file, position)
        yield from _compare(info, header, name)
        position = start + header.length + info.compress_size
        # A data descriptor, which has been reported.
        slack = _LARGEST_DESCRIPTOR if header.flags & _STREAMED else 0
    if position > archive.start_dir:
        yield (
            f"Malformed zip file: the members end at byte {position}, but the central "
            f"directory begins at byte {archive.start_dir}."
        )
    elif archive.start_dir > position + slack:
        yield _describe_gap(file, position)


def _read_header(file: BinaryIO, start: int) -> _LocalHeader | None:
    """Return a member's own header; ``None`` if it is not there."""
    file.seek(start)
    data = file.read(_LOCAL.size)
    if len(data) < _LOCAL.size or not data.startswith(b"PK\3\4"):
        return None
    _, flags, method, packed, size, length, more = _LOCAL.unpack(data)
    name, extra = file.read(length), file.read(more)
    if len(extra) < more:
        return None
    return _LocalHeader(flags, method, packed, size, name, extra)


def _describe_gap(file: BinaryIO, position: int) -> str:
    """Say what is at a position that belongs to no member."""
    header = _read_header(file, position)
    if header is not None:
        name = quote_name(header.name)
        return f"Filename not in central directory: {name}, at byte {position}."
    file.seek(position)
    found = file.read(4).hex(" ")
    return f"Unknown record signature: `{found}`, at byte {position}."


def _compare(info: zipfile.ZipInfo, header: _LocalHeader, name: str) -> Iterator[str]:
    """Yield in what a member's own header is wrong, or not what the directory says."""
    if info.comment:
        yield f"Comment in central directory: {name} has one."
    encoding = "utf-8" if header.flags & _UTF_8 else "cp437"
    if reason := _find_name_fault(header.name, header.flags):
        yield f"{reason}: {quote_name(header.name)}."
    elif header.name.decode(encoding) != info.orig_filename:
        own = quote_name(header.name)
        yield f"Missing filename in local headers: {name} is called {own} in its own."
    large = _read_zip64(header.extra)
    if header.flags & _STREAMED:
        # PyPI takes none, whatever stands there: the sizes need no comparison.
        yield f"ZIP contains a data descriptor: the size of {name} follows its data."
    elif large is None:
        yield f"Malformed zip file: incomplete extra fields of {name}."
    else:
        yield from _compare_sizes(info, header, large, name)


def _compare_sizes(
    info: zipfile.ZipInfo, header: _LocalHeader, large: Sequence[int], name: str
) -> Iterator[str]:
    placeholders = {_FULL} if large else set()
    # The compressed size is the second there, unless one is for both. PyPI believes
    # the field even where it is not needed.
    for which, stated, listed in (
        ("data", {header.packed, *large[-1:]}, info.compress_size),
        ("file", {header.size, *large[:1]}, info.file_size),
    ):
        for wrong in stated - {listed} - placeholders:
            yield (
                f"Mis-matched {which} size: {name} has {wrong} bytes according to its "
                f"own header, {listed} according to the central directory."
            )


def _find_name_fault(name: bytes, flags: int) -> str:
    """Return why readers may take a name for different ones; empty if it is clear."""
    if not name or _CONTROL.search(name):
        return "Invalid character in filename"
    if name.isascii():
        return ""
    try:
        name.decode()
    except UnicodeDecodeError:
        return "Filename not valid UTF-8"
    # Without the flag `zipfile` reads code page 437 (APPNOTE, appendix D), PyPI UTF-8.
    return "" if flags & _UTF_8 else "Filename not in central directory as UTF-8"


def _read_zip64(extra: bytes) -> Sequence[int] | None:
    """Return the sizes in the ZIP64 field (APPNOTE, 4.5.3), if there is one.

    It is ``None`` that is returned if an extra field is cut short.
    """
    sizes: Sequence[int] = ()
    while extra:
        # `zipfile` ignores up to three bytes at the end; PyPI does not.
        kind, length = struct.unpack("<HH", extra[:4].ljust(4, b"\xff"))
        data, extra = extra[4 : 4 + length], extra[4 + length :]
        if len(data) < length:
            return None
        if kind == _ZIP64:
            sizes = struct.unpack_from(f"<{min(2, length // 8)}Q", data)
    return sizes


def _check_end(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield in what the end records do not describe the directory in front of them."""
    count = len(archive.filelist)
    size = sum(
        _CENTRAL_SIZE
        + len(
            info.orig_filename.encode("utf-8" if info.flag_bits & _UTF_8 else "cp437")
        )
        + len(info.extra)
        + len(info.comment)
        for info in archive.filelist
    )
    actual = (count, count, size, archive.start_dir)
    placeholders = actual  # what may stand there because another record says more
    file.seek(archive.start_dir + size)
    tail = file.read(_END_64.size + _END.size + _LONGEST_COMMENT + 1)
    if tail.startswith(b"PK\6\6") and len(tail) >= _END_64.size:
        _, *stated, signature, at = _END_64.unpack_from(tail)
        # CVE-2025-8291: `zipfile` did not look where it points before late 2025.
        if signature != b"PK\6\7" or at != archive.start_dir + size:
            yield f"Malformed zip file: the ZIP64 locator points to byte {at}."
        yield from _compare_end(stated, actual, actual)
        placeholders = (_FULL_COUNT, _FULL_COUNT, _FULL, _FULL)
        tail = tail[_END_64.size :]
    if not tail.startswith(b"PK\5\6") or len(tail) < _END.size:
        yield "Malformed zip file: no end record follows the central directory."
        return
    _, *stated, comment = _END.unpack_from(tail)
    yield from _compare_end(stated, actual, placeholders)
    rest = len(tail) - _END.size - comment
    if rest > 0:
        yield "Trailing data: more bytes follow the end of the archive."
    elif rest < 0:
        yield "Malformed zip file: the comment of the archive is cut short."


def _compare_end(
    stated: Sequence[int], actual: Sequence[int], placeholders: Sequence[int]
) -> Iterator[str]:
    for what, one, *others in zip(
        _END_MISMATCHES, stated, actual, placeholders, strict=True
    ):
        if one not in others:
            yield f"{what}: the archive says {one}, not {others[0]}."
