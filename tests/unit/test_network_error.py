"""Why there is no answer, and whether to try again."""

import http.client
import socket
import ssl

import pytest
import requests
import urllib3
import urllib3.exceptions

from support.secrets import PASSWORD, SECRET
from twine.index import network_error
from twine.index.response import Refused, TryAgain

URL = "https://index.example/legacy/"
POOL = urllib3.HTTPSConnectionPool("index.example")
DOUBT, UNSENT = TryAgain(in_doubt=True), TryAgain()


def wrapped(cause: BaseException) -> requests.ConnectionError:
    """Return a cause as deep within wrappers as requests and urllib3 put it."""
    error = urllib3.exceptions.MaxRetryError(POOL, "/", None)
    error.reason = cause  # type: ignore[assignment]
    return requests.ConnectionError(error)


def unconnected(cause: BaseException) -> requests.ConnectionError:
    """Return what comes of a connection that was never made."""
    connection = urllib3.connection.HTTPSConnection("index.example")
    error = urllib3.exceptions.NewConnectionError(connection, "failed")
    error.__cause__ = cause
    return wrapped(error)


def aborted(cause: BaseException) -> requests.ConnectionError:
    """Return what comes of a connection that broke."""
    return requests.ConnectionError(
        urllib3.exceptions.ProtocolError("Connection aborted.", cause)
    )


def behind(error: requests.ConnectionError) -> requests.exceptions.ProxyError:
    """Return what an error becomes on a connection through a proxy."""
    proxy = urllib3.exceptions.ProxyError("Unable to connect to proxy", error)
    return requests.exceptions.ProxyError(wrapped(proxy).args[0])


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (unconnected(socket.gaierror(-2, "unknown")), UNSENT),
        (unconnected(OSError(101, "Network is unreachable")), UNSENT),
        (requests.exceptions.ConnectTimeout("x"), UNSENT),
        (
            behind(wrapped(urllib3.exceptions.ConnectTimeoutError(POOL, "x"))),
            UNSENT,
        ),
        (aborted(BrokenPipeError(32, "Broken pipe")), DOUBT),
        (aborted(TimeoutError("The write operation timed out")), DOUBT),
        (requests.exceptions.ReadTimeout("x"), DOUBT),
        (wrapped(ssl.SSLEOFError(8, "EOF")), DOUBT),
        (wrapped(ssl.SSLZeroReturnError(6, "closed")), DOUBT),
        (behind(unconnected(ConnectionRefusedError(111, "refused"))), UNSENT),
        (behind(wrapped(TimeoutError("silent"))), DOUBT),
        (wrapped(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] x")), Refused()),
        (wrapped(PermissionError(13, "Permission denied")), Refused()),
        (requests.exceptions.InvalidURL("x"), Refused()),
        (requests.exceptions.InvalidSchema("x"), Refused()),
        (requests.exceptions.MissingSchema("x"), Refused()),
        (requests.exceptions.InvalidHeader("x"), Refused()),
    ],
)
def test_what_may_pass_is_tried_again(
    error: Exception, verdict: TryAgain | Refused
) -> None:
    """The network may recover; what was never sent cannot have landed."""
    assert network_error.classify_error(error) == verdict


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), ["index.example", "found"]),
        (TimeoutError("timed out"), ["in time"]),
        (urllib3.exceptions.ReadTimeoutError(POOL, "/", "x"), ["in time"]),
        (ConnectionResetError(104, "Connection reset by peer"), ["closed"]),
        (http.client.RemoteDisconnected("gone"), ["closed"]),
        (http.client.BadStatusLine("\x00"), ["not HTTP"]),
        (http.client.IncompleteRead(b"x", 9), ["broke off"]),
        (PermissionError(13, "Permission denied"), ["failed", "Permission denied"]),
        (ValueError("Odd thing."), ["failed: Odd thing."]),
        (ValueError(), ["failed: ValueError."]),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] x"), ["secure"]),
        (http.client.BadStatusLine("\x15\x03\x01"), ["TLS", "`https://`"]),
    ],
)
def test_each_cause_has_its_words(cause: BaseException, words: list[str]) -> None:
    """What happened is dug out of the wrappers and told in plain words."""
    text = network_error.explain(wrapped(cause), URL)

    assert all(word in text for word in words), text
    assert "HTTPSConnectionPool" not in text


@pytest.mark.parametrize(
    ("code", "why", "hint"),
    [
        (9, "certificate is not yet valid", "clock"),
        (10, "certificate has expired", "clock"),
        (62, "Hostname mismatch, certificate is not valid for 'x'.", "Check the host"),
        (64, "IP address mismatch, certificate is not valid for '::1'.", "Check"),
        (19, "self-signed certificate in certificate chain", "--cert"),
        (20, "unable to get local issuer certificate", "--cert"),
    ],
)
def test_a_certificate_says_what_is_wrong_with_it(
    code: int, why: str, hint: str
) -> None:
    """OpenSSL's sentence is shown alone, and `--cert` only where that would help."""
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] x")
    error.verify_code, error.verify_message = code, why

    text = network_error.explain(wrapped(error), URL)

    assert why.rstrip(".") + ".\n" in text
    assert ".." not in text
    assert "[SSL" not in text
    assert hint in text
    assert ("--cert" in text) is (hint == "--cert")


