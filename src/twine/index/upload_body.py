"""The body of an upload: a form with a file in it, streamed from disk."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import BinaryIO

from urllib3.fields import RequestField
from urllib3.filepost import choose_boundary, encode_multipart_formdata

from ..form.file import changed_error, file_stamp, unreadable_error

Part = tuple[str, str | tuple[str, bytes]]


def make_fields(parts: Sequence[Part]) -> list[RequestField]:
    """Return the parts of a form for urllib3, files without a guess at their type."""
    fields = []
    for name, value in parts:
        filename, content = value if isinstance(value, tuple) else (None, value)
        fields.append(RequestField(name, content, filename))
        fields[-1].make_multipart()
    return fields


class UploadBody:
    """A form with a file as its last part, as :mod:`requests` reads it.

    Args:
        parts: The form's fields.
        file: The distribution, unbuffered and open at its start.
        filename: Its path.
        interrupted: Set when the user wants to stop.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        file: BinaryIO,
        filename: str,
        *,
        interrupted: threading.Event,
    ) -> None:
        self._file = file
        self._filename = filename
        self._interrupted = interrupted
        self._stamp = file_stamp(os.fstat(file.fileno()))
        self.report: Callable[[int], None] = lambda done: None
        boundary = choose_boundary()
        announced = RequestField("content", b"", os.path.basename(filename))
        announced.make_multipart(content_type="application/octet-stream")
        # The parts are encoded once, with an empty file: its blocks go between the
        # two ends, and never through the encoder.
        form, self.content_type = encode_multipart_formdata(
            [*make_fields(parts), announced], boundary
        )
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._head = form.removesuffix(self._tail)
        self._left = self.file_size = self._stamp[0]
        # requests asks for `len` (like requests_toolbelt's encoder), and not for
        # `__len__`, which cannot exceed 2 GiB on a system of 32 bits.
        self.len = len(self._head) + self._left + len(self._tail)
        self._sent = 0

    @property
    def is_begun(self) -> bool:
        """Whether a part of it was taken."""
        return self._sent > 0

    @property
    def is_sent(self) -> bool:
        """Whether all was taken: whatever follows, the server may have it."""
        return self._sent == self.len

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes of the body; none at its end.

        The end of the file is held back until nothing shows that it has changed, so
        that a file which changes meanwhile is never sent whole.

        Args:
            size: How many bytes at most; less than 0 for all that are left.

        Raises:
            InvalidDistribution: The file is being changed, or cannot be read.
            KeyboardInterrupt: The user wants to stop.
        """
        if self._interrupted.is_set():
            raise KeyboardInterrupt
        room = self.len - self._sent if size < 0 else size
        pieces = [self._head[:room]]
        self._head = self._head[room:]
        room -= len(pieces[0])
        while room and self._left:
            pieces.append(self._read_file(room))
            room -= len(pieces[-1])
        if room:
            pieces.append(self._tail[:room])
            self._tail = self._tail[room:]
        # Joining a single piece copies nothing.
        block = b"".join(filter(None, pieces))
        self._sent += len(block)
        self.report(self.file_size - self._left)
        return block

    def _read_file(self, size: int) -> bytes:
        """Return the next bytes of the file: at least one.

        Raises:
            InvalidDistribution: The file is being changed, or cannot be read.
        """
        try:
            block = self._file.read(min(size, self._left))
            self._left -= len(block)
            is_changed = not block or (
                not self._left
                and file_stamp(os.fstat(self._file.fileno())) != self._stamp
            )
        except OSError as exc:
            # requests would take it for a fault of the connection.
            raise unreadable_error(self._filename, exc) from exc
        if is_changed:
            raise changed_error(self._filename)
        return block
