"""Several uploads at once, as the index sees them."""

import random
import threading
import time
from pathlib import Path

import pytest

from support import dists
from support.index import Answer, Fault
from support.inprocess import publish
from support.pki import Authority
from support.storing import Listing, StoringIndex
from support.wire import Received


class Journal:
    """What the index does, and when; each upload takes a while."""

    def __init__(self, index: StoringIndex, seconds: float = 0.03) -> None:
        """Take over the uploads of `index`."""
        self.events: list[tuple[str, str]] = []
        self.most = 0
        self._index = index
        self._seconds = seconds
        self._running: set[str] = set()
        self._lock = threading.Lock()
        index.answer("/legacy/", self._store)

    def _store(self, request: Received) -> Answer:
        name = request.files["content"][0]
        with self._lock:
            self.events.append(("begin", name))
            self._running.add(name)
            self.most = max(self.most, len(self._running))
        time.sleep(self._seconds)
        assert self._index.keep(request)
        with self._lock:
            self.events.append(("end", name))
            self._running.discard(name)
        return Answer()

    def alone_before(self, first: str, *others: str) -> bool:
        """Return whether `first` had ended when any of `others` began."""
        end = self.events.index(("end", first))
        return all(self.events.index(("begin", other)) > end for other in others)


def make_release(folder: Path, name: str, version: str, wheels: int) -> list[Path]:
    """Make the wheels and the sdist of a release; the sdist comes last."""
    tags = [f"py3-none-manylinux_2_{n}_x86_64" for n in range(wheels)]
    return [
        *(dists.make_wheel(folder, name, version, tag=tag) for tag in tags),
        dists.make_sdist(folder, name, version),
    ]


@pytest.mark.parametrize("jobs", [1, 2, 4, 16])
def test_the_order_within_projects_and_releases_is_kept(
    store: StoringIndex, workdir: Path, jobs: int
) -> None:
    """The first of each project and release goes alone, the sdist last."""
    journal = Journal(store)
    releases = [
        make_release(workdir, name, version, 3)
        for name in ("aa", "bb")
        for version in ("1.0", "2.0")
    ]
    paths = [path for release in releases for path in reversed(release)]

    publication = publish(store, paths, jobs=jobs)

    assert {outcome.status for outcome in publication.outcomes} == {"uploaded"}
    assert len(store.order) == len(paths)
    for project in ("aa", "bb"):
        of_project = [n for n in store.order if n.startswith(project)]
        assert journal.alone_before(*of_project)
    for release in releases:
        names = {path.name for path in release}
        of_release = [n for n in store.order if n in names]
        assert journal.alone_before(*of_release)
        *wheels, sdist = of_release
        assert sdist.endswith(".tar.gz")
        assert all(journal.alone_before(wheel, sdist) for wheel in wheels)
    assert journal.most <= jobs
    assert (journal.most > 1) == (jobs > 1)


@pytest.mark.parametrize("jobs", [2, 4])
@pytest.mark.parametrize("tls", [False, True])
def test_uploads_really_run_at_once(
    store: StoringIndex,
    tls_store: StoringIndex,
    authority: Authority,
    workdir: Path,
    jobs: int,
    tls: bool,
) -> None:
    """As many uploads as asked for are with the server at the same moment."""
    index = tls_store if tls else store
    index.answer("/legacy/", index.keeping(Answer()), times=1)
    together = threading.Barrier(jobs)

    def meet(request: Received) -> Answer:
        together.wait(10)
        index.keep(request)
        return Answer()

    index.answer("/legacy/", meet, times=2 * jobs)
    paths = make_release(workdir, "pkg", "1.0", 2 * jobs + 1)

    publication = publish(
        index, paths, jobs=jobs, timeout=15, cacert=str(authority.ca_file)
    )

    assert {outcome.status for outcome in publication.outcomes} == {"uploaded"}
    assert len(index.stored) == len(paths)
    # One connection for each worker, kept alive from file to file.
    assert index.connections == jobs


def test_one_job_needs_one_connection(store: StoringIndex, workdir: Path) -> None:
    """One after the other, all over the same connection."""
    publish(store, make_release(workdir, "pkg", "1.0", 5))

    assert len(store.stored) == 6
    assert store.connections == 1


LATER = {"Retry-After": "0"}
PAGE = Answer(body=b"<html><body>Please <b>log in</b></body></html>")
# What the index says about one of the files, and whether it keeps that file.
FAULTS = [
    (Answer(400, "No"), False),
    (Answer(403, "No"), False),
    (Answer(429, "Slow", LATER), False),
    (PAGE, False),
    (PAGE, True),
    *(
        (answer, kept)
        for answer in (
            Answer(500, "Broken", LATER),
            Answer(fault=Fault.RESET_AFTER_BODY),
            Answer(fault=Fault.HANG_UP_AFTER_BODY),
            Answer(fault=Fault.GARBAGE, body=b"?"),
        )
        for kept in (False, True)
    ),
]


@pytest.mark.parametrize("listing", ["json", "html"])
@pytest.mark.parametrize("jobs", [1, 4])
@pytest.mark.parametrize("seed", range(6))
def test_the_report_is_right_in_any_weather(
    store: StoringIndex, workdir: Path, seed: int, jobs: int, listing: Listing
) -> None:
    """Many failures at once, of all kinds, do not confuse the report."""
    store.listing = listing
    weather = random.Random(seed)
    kinds = [Answer(), Answer(), *(answer for answer, _ in FAULTS)]

    def fail_anyhow(request: Received) -> Answer:
        answer = weather.choice(kinds)
        final = answer.status in {400, 403, 429}
        if not final and (answer == Answer() or weather.random() < 0.5):
            return answer if store.keep(request) else store.exists
        return answer

    store.answer(lambda request: bool(request.parts), fail_anyhow)
    paths = [
        path
        for name in ("aa", "bb", "cc")
        for path in make_release(workdir, name, "1.0", 4)
    ]

    publication = publish(store, paths, jobs=jobs, keep_going=True, retries=2)

    reported = {
        Path(outcome.path).name: outcome.sha256
        for outcome in publication.outcomes
        if outcome.status == "uploaded"
    }
    assert reported == store.stored
    tried = [outcome for outcome in publication.outcomes if outcome.tries]
    assert sum(outcome.tries for outcome in tried) == len(store.sent)
