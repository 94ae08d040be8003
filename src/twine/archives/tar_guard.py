"""The guard around a gzipped tar archive: forward only, and not too much of it."""

from __future__ import annotations

import gzip
import os
import re
import tarfile
from typing import BinaryIO

from .contents import MIB
from .errors import TooLargeError

# For the rules only: what is larger is not looked into.
LARGEST_HEADER = MIB
_LARGEST_UNPACKED = 1024 * MIB
_BLOCK = 256 * 1024
_PAX_LENGTH = re.compile(rb"(\d{1,20}) ")


class Unzipped(gzip.GzipFile):
    """What is in a gzip file: read forward only and, if bounded, not too much of it."""

    def __init__(self, file: BinaryIO, *, is_bounded: bool) -> None:
        super().__init__(fileobj=file)
        self._is_bounded = is_bounded
        self._position = 0
        self.allow(LARGEST_HEADER)

    def allow(self, size: int) -> None:
        """Say how many bytes may be read from now on.

        ``tarfile`` reads an extended header in one piece, however large it claims to
        be, and follows one with another.
        """
        self._allowed = size
        self._in_header = size == LARGEST_HEADER

    def read(self, size: int | None = -1) -> bytes:
        """Return some bytes.

        Raises:
            TooLargeError: They are more than is allowed, or lie too far behind.
            ValueError: They are a pax header that makes no sense.
        """
        self._allowed -= size or 0
        if self._is_bounded and self._allowed < 0:
            most = LARGEST_HEADER // MIB
            raise TooLargeError(f"A header in the archive has more than {most} MiB")
        data = super().read(size)
        self._position += len(data)
        self._check_position()
        if self._in_header and len(data) > tarfile.BLOCKSIZE:
            _check_pax(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Read on up to a position, and return the new one.

        Raises:
            TooLargeError: It lies too far behind.
            ValueError: It lies before this one. ``tarfile`` goes back, and back again,
                for a member of negative size (CVE-2025-8194); ``gzip`` would read the
                file anew each time.
        """
        if offset < self._position:
            raise ValueError("a member has a negative size")
        if self._is_bounded:
            offset = min(offset, _LARGEST_UNPACKED + 1)
        self._position = super().seek(offset)
        self._check_position()
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def _check_position(self) -> None:
        if self._is_bounded and self._position > _LARGEST_UNPACKED:
            most = _LARGEST_UNPACKED // 2**30
            raise TooLargeError(f"The archive unpacks to more than {most} GiB")

    def drain(self) -> None:
        """Read what follows the tar archive: that it was cut may show only there.

        Raises:
            EOFError: The file is cut short.
            gzip.BadGzipFile: It was damaged: its checksum differs.
        """
        try:
            while data := super().read(_BLOCK):
                self._position += len(data)
                if self._is_bounded and self._position > _LARGEST_UNPACKED:
                    return  # PyPI does not look there
        except gzip.BadGzipFile as exc:
            # Further bytes after the end of the gzip data do no harm to anybody.
            if not str(exc).startswith("Not a gzipped file"):
                raise


def _check_pax(header: bytes) -> None:
    """Refuse a pax header of which a record has no value.

    Before Python 3.10.15, 3.11.10 and 3.12.6, ``tarfile`` spends hours, and gigabytes,
    on a MiB of them (CVE-2024-6232); later ones refuse it, too. A GNU long name may
    come here as well, but none of more than 512 bytes begins like a record.

    Raises:
        ValueError: It has such a record.
    """
    position = 0
    while length := _PAX_LENGTH.match(header, position):
        end = position + int(length[1])
        if b"=" not in header[length.end() : end]:
            raise ValueError("a pax header is malformed")
        position = end
