"""Networks that fail: each is one error line, never a traceback."""

import socket

import pytest

from support.command import Result, Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex, unused_port
from support.secrets import PASSWORD, SECRET, TOKEN, USER

LOGIN = ("-u", USER, "-p", PASSWORD)


def send(twine: Twine, url: str, wheel: str, **env: str) -> Result:
    """Upload to `url`, with one more try at most."""
    given = ("--repository-url", url, *LOGIN, "--retries", "1")
    return twine("upload", *given, wheel, env=env)


class DeafServer(ScriptedIndex):
    """A server that answers the greeting of TLS as a plain HTTP server does."""

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_tls_spoken_to_an_http_port_is_told(twine: Twine, wheel: str) -> None:
    """`https://` for a server without TLS is an error."""
    with DeafServer() as server:
        url = f"https://127.0.0.1:{server.port}/legacy/"
        send(twine, url, wheel).failure("(SSLError|ConnectionError)")


def test_a_certificate_of_another_host_is_told(
    twine: Twine, tls_index: ScriptedIndex, wheel: str, pypi: FakePyPI
) -> None:
    """A trusted certificate must also be the host's."""
    # The certificate is good for 127.0.0.1 and localhost, and for no other spelling.
    url = f"https://127.1:{tls_index.port}/legacy/"
    env = {"TWINE_CERT": str(pypi.ca_file)}
    said = send(twine, url, wheel, **env).failure("SSLError")
    assert "certificate" in said
    assert tls_index.requests == []


def test_a_proxy_for_plain_http_is_used(
    twine: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """`HTTP_PROXY` carries plain requests, with credentials for the proxy."""
    proxy = f"http://{USER}:{SECRET}@127.0.0.1:{pypi.port}"
    pypi.answer(lambda request: True, Answer())
    send(twine, "http://index.invalid/legacy/", wheel, HTTP_PROXY=proxy).success()
    (request,) = pypi.requests
    assert request.headers["Host"] == "index.invalid"
    assert request.headers["Proxy-Authorization"].startswith("Basic ")


def test_a_proxy_url_that_is_none_is_told(twine: Twine, wheel: str) -> None:
    """A malformed proxy is an error without a traceback."""
    env = {"HTTPS_PROXY": "http://", "TWINE_PASSWORD": TOKEN}
    twine("upload", wheel, env=env, timeout=150).failure()


@pytest.mark.parametrize(
    "proxy",
    [
        f"http://{USER}:{SECRET}/more@127.0.0.1:1",
        f"http://{USER}:{SECRET}#more@127.0.0.1:1",
        f"http://{USER}:{SECRET}?more@127.0.0.1:1",
        f"http://{USER}:{SECRET}@127.0.0.1:99999",
        f"{SECRET}://127.0.0.1:1",
        f"http://{USER}:{SECRET}€@127.0.0.1:1",
    ],
    ids=["slash", "hash", "question mark", "port", "scheme", "not Latin-1"],
)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_nothing_of_a_proxys_password_is_shown(
    twine: Twine, wheel: str, proxy: str, format_: str
) -> None:
    """A proxy whose password is not encoded is told by its variable alone."""
    url = f"http://127.0.0.1:{unused_port()}/legacy/"
    given = ("--repository-url", url, *LOGIN, "--format", format_, "--verbose")

    result = twine("upload", *given, wheel, env={"HTTP_PROXY": proxy})

    assert result.code == 1
    assert "`HTTPS_PROXY`" in result.text
    assert SECRET not in result.text
    assert "€" not in result.text
    assert "Traceback" not in result.text
    assert " follows in " not in result.text
