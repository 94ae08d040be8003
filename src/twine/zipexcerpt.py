"""A ZIP archive with only the members that matter, for archives with very many.

:class:`zipfile.ZipFile` keeps an object for every member: some 500 bytes each. Of an
archive with a large central directory it is therefore given excerpts: the same file,
followed by some records of its directory, byte by byte, and an end record of ours. So
it is :mod:`zipfile` that decides everything, whether there are many members or few.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Directories up to this size are left to `zipfile`, as those of nearly all real
# archives; they have at most 45,000 members, for which it takes some 25 MiB.
LARGEST_DIRECTORY = 2 * 1024 * 1024
# Of all records that matter together. A wheel and an sdist need one.
LARGEST_EXCERPT = 1024 * 1024

_BATCH = 64 * 1024
_RECORD_SIZE = 46
_LENGTHS = struct.Struct("<28x3H")  # of the name, the extra fields and the comment
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_END_SIGNATURE = b"PK\5\6"
_END_64_SIGNATURE = b"PK\6\6"
_LOCATOR_64_SIGNATURE = b"PK\6\7"
_UNKNOWN_SIZE = 0xFFFFFFFF


class _Directory(NamedTuple):
    """Where the central directory is, as ``zipfile`` understands the archive."""

    start: int
    size: int


class _TooLarge(Exception):
    """The central directory is too large to be read at once.

    Args:
        directory: Where it is.
    """

    def __init__(self, directory: _Directory) -> None:
        super().__init__("The central directory is too large.")
        self.directory = directory


class _Guarded(io.BufferedReader):
    """A file of which not too much is read at once.

    ``zipfile`` reads a central directory in one piece, and nothing else of that size
    to open an archive. So this notices where it is and how large, whatever the
    archive says of it elsewhere.
    """

    most: int | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        """Return some bytes.

        Raises:
            _TooLarge: They would be too many.
        """
        if self.most is not None and size is not None and size > self.most:
            raise _TooLarge(_Directory(self.tell(), size))
        return super().read(size)

    def open_zip(self, most: int) -> zipfile.ZipFile:
        """Return the archive that this is.

        Args:
            most: How large its central directory may be.

        Raises:
            _TooLarge: It is larger.
        """
        self.most = most
        try:
            return zipfile.ZipFile(self)
        finally:
            self.most = None


class _Extended(io.RawIOBase):
    """A file with more bytes at its end.

    Args:
        file: The file.
        more: The bytes.
    """

    def __init__(self, file: io.BufferedReader, more: bytes) -> None:
        super().__init__()
        self._file = file
        self._size = file.seek(0, io.SEEK_END)
        self._more = more
        self._at = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def seekable(self) -> bool:
        """Return that one can move in it."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move, and return where it stands then.

        Raises:
            OSError: That would be before the beginning.
        """
        end = self._size + len(self._more)
        at = offset + (0, self._at, end)[whence]
        if at < 0:
            raise OSError("There is nothing before the beginning.")
        self._at = at
        return at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill a buffer, and return how many bytes are in it."""
        view = memoryview(buffer).cast("B")
        if self._at < self._size:
            self._file.seek(self._at)
            data = self._file.read(min(len(view), self._size - self._at))
        else:
            begin = self._at - self._size
            data = self._more[begin : begin + len(view)]
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


@contextmanager
def open_zip(
    filename: str, is_wanted: Callable[[str], bool]
) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP archive to read some of its members, in bounded memory.

    If it has very many members it seems to have only those that are wanted, each name
    once: of members of one name, ``zipfile`` reads the last.

    Args:
        filename: Its path.
        is_wanted: Is given the names of all members, in order, and tells whether one
            may have to be read.

    Raises:
        zipfile.BadZipFile: It is broken, or too much of it is wanted.
        OSError: It cannot be read.
    """
    with _Guarded(io.FileIO(filename)) as file:
        try:
            archive = file.open_zip(LARGEST_DIRECTORY)
        except _TooLarge as exc:
            archive = _open_excerpt(file, exc.directory, is_wanted)
        else:
            for name in archive.namelist():
                is_wanted(name)
        with archive:
            yield archive


def _open_excerpt(
    file: io.BufferedReader, directory: _Directory, is_wanted: Callable[[str], bool]
) -> zipfile.ZipFile:
    """Return an archive with those members that are wanted."""
    shift = directory.start - _said_start(file, directory)
    kept: dict[str, bytes] = {}
    size = 0
    for records in _in_batches(_read_records(file, directory)):
        with _with_records(file, records, shift) as batch:
            for record, name in zip(records, batch.namelist(), strict=True):
                if is_wanted(name):
                    size += len(record) - len(kept.pop(name, b""))
                    kept[name] = record
        if size > LARGEST_EXCERPT:
            raise zipfile.BadZipFile("It has too many files of metadata")
    return _with_records(file, kept.values(), shift)


def _said_start(file: io.BufferedReader, directory: _Directory) -> int:
    """Return where the directory is said to begin.

    It may be elsewhere: what offsets say leaves out bytes in front of the archive.
    """
    file.seek(directory.start + directory.size)
    data = file.read(_END_64.size)
    if data.startswith(_END_64_SIGNATURE):
        return int(_END_64.unpack(data)[9])
    return int(_END.unpack_from(data)[6])


def _read_records(file: io.BufferedReader, directory: _Directory) -> Iterator[bytes]:
    """Yield what a central directory consists of, whether or not it is sound.

    The last one may be cut, as ``zipfile`` would read it.
    """
    at, end = directory.start, directory.start + directory.size
    while at < end:
        file.seek(at)
        head = file.read(min(_RECORD_SIZE, end - at))
        more = sum(_LENGTHS.unpack_from(head)) if len(head) == _RECORD_SIZE else 0
        record = head + file.read(min(more, end - at - len(head)))
        yield record
        at += len(record)


def _in_batches(records: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Yield records, some at a time."""
    batch: list[bytes] = []
    size = 0
    for record in records:
        batch.append(record)
        size += len(record)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


def _with_records(
    file: io.BufferedReader, records: Iterable[bytes], shift: int
) -> zipfile.ZipFile:
    """Return an archive with the bytes of another and some of its records.

    Args:
        file: The other one.
        records: They stand behind all of its bytes.
        shift: What must be added to all offsets.

    Raises:
        zipfile.BadZipFile: The records are broken, or have something in them that
            looks like the end of an archive.
    """
    directory = b"".join(records)
    start = file.seek(0, io.SEEK_END)
    more = directory + _pack_end(start - shift, len(directory))
    extended = _Guarded(_Extended(file, more))
    try:
        archive = extended.open_zip(len(more))
    except _TooLarge as exc:
        raise zipfile.BadZipFile("Its central directory is ambiguous") from exc
    if archive.start_dir != start:
        raise zipfile.BadZipFile("Its central directory is ambiguous")
    return archive


def _pack_end(start: int, size: int) -> bytes:
    """Return what ends an archive.

    Args:
        start: Where the central directory is said to begin.
        size: Its size.
    """
    if start <= _UNKNOWN_SIZE:
        return _END.pack(_END_SIGNATURE, 0, 0, 0, 0, size, start, 0)
    length = _END_64.size - 12
    large = _END_64.pack(_END_64_SIGNATURE, length, 45, 45, 0, 0, 0, 0, size, start)
    locator = _LOCATOR_64.pack(_LOCATOR_64_SIGNATURE, 0, start + size, 1)
    return large + locator + _pack_end(_UNKNOWN_SIZE, _UNKNOWN_SIZE)
