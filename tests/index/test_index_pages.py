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
