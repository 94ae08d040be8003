"""The way to an index: a :mod:`requests` session that is fit for uploads.

It never waits for ever, sends in large blocks, lets an explicit CA bundle win over
the environment's, and says in plain words why a connection failed.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import platform
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import requests
import requests.adapters
import requests.auth
import urllib3.exceptions

from . import __version__, console, exceptions
from .config import host_of, sanitize_url

# Seconds to wait for a connection, and for the next byte of an answer: an index may
# take its time to store a large file.
CONNECT_TIMEOUT = 10.0
ANSWER_TIMEOUT = 300.0
# http.client sends a file in blocks of 16 KiB, and most of the time goes into the
# calls; larger ones than this gain nothing more.
BLOCK_SIZE = 256 * 1024
# Bytes of a bad answer that `--verbose` shows.
MOST_LOGGED = 64 * 1024
# PyPI then puts its message into the field `code` of a JSON body.
ACCEPT = "application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7"


def user_agent() -> str:
    """Return how this program introduces itself."""
    python = f"{platform.python_implementation()}/{platform.python_version()}"
    return f"twine/{__version__} {python}"


class Adapter(requests.adapters.HTTPAdapter):
    """Send in large blocks, and never without a timeout."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the connections of this adapter send in large blocks."""
        super().init_poolmanager(*args, **kwargs, blocksize=BLOCK_SIZE)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Do the same for connections through a proxy."""
        return super().proxy_manager_for(proxy, **kwargs, blocksize=BLOCK_SIZE)

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
            timeout = (CONNECT_TIMEOUT, ANSWER_TIMEOUT)
        return super().send(request, stream, timeout, verify, cert, proxies)


class NoCredentials(requests.auth.AuthBase):
    """Send no credentials, not even those that ``.netrc`` has for the host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request


def basic_auth(username: str, password: str) -> tuple[str, str] | tuple[bytes, bytes]:
    """Return credentials as :mod:`requests` takes them, whatever is in them.

    It sends text as Latin-1 and fails on anything else; bytes it sends as they are,
    and UTF-8 is what a server will guess.
    """
    try:
        f"{username}{password}".encode("latin-1")
    except UnicodeEncodeError:
        return username.encode(), password.encode()
    return username, password


