"""Files that change on disk between being read and being sent."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support.index import Answer
from support.inprocess import publish_one
from support.storing import StoringIndex
from support.wire import Received
from twine import exceptions
from twine.repository import Repository
from twine.settings import Settings


def overwrite(path: Path) -> None:
    """Write other bytes of the same length, as a build does."""
    path.write_bytes(b"\x01" * path.stat().st_size)


def grow(path: Path) -> None:
    """Append to the file."""
    with path.open("ab") as file:
        file.write(b"more")


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


@pytest.mark.parametrize("change", [overwrite, grow, Path.unlink])
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

    outcome = publish_one(store, wheel)

    assert (outcome.status, outcome.tries) == ("failed", 1)
    assert isinstance(outcome.error, exceptions.InvalidDistribution)
    assert str(wheel) in str(outcome.error)
    assert store.requests == []


@pytest.mark.parametrize("change", [overwrite, grow])
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
