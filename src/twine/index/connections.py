"""Connections that bound every wait, and hear an answer that comes early."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import socket
import ssl
import weakref
from collections.abc import Mapping
from typing import Any

import requests
import requests.adapters
import urllib3
import urllib3.connection
import urllib3.exceptions
from urllib3.util.wait import wait_for_read


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long to wait, in seconds.

    Args:
        connect: For a connection.
        send: For a block of data to be taken.
        answer: For the next byte of an answer: an index may take its time to store
            a large file.
    """

    connect: float = 10.0
    send: float = 60.0
    answer: float = 300.0


class _Response(http.client.HTTPResponse):
    """An answer, after any hints that came before it.

    :mod:`http.client` takes every status but 100 for the answer itself; 102 and 103
    are no more than hints either (RFC 9110, 15.2).
    """

    _MOST_HINTS = 100

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(self._MOST_HINTS):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 101 < status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise http.client.BadStatusLine("hints without an end")


_PIECE = 64 * 1024
_STATUS_LINE = len("HTTP/1.1 200")


class _Connection(urllib3.connection.HTTPConnection):
    """A connection that bounds every wait, and hears an answer that comes early.

    A server may refuse while the body is still on its way, and close. What it said
    is then read instead of sending on into nothing.
    """

    send_timeout = Timeouts().send
    response_class = _Response
    _cut_short = False

    def connect(self) -> None:
        try:
            super().connect()
        except TimeoutError as exc:
            # For urllib3 the handshake of TLS is part of waiting for an answer, and
            # nobody could tell that nothing was sent.
            message = "The connection was not made in time"
            raise urllib3.exceptions.ConnectTimeoutError(self, message) from exc
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError) as exc:
            message = "The connection was not made"
            raise urllib3.exceptions.NewConnectionError(self, message) from exc
        _open[id(self)] = self

    def send(self, data: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self.send_timeout)
            if self._has_answer():
                self._cut_short = True
                raise BrokenPipeError("the server answered before the body's end")
        try:
            for start in range(0, len(data), _PIECE):
                # The time-out is for each call, and must not depend on how much
                # is sent in one.
                super().send(data[start : start + _PIECE])
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError) as exc:
            if self.sock is None:
                raise
            # Of this one urllib3 knows that an answer may be there all the same.
            raise BrokenPipeError(*exc.args) from exc

    def _has_answer(self) -> bool:
        # With TLS something to read may be only a matter of the protocol.
        if isinstance(self.sock, ssl.SSLSocket):
            return False
        if not wait_for_read(self.sock, timeout=0):
            return False
        begin = self.sock.recv(_STATUS_LINE, socket.MSG_PEEK)
        # `HTTP/1.1 100 Continue` asks to go on, and so does half a line.
        return not begin or (len(begin) == _STATUS_LINE and begin[9:10] != b"1")

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self._cut_short:
            # The server may still be waiting for the rest of the last body.
            self._cut_short = False
            self.close()
        super().request(*args, **kwargs)


# A dictionary, since its values can be copied while other threads add to it.
_open: weakref.WeakValueDictionary[int, _Connection] = weakref.WeakValueDictionary()


def abort() -> None:
    """End every wait on every open connection of this process, at once.

    This is for use from another thread. Whoever waits gets an error; the next request
    makes a new connection.
    """
    for reference in _open.valuerefs():
        sock: Any = getattr(reference(), "sock", None)
        # With TLS inside of TLS it is a wrapper, with the socket in it.
        sock = getattr(sock, "socket", sock)
        # It may be closed by now, or in any state.
        with contextlib.suppress(OSError, TypeError):
            # The method of a TLS socket would first go back to plain text, in which
            # the thread that is sending might then send on.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _TLSConnection(_Connection, urllib3.connection.HTTPSConnection):
    """The same with TLS."""


def _pools(send_timeout: float) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """Return the classes that make urllib3 use these connections.

    Args:
        send_timeout: Seconds for a block of data to be taken.
    """

    class Plain(_Connection):
        pass

    class TLS(_TLSConnection):
        pass

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class TLSPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = TLS

    Plain.send_timeout = TLS.send_timeout = send_timeout
    return {"http": PlainPool, "https": TLSPool}


class Adapter(requests.adapters.HTTPAdapter):
    """Never wait for ever.

    Args:
        timeouts: How long to wait.
    """

    def __init__(self, timeouts: Timeouts) -> None:
        self.timeouts = timeouts
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make this adapter use our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self.timeouts.send)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Do the same for connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if isinstance(manager, urllib3.ProxyManager):  # SOCKS has connections itself
            manager.pool_classes_by_scheme = _pools(self.timeouts.send)
        return manager

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request; without a timeout of its own it gets ours."""
        if timeout is None:
            timeout = (self.timeouts.connect, self.timeouts.answer)
        return super().send(request, stream, timeout, verify, cert, proxies)
