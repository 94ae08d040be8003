"""Read HTTP requests and multipart forms exactly as they arrive, byte by byte.

A lenient parser would hide faults of the sender, so everything which RFC 9112
(messages) and RFC 7578 (forms) ask of a client and which does not arrive that way is
a `WireError`.
"""

import base64
import http.client
import json
import re
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, BinaryIO

_FORM_DATA = re.compile(
    rb'form-data; name="(?P<name>[^"\r\n]*)"(?:; filename="(?P<filename>[^"\r\n]*)")?'
)
_ESCAPES = {b"%22": b'"', b"%0D": b"\r", b"%0A": b"\n"}


class WireError(Exception):
    """Say that what arrived is not the message it claims to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """One part of a form: a field, or a file when `filename` is not None."""

    name: str
    filename: str | None
    content_type: str | None
    content: bytes


@dataclass(slots=True, kw_only=True)
class Received:
    """One request as the index saw it."""

    method: str
    scheme: str
    host: str
    path: str
    headers: Message
    body: bytes = b""
    parts: list[FormPart] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address asked for, with the query."""
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def auth(self) -> str | None:
        """The Basic credentials as `user:password`, or None.

        They come in UTF-8, or in Latin-1 as older clients do it (RFC 7617 leaves both
        open).
        """
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            return None
        credentials = base64.b64decode(value, validate=True)
        try:
            return credentials.decode()
        except UnicodeDecodeError:
            return credentials.decode("latin-1")

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The fields of the form in their order."""
        return [(p.name, p.content.decode()) for p in self.parts if p.filename is None]

    @property
    def files(self) -> dict[str, tuple[str, str, bytes]]:
        """The files of the form: name to file name, content type and bytes."""
        return {
            p.name: (p.filename, p.content_type or "", p.content)
            for p in self.parts
            if p.filename is not None
        }

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)

    def values(self, name: str) -> list[str]:
        """Return every value of the field called `name`."""
        return [value for key, value in self.fields if key == name]

    def value(self, name: str) -> str:
        """Return the value of a field that must be there exactly once."""
        values = self.values(name)
        assert len(values) == 1, f"{name} was sent {len(values)} times: {values}"
        return values[0]


def read_head(stream: BinaryIO, *, scheme: str, host: str | None) -> Received | None:
    """Read the request line and the headers; None when the client is done.

    `host` is the end of the tunnel through which the request came, if it did.
    """
    line = stream.readline(65537)
    if not line:
        return None
    match = re.fullmatch(rb"([A-Z]+) (\S+) HTTP/1\.([01])\r\n", line)
    # CONNECT comes as HTTP/1.0 and without Host from older versions of Python.
    if match is None or (match[3] == b"0" and match[1] != b"CONNECT"):
        raise WireError(f"not a request line: {line!r}")
    headers = http.client.parse_headers(stream)
    named = headers.get("Host", "")
    if not named and match[1] != b"CONNECT":
        raise WireError("no Host header")
    return Received(
        method=match[1].decode(),
        scheme=scheme,
        host=host or named,
        path=match[2].decode("ascii"),
        headers=headers,
    )


def read_body(stream: BinaryIO, request: Received) -> None:
    """Read the body that belongs to the headers, and take a form apart."""
    headers = request.headers
    if "Transfer-Encoding" in headers:
        raise WireError("many indexes know no chunked requests")
    if (length := headers.get("Content-Length")) is not None:
        request.body = stream.read(int(length))
        if len(request.body) != int(length):
            raise ConnectionAbortedError(f"{len(request.body)} of {length} bytes")
    if headers.get_content_type() == "multipart/form-data":
        boundary = headers.get_boundary()
        if not boundary:
            raise WireError("a form without a boundary")
        request.parts = parse_form(request.body, boundary.encode("ascii"))


def parse_form(body: bytes, boundary: bytes) -> list[FormPart]:
    """Take a `multipart/form-data` body apart.

    The body must be nothing but its parts: no words before the first one or after the
    last one, line ends CR LF, names and file names in quotes.
    """
    first, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if first or not parts or parts.pop() not in (b"--\r\n", b"--"):
        raise WireError("the form does not begin and end with its boundary")
    return [_parse_part(part) for part in parts]


def _parse_part(part: bytes) -> FormPart:
    if not part.startswith(b"\r\n"):
        raise WireError(f"no line end after the boundary: {part[:80]!r}")
    head, found, content = part[2:].partition(b"\r\n\r\n")
    if not found:
        raise WireError(f"a part without an empty line: {part[:80]!r}")
    headers: dict[bytes, bytes] = {}
    for line in head.split(b"\r\n"):
        key, colon, value = line.partition(b": ")
        if not colon or key.lower() in headers:
            raise WireError(f"a malformed or repeated header: {line!r}")
        headers[key.lower()] = value
    match = _FORM_DATA.fullmatch(headers.get(b"content-disposition", b""))
    if match is None:
        raise WireError(f"not the head of a form part: {head!r}")
    content_type = headers.get(b"content-type")
    return FormPart(
        name=_unescape(match["name"]),
        filename=None if match["filename"] is None else _unescape(match["filename"]),
        content_type=None if content_type is None else content_type.decode("ascii"),
        content=content,
    )


def _unescape(text: bytes) -> str:
    for escape, char in _ESCAPES.items():
        text = text.replace(escape, char)
    return text.decode()
