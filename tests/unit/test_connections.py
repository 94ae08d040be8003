"""Connections that bound every wait, and can be ended from another thread."""

import contextlib
import importlib.util
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from support.index import Answer, Fault, ScriptedIndex
from support.pki import Authority
from twine.index import network_error
from twine.index.connections import Adapter, Timeouts
from twine.index.response import TryAgain
from twine.index.session import Session, make_session

LARGE = b"x" * 16_000_000
# A test puts another in its place.
_shut_down = socket.socket.shutdown


class Blocks:
    """A body that is handed out in blocks, as an upload's is."""

    def __init__(self, size: int = len(LARGE)) -> None:
        """Announce so many bytes."""
        self.len = size
        self._left = size

    def read(self, size: int = -1) -> bytes:
        """Return the next block."""
        block = LARGE[: min(self._left, 65536)]
        self._left -= len(block)
        return block


@contextmanager
def session(
    timeouts: Timeouts | None = None, verify: str | bool = True
) -> Iterator[Session]:
    """Open a session over our adapter."""
    with make_session(timeouts=timeouts) as found:
        found.verify = verify
        yield found


def seconds(act: Callable[[], object]) -> float:
    """Return how long it takes until a request fails."""
    begun = time.monotonic()
    with pytest.raises(requests.RequestException):
        act()
    return time.monotonic() - begun


def test_a_handshake_that_gets_no_answer_sent_nothing() -> None:
    """A server that takes a connection and is silent has been told nothing yet."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        session(Timeouts(connect=0.3)) as client,
        pytest.raises(requests.exceptions.ConnectTimeout) as caught,
    ):
        client.post(f"https://127.0.0.1:{listener.getsockname()[1]}/", data=Blocks(9))

    assert network_error.classify_error(caught.value) == TryAgain(in_doubt=False)


def test_an_answer_may_take_longer_than_a_block(index: ScriptedIndex) -> None:
    """The time-out for sending is not the one for the answer."""
    index.answer("/", Answer(wait=0.8))

    with session(Timeouts(send=0.3, answer=10)) as client:
        assert client.post(index.url, data=Blocks(100)).status_code == 200


def test_the_second_request_has_the_same_time_outs(index: ScriptedIndex) -> None:
    """A connection that is used again bounds its waits again."""
    index.answer("/second", Answer(fault=Fault.STALL))

    with session(Timeouts(send=0.3, answer=10)) as client:
        assert client.post(f"{index.url}/first", data=Blocks(100)).ok
        assert seconds(lambda: client.post(f"{index.url}/second", data=Blocks())) < 5


def test_a_proxy_gets_the_same_connections(
    index: ScriptedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request through a proxy reaches it, and its waits are bound, too."""
    monkeypatch.setenv("HTTP_PROXY", index.url)
    stalls = "http://index.example/stalls"
    index.answer(lambda request: request.path == stalls, Answer(fault=Fault.STALL))

    with session(Timeouts(send=0.3, answer=10)) as client:
        assert client.get("http://index.example/x").status_code == 200
        assert seconds(lambda: client.post(stalls, data=Blocks())) < 5

    assert index.requests[0].path == "http://index.example/x"


@pytest.mark.skipif(importlib.util.find_spec("socks") is None, reason="needs PySocks")
def test_a_socks_proxy_keeps_its_own_connections() -> None:
    """SOCKS is spoken by other connections; ours would not know how."""
    manager = Adapter(Timeouts()).proxy_manager_for("socks5://127.0.0.1:9")

    assert "SOCKS" in manager.pool_classes_by_scheme["https"].__name__


@pytest.mark.parametrize("tls", [False, True])
def test_waits_can_be_ended_from_another_thread(
    index: ScriptedIndex, tls_index: ScriptedIndex, authority: Authority, tls: bool
) -> None:
    """Whoever wants to stop need not wait for the time-out; the next request works."""
    server = tls_index if tls else index
    server.answer("/silent", Answer(fault=Fault.SILENCE))
    url = f"{server.url}/silent"

    with session(Timeouts(answer=60), str(authority.ca_file)) as client:
        timer = threading.Timer(0.3, client.abort)
        timer.start()
        assert seconds(lambda: client.post(url, data=Blocks(100))) < 10
        timer.join()
        client.abort()
        assert client.post(f"{server.url}/next", data=Blocks(100)).ok
        client.abort()
        assert client.post(f"{server.url}/next", data=Blocks(100)).ok


class Tap:
    """A relay to a server that remembers what the client sends."""

    def __init__(self, port: int) -> None:
        """Relay one connection to a port of 127.0.0.1."""
        self.heard = b""
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "Tap":
        """Begin to relay."""
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Wait until the client has hung up."""
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        client, _ = self._listener.accept()
        with client, socket.create_connection(("127.0.0.1", self._port)) as server:
            server.settimeout(10)
            back = threading.Thread(target=self._relay_back, args=(server, client))
            back.start()
            while data := client.recv(65536):
                self.heard += data
                server.sendall(data)
            _shut_down(server, socket.SHUT_RDWR)
            back.join(10)

    @staticmethod
    def _relay_back(server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)


class StopsMidway(Blocks):
    """A body in the midst of which somebody wants to stop."""

    client: Session

    def read(self, size: int = -1) -> bytes:
        """Return the next block."""
        if self._left == 300_000 - 65536:
            self.client.abort()
        return super().read(size)


def test_nothing_is_sent_in_the_clear_when_waits_are_ended(
    tls_index: ScriptedIndex, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the system closes a TLS connection, what is sent on it is encrypted."""
    # As though the system took its time.
    monkeypatch.setattr(socket.socket, "shutdown", lambda self, how: None)

    with (
        Tap(tls_index.port) as tap,
        session(Timeouts(send=5, answer=5), str(authority.ca_file)) as client,
        contextlib.suppress(requests.RequestException),
    ):
        body = StopsMidway(300_000)
        body.client = client
        client.post(f"https://127.0.0.1:{tap.port}/", data=body)

    assert len(tap.heard) > 65536
    assert b"xxxxxxxx" not in tap.heard
