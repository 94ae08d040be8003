"""Servers that are right, but not as usual; and one that is too quick to be right."""

import socket
from pathlib import Path
from typing import BinaryIO

import pytest

from support import dists
from support.index import Answer, Fault
from support.inprocess import publish, publish_one
from support.pki import Authority
from support.storing import Listing, StoringIndex
from support.wire import Received


class EagerIndex(StoringIndex):
    """An index that says `100 Continue` to every request, asked or not."""

    def _respond(
        self, connection: socket.socket, stream: BinaryIO, request: Received
    ) -> bool:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return super()._respond(connection, stream, request)


class HintingIndex(StoringIndex):
    """An index that says something on the way to its answer."""

    hint = b""

    def _respond(
        self, connection: socket.socket, stream: BinaryIO, request: Received
    ) -> bool:
        if request.method == "POST":
            connection.sendall(self.hint)
        return super()._respond(connection, stream, request)


class ForgetfulIndex(StoringIndex):
    """An index that closes after each answer without having said so."""

    def _respond(
        self, connection: socket.socket, stream: BinaryIO, request: Received
    ) -> bool:
        super()._respond(connection, stream, request)
        return False


def test_go_on_is_no_answer(wheel: Path, big_wheel: Path) -> None:
    """`100 Continue` that nobody asked for does not stop the body."""
    with EagerIndex() as eager:
        publication = publish(eager, [wheel, big_wheel])

    assert [(o.status, o.tries) for o in publication.outcomes] == [("uploaded", 1)] * 2
    assert len(eager.stored) == 2


@pytest.mark.parametrize("hint", [b"102 Processing", b"103 Early Hints"])
@pytest.mark.parametrize("size", [0, 16 << 20])
def test_hints_before_the_answer_leave_a_doubt(
    workdir: Path, hint: bytes, size: int
) -> None:
    """What comes before the answer is not taken for it, nor is the answer for another.

    The index is asked what it has, and may store the file only after that.
    """
    wheels = [dists.make_wheel(workdir, n, payload=bytes(size)) for n in ("a", "b")]
    with HintingIndex() as index:
        index.hint = b"HTTP/1.1 %b\r\nLink: </x>\r\n\r\n" % hint
        result = publish(index, wheels, retries=1, keep_going=True)

    # Only now the index has done all it will do.
    assert len(index.stored) == 2
    for outcome in result.outcomes:
        assert outcome.status == "uploaded" or outcome.in_doubt


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        HEAD + b"Content-Length: -1\r\n\r\nab",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        HEAD + b"X: y\r\n" * 200 + b"\r\n",
        HEAD + b"no colon\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nOK",
        b"ICY 200 OK\r\n\r\n",
        b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_an_answer_that_contradicts_itself_is_a_doubt(
    store: StoringIndex, wheel: Path, answer: bytes
) -> None:
    """A malformed answer to a file that was stored: the listing clears it up."""
    malformed = Answer(fault=Fault.GARBAGE, body=answer)
    store.answer("/legacy/", store.keeping(malformed))

    outcome = publish_one(store, wheel, retries=1)

    assert outcome.status == "uploaded"
    assert store.sent == [wheel.name]


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_connection_that_is_closed_without_a_word_is_replaced(
    workdir: Path, jobs: int
) -> None:
    """Every file lands, and is sent once, on a new connection if need be."""
    paths = [dists.make_wheel(workdir, "pkg", f"{n}.0") for n in range(8)]

    with ForgetfulIndex() as forgetful:
        publication = publish(forgetful, paths, jobs=jobs)

    assert {outcome.status for outcome in publication.outcomes} == {"uploaded"}
    assert len(forgetful.stored) == len(forgetful.sent) == 8


@pytest.mark.parametrize("listing", ["json", "none"])
@pytest.mark.parametrize("tls", [False, True])
def test_a_success_before_the_end_of_the_body_is_none(
    store: StoringIndex,
    tls_store: StoringIndex,
    authority: Authority,
    big_wheel: Path,
    listing: Listing,
    tls: bool,
) -> None:
    """An index that has not read the file cannot have stored it."""
    index = tls_store if tls else store
    index.listing = listing
    index.answer("/legacy/", Answer(body=b"OK", fault=Fault.EARLY_RESET))

    outcome = publish_one(index, big_wheel, retries=1, cacert=str(authority.ca_file))

    assert index.stored == {}
    assert outcome.status == "failed"
