"""A package index on loopback that follows a script and remembers what it received."""

import contextlib
import json
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from types import TracebackType
from typing import Any, BinaryIO, TypeVar

from support.pki import ServerCertificate
from support.wire import Received, WireError, read_body, read_head

_Index = TypeVar("_Index", bound="ScriptedIndex")
_LONGEST_SILENCE = 60.0
"""Seconds after which even a server that never answers gives up."""


class Fault(Enum):
    """Ways in which a server misbehaves."""

    HANG_UP_BEFORE_BODY = auto()
    """Close as soon as the headers are read."""
    HANG_UP_AFTER_BODY = auto()
    """Read everything, then close without an answer."""
    SILENCE = auto()
    """Read everything and never answer (until the index is closed)."""
    HALF = auto()
    """Announce the whole body and send half of it."""
    GARBAGE = auto()
    """Send `Answer.body` alone, which need not be HTTP."""
    EARLY = auto()
    """Answer before the body is read, then close as a polite server does."""
    EARLY_RESET = auto()
    """Answer before the body is read, then cut the connection."""
    RESET_BEFORE_BODY = auto()
    """Cut the connection as soon as the headers are read."""
    RESET_DURING_BODY = auto()
    """Cut the connection when half of the body is read."""
    RESET_AFTER_BODY = auto()
    """Read everything, then cut the connection without an answer."""
    STALL = auto()
    """Read the headers and nothing more (until the index is closed)."""


