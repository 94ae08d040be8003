"""A success that comes with a web page: perhaps nothing was stored."""

from pathlib import Path

import pytest

from support.index import Answer
from support.inprocess import publish_one
from support.storing import Listing, StoringIndex

OTHER = "ab" * 32


def page(text: str) -> Answer:
    """Return a success with a web page."""
    body = f"<!DOCTYPE html><html><body>{text}</body></html>".encode()
    return Answer(headers={"Content-Type": "text/html; charset=utf-8"}, body=body)


LOGIN = page("<form><input name=p type='password'></form>")
FRONT = page("<h1>Welcome to our shop</h1>")


@pytest.mark.parametrize("listing", ["json", "html", "none"])
@pytest.mark.parametrize("answer", [LOGIN, FRONT])
def test_a_page_is_fine_when_the_file_is_listed(
    store: StoringIndex, wheel: Path, answer: Answer, listing: Listing
) -> None:
    """The listing decides about a page; without one a login form is a failure."""
    store.listing = listing
    store.answer("/legacy/", store.keeping(answer))

    outcome = publish_one(store, wheel)

    lost = listing == "none" and answer is LOGIN
    assert outcome.status == ("failed" if lost else "uploaded")
    assert outcome.tries == 1


@pytest.mark.parametrize("answer", [LOGIN, FRONT])
def test_a_page_is_a_failure_when_the_file_is_not_listed(
    store: StoringIndex, wheel: Path, answer: Answer
) -> None:
    """A project that is listed without the file did not get it."""
    store.stored["pkg-0.9-py3-none-any.whl"] = OTHER
    store.answer("/legacy/", answer)

    outcome = publish_one(store, wheel)

    assert (outcome.status, outcome.tries) == ("failed", 1)
    assert "not stored" in str(outcome.error)
    assert wheel.name not in store.stored


def test_a_page_of_an_index_that_cannot_be_asked_is_a_warning(
    store: StoringIndex, wheel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that asks for nothing leaves a doubt, and the warning quotes it."""
    store.listing = "none"
    store.answer("/legacy/", FRONT)

    assert publish_one(store, wheel).status == "uploaded"
    said = capsys.readouterr().out
    assert "WARNING" in said
    assert "Welcome to our shop" in said


def test_a_page_that_hides_another_file_is_an_error(
    store: StoringIndex, wheel: Path
) -> None:
    """A page, and another file of that name on the index: an error that says so."""
    store.stored[wheel.name] = OTHER
    store.answer("/legacy/", FRONT)

    outcome = publish_one(store, wheel)

    assert outcome.status == "failed"
    assert OTHER in str(outcome.error)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(),
        Answer(201, "Created"),
        Answer(204, "No Content"),
        Answer(body=b"OK"),
        Answer(body=b"200 OK"),
        Answer(headers={"Content-Type": "text/html"}, body=b""),
        Answer(headers={"Content-Type": "text/html"}, body=b"OK"),
        Answer(headers={"Content-Type": "text/html"}, body=b"<html>\n"),
        page("OK"),
        page("<h1>201 Created</h1>"),
        Answer.of_json({"message": "stored"}, 201, "Created"),
        Answer.of_json([]),
        Answer(202, "Accepted", {"Content-Type": "application/octet-stream"}),
        Answer(headers={"Content-Type": "text/x-nonsense; charset=nope"}, body=b"\xff"),
    ],
)
def test_a_plain_success_is_not_doubted(
    store: StoringIndex,
    wheel: Path,
    answer: Answer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Empty, `OK` and JSON: no warning, and the index is not asked."""
    store.answer("/legacy/", store.keeping(answer))

    outcome = publish_one(store, wheel)

    assert (outcome.status, outcome.tries) == ("uploaded", 1)
    assert store.lookups == []
    assert "WARNING" not in capsys.readouterr().out
