"""The way to an index: a :mod:`requests` session that is fit for uploads.

It follows no redirect, lets an explicit CA bundle win over the environment's, and
says in plain words why a connection failed. How long it waits, and how it sends, is
in :mod:`twine.index.connections`.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import logging
import os
import platform
import re
import ssl
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import requests
import requests.utils
import urllib3.exceptions

from .. import __version__, exceptions
from ..config.arguments import SYSTEM_CERTS, FromEnvironment, find_ca_bundle
from ..terminal.redaction import sanitize_url
from ..terminal.text import format_duration
from . import network_error
from .connections import Adapter, Timeouts

logger = logging.getLogger(__name__)

# Bytes of a bad answer that `--verbose` shows.
MAX_LOGGED = 64 * 1024
# PyPI then puts its message into the field `code` of a JSON body.
ACCEPT = "application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7"
# How OpenSSL finds a certificate in a folder.
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")


class Session(requests.Session):
    """A session whose failures explain themselves.

    Args:
        timeouts: How long to wait.
        redact: How to mask secrets that an answer may repeat.
    """

    def __init__(
        self, timeouts: Timeouts | None = None, redact: Callable[[str], str] = str
    ) -> None:
        super().__init__()
        self._redact = redact
        python = f"{platform.python_implementation()}/{platform.python_version()}"
        # A compressed answer gains nothing here, and a wrong one would hide it.
        self.headers.update(
            {
                "User-Agent": f"twine/{__version__} {python}",
                "Accept": ACCEPT,
                "Accept-Encoding": "identity",
            }
        )
        self._adapter = Adapter(timeouts or Timeouts())
        for scheme in ("http://", "https://"):
            self.mount(scheme, self._adapter)
        self._environment_proxies: dict[str, dict[str, str]] = {}

    def merge_environment_settings(
        self,
        url: Any,
        proxies: Any,
        stream: bool | None,
        verify: bool | str | None,
        cert: Any,
    ) -> Any:
        """Let this session's own CA bundle win over the environment's.

        :mod:`requests` itself prefers ``REQUESTS_CA_BUNDLE``, does not know of
        ``SSL_CERT_FILE``, and says of a file that does not exist only its name. It
        also looks for proxies before every request, which for a small file is a
        seventh of all work: here once for each host.

        Raises:
            InvalidConfiguration: A variable names a CA bundle that is of no use.
        """
        proxies = dict(proxies or {})
        if self.trust_env:
            for scheme, proxy in self._find_proxies(url, proxies).items():
                proxies.setdefault(scheme, proxy)
            if verify in {None, True} and self.verify is True:
                found = find_ca_bundle() if url.startswith("https:") else None
                verify = _usable_variable(*found) if found else verify
        merge: Any = requests.sessions.merge_setting
        return {
            "proxies": merge(proxies, self.proxies),
            "stream": merge(stream, self.stream),
            "verify": merge(verify, self.verify),
            "cert": merge(cert, self.cert),
        }

    def _find_proxies(self, url: str, proxies: dict[str, str]) -> dict[str, str]:
        """Return the environment's proxies for the host of a URL."""
        host = urllib.parse.urlsplit(url).netloc
        if host not in self._environment_proxies:
            self._environment_proxies[host] = requests.utils.get_environ_proxies(
                url, no_proxy=proxies.get("no_proxy")
            )
        return self._environment_proxies[host]

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow no redirect, and do not even look where it leads."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> Any:
        """Send a request.

        Raises:
            requests.RequestException: No answer came. The message says why, in
                words for the user; the class is the one that requests chose.
        """
        try:
            proxies = kwargs.get("proxies")
            network_error.check_proxy(
                requests.utils.select_proxy(request.url or "", proxies)
            )
            response = super().send(request, **kwargs)
        except requests.RequestException as exc:
            url = request.url or ""
            raise type(exc)(network_error.explain(exc, url), request=request) from exc
        except (OSError, urllib3.exceptions.HTTPError, UnicodeError) as exc:
            # A bad certificate file, for example, which requests does not translate.
            message = network_error.explain(exc, request.url or "")
            raise requests.ConnectionError(message, request=request) from exc
        if response.status_code < 200:
            # http.client takes 102 and 103 for the answer itself, which then is still
            # to come (RFC 9110, 15.2): it must not be read for the next request's.
            self._adapter.close()
        _log(response, self._redact)
        return response

    def abort(self) -> None:
        """End every wait on every open connection; for use from another thread."""
        self._adapter.abort()


