"""Gzip data (RFC 1952), unpacked in bounded memory as they are read."""

from __future__ import annotations

import io
import os
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO

from .tarheaders import Damaged

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# What unpacks to more is not read to its end.
LARGEST = 1024 * 1024 * 1024

_INPUT = 64 * 1024
_HEADER = struct.Struct("<2sBB6x")
_MAGIC = b"\x1f\x8b"
_DEFLATED = 8
_TRAILER_SIZE = 8
_EXTRA, _NAME, _COMMENT, _CHECKSUM = 0x4, 0x8, 0x10, 0x2
_LONGEST_FIELD = 64 * 1024
# One for every few bytes would take a long time to come to nothing.
_MOST_PARTS = 100_000


class Truncated(Damaged):
    """The file ends too early."""


class TooLarge(Exception):
    """There is more in the file than is read."""


class Gunzip(io.RawIOBase):
    """What is in a gzip file.

    Checksums are not compared: PyPI does not notice either when one is wrong.

    Args:
        file: The file.
    """

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._file = file
        self._parts = 0
        self._total = 0
        self._input = b""
        self._is_at_end = False
        self._inflater: zlib._Decompress | None = None

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill a buffer at least in part; return 0 at the end.

        Raises:
            Damaged: The data cannot be unpacked.
            TooLarge: There is more than is read.
        """
        view = memoryview(buffer).cast("B")
        data = b""
        while not data and not self._is_at_end:
            # What follows a part is looked at when it is needed, not before.
            if self._inflater is None:
                self._inflater = self._begin()
            if self._inflater is None:
                self._is_at_end = True
            else:
                data = self._inflate(self._inflater, len(view))
        self._total += len(data)
        if self._total > LARGEST:
            raise TooLarge(
                f"The archive unpacks to more than {LARGEST // 2**30} GiB; what is in "
                "it was not checked."
            )
        view[: len(data)] = data
        return len(data)

    def _inflate(self, inflater: zlib._Decompress, most: int) -> bytes:
        """Unpack a few bytes; give the part up if it ends."""
        if not self._input:
            self._input = self._file.read(_INPUT)
            if not self._input:
                raise Truncated("its compressed data end too early.")
        try:
            data = inflater.decompress(self._input, most)
        except zlib.error as exc:
            raise Damaged("its compressed data cannot be unpacked.") from exc
        self._input = inflater.unconsumed_tail
        if inflater.eof:
            self._file.seek(_TRAILER_SIZE - len(inflater.unused_data), os.SEEK_CUR)
            self._input = b""
            self._inflater = None
        return data

    def _begin(self) -> zlib._Decompress | None:
        """Read the header of a part; return ``None`` at the end of the file."""
        while (padding := self._file.read(_INPUT)) and not padding.strip(b"\0"):
            pass
        if not padding:
            return None
        self._file.seek(-len(padding.lstrip(b"\0")), os.SEEK_CUR)
        self._parts += 1
        head = self._file.read(_HEADER.size)
        if len(head) < _HEADER.size or self._parts > _MOST_PARTS:
            raise Truncated("a gzip header ends too early.")
        magic, method, flags = _HEADER.unpack(head)
        if magic != _MAGIC or method != _DEFLATED:
            raise Damaged("other bytes follow where gzip data should.")
        if flags & _EXTRA:
            length = int.from_bytes(self._file.read(2), "little")
            self._file.seek(length, os.SEEK_CUR)
        for flag in _NAME, _COMMENT:
            if flags & flag:
                self._skip_text()
        if flags & _CHECKSUM:
            self._file.seek(2, os.SEEK_CUR)
        return zlib.decompressobj(-zlib.MAX_WBITS)

    def _skip_text(self) -> None:
        """Move past a text that ends with a zero byte."""
        text = self._file.read(_LONGEST_FIELD)
        end = text.find(b"\0")
        if end < 0:
            raise Damaged("its gzip header does not end.")
        self._file.seek(end + 1 - len(text), os.SEEK_CUR)
