"""Trusted publishing: short-lived API tokens that an index mints for this run.

Each is renewed before it expires, and given up at the end:
https://docs.pypi.org/trusted-publishers/
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import threading
import time
import urllib.parse
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from .. import exceptions
from ..config.keywords import TrustedPublishingMode
from ..config.known_indexes import TOKEN_USERNAME, find_known_index
from ..index.retry import ONCE, RetryPolicy
from ..terminal import prompts
from ..terminal.console import Console
from . import identity, oidc
from .oidc import Refusal, TrustedPublishingToken

if TYPE_CHECKING:
    import requests

logger = logging.getLogger(__name__)

# A token this close to its end is replaced before the next request.
TOKEN_RENEWAL_THRESHOLD = timedelta(minutes=5)
# PyPI's tokens live for 15 minutes; an index need not say so.
_LIFETIME = 900
# Seconds between two tries to renew a token that can still be used.
_RENEWAL_INTERVAL = 60
# Seconds for giving up all tokens: nobody waits for more at the end of a release.
_LONGEST_REVOCATION = 3.0


class TrustedPublishing:
    """The tokens that one index mints for the identity of this CI.

    Args:
        url: The upload URL; its host mints the tokens.
        open_session: How to make a session without credentials.
        mode: ``always`` makes it an error if there is no token, ``never`` asks for
            none, and with ``auto`` there may be one.
        policy: How often to repeat requests.
        may_prompt: Whether a person may be asked for a token instead.
        console: Where neither identity nor token must show.
    """

    def __init__(
        self,
        url: str,
        *,
        open_session: Callable[[], requests.Session],
        mode: TrustedPublishingMode = "auto",
        policy: RetryPolicy = ONCE,
        may_prompt: bool = True,
        console: Console,
    ) -> None:
        self.mode = mode
        self._url = urllib.parse.urlsplit(url)
        self._host = self._url.netloc.rpartition("@")[2]  # with its port
        self._index = find_known_index(url)
        self._open_session = open_session
        self._policy = policy
        self._may_prompt = may_prompt
        self._console = console
        self._renewing = threading.Lock()
        self._audience: str | None = None
        # The identity token that was found last, and the one that gave a token.
        self._identity: str | None = None
        self._used_identity: str | None = None
        # Each token with the time at which it expires; the last one is in use.
        self._minted: list[tuple[TrustedPublishingToken, float]] = []
        self._next_renewal = 0.0

    @property
    def token(self) -> TrustedPublishingToken | None:
        """The token in use, if there is one."""
        return self._minted[-1][0] if self._minted else None

    @property
    def _seconds_left(self) -> float:
        return self._minted[-1][1] - time.time() if self._minted else 0.0

    def has_valid_token(self) -> bool:
        """Return whether a token was minted that still has some time to live."""
        return self._seconds_left > TOKEN_RENEWAL_THRESHOLD.seconds

    def get_token(self) -> str | None:
        """Return a token for the next request; ``None`` if none can be had here.

        Raises:
            TrustedPublishingFailure: This CI's identity was not accepted, or there
                is none although there has to be one.
            requests.RequestException: The index could not be asked.
        """
        if self.mode == "never":
            return None
        with self._renewing:  # uploads that run side by side share one token
            if not self._minted:
                self.exchange_identity()
            elif not self.has_valid_token() and time.time() >= self._next_renewal:
                self._renew()
            return None if self.token is None else self.token["token"]

    def _renew(self) -> None:
        """Get a new token, or keep the one in use as long as it is valid."""
        import requests

        try:
            if self.exchange_identity() is not None:
                return
            raise exceptions.TrustedPublishingFailure("This CI gave no identity token.")
        except (exceptions.TrustedPublishingFailure, requests.RequestException) as exc:
            left = self._seconds_left
            if left <= 0:
                raise
            why = self._console.redact(str(exc))
            text = "The API token expires in %d s. %s"
            logger.warning(text, left, why)
            self._next_renewal = time.time() + min(left, _RENEWAL_INTERVAL)

    def exchange_identity(self) -> TrustedPublishingToken | None:
        """Return a new token; see :meth:`get_token` for what it raises."""
        import requests

        if self._url.scheme != "https":
            raise exceptions.TrustedPublishingFailure(
                f"Trusted publishing needs `https://`, and `{self._host}` is reached "
                f"by `{self._url.scheme}://`."
            )
        token: TrustedPublishingToken | None = None
        try:
            with self._open_session() as session:
                token = self._exchange_with(session)
        # 404 where there is no trusted publishing: a person can still type a token.
        except requests.HTTPError as exc:
            self._go_on_without(exc, if_possible=self._can_ask)
        if token is None and self.mode == "always":
            raise exceptions.TrustedPublishingFailure(
                "There is no identity token here, and `--trusted-publishing always` "
                "needs one.",
                hint="It comes from GitHub, GitLab, Google Cloud, Buildkite or "
                f"CircleCI; elsewhere, set `{identity.VARIABLE}` to a token.",
            )
        return token

    def _exchange_with(
        self, session: requests.Session
    ) -> TrustedPublishingToken | None:
        """Return a new token; nothing where nobody set trusted publishing up."""
        host, policy = self._host, self._policy
        if self._audience is None:
            self._audience = oidc.fetch_audience(session, host, policy=policy)
        try:
            found = self._find_identity()
        except exceptions.TrustedPublishingFailure as exc:
            self._go_on_without(exc, if_possible=not identity.is_expected())
            return None
        if found is None:
            return None
        if found == self._used_identity:
            raise exceptions.TrustedPublishingFailure(
                "The API token cannot be renewed: the identity token of this job can "
                "be used only once.",
                hint="Publish what is left in a new job, with `--skip-existing`.",
            )
        answer = oidc.mint_token(
            session, host, found, renew=self._find_identity, policy=policy
        )
        if isinstance(answer, Refusal):
            # It may repeat the identity.
            said = self._console.redact(answer.reasons)
            answer = dataclasses.replace(answer, reasons=said)
            claims = identity.read_claims(self._identity or "")
            error = identity.explain_refusal(answer, host, claims, self._index)
            self._go_on_without(error, if_possible=identity.is_not_set_up(answer))
            return None
        self._used_identity = self._identity
        self._remember(answer)
        return answer

    @property
    def _can_ask(self) -> bool:
        return self._may_prompt and prompts.can_ask()

    def _go_on_without(self, error: Exception, *, if_possible: bool) -> None:
        """Tell why a person is asked instead, or why a token will be missing.

        Raises:
            Exception: The error, unless it is possible to go on.
        """
        if self.mode == "always" or self._minted or not if_possible:
            raise error
        level = logging.INFO if self._can_ask else logging.WARNING
        text = self._console.redact(str(error))
        logger.log(level, "Trusted publishing is not used. %s", text)

    def _find_identity(self) -> str | None:
        """Return an identity token, which is a secret until it has been used."""
        self._identity = identity.find_identity(self._audience or "")
        self._console.hide(self._identity)
        return self._identity

    def _remember(self, minted: TrustedPublishingToken) -> None:
        """Use a new token, which must not show anywhere."""
        token = minted["token"] or ""
        self._console.hide(token)
        if os.environ.get("GITHUB_ACTIONS") == "true":
            self._console.mask_in_github_log(token)
        expires = minted.get("expires") or time.time() + _LIFETIME
        self._minted.append((minted, expires))

    def revoke_tokens(self) -> None:
        """Give up all tokens that were minted here and may still be used.

        There is one try, and a limit of three seconds: a token that cannot be given
        up expires soon.
        """
        minted, self._minted = self._minted, []
        tokens = [t["token"] or "" for t, expires in minted if expires > time.time()]
        if not tokens:
            return
        # A thread, since no time-out covers the look-up of a host's name, for example.
        thread = threading.Thread(target=self._burn, args=(tokens,), daemon=True)
        thread.start()
        # After Ctrl-C, what was uploaded is yet to be told; only the waiting ends.
        with contextlib.suppress(KeyboardInterrupt):
            thread.join(_LONGEST_REVOCATION)

    def _burn(self, tokens: Sequence[str]) -> None:
        try:
            with self._open_session() as session:
                for token in tokens:
                    oidc.burn_token(session, self._host, token)
        except Exception as exc:  # noqa: BLE001 - there is nothing to be done about it
            logger.debug("A token was not given up: %s", self._console.redact(str(exc)))


class _TokenSource(Protocol):
    def make_trusted_publishing_token(self) -> str | None: ...


class TrustedPublishingAuthenticator:
    """Put a token from trusted publishing on each request, renewed in time.

    Args:
        resolver: What gets tokens.
    """

    def __init__(self, resolver: _TokenSource) -> None:
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
