"""The digests of a file, at once or in the background."""

from __future__ import annotations

import concurrent.futures
import contextlib
import hashlib
import threading
from collections.abc import Callable
from typing import NamedTuple, Protocol

# Large enough that hashing is bound by the processor, not by calls. hashlib gives up
# the interpreter's lock for blocks above 2 kB, so that threads really run beside.
_BLOCK_SIZE = 1024 * 1024


class Hasher(Protocol):
    """A hash of :mod:`hashlib`."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Hash more bytes."""

    def hexdigest(self) -> str:
        """Return the digest, hexadecimal."""


class Hexdigest(NamedTuple):
    """The digests of one file, hexadecimal.

    Args:
        sha2: SHA-256.
        blake2: BLAKE2b of 256 bits; ``None`` where FIPS mode forbids it.
    """

    sha2: str | None
    blake2: str | None


def new_hashers() -> list[Hasher]:
    """Return the hashers for a distribution: SHA-256, and BLAKE2b where it may be."""
    hashers: list[Hasher] = [hashlib.sha256()]
    with contextlib.suppress(ValueError, AttributeError):  # Python in FIPS mode
        hashers.append(hashlib.blake2b(digest_size=32))
    return hashers


def _hash_file(
    filename: str, *hashers: Hasher, is_cancelled: Callable[[], bool] = lambda: False
) -> list[str]:
    """Feed a file to hashers, and return their digests.

    Raises:
        CancelledError: Nobody wants them any more.
        OSError: The file cannot be read.
    """
    block = memoryview(bytearray(_BLOCK_SIZE))
    with open(filename, "rb", buffering=0) as file:
        while count := file.readinto(block):
            for hasher in hashers:
                hasher.update(block[:count])
            if is_cancelled():
                raise concurrent.futures.CancelledError
    return [hasher.hexdigest() for hasher in hashers]


class HashManager:
    """Compute the digests of a file in one pass."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self._hashers = new_hashers()

    def hash(self) -> None:
        """Read the file.

        Raises:
            OSError: It cannot be read.
        """
        _hash_file(self.filename, *self._hashers)

    def hexdigest(self) -> Hexdigest:
        """Return the digests of what has been read."""
        sha2, *blake2 = [hasher.hexdigest() for hasher in self._hashers]
        return Hexdigest(sha2, blake2[0] if blake2 else None)


class PendingDigests:
    """The digests of a file, computed in the background, each in a thread of its own.

    Every thread reads the file itself: the second one finds it in the cache of the
    system, and none has to wait for the other.

    Args:
        filename: Its path.
        executor: Where the threads come from.
    """

    def __init__(self, filename: str, executor: concurrent.futures.Executor) -> None:
        self._cancelled = threading.Event()
        self._futures = [
            executor.submit(
                _hash_file, filename, hasher, is_cancelled=self._cancelled.is_set
            )
            for hasher in new_hashers()
        ]

    def result(self) -> Hexdigest:
        """Wait for the digests.

        Raises:
            CancelledError: Nobody wants them any more.
            OSError: The file cannot be read.
        """
        sha2, *blake2 = [future.result()[0] for future in self._futures]
        return Hexdigest(sha2, blake2[0] if blake2 else None)

    def cancel(self) -> None:
        """Let the threads have done with it soon."""
        self._cancelled.set()
        for future in self._futures:
            future.cancel()
