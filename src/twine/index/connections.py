"""Connections that bound every wait, and can be ended from another thread."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import socket
import ssl
import weakref
from collections.abc import MutableMapping
from typing import Any, ClassVar

import requests
import requests.adapters
import urllib3
import urllib3.connection
import urllib3.exceptions

from ..config.arguments import SYSTEM_CERTS


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


# Bytes that urllib3 reads from a body at a time: 16 KiB if nothing is said, which
# costs twice the time of a block of this size.
_BLOCK_SIZE = 512 * 1024
# Bytes that are sent in one call. `socket.sendall` applies the time-out to all that it
# is given, and a slow line must not need more time because blocks are large.
_PIECE_SIZE = 64 * 1024


class _Connection(urllib3.connection.HTTPConnection):
    """A connection that bounds every wait, and reads a refusal that comes early."""

    send_timeout: ClassVar[float]
    # By `id`: a dictionary can be copied while other threads add to it, a set cannot.
    opened: ClassVar[MutableMapping[int, _Connection]]

    def connect(self) -> None:
        try:
            super().connect()
        except TimeoutError as exc:
            # urllib3 2 takes a handshake of TLS that is not answered in time for a
            # read time-out, and nobody could tell that nothing was sent.
            message = "The connection was not made in time"
            raise urllib3.exceptions.ConnectTimeoutError(self, message) from exc
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError) as exc:
            message = "The connection was not made"
            raise urllib3.exceptions.NewConnectionError(self, message) from exc
        self.opened[id(self)] = self

    def send(self, data: Any) -> None:
        if self.sock is not None:
            # urllib3 would apply the time-out for connecting.
            self.sock.settimeout(self.send_timeout)
        try:
            view = memoryview(data)  # its slices are no copies
            for start in range(0, len(view), _PIECE_SIZE):
                super().send(view[start : start + _PIECE_SIZE])
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError) as exc:
            if self.sock is None:
                raise
            # A server may refuse, and close, while the body is still on its way.
            # After a BrokenPipeError urllib3 (2.0 and later: `_make_request`) reads
            # what the server said; with TLS the same comes as another error.
            raise BrokenPipeError(*exc.args) from exc


def _pool_classes(
    send_timeout: float, opened: MutableMapping[int, _Connection]
) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """Return the classes that make urllib3 use these connections."""
    values = {"send_timeout": send_timeout, "opened": opened}
    tls_bases = (_Connection, urllib3.connection.HTTPSConnection)
    plain = type("Connection", (_Connection,), values)
    tls = type("TLSConnection", tls_bases, values)
    return {
        "http": type("Pool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type(
            "TLSPool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": tls}
        ),
    }


class Adapter(requests.adapters.HTTPAdapter):
    """The part of a session that sends, and never waits for ever."""

    def __init__(self, timeouts: Timeouts) -> None:
        self.timeouts = timeouts
        self._opened: weakref.WeakValueDictionary[int, _Connection]
        self._opened = weakref.WeakValueDictionary()
        self._pool_classes = _pool_classes(timeouts.send, self._opened)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make this adapter use our connections."""
        super().init_poolmanager(*args, blocksize=_BLOCK_SIZE, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pool_classes

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Do the same for connections through a proxy."""
        manager = super().proxy_manager_for(proxy, blocksize=_BLOCK_SIZE, **kwargs)
        if isinstance(manager, urllib3.ProxyManager):  # SOCKS has connections itself
            manager.pool_classes_by_scheme = self._pool_classes
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Tell a pool of connections which certificates to trust, and to send."""
        from_system = verify == SYSTEM_CERTS
        check: Any = super().cert_verify  # the stubs have no types for it
        check(conn, url, from_system or verify, cert)
        if from_system and conn.scheme == "https":
            # urllib3 would add those that `certifi` has to those of the system.
            conn.ca_certs = None
            conn.conn_kw["ssl_context"] = self._system_context

    @functools.cached_property
    def _system_context(self) -> ssl.SSLContext:
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request; without a timeout of its own it gets ours."""
        # `requests.Session.send` always gives it as a keyword, `None` if nobody set it.
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (self.timeouts.connect, self.timeouts.answer)
        return super().send(request, *args, **kwargs)

    def abort(self) -> None:
        """End every wait on every open connection; for use from another thread.

        Whoever waits gets an error; the next request makes a new connection.
        """
        for reference in self._opened.valuerefs():
            sock: Any = getattr(reference(), "sock", None)
            # With TLS inside of TLS it is a wrapper, with the socket in it.
            sock = getattr(sock, "socket", sock)
            # It may be closed by now, or in any state.
            with contextlib.suppress(OSError, TypeError):
                # `SSLSocket.shutdown` would first go back to plain text, in which the
                # thread that is sending might then send on.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
