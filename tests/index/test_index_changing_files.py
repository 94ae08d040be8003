"""Files that change on disk between being read and being sent."""

import errno
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.index import Answer
from support.inprocess import publish, publish_one
from support.storing import StoringIndex
from support.wire import Received
from twine import exceptions
from twine.form.file import DistributionFile
from twine.index.upload_body import UploadBody
from twine.publish.outcome import Outcome
from twine.repository import Repository
from twine.settings import Settings


def overwrite(path: Path) -> None:
    """Write other bytes of the same length, as a build does."""
    path.write_bytes(b"\x01" * path.stat().st_size)


def grow(path: Path) -> None:
    """Append to the file."""
    with path.open("ab") as file:
        file.write(b"more")


def shrink(path: Path) -> None:
    """Cut the file in the middle."""
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    """Leave nothing of the file."""
    os.truncate(path, 0)


CHANGES = [overwrite, grow, shrink, empty]


def check(outcome: Outcome, path: Path, index: StoringIndex) -> None:
    """See that a change was noticed, named, final, and that nothing was stored."""
    assert outcome.status == "failed"
    assert outcome.tries <= 1
    assert isinstance(outcome.error, exceptions.InvalidDistribution)
    assert str(path) in str(outcome.error)
    assert index.stored == {}


@pytest.fixture
def before_sending(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function to do something while credentials are asked for."""
    create = Settings.create_repository

    def prepare(act: Callable[[Path], None], path: Path) -> None:
        def create_repository(settings: Settings) -> Repository:
            act(path)
            return create(settings)

        monkeypatch.setattr(Settings, "create_repository", create_repository)

    return prepare


@pytest.mark.parametrize("change", [*CHANGES, Path.unlink])
def test_a_change_before_sending_is_noticed(
    store: StoringIndex,
    wheel: Path,
    change: Callable[[Path], None],
    before_sending: Callable[..., None],
) -> None:
    """A file that is not the one whose metadata was read is not sent at all."""

    def change_later(path: Path) -> None:
        change(path)
        if path.exists():
            os.utime(path, ns=(1, 1))

    before_sending(change_later, wheel)

    check(publish_one(store, wheel), wheel, store)
    assert store.requests == []


@pytest.mark.parametrize("change", [overwrite, grow])
def test_digests_computed_ahead_are_those_of_what_is_sent(
    store: StoringIndex,
    big_wheel: Path,
    change: Callable[[Path], None],
    before_sending: Callable[..., None],
) -> None:
    """A file that changes after it was hashed in the background is not sent."""

    def change_later(path: Path) -> None:
        change(path)
        os.utime(path, ns=(1, 1))

    before_sending(change_later, big_wheel)

    check(publish_one(store, big_wheel), big_wheel, store)
    assert store.requests == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_while_sending_is_noticed(
    store: StoringIndex,
    big_wheel: Path,
    change: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What changes its length on the way is never sent whole."""
    read = UploadBody.read
    reads = []

    def read_and_change(form: UploadBody, size: int = -1) -> bytes:
        reads.append(form)
        if len(reads) == 4:
            change(big_wheel)
            if big_wheel.stat().st_size:
                os.utime(big_wheel, ns=(1, 1))
        return read(form, size)

    monkeypatch.setattr(UploadBody, "read", read_and_change)

    check(publish_one(store, big_wheel), big_wheel, store)
    assert store.uploads == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_between_two_tries_is_noticed(
    store: StoringIndex, wheel: Path, change: Callable[[Path], None]
) -> None:
    """A file that is rebuilt while a retry is waited for is not sent again."""

    def refuse(request: Received) -> Answer:
        change(wheel)
        os.utime(wheel, ns=(1, 1))
        return Answer(503, "Busy", {"Retry-After": "0"})

    store.answer("/legacy/", refuse, times=1)

    outcome = publish_one(store, wheel)

    assert outcome.status == "failed"
    assert isinstance(outcome.error, exceptions.InvalidDistribution)
    assert str(wheel) in str(outcome.error)
    assert store.stored == {}


@pytest.mark.skipif(sys.platform == "win32", reason="there it cannot vanish")
def test_a_file_that_vanishes_between_two_tries_is_named(
    store: StoringIndex, wheel: Path
) -> None:
    """A file that is removed while a retry is waited for is an error."""

    def refuse(request: Received) -> Answer:
        wheel.unlink()
        return Answer(429, "Slow", {"Retry-After": "0"})

    store.answer("/legacy/", refuse, times=1)

    outcome = publish_one(store, wheel)

    assert outcome.status == "failed"
    assert str(wheel) in str(outcome.error)


def test_the_others_are_sent_all_the_same(
    store: StoringIndex,
    wheel: Path,
    big_wheel: Path,
    before_sending: Callable[..., None],
) -> None:
    """With `--keep-going` a changed file leaves the others their chance."""
    before_sending(grow, wheel)

    publication = publish(store, [wheel, big_wheel], keep_going=True)

    assert [o.status for o in publication.outcomes].count("failed") == 1
    assert list(store.stored) == [big_wheel.name]


class FailingFile(io.FileIO):
    """A file on a disk that fails after a while."""

    def read(self, size: int | None = -1) -> bytes:
        """Read once."""
        if self.tell():
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size) or b""


def test_a_disk_that_fails_is_not_taken_for_the_network(
    store: StoringIndex, big_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read is told as such, and is not tried again."""
    monkeypatch.setattr(
        DistributionFile, "open", lambda self: FailingFile(self.filename)
    )

    outcome = publish_one(store, big_wheel)

    check(outcome, big_wheel, store)
    assert "cannot be read: Input/output error" in str(outcome.error)