class Session(requests.Session):
    """A session whose failures explain themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.headers.update({"User-Agent": user_agent(), "Accept": ACCEPT})
        for scheme in ("http://", "https://"):
            self.mount(scheme, Adapter())

    def merge_environment_settings(self, url: Any, *args: Any) -> Any:
        """Let this session's own CA bundle win over the environment's.

        :mod:`requests` itself prefers ``REQUESTS_CA_BUNDLE``.
        """
        proxies, stream, verify, cert = args
        if verify is None and isinstance(self.verify, str):
            verify = self.verify
        return super().merge_environment_settings(url, proxies, stream, verify, cert)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow no redirect, and do not even look where it leads."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> Any:
        """Send a request.

        Raises:
            requests.RequestException: No answer came. The message says why, in
                words for the user; the class is the one that requests chose.
        """
        try:
            response = super().send(request, **kwargs)
        except requests.RequestException as exc:
            url = request.url or ""
            raise type(exc)(explain(exc, url), request=request) from exc
        except (OSError, urllib3.exceptions.HTTPError, UnicodeError) as exc:
            # A bad certificate file, for example, which requests does not translate.
            message = explain(exc, request.url or "")
            raise requests.ConnectionError(message, request=request) from exc
        _log(response)
        return response


def _log(response: requests.Response) -> None:
    """Tell those who want to know what was asked and answered."""
    screen = console.current()
    if screen.verbose:
        screen.info(
            f"{response.request.method} {sanitize_url(response.url)}: "
            f"{response.status_code} {response.reason}, "
            f"{response.elapsed.total_seconds():.1f} s"
        )
        if response.status_code >= 300 and response.content:
            screen.info(response.content[:MOST_LOGGED].decode("utf-8", "replace"))


def make_session(
    cacert: str | None = None, client_cert: str | None = None
) -> requests.Session:
    """Return a session without credentials.

    Args:
        cacert: The CA certificates to trust, a PEM file; the usual ones if not given.
        client_cert: The client certificate and its key, one PEM file.

    Raises:
        InvalidConfiguration: One of them is of no use.
    """
    session = Session()
    if cacert:
        session.verify = usable_ca_bundle(cacert)
    if client_cert:
        session.cert = usable_client_certificate(client_cert)
    return session


def usable_ca_bundle(path: str) -> str:
    """Return the path, ``~`` expanded, of CA certificates that can be used.

    Args:
        path: A PEM file, or a folder of them as OpenSSL wants it.

    Raises:
        InvalidConfiguration: It is neither.
    """
    real_path = os.path.expanduser(path)
    folder = os.path.isdir(real_path)
    with _complaining_about("CA bundle", path):
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(
            **{"capath" if folder else "cafile": real_path}
        )
    return real_path


def usable_client_certificate(path: str) -> str:
    """Return the path, ``~`` expanded, of a client certificate that can be used.

    Args:
        path: A PEM file with the certificate and its key.

    Raises:
        InvalidConfiguration: It is not.
    """
    real_path = os.path.expanduser(path)

    def password() -> str:
        raise _EncryptedKeyError

    with (
        _complaining_about("client certificate", path),
        # OpenSSL itself will ask for the passphrase, once, when it is needed.
        contextlib.suppress(_EncryptedKeyError),
    ):
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(
            real_path, password=password
        )
    return real_path


class _EncryptedKeyError(Exception):
    """The key of a client certificate is protected by a passphrase."""


@contextlib.contextmanager
def _complaining_about(what: str, path: str) -> Iterator[None]:
    try:
        yield
    except ssl.SSLError as exc:
        raise exceptions.InvalidConfiguration(
            f"The {what} `{path}` is not usable: {_words(exc)}.",
            hint="It must be in PEM form"
            + (", key and certificate in one file." if "client" in what else "."),
        ) from exc
    except OSError as exc:
        raise exceptions.InvalidConfiguration(
            f"The {what} `{path}` cannot be read: {exc.strerror}."
        ) from exc


def explain(error: BaseException, url: str) -> str:
    """Return in plain words why there was no answer.

    Args:
        error: What requests raised.
        url: Where the request was sent.
    """
    where = f"`{sanitize_url(url)}`"
    *_, cause = causes = list(_chain(error))
    if isinstance(error, requests.exceptions.ProxyError) or any(
        type(link).__module__ == "socks" for link in causes
    ):
        return (
            f"The proxy on the way to {where} failed: {_words(cause)}.\n"
            "Check `HTTPS_PROXY` and `HTTP_PROXY`; `NO_PROXY` lists hosts that need "
            "none."
        )
    if isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error):
        return "A SOCKS proxy is configured.\nInstall `twine[socks]` to use it."
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return f"No connection to {where} within {CONNECT_TIMEOUT:g} seconds."
    if isinstance(cause, ssl.SSLError):
        return _explain_tls(cause, where)
    return _explain_connection(cause, where, host_of(url))


def _explain_tls(cause: ssl.SSLError, where: str) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"The certificate of {where} is not trusted: {_words(cause)}.\n"
            "If the index has its own authority, give its certificate with `--cert`."
        )
    return f"No secure connection to {where}: {_words(cause)}."


def _explain_connection(cause: BaseException, where: str, host: str) -> str:
    match cause:
        case socket.gaierror():
            return f"The host `{host}` cannot be found: {_words(cause)}."
        case ConnectionRefusedError():
            return f"{where} refuses connections: is the server running?"
        case TimeoutError() | urllib3.exceptions.TimeoutError():
            return f"No answer from {where} for {ANSWER_TIMEOUT:g} seconds."
        case ConnectionError():
            return f"{where} closed the connection without an answer."
        case http.client.HTTPException():
            return f"{where} answered with something that is not HTTP."
        case _:
            return f"The request to {where} failed: {_words(cause)}."


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


def _words(cause: BaseException) -> str:
    """Return an exception's message without Python's trimmings."""
    if message := getattr(cause, "verify_message", None):
        return str(message)
    if isinstance(cause, ssl.SSLError) and getattr(cause, "reason", None):
        return cause.reason.replace("_", " ").lower()
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause).rstrip(".") or type(cause).__name__
