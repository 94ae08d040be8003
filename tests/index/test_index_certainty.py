"""What landed, and what did not: an index that is asked, or cannot be."""

import sys
from pathlib import Path

import pytest

from support.index import Answer, Fault
from support.inprocess import publish_one
from support.storing import Listing, StoringIndex
from support.wire import Received
from twine import exceptions

BROKEN = Answer(500, "Broken")
EXISTS = [
    Answer(409, "Conflict"),
    Answer(400, "File already exists. See ..."),
    Answer(400, "Bad Request", body=b"this file ALREADY EXISTS"),
]
OTHER = "ab" * 32


@pytest.mark.parametrize("listing", ["json", "html"])
def test_another_file_of_that_name_is_an_error(
    store: StoringIndex, wheel: Path, listing: Listing
) -> None:
    """A listing with another digest ends it, and the error names that digest."""
    store.listing = listing
    store.stored[wheel.name] = OTHER
    store.answer("/legacy/", BROKEN)

    outcome = publish_one(store, wheel)

    assert (outcome.status, outcome.tries) == ("failed", 1)
    assert isinstance(outcome.error, exceptions.InvalidDistribution)
    assert OTHER in str(outcome.error)
    assert "other content" in str(outcome.error)


@pytest.mark.parametrize("exists", EXISTS)
def test_what_exists_after_a_doubt_is_compared(
    store: StoringIndex, wheel: Path, exists: Answer
) -> None:
    """`already exists` with another digest is an error that says so."""
    store.exists = exists
    store.answer("/simple/pkg/", Answer(503, "Busy", {"Retry-After": "0"}), times=1)
    store.answer("/legacy/", BROKEN, times=1)
    store.stored[wheel.name] = OTHER

    outcome = publish_one(store, wheel)

    assert outcome.status == "failed"
    assert outcome.tries == 2
    assert OTHER in str(outcome.error)


@pytest.mark.parametrize("exists", EXISTS)
@pytest.mark.parametrize("before", [408, 425, 429])
def test_a_try_without_doubt_proves_nothing(
    store: StoringIndex, wheel: Path, exists: Answer, before: int
) -> None:
    """After an answer that says nothing was done, `already exists` is a refusal."""
    store.listing = "none"
    store.exists = exists
    store.stored[wheel.name] = OTHER
    store.answer("/legacy/", Answer(before, "Later", {"Retry-After": "0"}), times=1)

    outcome = publish_one(store, wheel)

    assert (outcome.status, outcome.tries) == ("failed", 2)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, "Not Found"),
        Answer(302, "Found", {"Location": "/login"}),
        Answer(fault=Fault.GARBAGE, body=b"?"),
        Answer(headers={"Content-Type": "application/json"}, body=b"[1"),
    ],
)
def test_an_index_that_cannot_be_asked_gets_the_file_again(
    store: StoringIndex, wheel: Path, answer: Answer
) -> None:
    """Whatever else the simple API answers, the file is sent again, and lands."""
    store.answer("/simple/pkg/", answer)
    store.answer("/legacy/", BROKEN, times=1)

    outcome = publish_one(store, wheel)

    assert (outcome.status, outcome.tries) == ("uploaded", 2)
    assert list(store.stored) == [wheel.name]


def test_looking_is_bounded(store: StoringIndex, wheel: Path) -> None:
    """A simple API that never answers does not hold up the next try for long."""
    store.answer("/simple/pkg/", Answer(fault=Fault.SILENCE))
    store.answer("/legacy/", BROKEN, times=1)

    assert publish_one(store, wheel, timeout=0.5).status == "uploaded"


def test_an_index_of_no_known_layout_is_not_asked(
    store: StoringIndex, wheel: Path
) -> None:
    """Where the simple API might be is not guessed at: a doubt stays one."""
    store.answer("/a/b/c/d", BROKEN)

    outcome = publish_one(store, wheel, repository_url=f"{store.url}/a/b/c/d")

    assert (outcome.status, outcome.in_doubt) == ("failed", True)
    assert {request.method for request in store.requests} == {"POST"}


def test_a_doubt_outlives_a_refusal(store: StoringIndex, wheel: Path) -> None:
    """A refusal after a doubt says nothing about the try before it."""
    store.listing = "none"
    broken = Answer(fault=Fault.RESET_AFTER_BODY)
    store.answer("/legacy/", store.keeping(broken), times=1)
    store.answer("/legacy/", Answer(403, "Token expired"))

    outcome = publish_one(store, wheel)

    assert (outcome.status, outcome.in_doubt) == ("failed", True)


@pytest.mark.skipif(sys.platform == "win32", reason="there it cannot vanish")
def test_a_doubt_outlives_the_file(store: StoringIndex, wheel: Path) -> None:
    """A file that vanishes after a doubtful try may be on the index."""
    store.listing = "none"

    def keep_and_vanish(request: Received) -> Answer:
        store.keep(request)
        wheel.unlink()
        return Answer(500, "Broken", {"Retry-After": "0"})

    store.answer("/legacy/", keep_and_vanish)

    outcome = publish_one(store, wheel)

    assert (outcome.status, outcome.in_doubt) == ("failed", True)


def test_a_listing_that_lags_leaves_a_doubt(store: StoringIndex, wheel: Path) -> None:
    """`already exists` after a doubt, but not in the listing: that is not certain."""
    store.answer("/simple/pkg/", Answer.of_json({"files": []}))
    store.answer("/legacy/", store.keeping(BROKEN), times=1)

    outcome = publish_one(store, wheel)

    assert outcome.tries == 2
    assert outcome.status == "uploaded" or outcome.in_doubt
