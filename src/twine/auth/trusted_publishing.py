"""Trusted publishing: short-lived API tokens that an index mints for this run.

Each is renewed before it expires: https://docs.pypi.org/trusted-publishers/
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from .. import exceptions
from ..config.known_indexes import host_of
from ..index.retry import ONCE, RetryPolicy
from ..terminal import prompts
from ..terminal.console import Console
from . import oidc
from .credentials import TOKEN_USERNAME
from .oidc import TrustedPublishingToken

if TYPE_CHECKING:
    import requests

    from .resolver import Resolver

logger = logging.getLogger(__name__)

# A token this close to its end is replaced before the next request.
TOKEN_RENEWAL_THRESHOLD = timedelta(minutes=5)
# PyPI's tokens live for 15 minutes; an index need not say so.
_LIFETIME = 900


class TrustedPublishing:
    """The tokens that one index mints for the identity of this CI.

    Args:
        url: The upload URL; its host mints the tokens.
        open_session: How to make a session without credentials.
        policy: How often to repeat requests.
        console: Where neither identity nor token must show.
    """

    def __init__(
        self,
        url: str,
        *,
        open_session: Callable[[], requests.Session],
        policy: RetryPolicy = ONCE,
        console: Console,
    ) -> None:
        self._host = host_of(url)
        self._open_session = open_session
        self._policy = policy
        self._console = console
        self._renewing = threading.Lock()
        self._expires = 0.0
        self.token: TrustedPublishingToken | None = None

    def get_token(self) -> str | None:
        """Return a token for the next request; ``None`` outside of a supported CI.

        Raises:
            TrustedPublishingFailure: This CI's identity was not accepted.
            requests.RequestException: The index could not be asked.
        """
        with self._renewing:  # uploads that run side by side share one token
            if not self.has_valid_token():
                self._renew()
            return None if self.token is None else self.token["token"]

    def has_valid_token(self) -> bool:
        """Return whether a token was minted that still has some time to live."""
        left = self._expires - time.time()
        return self.token is not None and left > TOKEN_RENEWAL_THRESHOLD.seconds

    def _renew(self) -> None:
        """Get a new token; if there is none, keep one that is still valid."""
        import requests

        token, why = None, "The CI gave no identity."
        valid = self.token is not None and self._expires > time.time()
        try:
            token = self.exchange_identity()
        except (exceptions.TrustedPublishingFailure, requests.RequestException) as exc:
            if not valid:
                raise
            why = self._console.redact(str(exc))
        if token is not None:
            self._console.hide(token["token"])
            self._expires = token.get("expires") or time.time() + _LIFETIME
        elif valid:
            logger.warning("The API token could not be renewed yet. %s", why)
            return
        self.token = token

    def exchange_identity(self) -> TrustedPublishingToken | None:
        """Exchange a fresh identity token for an API token."""
        import requests

        try:
            with self._open_session() as session:
                return oidc.exchange_identity(
                    session, self._host, self._find_identity, policy=self._policy
                )
        # 404 where there is no trusted publishing: a person can still type a token.
        except requests.HTTPError as exc:
            if self.token is not None or not prompts.can_ask():
                raise
            logger.info("No trusted publishing: %s", self._console.redact(str(exc)))
            return None

    def _find_identity(self, audience: str) -> str | None:
        """Return an identity token, which is a secret until it has been used."""
        token = oidc.find_identity(audience)
        self._console.hide(token)
        return token


class TrustedPublishingAuthenticator:
    """Put a token from trusted publishing on each request, renewed in time.

    Args:
        resolver: What gets tokens.
    """

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the credentials to a request.

        Raises:
            TrustedPublishingFailure: The token ran out and no new one was given.
        """
        from requests.auth import HTTPBasicAuth

        token = self.resolver.make_trusted_publishing_token()
        if token is None:
            raise exceptions.TrustedPublishingFailure(
                "The API token ran out, and this CI gave no identity for a new one."
            )
        HTTPBasicAuth(TOKEN_USERNAME, token)(request)
        return request