_BEFORE_BODY = {
    Fault.HANG_UP_BEFORE_BODY,
    Fault.EARLY,
    Fault.EARLY_RESET,
    Fault.RESET_BEFORE_BODY,
    Fault.RESET_DURING_BODY,
    Fault.STALL,
}
_RESETS = {Fault.RESET_BEFORE_BODY, Fault.RESET_DURING_BODY, Fault.RESET_AFTER_BODY}
_SPEECHLESS = _RESETS | {Fault.HANG_UP_BEFORE_BODY, Fault.HANG_UP_AFTER_BODY}
_ENDLESS = {Fault.SILENCE, Fault.STALL}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the index says, and how badly."""

    status: int = 200
    reason: str = "OK"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fault: Fault | None = None
    wait: float = 0.0

    @classmethod
    def of_json(cls, value: Any, status: int = 200, reason: str = "OK") -> "Answer":
        """Return an answer whose body is `value` as JSON."""
        body = json.dumps(value).encode()
        return cls(status, reason, {"Content-Type": "application/json"}, body)

    @classmethod
    def of_listing(cls, files: Mapping[str, str]) -> "Answer":
        """Return a project's page (PEP 691) with files, each with its SHA-256."""
        rows = [
            {"filename": name, "url": f"/files/{name}", "hashes": {"sha256": digest}}
            for name, digest in files.items()
        ]
        page = {"meta": {"api-version": "1.4"}, "files": rows}
        kind = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
        return cls(headers=kind, body=json.dumps(page).encode())

    def render(self) -> bytes:
        """Return the bytes to send."""
        if self.fault is Fault.GARBAGE:
            return self.body
        lines = [f"HTTP/1.1 {self.status} {self.reason}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        body = self.body
        if self.status != 204:
            lines.append(f"Content-Length: {len(body)}")
        if self.fault is Fault.HALF:
            body = body[: len(body) // 2]
        # Latin-1 as in RFC 9110: a reason phrase may hold more than ASCII.
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    @property
    def closes(self) -> bool:
        """Whether the connection ends with this answer."""
        return self.fault is not None or self.headers.get("Connection") == "close"


Match = str | Callable[[Received], bool]
Reply = Answer | Callable[[Received], Answer]


@dataclass(slots=True)
class _Rule:
    match: Match
    """A path, a whole URL, or a predicate on the request."""
    reply: Reply
    left: int | None

    def fits(self, request: Received) -> bool:
        if self.left == 0:
            return False
        if callable(self.match):
            return self.match(request)
        return self.match in (request.path.partition("?")[0], request.url)


class ScriptedIndex:
    """An HTTP/1.1 server in threads; a context manager.

    Rules are asked in the order in which they were added; the first that fits and is
    not used up answers. Without one, `default_answer` does.
    """

    def __init__(self, *, tls: ServerCertificate | None = None) -> None:
        """Listen on a free port of 127.0.0.1, with TLS if given a certificate."""
        self.requests: list[Received] = []
        self.tunnels: list[Received] = []
        self.connections = 0
        self._tls = tls
        self._rules: list[_Rule] = []
        self._problems: list[BaseException] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._workers: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self.upload_url = f"{self.url}/legacy/"
        self._acceptor = threading.Thread(target=self._accept, name="index")

    def __enter__(self: _Index) -> _Index:
        """Begin to serve."""
        self._acceptor.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every socket, wait for every thread, report what was not HTTP."""
        self._closing.set()
        # A connection to itself wakes the acceptor on every system.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 5).close()
        self._acceptor.join()
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    # Not the method of SSLSocket, which would pull the TLS state from
                    # under the thread that reads.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for worker in self._workers:
            worker.join()
        if error is None and self._problems:
            raise self._problems[0]

    def answer(self, match: Match, reply: Reply, *, times: int | None = None) -> None:
        """Add a rule, which holds `times` times; None is for ever."""
        with self._lock:
            self._rules.append(_Rule(match, reply, times))

    def default_answer(self, request: Received) -> Answer:
        """Answer what no rule speaks of."""
        return Answer()

    @property
    def uploads(self) -> list[Received]:
        """The requests that sent a form."""
        return [request for request in self.requests if request.parts]

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._closing.is_set():
                connection.close()
                return
            worker = threading.Thread(target=self._serve, args=(connection,))
            self._workers.append(worker)
            self.connections += 1
            worker.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_LONGEST_SILENCE)
        try:
            if self._tls:
                connection = wrap_tls(self._tls, connection)
            self._converse(connection)
        except (WireError, AssertionError, ValueError) as problem:
            self._problems.append(problem)
        except OSError:
            pass  # The client went away, or refused our certificate.
        finally:
            connection.close()

    def _converse(self, connection: socket.socket, host: str | None = None) -> None:
        """Answer the requests of one connection until one side has had enough."""
        with self._lock:
            self._open.add(connection)
        try:
            scheme = "http"
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
                scheme = "https"
            with connection.makefile("rb") as stream:
                while not self._closing.is_set():
                    request = read_head(stream, scheme=scheme, host=host)
                    if request is None:
                        return None
                    if request.method == "CONNECT":
                        return self._tunnel(connection, request)
                    if not self._respond(connection, stream, request):
                        return None
        finally:
            with self._lock:
                self._open.discard(connection)

    def _tunnel(self, connection: socket.socket, request: Received) -> None:
        """Answer CONNECT; a plain index is no proxy."""
        connection.sendall(Answer(405, "Not a proxy").render())

    def _respond(
        self, connection: socket.socket, stream: BinaryIO, request: Received
    ) -> bool:
        """Answer one request; tell whether the connection may go on."""
        answer = self._choose(request, before_body=True)
        if answer is None:
            if request.headers.get("Expect", "").lower() == "100-continue":
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            read_body(stream, request)
        with self._lock:
            self.requests.append(request)
        answer = answer or self._choose(request, before_body=False) or Answer()
        self._closing.wait(
            _LONGEST_SILENCE if answer.fault in _ENDLESS else answer.wait
        )
        if answer.fault is Fault.RESET_DURING_BODY:
            stream.read(int(request.headers["Content-Length"]) // 2)
        if answer.fault in _RESETS:
            _reset_on_close(connection)
        if answer.fault in _SPEECHLESS | _ENDLESS:
            return False
        connection.sendall(answer.render())
        if answer.fault is Fault.EARLY:
            _linger(connection, stream)
        return not answer.closes and request.headers.get("Connection") != "close"

    def _choose(self, request: Received, *, before_body: bool) -> Answer | None:
        """Return the answer of the script, before the body is read only if it is due.

        A function is never asked before the body is there.
        """
        with self._lock:
            rule = next((rule for rule in self._rules if rule.fits(request)), None)
            reply = rule.reply if rule else self.default_answer
            if before_body and (
                not isinstance(reply, Answer) or reply.fault not in _BEFORE_BODY
            ):
                return None
            if rule and rule.left is not None:
                rule.left -= 1
        answer = reply if isinstance(reply, Answer) else reply(request)
        return replace(answer, body=b"") if request.method == "HEAD" else answer


def wrap_tls(certificate: ServerCertificate, plain: socket.socket) -> ssl.SSLSocket:
    """Return `plain` with TLS on it, the handshake still to come."""
    return certificate.context.wrap_socket(
        plain, server_side=True, do_handshake_on_connect=False
    )


def _reset_on_close(connection: socket.socket) -> None:
    """Make closing cut the connection (RST) instead of saying goodbye (FIN)."""
    kind = "hh" if sys.platform == "win32" else "ii"
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(kind, 1, 0))


def _linger(connection: socket.socket, stream: BinaryIO) -> None:
    """Close as nginx does: say that no more comes, and read on for a while."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(5)
        while stream.read(65536):
            pass


def unused_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
