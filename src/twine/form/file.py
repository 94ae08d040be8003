"""The file of a distribution: its size, its digests, and whether it has changed."""

from __future__ import annotations

import concurrent.futures
import contextlib
import hashlib
import os
import threading
from collections.abc import Callable
from typing import BinaryIO, NamedTuple, Protocol

from .. import exceptions

# Large enough that hashing is bound by the processor, not by calls. hashlib gives up
# the interpreter's lock for blocks above 2 kB, so that threads really run beside.
_BLOCK_SIZE = 1024 * 1024
# A smaller file is hashed sooner than a thread has begun.
_LEAST_IN_BACKGROUND = 1024 * 1024


class _Hasher(Protocol):
    """A hash of :mod:`hashlib`."""

    def update(self, data: bytes | memoryview, /) -> None: ...

    def hexdigest(self) -> str: ...


class Hexdigest(NamedTuple):
    """The digests of one file, hexadecimal.

    Args:
        sha2: SHA-256.
        blake2: BLAKE2b of 256 bits; ``None`` where FIPS mode forbids it.
    """

    sha2: str | None
    blake2: str | None


class HashManager:
    """Compute the digests of a file in one pass."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.hashers: list[_Hasher] = [hashlib.sha256()]
        with contextlib.suppress(ValueError, AttributeError):  # Python in FIPS mode
            self.hashers.append(hashlib.blake2b(digest_size=32))

    def hash(self) -> None:
        """Read the file.

        Raises:
            OSError: It cannot be read.
        """
        _hash_file(self.filename, *self.hashers)

    def hexdigest(self) -> Hexdigest:
        """Return the digests of what has been read."""
        sha2, *blake2 = [hasher.hexdigest() for hasher in self.hashers]
        return Hexdigest(sha2, blake2[0] if blake2 else None)


def _hash_file(
    filename: str, *hashers: _Hasher, is_cancelled: Callable[[], bool] = lambda: False
) -> None:
    """Feed a file to hashers, until nobody wants their digests any more."""
    block = memoryview(bytearray(_BLOCK_SIZE))
    with open(filename, "rb", buffering=0) as file:
        while count := file.readinto(block):
            for hasher in hashers:
                hasher.update(block[:count])
            if is_cancelled():
                raise concurrent.futures.CancelledError


class DistributionFile:
    """A file that must stay as it is until it has been sent.

    The digests are computed when they are first asked for, if not ahead.
    """

    def __init__(self, filename: str) -> None:
        self.filename = filename
        # What :func:`file_stamp` returned when the file was read.
        self.stamp: tuple[int, int] | None = None
        self._digests: Hexdigest | None = None
        self._manager = HashManager(filename)
        self._running: list[concurrent.futures.Future[None]] = []
        self._cancelled = threading.Event()

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
        """Compute the digests in the background, to have them when they are needed.

        Each has a thread of its own that reads the file: the second one finds it in the
        cache of the system, and none has to wait for the other.
        """
        if self._digests is None and self.size >= _LEAST_IN_BACKGROUND:
            self._running = [
                executor.submit(
                    _hash_file,
                    self.filename,
                    hasher,
                    is_cancelled=self._cancelled.is_set,
                )
                for hasher in self._manager.hashers
            ]

    def stop_hashing(self) -> None:
        """Let the threads of :meth:`hash_ahead` end; nobody waits any longer."""
        self._cancelled.set()
        for future in self._running:
            future.cancel()

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
                for future in self._running:
                    future.result()
                if not self._running:
                    self._manager = HashManager(self.filename)
                    self._manager.hash()
            except OSError as exc:
                raise unreadable_error(self.filename, exc) from exc
            except concurrent.futures.CancelledError:
                raise KeyboardInterrupt from None
            self._digests = self._manager.hexdigest()
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
