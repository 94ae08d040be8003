"""Why a request got no answer: what it means, and in plain words."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.parse
from collections.abc import Iterator

import requests
import urllib3.exceptions

from ..config.known_indexes import host_of, sanitize_url
from ..terminal.redaction import mask_urls
from .response import Refused, TryAgain


def classify_error(error: Exception, *, sent: bool = False) -> TryAgain | Refused:
    """Return what it means that a request got no answer.

    Args:
        error: What a :class:`Session` raised.
        sent: Whether the request is known to have been sent whole.
    """
    links = list(_chain(error))
    if any(isinstance(link, urllib3.exceptions.InvalidHeader) for link in links):
        # An answer that contradicts itself is an answer all the same.
        return TryAgain(in_doubt=True)
    if any(isinstance(link, _FINAL) for link in links):
        return Refused()
    if any(_is_final_tls(link, sent=sent) for link in links):
        return Refused()
    if _tunnel_failed(links, "4"):
        return Refused()
    return TryAgain(in_doubt=not _is_unsent(links))


def _is_final_tls(link: BaseException, *, sent: bool) -> bool:
    """Return whether TLS failed for good.

    What is no TLS is final in the handshake. In place of an answer it leaves a doubt,
    unless it is an alert: the server's own word that it will not go on.
    """
    if not isinstance(link, ssl.SSLError):
        return False
    if isinstance(link, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return False
    return not sent or "ALERT" in (getattr(link, "reason", None) or "")


# A URL that is none: the one that was asked, or that of a proxy. What the libraries
# say then may quote a part of a password.
_MALFORMED = (
    requests.exceptions.InvalidURL,
    urllib3.exceptions.LocationValueError,
    UnicodeError,
)
_PROXIES = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"}
# Trying again would end in the same way.
_FINAL = (
    *_MALFORMED,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
    ssl.SSLCertVerificationError,
    FileNotFoundError,
    PermissionError,
)
# There never was a connection to send anything on.
_UNSENT = (
    requests.exceptions.ConnectTimeout,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
)


def _is_unsent(links: list[BaseException]) -> bool:
    """Return whether the request certainly never reached the index."""
    return _tunnel_failed(links, "") or any(isinstance(x, _UNSENT) for x in links)


def _tunnel_failed(links: list[BaseException], status: str) -> bool:
    """Return whether a proxy refused, with a status that begins so (http.client)."""
    said = f"Tunnel connection failed: {status}"
    return any(isinstance(x, OSError) and str(x).startswith(said) for x in links)


def _is_of_proxy(links: list[BaseException]) -> bool:
    """Return whether the proxy failed, rather than what lies behind it.

    Every error on a connection through a proxy looks like the proxy's.
    """
    if any(type(link).__module__ == "socks" for link in links):
        return True
    return isinstance(links[0], requests.exceptions.ProxyError) and (
        _is_unsent(links) or any(isinstance(link, ssl.SSLError) for link in links)
    )


def explain(error: BaseException, url: str) -> str:
    """Return in plain words why there was no answer."""
    where = f"`{sanitize_url(url)}`"
    *_, cause = causes = list(_chain(error))
    if any(isinstance(link, _MALFORMED) for link in causes):
        return _explain_malformed(url, where)
    if _is_of_proxy(causes):
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            what = f"the proxy on the way to {where}"
            return _explain_tls(cause, what, "`HTTPS_PROXY`")
        return (
            f"The proxy on the way to {where} failed: {reason_of(cause)}.\n"
            "Check `HTTPS_PROXY` and `HTTP_PROXY`: most proxies are reached with "
            "`http://`, also for HTTPS. `NO_PROXY` lists hosts that need none."
        )
    if isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error):
        return "A SOCKS proxy is configured.\nInstall `twine[socks]` to use it."
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return f"Could not connect to {where} in time."
    if isinstance(cause, ssl.SSLError):
        return _explain_tls(cause, where, "the URL")
    return _explain_connection(cause, where, host_of(url))


def check_proxy(url: str | None) -> None:
    """Refuse a malformed proxy before a library quotes a part of its password.

    Args:
        url: Its URL, if there is a proxy; the scheme may be missing.

    Raises:
        requests.exceptions.InvalidProxyURL: It is of no use; its text is not shown.
    """
    if not url:
        return
    text = url if "://" in url else f"http://{url.removeprefix('//')}"
    try:
        parts = urllib.parse.urlsplit(text)
        parts.port  # noqa: B018 - raises ValueError on nonsense
        userinfo, _, _ = parts.netloc.rpartition("@")
        urllib.parse.unquote(userinfo).encode("latin-1")
        sound = bool((parts.hostname or "").encode("idna"))
    except ValueError:
        sound = False
    # An `@` after the host is one in a password that is not encoded.
    if (
        not sound
        or parts.scheme not in _PROXIES
        or "@" in text.partition(parts.netloc)[2]
    ):
        raise requests.exceptions.InvalidProxyURL("it is malformed")


def _explain_malformed(url: str, where: str) -> str:
    """Return which URL is none, without a word of the libraries."""
    try:
        host = urllib3.util.parse_url(url).host or ""
        sound = bool(host.encode("idna"))
    except (urllib3.exceptions.LocationValueError, UnicodeError):
        sound = False
    if not sound:
        return f"{where} is not a URL that can be asked."
    return (
        f"The proxy on the way to {where} is not given as a usable URL.\n"
        "Check `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY`: they must look like "
        "`http://host:port`, and special characters in a user name or password must "
        "be percent-encoded."
    )


# As OpenSSL numbers them: X509_V_ERR_CERT_NOT_YET_VALID, _CERT_HAS_EXPIRED,
# _HOSTNAME_MISMATCH and _IP_ADDRESS_MISMATCH.
_WRONG_TIME = frozenset({9, 10})
_WRONG_HOST = frozenset({62, 64})
# What OpenSSL, version by version, says of a server that speaks plain HTTP. urllib3
# looks for the same in `urllib3.connection._wrap_proxy_error`.
_PLAIN_HTTP = ("wrong version number", "unknown protocol", "record layer failure")


def _explain_tls(cause: ssl.SSLError, what: str, source: str) -> str:
    """Return why there is no TLS."""
    why = reason_of(cause)
    if isinstance(cause, ssl.SSLCertVerificationError):
        code = getattr(cause, "verify_code", 0)
        hint = "If it has its own authority, give its certificate with `--cert`."
        if code in _WRONG_TIME:
            hint = "Those who run it have to renew it; or this computer's clock is off."
        elif code in _WRONG_HOST:
            hint = f"Check the host in {source}."
        return f"The certificate of {what} is not trusted: {why}.\n{hint}"
    message = f"No secure connection to {what}: {why}."
    if any(text in f"{why} {cause}".lower() for text in _PLAIN_HTTP):
        message += f"\nIf it speaks plain HTTP, {source} must begin with `http://`."
    return message


def _explain_connection(cause: BaseException, where: str, host: str) -> str:
    match cause:
        case socket.gaierror():
            return f"The host `{host}` cannot be found: {reason_of(cause)}."
        case ConnectionRefusedError():
            return f"{where} refuses connections.\nIs the server running there?"
        case TimeoutError() | urllib3.exceptions.TimeoutError():
            return f"{where} did not answer in time."
        case ConnectionError():
            return f"{where} closed the connection without an answer."
        case http.client.IncompleteRead():
            return f"{where} broke off in the middle of its answer."
        case http.client.BadStatusLine() if "\x15\x03" in str(cause):  # a TLS alert
            return f"{where} speaks TLS: the URL must begin with `https://`."
        case http.client.HTTPException():
            return f"{where} answered with something that is not HTTP."
        case _:
            return f"The request to {where} failed: {reason_of(cause)}."


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Follow the wrappers of requests and urllib3 down to what happened."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None:
        yield following
        seen.add(id(following))
        following = next(
            (
                candidate
                for candidate in (
                    getattr(following, "reason", None),
                    following.__cause__,
                    *reversed(following.args),
                    following.__context__,
                )
                if isinstance(candidate, BaseException) and id(candidate) not in seen
            ),
            None,
        )


def reason_of(cause: BaseException) -> str:
    """Return an exception's message without Python's trimmings."""
    text = getattr(cause, "verify_message", None)
    if not text and isinstance(cause, ssl.SSLError) and getattr(cause, "reason", None):
        text = cause.reason.replace("_", " ").lower()
    if not text and isinstance(cause, OSError):
        text = cause.strerror
    # Whoever quotes it ends the sentence.
    return (text or mask_urls(str(cause))).rstrip(".") or type(cause).__name__
