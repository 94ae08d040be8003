"""A success that comes with a web page: perhaps nothing was stored."""

import random
from pathlib import Path

import pytest

from support import dists
from support.index import Answer, Fault
from support.inprocess import publish
from support.storing import Listing, StoringIndex
from support.wire import Received


def page(text: str) -> Answer:
    """Return a success with a web page."""
    body = f"<!DOCTYPE html><html><body>{text}</body></html>".encode()
    return Answer(headers={"Content-Type": "text/html; charset=utf-8"}, body=body)


LOGIN = page("<form><input name=p type='password'></form>")
FRONT = page("<h1>Welcome to our shop</h1>")


def test_a_page_of_an_index_that_cannot_be_asked_is_a_warning(
    store: StoringIndex, wheel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that asks for nothing leaves a doubt, and the warning quotes it."""
    store.listing = "none"
    store.answer("/legacy/", FRONT)

    publication = publish(store, [wheel])

    assert publication.error is None
    assert [outcome.status for outcome in publication.outcomes] == ["unknown"]
    said = capsys.readouterr().out
    assert "WARNING" in said
    assert "Welcome to our shop" in said
    assert "Uploaded" not in said


def test_what_may_be_there_holds_no_sdist_back(
    store: StoringIndex, workdir: Path
) -> None:
    """A wheel of which nothing is known does not keep its sdist from being sent."""
    store.listing = "none"
    paths = [dists.make_wheel(workdir), dists.make_sdist(workdir)]
    store.spoil(paths[0].name, store.keeping(FRONT))

    publication = publish(store, paths)

    assert [o.status for o in publication.outcomes] == ["unknown", "uploaded"]


HTML = {"Content-Type": "text/html"}
ODD = [
    LOGIN,
    FRONT,
    Answer(203, "Non-Authoritative Information", HTML, b"<title>Sign In</title>"),
    Answer(203, "Non-Authoritative Information"),
    Answer(headers=HTML, body=b"Welcome"),
    Answer(body=b"\xef\xbb\xbf<html>Welcome</html>"),
    Answer(body=b"<!-- 1 --><p>Welcome"),
    Answer(body=b"<script>go()</script>"),
    Answer(101, "Switching Protocols", {"Upgrade": "x"}),
    Answer(500, "Broken", {"Retry-After": "0"}),
    Answer(fault=Fault.RESET_AFTER_BODY),
    Answer(fault=Fault.GARBAGE, body=b"SSH-2.0-OpenSSH_9.9\r\n"),
]
# Nobody stores a file and says these.
ERRORS = [
    Answer.of_json({"error": {"code": 403, "message": "No"}}),
    Answer.of_json({"success": False}),
    Answer(302, "Found", {"Location": "/login"}),
    Answer(501, "Not Implemented"),
    Answer(403, "No"),
]


@pytest.mark.parametrize("listing", ["json", "html", "none"])
@pytest.mark.parametrize("jobs", [1, 4])
@pytest.mark.parametrize("seed", range(6))
def test_the_report_is_true_under_odd_answers(
    store: StoringIndex, workdir: Path, seed: int, jobs: int, listing: Listing
) -> None:
    """What is called uploaded is there; what is there is uploaded, or in doubt."""
    store.listing = listing
    chance = random.Random(seed)

    def answer(request: Received) -> Answer:
        odd = chance.choice([Answer(), *ODD, *ERRORS])
        if odd == Answer() or (odd in ODD and chance.random() < 0.5):
            return odd if store.keep(request) else store.exists
        return odd

    store.answer("/legacy/", answer)
    paths = [dists.make_wheel(workdir, name) for name in ("aa", "bb", "cc", "dd")]

    publication = publish(store, paths, jobs=jobs, keep_going=True, retries=2)

    outcomes = {Path(outcome.path).name: outcome for outcome in publication.outcomes}
    uploaded = {name for name, o in outcomes.items() if o.status == "uploaded"}
    assert uploaded <= store.stored.keys()
    doubtful = {name for name, o in outcomes.items() if o.in_doubt}
    assert store.stored.keys() <= uploaded | doubtful
    assert not uploaded & doubtful
