"""Several uploads at once, as the index sees them."""

import threading
from pathlib import Path

import pytest

from support import dists
from support.index import Answer
from support.inprocess import publish
from support.pki import Authority
from support.storing import StoringIndex
from support.wire import Received


def make_release(folder: Path, name: str, version: str, wheels: int) -> list[Path]:
    """Make the wheels and the sdist of a release; the sdist comes last."""
    tags = [f"py3-none-manylinux_2_{n}_x86_64" for n in range(wheels)]
    return [
        *(dists.make_wheel(folder, name, version, tag=tag) for tag in tags),
        dists.make_sdist(folder, name, version),
    ]


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
