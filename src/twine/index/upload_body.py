"""The body of an upload: streamed from disk, and hashed as it goes out.

Each byte is read once, into one of a few buffers that are used over and over. Two
threads compute the digests side by side while the bytes are being sent; the form's
digest fields come after the file, and their length is known beforehand.
"""

from __future__ import annotations

import itertools
import os
import queue
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, BinaryIO

from requests_toolbelt import MultipartEncoder

from ..package import Hasher, Hexdigest, changed, new_hashers, unreadable

# The larger a block, the fewer reads and the fewer hand-overs to the threads that
# hash; beyond this nothing more is gained.
BLOCK_SIZE = 512 * 1024
# Blocks that may wait to be hashed: enough to keep both threads busy.
_BUFFERS = 4
# The fields for the digests, and what stands there until they are known: both have
# 256 bits, in hexadecimal.
_PLACEHOLDERS = {"sha256_digest": "s" * 64, "blake2_256_digest": "b" * 64}


class _Worker:
    """A thread that feeds one hasher.

    Args:
        hasher: The hasher.
    """

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher
        self._blocks: queue.SimpleQueue[memoryview | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._unfinished = 0
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (block := self._blocks.get()) is not None:
            self._hasher.update(block)
            self._done.put(None)

    def take(self, block: memoryview) -> None:
        """Hash a block some time."""
        self._blocks.put(block)
        self._unfinished += 1

    def catch_up(self, ahead: int) -> None:
        """Wait until no more than so many blocks are unfinished."""
        while self._unfinished > ahead:
            self._done.get()
            self._unfinished -= 1

    def stop(self) -> None:
        """Wait until all blocks are hashed, and end."""
        self._blocks.put(None)
        self._thread.join()


class StreamHasher:
    """Compute the digests of a stream of blocks, each in a thread of its own.

    A block must stay as it is until it has been hashed: see :meth:`update`.

    Args:
        size: How many bytes are expected; few are hashed without threads.
    """

    def __init__(self, size: int) -> None:
        self._hashers = new_hashers()
        self._workers = [
            _Worker(hasher) for hasher in self._hashers if size > BLOCK_SIZE
        ]

    def update(self, block: memoryview, *, ahead: int) -> None:
        """Hash the next block.

        Args:
            block: The block.
            ahead: How many blocks may be unfinished when this returns, this one
                included; those before them may be written over.
        """
        if not self._workers:
            for hasher in self._hashers:
                hasher.update(block)
        for worker in self._workers:
            worker.take(block)
        for worker in self._workers:
            worker.catch_up(ahead)

    def finish(self) -> Hexdigest:
        """Return the digests of all blocks; no other may follow."""
        self.close()
        return Hexdigest.of(self._hashers)

    def close(self) -> None:
        """End the threads."""
        for worker in self._workers:
            worker.stop()


class UploadBody:
    """A form with a file in it, as :mod:`requests` reads it.

    Args:
        parts: The form's fields.
        file: The distribution, open at its start.
        filename: Its path.
        known: Its digests, if they are among the fields already: other bytes are not
            sent to the end.
        interrupted: Set when the user wants to stop.
    """

    def __init__(
        self,
        parts: Sequence[tuple[str, Any]],
        file: BinaryIO,
        filename: str,
        *,
        known: Hexdigest | None,
        interrupted: threading.Event,
    ) -> None:
        self._file = file
        self._filename = filename
        self._known = known
        self._interrupted = interrupted
        self.report: Callable[[int], None] = lambda done: None
        self.digests: Hexdigest | None = None
        # Whether the first part of it was taken, and the last: whatever happens after
        # that, the server may have all of it.
        self.is_begun = False
        self.is_sent = False
        follow = not any(name in _PLACEHOLDERS for name, _ in parts)
        fields = list(_PLACEHOLDERS.items())[: len(new_hashers())] if follow else []
        # The encoder makes the form around a mark where the file will be.
        mark = secrets.token_hex(16).encode()
        part = (os.path.basename(filename), mark, "application/octet-stream")
        form = MultipartEncoder([*parts, ("content", part), *fields])
        self.content_type: str = form.content_type
        self._head, _, self._tail = form.to_string().partition(mark)
        self._left = os.fstat(file.fileno()).st_size
        self.len = len(self._head) + self._left + len(self._tail)
        self._hasher = StreamHasher(self._left)
        self._chunks = self._read_chunks()

    def __enter__(self) -> UploadBody:
        """Return the body."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the threads, wherever the body was left."""
        self._hasher.close()

    def read(self, size: int = -1) -> bytes | memoryview:
        """Return the next part of the body, valid until the next call.

        Args:
            size: Less than 0 for everything; otherwise ignored: a block is as large
                as is good for sending.

        Raises:
            InvalidDistribution: The file is being changed, or cannot be read.
            KeyboardInterrupt: The user wants to stop.
        """
        self.is_begun = True
        if size < 0:
            return b"".join(bytes(chunk) for chunk in self._chunks)
        return next(self._chunks, b"")

    def _read_chunks(self) -> Iterator[bytes | memoryview]:
        if self.len <= BLOCK_SIZE:
            # One call, and perhaps one packet, for all of a small file.
            blocks = [bytes(block) for block in self._read_file()]
            body = b"".join([self._head, *blocks, self._end()])
            self.is_sent = True
            yield body
            self.report(self.len)
            return
        sent = 0
        for chunk in itertools.chain([self._head], self._read_file()):
            yield chunk
            sent += len(chunk)
            self.report(sent)
        end = self._end()
        self.is_sent = True
        yield end
        self.report(self.len)

    def _end(self) -> bytes:
        """Return what follows the file, the digests included."""
        end: bytes = self._tail
        for mark, digest in zip(
            _PLACEHOLDERS.values(), self.digests or (), strict=False
        ):
            end = end.replace(mark.encode(), (digest or mark).encode())
        return end

    def _read_file(self) -> Iterator[memoryview]:
        """Yield the file's blocks.

        The last one is held back until the bytes are known to be the right ones, so
        that a file that changes meanwhile is never sent whole.
        """
        size = min(BLOCK_SIZE, self._left + 1)
        count = _BUFFERS if size == BLOCK_SIZE else 1
        buffers = [memoryview(bytearray(size)) for _ in range(count)]
        for buffer in itertools.cycle(buffers):
            if self._interrupted.is_set():
                raise KeyboardInterrupt
            block = buffer[: self._read_into(buffer)]
            if not block or len(block) > self._left:
                raise changed(self._filename)
            self._left -= len(block)
            self._hasher.update(block, ahead=_BUFFERS - 1)
            if not self._left:
                self.digests = self._hasher.finish()
                more = self._read_into(memoryview(bytearray(1)))
                if more or self._known not in {None, self.digests}:
                    raise changed(self._filename)
                yield block
                return
            yield block

    def _read_into(self, buffer: memoryview) -> int:
        """Fill a buffer from the file, and return how many bytes came.

        Raises:
            InvalidDistribution: The disk fails, or the network that it is behind.
        """
        try:
            count: int = self._file.readinto(buffer)  # type: ignore[attr-defined]
        except OSError as exc:
            # Left as it is, it would be taken for a fault of the connection.
            raise unreadable(self._filename, exc) from exc
        return count
