"""What wheels and sdists have in common: a file that holds one metadata file."""

from __future__ import annotations

import abc
import os
import zlib
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
        import tarfile
        import zipfile

        try:
            yield
        except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as exc:
            raise exceptions.InvalidDistribution(
                f"`{self.filename}` is not {kind}, or is broken: {exc}."
            ) from exc
        except OSError as exc:
            reason = exc.strerror or exc
            raise exceptions.InvalidDistribution(
                f"`{self.filename}` cannot be read: {reason}."
            ) from exc
        except (RuntimeError, NotImplementedError, ValueError, OverflowError) as exc:
            # zipfile: an encrypted member, an unknown compression; both: nonsense
            # in a header.
            raise exceptions.InvalidDistribution(
                f"`{self.filename}` is {kind} that cannot be read: {exc}."
            ) from exc

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
