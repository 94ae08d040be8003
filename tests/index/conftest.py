"""Fixtures for tests that publish within this process, to an index with a memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import dists
from support.pki import Authority
from support.storing import StoringIndex


@pytest.fixture
def tls_store(authority: Authority) -> Iterator[StoringIndex]:
    """Serve an index that stores and lists, over TLS."""
    with StoringIndex(tls=authority.issue("127.0.0.1")) as server:
        yield server


@pytest.fixture
def wheel(workdir: Path) -> Path:
    """Return a wheel."""
    return dists.make_wheel(workdir)


@pytest.fixture
def big_wheel(workdir: Path) -> Path:
    """Return a wheel that is larger than what sockets hold on the way."""
    return dists.make_wheel(workdir, "big", payload=bytes(16 << 20))