def _log(response: requests.Response, redact: Callable[[str], str]) -> None:
    """Record what was asked and answered, for ``--verbose``."""
    if not logger.isEnabledFor(logging.INFO):
        return
    logger.info(
        "%s %s: %s %s, %s",
        response.request.method,
        sanitize_url(response.url),
        response.status_code,
        redact(response.reason or ""),
        format_duration(response.elapsed.total_seconds()),
    )
    if response.status_code >= 300 and response.content:
        text = response.content[:MAX_LOGGED].decode("utf-8", "replace")
        logger.info("%s", redact(text))


def make_session(
    cacert: str | None = None,
    client_cert: str | None = None,
    *,
    timeouts: Timeouts | None = None,
    redact: Callable[[str], str] = str,
) -> Session:
    """Return a session without credentials.

    Args:
        cacert: The CA certificates to trust, a PEM file; the usual ones if not given.
        client_cert: The client certificate and its key, one PEM file.
        timeouts: How long to wait.
        redact: How to mask secrets that an answer may repeat.

    Raises:
        InvalidConfiguration: One of them is of no use.
    """
    session = Session(timeouts, redact)
    if cacert:
        session.verify = usable_ca_bundle(cacert)
    if client_cert:
        session.cert = usable_client_certificate(client_cert)
    return session


@functools.lru_cache(maxsize=8)
def _usable_variable(variable: str, value: str) -> str:
    """Return the path of the CA certificates that an environment variable names.

    Raises:
        InvalidConfiguration: It is of no use.
    """
    if variable == "SSL_CERT_DIR":  # a list; requests takes one folder
        value = value.partition(os.pathsep)[0]
    return usable_ca_bundle(value, variable)


def usable_ca_bundle(path: str, variable: str | None = None) -> str:
    """Return the path, ``~`` expanded, of CA certificates that can be used.

    Args:
        path: A PEM file, a folder of them as OpenSSL wants it, or ``SYSTEM_CERTS``.
        variable: The environment variable that named it.

    Raises:
        InvalidConfiguration: It is none of these.
    """
    if path == SYSTEM_CERTS:
        if importlib.util.find_spec("truststore") is None:
            raise exceptions.InvalidConfiguration(
                "`truststore`, which `--system-certs` needs, is not installed.",
                hint="Install `twine[system-certs]`, or name a bundle with `--cert`.",
            )
        return path
    if isinstance(path, FromEnvironment):
        variable = path.variable
    real_path = os.path.expanduser(path)
    folder = os.path.isdir(real_path)
    shown = f"`{path}` from `{variable}`" if variable else f"`{path}`"
    with _as_configuration_error("CA bundle", shown):
        if folder and not any(map(_HASHED.fullmatch, os.listdir(real_path))):
            raise exceptions.InvalidConfiguration(
                f"The CA bundle {shown} is a folder without certificates.",
                hint="They must have the names that `openssl rehash` gives them.",
            )
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(
            **{"capath" if folder else "cafile": real_path}
        )
    return real_path


def usable_client_certificate(path: str) -> str:
    """Return the path, ``~`` expanded, of a PEM file with certificate and key.

    Raises:
        InvalidConfiguration: It cannot be used.
    """
    real_path = os.path.expanduser(path)
    shown = f"`{path}`"
    if isinstance(path, FromEnvironment):
        shown += f" from `{path.variable}`"

    def password() -> str:
        raise _EncryptedKeyError

    with (
        _as_configuration_error("client certificate", shown),
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
def _as_configuration_error(what: str, shown: str) -> Iterator[None]:
    try:
        yield
    except ssl.SSLError as exc:
        raise exceptions.InvalidConfiguration(
            f"The {what} {shown} is not usable: {network_error.reason_of(exc)}.",
            hint="It must be in PEM form"
            + (", key and certificate in one file." if "client" in what else "."),
        ) from exc
    except OSError as exc:
        raise exceptions.InvalidConfiguration(
            f"The {what} {shown} cannot be read: {exc.strerror}."
        ) from exc