WRONG_VERSION = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")


@pytest.mark.parametrize(
    ("error", "blamed"),
    [
        (wrapped(WRONG_VERSION), "the URL must begin with `http://`"),
        (behind(wrapped(WRONG_VERSION)), "`HTTPS_PROXY` must begin with `http://`"),
    ],
)
def test_plain_http_is_told_with_its_scheme(error: Exception, blamed: str) -> None:
    """Whoever speaks plain HTTP where TLS was asked for is named, and it is final."""
    text = network_error.explain(error, URL)

    assert blamed in text
    assert ("proxy" in text) is ("PROXY" in blamed)
    assert network_error.classify_error(error) == Refused()


def test_what_is_no_tls_in_place_of_an_answer_leaves_a_doubt() -> None:
    """The server may have the file, unless it said in TLS that it will not go on."""
    alert = ssl.SSLError(1, "certificate required")
    alert.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"

    assert network_error.classify_error(wrapped(WRONG_VERSION), sent=True) == DOUBT
    assert network_error.classify_error(wrapped(alert), sent=True) == Refused()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            behind(unconnected(ConnectionRefusedError(111, "Connection refused"))),
            ["proxy", "refused", "HTTPS_PROXY"],
        ),
        (behind(aborted(ConnectionResetError(104, "reset"))), ["closed", URL]),
        (
            requests.exceptions.InvalidSchema(
                "Missing dependencies for SOCKS support."
            ),
            ["SOCKS", "twine[socks]"],
        ),
        (requests.exceptions.ConnectTimeout("x"), ["Could not connect", "in time"]),
        (requests.exceptions.InvalidSchema("No adapters"), ["No adapters"]),
    ],
)
def test_some_failures_have_advice(
    error: requests.RequestException, words: list[str]
) -> None:
    """Proxies and slow connections are told with what to do."""
    text = network_error.explain(error, URL)

    assert all(word in text for word in words), text


def test_a_socks_proxy_that_fails_is_told_as_a_proxy() -> None:
    """The library for SOCKS has errors of its own."""

    class Socks5Error(OSError):
        """A failure of a SOCKS proxy."""

    Socks5Error.__module__ = "socks"

    text = network_error.explain(wrapped(Socks5Error("Host unreachable")), URL)

    assert text.startswith(f"The proxy on the way to `{URL}` failed: Host unreachable.")


def test_causes_that_go_in_circles_do_no_harm() -> None:
    """Two errors that name each other as their cause are explained, and judged."""
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first

    assert "second" in network_error.explain(first, URL)
    assert network_error.classify_error(first) == DOUBT


def test_no_password_of_the_url_is_shown() -> None:
    """The URL in a message is masked."""
    text = network_error.explain(
        ValueError("x"), f"https://u:{PASSWORD}@index.example/"
    )

    assert SECRET not in text
    assert "index.example" in text


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.InvalidURL(
            f"Failed to parse: 'user:{SECRET}' is not a valid host or port"
        ),
        requests.exceptions.InvalidProxyURL(f"Please check {SECRET}."),
        wrapped(urllib3.exceptions.LocationParseError(f"'{SECRET}', label too long")),
        UnicodeEncodeError("latin-1", f"user:{SECRET}€", 6, 13, "ordinal not in range"),
    ],
)
def test_nothing_of_a_malformed_proxy_is_shown(error: BaseException) -> None:
    """The part of a password that a library takes for a host is not told."""
    text = network_error.explain(error, URL)

    assert SECRET not in text
    assert "€" not in text
    assert "`HTTPS_PROXY`" in text
    assert "percent-encoded" in text
    assert network_error.classify_error(wrapped(error)) == Refused()


@pytest.mark.parametrize("host", ["a..b", "x" * 64, "index.example:99999"])
def test_a_url_that_is_none_is_not_blamed_on_a_proxy(host: str) -> None:
    """When the index's own URL is at fault, it is what the message names."""
    text = network_error.explain(
        urllib3.exceptions.LocationParseError(host), f"https://u:{SECRET}@{host}/"
    )

    assert text == f"`https://********@{host}/` is not a URL that can be asked."


def test_no_password_is_quoted_from_a_library() -> None:
    """A URL in the text of a library is masked too."""
    error = requests.exceptions.InvalidSchema(
        f"No connection adapters were found for 'ftp://u:{SECRET}@index.example/'"
    )

    text = network_error.explain(error, URL)

    assert "No connection adapters" in text
    assert SECRET not in text
