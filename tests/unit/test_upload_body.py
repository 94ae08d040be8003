"""The body of an upload: the form, and the file from disk."""

import errno
import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.wire import parse_form
from twine import exceptions
from twine.index.upload_body import Part, UploadBody

FORM: list[Part] = [("name", "pkg"), ("gpg_signature", ("a.asc", b"SIG"))]
SMALL = 7


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file of several blocks."""
    found = tmp_path / "pkg-1.0.tar.gz"
    found.write_bytes(bytes(range(100)))
    return found


@contextmanager
def opened(
    path: Path,
    open_file: Callable[[Path], io.RawIOBase] = io.FileIO,
    interrupted: threading.Event | None = None,
) -> Iterator[UploadBody]:
    """Open the body for a file."""
    with open_file(path) as file:
        event = interrupted or threading.Event()
        yield UploadBody(FORM, file, str(path), interrupted=event)  # type: ignore[arg-type]


def read(body: UploadBody, size: int = SMALL) -> bytes:
    """Read a body as the HTTP client does."""
    return b"".join(iter(lambda: body.read(size), b""))


def parts_of(body: UploadBody, data: bytes) -> list[tuple[str, str | None, bytes]]:
    """Return the parts of a body as a server reads them."""
    boundary = body.content_type.partition("boundary=")[2].encode()
    return [(p.name, p.filename, p.content) for p in parse_form(data, boundary)]


class SlowFile(io.FileIO):
    """A file on a system that hands out a few bytes at a time."""

    def read(self, size: int | None = -1) -> bytes:
        """Read three bytes at most."""
        return super().read(min(3, size or 0)) or b""


class FailingFile(io.FileIO):
    """A file on a disk that fails after some bytes."""

    def read(self, size: int | None = -1) -> bytes:
        """Read as long as it goes."""
        if self.tell() >= SMALL:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size) or b""


@pytest.mark.parametrize("open_file", [io.FileIO, SlowFile])
@pytest.mark.parametrize("block", [1, SMALL, 1000, -1])
@pytest.mark.parametrize("size", [0, 1, 6, 7, 8, 999, 1000, 1001])
def test_a_file_is_sent_at_the_end_of_the_form(
    tmp_path: Path,
    size: int,
    block: int,
    open_file: Callable[[Path], io.RawIOBase],
) -> None:
    """The fields in order, then the file under its base name, of announced length.

    What is reported is how much of the file was read.
    """
    data = bytes(n % 251 for n in range(size))
    path = tmp_path / "f.whl"
    path.write_bytes(data)
    seen: list[int] = []

    with opened(path, open_file) as body:
        body.report = seen.append
        sent = read(body, block)

    assert len(sent) == body.len
    assert seen[-1] == body.file_size == size
    assert seen == sorted(seen)
    assert parts_of(body, sent) == [
        ("name", None, b"pkg"),
        ("gpg_signature", "a.asc", b"SIG"),
        ("content", "f.whl", data),
    ]


def test_only_the_content_has_a_type(path: Path) -> None:
    """A signature is sent without a guess, as 7.0.0 does."""
    with opened(path) as body:
        boundary = body.content_type.partition("boundary=")[2].encode()
        parts = parse_form(read(body), boundary)

    assert [part.content_type for part in parts] == [
        *(None, None),
        "application/octet-stream",
    ]


@pytest.mark.parametrize("size", [1, SMALL, 1000])
def test_no_more_is_returned_than_was_asked_for(path: Path, size: int) -> None:
    """A program that reads the body in its own way gets it in its own blocks."""
    with opened(path) as body:
        blocks = list(iter(lambda: body.read(size), b""))

        assert {len(block) for block in blocks[:-1]} <= {size}
        assert body.read(size) == b""


def test_a_body_knows_how_far_it_was_taken(path: Path) -> None:
    """From the first part on it is begun, and with the last one it may be there."""
    with opened(path) as body:
        states = [(body.is_begun, body.is_sent)]
        while body.read(SMALL):
            states.append((body.is_begun, body.is_sent))

    assert states[0] == (False, False)
    assert set(states[1:-2]) == {(True, False)}
    assert states[-1] == (True, True)


def fail(body: UploadBody) -> tuple[bytes, str]:
    """Read a body that must fail; return what was sent before, and the message."""
    sent = b""
    try:
        while chunk := body.read(SMALL):
            sent += chunk
    except exceptions.InvalidDistribution as error:
        return sent, str(error)
    pytest.fail("everything was sent")


@pytest.mark.parametrize("at", [0, 20, 40])
@pytest.mark.parametrize("size", [0, 50, 99, 100, 101, 1000])
def test_a_file_that_changes_is_never_sent_whole(
    path: Path, size: int, at: int
) -> None:
    """A file that grows, shrinks or is written anew while it is read is an error."""
    data = path.read_bytes()
    with opened(path) as body:
        for _ in range(at):
            assert body.read(SMALL)
        path.write_bytes((data * 10)[:size])
        os.utime(path, ns=(1, 1))

        sent, message = fail(body)

        assert not body.is_sent
        assert data[-SMALL:] not in sent
        assert str(path) in message
        assert "changed" in message


def test_a_disk_that_fails_is_a_fault_of_the_file(path: Path) -> None:
    """The error names the file, and the body is not sent whole."""
    with opened(path, FailingFile) as body:
        _, message = fail(body)

    assert not body.is_sent
    assert message == f"`{path}` cannot be read: Input/output error."


@pytest.mark.skipif("sys.platform == 'win32'", reason="open files cannot be removed")
def test_a_file_that_vanishes_while_it_is_sent_is_sent(path: Path) -> None:
    """What is open can be read to its end."""
    data = path.read_bytes()
    with opened(path) as body:
        path.unlink()

        assert parts_of(body, read(body))[-1][2] == data


def test_an_interruption_ends_the_sending(path: Path) -> None:
    """After Ctrl-C no further block is handed out."""
    interrupted = threading.Event()
    with opened(path, interrupted=interrupted) as body:
        assert body.read(SMALL)
        interrupted.set()

        with pytest.raises(KeyboardInterrupt):
            body.read(SMALL)
