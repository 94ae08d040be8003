"""What wheels and sdists have in common: a file that holds one metadata file."""

from __future__ import annotations

import abc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from . import exceptions

# Far beyond any real one (a README rarely exceeds 1 MiB), and small enough to
# read into memory whatever an archive claims about itself.
LARGEST_METADATA = 16 * 1024 * 1024


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
        reason = str(error) or type(error).__name__
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
        data = file.read(LARGEST_METADATA + 1)
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
