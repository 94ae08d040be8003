"""What wheels and sdists have in common: a file that holds one metadata file."""

from __future__ import annotations

import abc
import copy
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from . import exceptions

DIST_EXTENSIONS = {".whl": "bdist_wheel", ".tar.gz": "sdist", ".zip": "sdist"}
# Far beyond any real one (a README rarely exceeds 1 MiB), and small enough to
# read into memory whatever an archive claims about itself.
LARGEST_METADATA = 4 * 1024 * 1024
_PIECE = 4096
# Newer Pythons have more, whose memory has no limit.
_METHODS = {
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
    zipfile.ZIP_BZIP2,
    zipfile.ZIP_LZMA,
}


class Distribution(abc.ABC):
    """A file that can be published.

    Args:
        filename: Its path.

    Raises:
        InvalidDistribution: There is no such file, or it is not a file.
    """

    def __init__(self, filename: str) -> None:
        if not os.path.exists(filename):
            raise exceptions.InvalidDistribution(f"There is no file `{filename}`.")
        if not os.path.isfile(filename):
            raise exceptions.InvalidDistribution(f"`{filename}` is not a file.")
        self.filename = filename

    @abc.abstractmethod
    def read(self) -> bytes:
        """Return the bytes of the metadata file.

        Raises:
            InvalidDistribution: The archive is broken or has no such file.
        """

    @property
    @abc.abstractmethod
    def py_version(self) -> str:
        """The form's ``pyversion``: a wheel's Python tag, or ``source``."""

    @contextmanager
    def reading(self, kind: str) -> Iterator[None]:
        """Turn what a broken archive raises into one error that names the file.

        Args:
            kind: What the file should be, for the message.
        """
        try:
            yield
        except exceptions.InvalidDistribution:
            raise
        except OSError as exc:
            # gzip's own complaint is an OSError without a reason of the system's.
            if exc.strerror is None:
                raise self._broken(kind, exc) from exc
            raise exceptions.InvalidDistribution(
                f"`{self.filename}` cannot be read: {exc.strerror}."
            ) from exc
        except Exception as exc:
            # On hostile bytes the readers of the standard library raise nearly
            # anything, `RuntimeError`, `struct.error` and `lzma.LZMAError` included.
            raise self._broken(kind, exc) from exc

    def _broken(self, kind: str, error: Exception) -> exceptions.InvalidDistribution:
        reason = str(error).rstrip(".") or type(error).__name__
        return exceptions.InvalidDistribution(
            f"`{self.filename}` is not {kind}, or is broken: {reason}."
        )

    def read_metadata(self, file: IO[bytes], name: str) -> bytes:
        """Return a member's bytes if they can be core metadata.

        Args:
            file: The member, opened.
            name: Its name.

        Raises:
            InvalidDistribution: It is too large, or has no ``Metadata-Version``.
        """
        data = b"".join(_pieces(file, LARGEST_METADATA + 1))
        if len(data) > LARGEST_METADATA:
            raise exceptions.InvalidDistribution(
                f"`{name}` in `{self.filename}` is larger than "
                f"{LARGEST_METADATA // 2**20} MiB."
            )
        if b"Metadata-Version" not in data:
            raise exceptions.InvalidDistribution(
                f"`{name}` in `{self.filename}` has no `Metadata-Version`."
            )
        return data


@contextmanager
def open_member(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """Open a member of a zip archive, to be unpacked in bounded memory.

    Of bzip2 :mod:`zipfile` itself unpacks at once what it has read: a few KiB, which
    may be gigabytes.

    Args:
        archive: The archive.
        name: The member's name.

    Raises:
        NotImplementedError: It is compressed in a way that no packaging tool uses.
    """
    info = archive.getinfo(name)
    if info.compress_type not in _METHODS:
        raise NotImplementedError(
            f"the compression of `{name}`, method {info.compress_type}, is unknown"
        )
    if info.compress_type != zipfile.ZIP_BZIP2:
        with archive.open(info) as file:
            yield file
        return
    import bz2

    packed = copy.copy(info)
    packed.compress_type = zipfile.ZIP_STORED
    packed.file_size = packed.compress_size
    # That of the unpacked bytes; bzip2 has its own.
    del packed.CRC
    with archive.open(packed) as stored, bz2.BZ2File(stored) as unpacked:
        yield unpacked


def _pieces(file: IO[bytes], most: int) -> Iterator[bytes]:
    """Yield the beginning of a file, in small pieces.

    With LZMA, too, :mod:`zipfile` reads and unpacks as much as it is asked for.
    """
    while most > 0 and (piece := file.read(min(_PIECE, most))):
        yield piece
        most -= len(piece)
