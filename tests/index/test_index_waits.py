"""Servers that keep one waiting, ask for patience, or cannot be reached."""

from pathlib import Path

import pytest

from support.index import Answer, Fault, unused_port
from support.inprocess import publish_one
from support.pki import Authority
from support.storing import StoringIndex


@pytest.mark.parametrize("tls", [False, True])
def test_an_answer_that_never_comes_is_not_waited_for(
    store: StoringIndex,
    tls_store: StoringIndex,
    authority: Authority,
    wheel: Path,
    tls: bool,
) -> None:
    """After the timeout the file is sent again."""
    index = tls_store if tls else store
    index.answer("/legacy/", Answer(fault=Fault.SILENCE), times=1)

    outcome = publish_one(index, wheel, timeout=0.3, cacert=str(authority.ca_file))

    assert (outcome.status, outcome.tries) == ("uploaded", 2)


@pytest.mark.parametrize("tls", [False, True])
def test_a_server_that_stops_reading_is_not_waited_for(
    store: StoringIndex,
    tls_store: StoringIndex,
    authority: Authority,
    big_wheel: Path,
    tls: bool,
) -> None:
    """Without progress while sending the file is sent again after the timeout."""
    index = tls_store if tls else store
    index.answer("/legacy/", Answer(fault=Fault.STALL), times=1)

    outcome = publish_one(index, big_wheel, timeout=1, cacert=str(authority.ca_file))

    assert (outcome.status, outcome.tries) == ("uploaded", 2)


def test_a_refused_connection_is_tried_again(store: StoringIndex, wheel: Path) -> None:
    """A port on which nobody listens may soon have somebody; then it is told."""
    port = unused_port()
    url = f"http://127.0.0.1:{port}/legacy/"

    outcome = publish_one(store, wheel, repository_url=url, retries=1)

    assert (outcome.status, outcome.tries) == ("failed", 2)
    assert f"127.0.0.1:{port}" in str(outcome.error)
    assert "refuses" in str(outcome.error)


def test_a_certificate_that_nobody_trusts_is_final(
    tls_store: StoringIndex, wheel: Path
) -> None:
    """Waiting makes no certificate trustworthy: one try, and nothing is sent."""
    outcome = publish_one(tls_store, wheel)

    assert (outcome.status, outcome.tries) == ("failed", 1)
    assert "not trusted" in str(outcome.error)
    assert tls_store.requests == []
