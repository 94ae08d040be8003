"""The faulty index itself: what does not fail as it should would prove nothing."""

import hashlib
import http.client
import json
import socket
from pathlib import Path

import pytest

from support import dists
from support.index import Answer, Fault, ScriptedIndex
from support.inprocess import publish_one
from support.storing import Listing, StoringIndex


def post(index: ScriptedIndex, size: int) -> int:
    """Send a body of so many bytes and return the status of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", index.port, timeout=0.5)
    try:
        connection.request("POST", "/legacy/", body=bytes(size))
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    "fault",
    [Fault.RESET_BEFORE_BODY, Fault.RESET_DURING_BODY, Fault.RESET_AFTER_BODY],
)
def test_a_reset_is_a_reset(index: ScriptedIndex, fault: Fault) -> None:
    """The connection is cut, not closed, and the request was seen."""
    index.answer("/legacy/", Answer(fault=fault))
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        post(index, 1 << 20)
    assert len(index.requests) == 1


def test_a_stalled_server_takes_no_more(index: ScriptedIndex) -> None:
    """What sockets do not hold on the way is never taken."""
    index.answer("/legacy/", Answer(fault=Fault.STALL))
    with pytest.raises(TimeoutError):
        post(index, 16 << 20)


def test_an_early_answer_is_there_before_the_body(index: ScriptedIndex) -> None:
    """The answer comes although the body does not."""
    index.answer("/legacy/", Answer(413, "Too Large", fault=Fault.EARLY))
    with socket.create_connection(("127.0.0.1", index.port), 5) as connection:
        connection.sendall(
            b"POST /legacy/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413 Too Large\r\n")


@pytest.mark.parametrize("listing", ["json", "html", "none"])
def test_an_index_remembers(store: StoringIndex, wheel: Path, listing: Listing) -> None:
    """A file is stored once, and listed with its digest."""
    store.listing = listing
    assert publish_one(store, wheel).status == "uploaded"
    assert publish_one(store, wheel).status == "failed"
    assert publish_one(store, dists.make_wheel(wheel.parent, "other")).error is None

    connection = http.client.HTTPConnection("127.0.0.1", store.port, timeout=5)
    connection.request("GET", "/simple/pkg/")
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()

    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert store.stored[wheel.name] == digest
    assert store.order == [wheel.name, "other-1.0-py3-none-any.whl"]
    assert response.status == (404 if listing == "none" else 200)
    assert (digest in text) == (listing != "none")
    assert "other" not in text
    if listing == "json":
        assert [f["filename"] for f in json.loads(text)["files"]] == [wheel.name]
