"""The file of a distribution: its size, its digests, and whether it has changed."""

from __future__ import annotations

import concurrent.futures
import os
from typing import BinaryIO

from .. import exceptions
from .digests import HashManager, Hexdigest, PendingDigests

# A smaller file is hashed sooner than a thread has begun.
_LEAST_IN_BACKGROUND = 1024 * 1024


class DistributionFile:
    """A file that must stay as it is until it has been sent.

    The digests are computed when they are first asked for, if not ahead.
    """

    def __init__(self, filename: str) -> None:
        self.filename = filename
        # What :func:`file_stamp` returned when the file was read.
        self.stamp: tuple[int, int] | None = None
        self._digests: Hexdigest | None = None
        self._pending: PendingDigests | None = None

    @property
    def size(self) -> int:
        """The size in bytes that the file had when it was read.

        Raises:
            InvalidDistribution: It was never read, and cannot be.
        """
        if self.stamp is not None:
            return self.stamp[0]
        try:
            return os.path.getsize(self.filename)
        except OSError as exc:
            raise unreadable_error(self.filename, exc) from exc

    def hash_ahead(self, executor: concurrent.futures.Executor) -> None:
        """Compute the digests in the background, to have them when they are needed."""
        if self._digests is None and self.size >= _LEAST_IN_BACKGROUND:
            self._pending = PendingDigests(self.filename, executor)

    def stop_hashing(self) -> None:
        """Let the threads of :meth:`hash_ahead` end; nobody waits any longer."""
        if self._pending is not None:
            self._pending.cancel()

    @property
    def digests(self) -> Hexdigest:
        """The digests of the file.

        Raises:
            InvalidDistribution: The file cannot be read any more.
            KeyboardInterrupt: The user wants to stop.
        """
        if self._digests is None:
            try:
                if self.stamp is None:
                    self.stamp = file_stamp(os.stat(self.filename))
                if self._pending is None:
                    manager = HashManager(self.filename)
                    manager.hash()
                    self._digests = manager.hexdigest()
                else:
                    self._digests = self._pending.result()
            except OSError as exc:
                raise unreadable_error(self.filename, exc) from exc
            except concurrent.futures.CancelledError:
                raise KeyboardInterrupt from None
        return self._digests

    @property
    def computed_digests(self) -> Hexdigest | None:
        """The digests, if anybody has asked for them."""
        return self._digests

    def open(self) -> BinaryIO:
        """Open the file to send it.

        Raises:
            InvalidDistribution: It cannot be read, or is not the file any more whose
                metadata was read.
        """
        try:
            # Closed by the caller.
            file = open(self.filename, "rb", buffering=0)  # noqa: SIM115
        except OSError as exc:
            raise unreadable_error(self.filename, exc) from exc
        if self.stamp is not None and self.stamp != file_stamp(os.fstat(file.fileno())):
            file.close()
            raise changed_error(self.filename)
        return file


def file_stamp(status: os.stat_result) -> tuple[int, int]:
    """Return size and time of change: other ones mean that a file was changed."""
    return status.st_size, status.st_mtime_ns


def changed_error(filename: str) -> exceptions.InvalidDistribution:
    """Return the error for a file that somebody writes to."""
    return exceptions.InvalidDistribution(
        f"`{filename}` changed while it was being published, and was not sent whole.",
        hint="Let the build finish, and publish again.",
    )


def unreadable_error(filename: str, error: OSError) -> exceptions.InvalidDistribution:
    """Return the error for a file that the system will not read."""
    return exceptions.InvalidDistribution(
        f"`{filename}` cannot be read: {error.strerror}."
    )
