"""The body of an upload, and the digests that come after the file."""

import errno
import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.wire import parse_form
from twine import exceptions
from twine.index import upload_body as body
from twine.index.upload_body import StreamHasher, UploadBody
from twine.package import Hexdigest

FORM = [("name", "pkg"), ("version", "1.0")]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make files of a few bytes take many blocks."""
    monkeypatch.setattr(body, "BLOCK_SIZE", 7)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Fail if a thread outlives its body."""
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file of several blocks."""
    found = tmp_path / "pkg-1.0.tar.gz"
    found.write_bytes(bytes(range(100)))
    return found


def digests_of(data: bytes) -> Hexdigest:
    """Return the digests of some bytes."""
    return Hexdigest(
        hashlib.sha256(data).hexdigest(),
        hashlib.blake2b(data, digest_size=32).hexdigest(),
    )


@contextmanager
def opened(
    path: Path,
    fields: list[tuple[str, Any]] | None = None,
    known: Hexdigest | None = None,
    interrupted: threading.Event | None = None,
) -> Iterator[UploadBody]:
    """Open the body for a file."""
    with (
        path.open("rb", buffering=0) as file,
        UploadBody(
            FORM if fields is None else fields,
            file,
            str(path),
            known=known,
            interrupted=interrupted or threading.Event(),
        ) as form,
    ):
        yield form


def read(form: UploadBody) -> bytes:
    """Read a body as the HTTP client does."""
    data = b""
    while chunk := form.read(16):
        data += chunk
    return data


def fields_of(form: UploadBody, data: bytes) -> list[tuple[str, bytes]]:
    """Return the parts of a body as a server reads them."""
    boundary = form.content_type.partition("boundary=")[2].encode()
    return [(part.name, part.content) for part in parse_form(data, boundary)]


@pytest.mark.parametrize("block", [7, 1000, 512 * 1024])
@pytest.mark.parametrize("size", [1, 6, 7, 8, 13, 14, 15, 100, 999, 1000, 1001])
def test_a_file_is_sent_with_its_digests_after_it(
    tmp_path: Path, size: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form, the file, and what was computed on the way, of announced length."""
    monkeypatch.setattr(body, "BLOCK_SIZE", block)
    data = bytes(n % 251 for n in range(size))
    path = tmp_path / "f.whl"
    path.write_bytes(data)

    with opened(path) as form:
        announced = form.len
        sent = read(form)

    sha256, blake2 = digests_of(data)
    assert len(sent) == announced
    assert fields_of(form, sent) == [
        ("name", b"pkg"),
        ("version", b"1.0"),
        ("content", data),
        ("sha256_digest", (sha256 or "").encode()),
        ("blake2_256_digest", (blake2 or "").encode()),
    ]
    assert form.digests == (sha256, blake2)


class SlowFile(io.FileIO):
    """A file on a system that hands out a few bytes at a time."""

    def readinto(self, buffer: Any) -> int:
        """Read three bytes at most."""
        count: int = super().readinto(memoryview(buffer)[:3]) or 0
        return count


class FailingFile(io.FileIO):
    """A file on a disk that fails after some bytes."""

    good = 14

    def readinto(self, buffer: Any) -> int:
        """Read as long as it goes."""
        if self.tell() >= self.good:
            raise OSError(errno.EIO, "Input/output error")
        count: int = super().readinto(buffer) or 0
        return count


