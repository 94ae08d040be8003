"""The tools of the tests: a server that accepts anything would prove nothing."""

import base64
import http.client
import logging
import os
import signal
import sys
from pathlib import Path

import keyring.core
import pytest

from support.command import Twine
from support.index import ScriptedIndex
from support.secrets import PASSWORD, find_leak
from support.wire import WireError, parse_form

PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'


def test_form_is_parsed_exactly() -> None:
    """Line ends and boundaries within a value belong to the value."""
    head = b'Content-Disposition: form-data; name="f"; filename="%22\xc3\xbc.whl"'
    body = PART + b"--x\r\n" + head + b"\r\n\r\n\r\n-- x\r\n\r\n--x--\r\n"
    field, file = parse_form(body, b"x")
    assert (field.name, field.filename, field.content) == ("a", None, b"1")
    assert (file.name, file.filename) == ("f", '"ü.whl')
    assert file.content == b"\r\n-- x\r\n"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        PART,
        b"preamble" + PART + b"--x--\r\n",
        PART + b"--x--\r\nepilogue",
        PART.replace(b"\r\n", b"\n") + b"--x--\r\n",
        PART.replace(b"form-data", b"attachment") + b"--x--\r\n",
        PART.replace(b'"a"', b"a") + b"--x--\r\n",
        PART.replace(b'"a"', b'"a"; name*=utf-8') + b"--x--\r\n",
    ],
)
def test_malformed_form_is_noticed(body: bytes) -> None:
    """Nothing malformed gets past the server unseen."""
    with pytest.raises(WireError):
        parse_form(body, b"x")


@pytest.mark.parametrize("text", [PASSWORD, f"a\n{{'x': '{PASSWORD}'}}\n"])
def test_leak_is_noticed(text: str) -> None:
    """A secret is found in clear text and in the header that carries it."""
    header = base64.b64encode(f"user:{text}".encode()).decode()
    assert find_leak(text) is not None
    assert find_leak(f"Authorization: Basic {header}") is not None
    assert find_leak("Uploading pkg-1.0-py3-none-any.whl") is None


def test_request_that_is_not_http_fails_the_test() -> None:
    """What a client sends wrongly is reported when the index is closed."""
    index = ScriptedIndex()
    index.__enter__()
    connection = http.client.HTTPConnection("127.0.0.1", index.port, timeout=10)
    connection.request("GET", "/", headers={"Content-Type": "multipart/form-data"})
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()
    with pytest.raises(WireError):
        index.__exit__(None, None, None)


@pytest.mark.parametrize("command", ["upload", "--version"])
def test_command_in_this_process_leaves_nothing_behind(
    twine: Twine, command: str
) -> None:
    """Streams, arguments, variables, folder and signals are the tests' own again."""

    def look() -> list[object]:
        streams = sys.argv, sys.stdin, sys.stdout, sys.stderr
        loggers = [logging.getLogger(name) for name in (None, "twine")]
        return [
            *(*streams, dict(os.environ), Path.cwd(), signal.getsignal(signal.SIGINT)),
            *((logger.level, list(logger.handlers)) for logger in loggers),
            keyring.core._keyring_backend,
        ]

    before = look()
    twine(command, env={"TWINE_PASSWORD": PASSWORD})

    assert look() == before