@pytest.mark.parametrize("good", [0, 14, 100])
def test_a_disk_that_fails_is_a_fault_of_the_file(
    path: Path, good: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the file, and the body is not sent whole."""
    monkeypatch.setattr(FailingFile, "good", good)
    with (
        FailingFile(path) as file,
        UploadBody(
            FORM, file, str(path), known=None, interrupted=threading.Event()
        ) as form,
    ):
        sent, message = fail(form)

        assert len(sent) < form.len
    assert message == f"`{path}` cannot be read: Input/output error."


@pytest.mark.parametrize("block", [7, 64, 512 * 1024])
def test_short_reads_change_nothing(
    path: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system may return less than it was asked for; the bytes are the same."""
    monkeypatch.setattr(body, "BLOCK_SIZE", block)
    with (
        SlowFile(path) as file,
        UploadBody(
            FORM, file, str(path), known=None, interrupted=threading.Event()
        ) as form,
    ):
        sent = dict(fields_of(form, read(form)))

    data = path.read_bytes()
    assert sent["content"] == data
    assert sent["sha256_digest"].decode() == digests_of(data).sha2


def test_the_file_has_its_base_name_and_type(path: Path) -> None:
    """The server learns the name without folders."""
    with opened(path) as form:
        boundary = form.content_type.partition("boundary=")[2].encode()
        part = next(p for p in parse_form(read(form), boundary) if p.name == "content")

    assert (part.filename, part.content_type) == (path.name, "application/octet-stream")


def test_digests_that_are_known_are_not_sent_twice(path: Path) -> None:
    """Digests among the fields are the only ones."""
    known = digests_of(path.read_bytes())
    fields = [*FORM, ("sha256_digest", known.sha2)]

    with opened(path, fields, known) as form:
        announced, sent = form.len, read(form)

    names = [name for name, _ in fields_of(form, sent)]
    assert names == ["name", "version", "sha256_digest", "content"]
    assert len(sent) == announced


def test_fips_mode_does_without_blake2(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where BLAKE2 is forbidden only SHA-256 follows."""

    def forbidden(*args: object, **kwargs: object) -> None:
        raise ValueError("disabled for FIPS")

    monkeypatch.setattr(hashlib, "blake2b", forbidden)

    with opened(path) as form:
        announced, sent = form.len, read(form)

    assert [name for name, _ in fields_of(form, sent)][-1] == "sha256_digest"
    assert len(sent) == announced
    assert form.digests is not None
    assert form.digests.blake2 is None


def test_no_block_is_larger_than_it_should_be(path: Path) -> None:
    """The file is never in memory as a whole."""
    with opened(path) as form:
        sizes = [len(chunk) for chunk in iter(lambda: bytes(form.read(1)), b"")]

    assert max(sizes[1:-1]) == 7


def test_progress_is_reported_up_to_the_end(path: Path) -> None:
    """Bytes that are gone are counted, never downwards, to the last one."""
    seen: list[int] = []
    with opened(path) as form:
        form.report = seen.append
        read(form)

        assert seen == sorted(seen)
        assert seen[-1] == form.len


@pytest.mark.parametrize("block", [7, 512 * 1024])
def test_without_a_size_everything_is_read(
    path: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other programs read a body whole, as they read any file."""
    monkeypatch.setattr(body, "BLOCK_SIZE", block)
    with opened(path) as form:
        sent = bytes(form.read())

        assert len(sent) == form.len
        assert dict(fields_of(form, sent))["content"] == path.read_bytes()
        assert form.read() == b""


@pytest.mark.parametrize("block", [7, 512 * 1024])
def test_a_body_knows_how_far_it_was_taken(
    path: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first part on it is begun, and with the last one it may be there."""
    monkeypatch.setattr(body, "BLOCK_SIZE", block)
    with opened(path) as form:
        assert (form.is_begun, form.is_sent) == (False, False)
        left = form.len - len(form.read(16))
        while left:
            assert (form.is_begun, form.is_sent) == (True, False)
            left -= len(form.read(16))

        assert (form.is_begun, form.is_sent) == (True, True)


def test_nothing_is_read_after_the_end(path: Path) -> None:
    """Whoever asks again gets nothing again."""
    with opened(path) as form:
        read(form)

        assert form.read(1) == b""


def fail(form: UploadBody) -> tuple[bytes, str]:
    """Read a body that must fail; return what was sent before, and the message."""
    sent = b""
    try:
        while chunk := form.read(1):
            sent += chunk
    except exceptions.InvalidDistribution as error:
        return sent, str(error)
    pytest.fail("everything was sent")


@pytest.mark.parametrize("at", [0, 3])
@pytest.mark.parametrize("size", [0, 50, 99, 101, 1000])
def test_a_file_of_another_size_is_never_sent_whole(
    path: Path, size: int, at: int
) -> None:
    """A file that grows or shrinks, before or while it is read, is an error."""
    data = path.read_bytes()
    with opened(path) as form:
        for _ in range(at):
            assert form.read(1)
        path.write_bytes((data * 10)[:size])

        sent, message = fail(form)

        assert len(sent) < form.len
        assert b"sha256_digest" not in sent
        assert str(path) in message
        assert "changed" in message


def test_other_bytes_than_the_known_ones_are_never_sent_whole(path: Path) -> None:
    """A file whose digests were told already must still have them."""
    data = path.read_bytes()
    known = digests_of(data)
    fields = [*FORM, ("sha256_digest", known.sha2)]
    path.write_bytes(data[::-1])

    with opened(path, fields, known) as form:
        sent, message = fail(form)

        # The last block is held back.
        assert not sent.endswith(data[::-1][-2:])
        assert "changed" in message


def test_a_second_try_must_send_what_the_first_one_sent(path: Path) -> None:
    """Digests that were sent once bind the next try, too."""
    with opened(path) as form:
        read(form)
        known = form.digests
    path.write_bytes(path.read_bytes()[::-1])

    with opened(path, known=known) as form:
        assert "changed" in fail(form)[1]


@pytest.mark.skipif("sys.platform == 'win32'", reason="open files cannot be removed")
def test_a_file_that_vanishes_while_it_is_sent_is_sent(path: Path) -> None:
    """What is open can be read to its end."""
    data = path.read_bytes()
    with opened(path) as form:
        path.unlink()

        assert ("content", data) in fields_of(form, read(form))


def test_an_interruption_ends_the_sending(path: Path) -> None:
    """After Ctrl-C no further block is handed out."""
    interrupted = threading.Event()
    with opened(path, interrupted=interrupted) as form:
        assert form.read(1)
        assert form.read(1)
        interrupted.set()

        with pytest.raises(KeyboardInterrupt):
            form.read(1)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_body_may_be_left_anywhere(path: Path, count: int) -> None:
    """A server that refuses early leaves no thread and no error behind."""
    with opened(path) as form:
        for _ in range(count):
            assert form.read(1)

    assert form.digests is None


@pytest.mark.parametrize("ahead", [0, 1, 3])
def test_a_stream_hasher_hashes_blocks_in_order(ahead: int) -> None:
    """Blocks may be written over once they are no longer ahead."""
    data = bytes(range(256)) * 40
    buffers = [memoryview(bytearray(100)) for _ in range(ahead + 1)]
    hasher = StreamHasher(len(data))
    for number, start in enumerate(range(0, len(data), 100)):
        piece = data[start : start + 100]
        block = buffers[number % len(buffers)][: len(piece)]
        block[:] = piece
        hasher.update(block, ahead=ahead)

    assert hasher.finish() == digests_of(data)
