"""Where a user name and a password come from, in order.

Option or environment, ``.pypirc``, keyring, trusted publishing, and at last the
person at the terminal. A source that has nothing says ``None``; one that is there
but broken raises, or warns where the next one can take over.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .. import exceptions
from ..config.known_indexes import find_known_index
from ..terminal import prompts
from ..terminal.console import Console, default
from ..terminal.redaction import spellings
from . import credentials, oidc
from .credentials import TOKEN_USERNAME, CredentialInput, Kind, Source
from .keyring import Keyring
from .oidc import TrustedPublishingToken
from .trusted_publishing import TrustedPublishing, TrustedPublishingAuthenticator

if TYPE_CHECKING:
    import requests

logger = logging.getLogger(__name__)


class Resolver:
    """Find the credentials for one index; each is looked for once.

    Args:
        config: The index's keys as in ``.pypirc``; ``repository`` is its URL.
        input: What the user gave.
        trusted_publishing: What gets tokens for a CI's identity; if not given, it
            trusts the index's ``ca_cert``.
        keyring_timeout: How many seconds a keyring may take for an answer; a
            minute if not given, or five where a person may have to unlock it.
        console: Where the credentials must not show.
    """

    _may_prompt = True

    def __init__(
        self,
        config: Mapping[str, str | None],
        input: CredentialInput,  # noqa: A002 - its name for other programs
        *,
        trusted_publishing: TrustedPublishing | None = None,
        keyring_timeout: float | None = None,
        console: Console | None = None,
    ) -> None:
        self.config = config
        self.input = input
        self._console = console or default()
        self._trusted_publishing = trusted_publishing or TrustedPublishing(
            config.get("repository") or "",
            open_session=functools.partial(
                oidc.open_session,
                config.get("ca_cert"),
                config.get("client_cert"),
                redact=self._console.redact,
            ),
            may_prompt=self._may_prompt,
            console=self._console,
        )
        attended = self._may_prompt and prompts.can_ask()
        self._keyring = Keyring(keyring_timeout, attended=attended)
        self._username: str | None = None
        self._password: str | None = None

    @classmethod
    def choose(cls, interactive: bool) -> type[Resolver]:
        """Return the class to use: one that may ask, or one that never does."""
        return cls if interactive else Private

    @property
    def system(self) -> str | None:
        """The name of the index in a keyring: its upload URL."""
        # To the letter: what `keyring set URL USER` has stored for 7.0.0 is found.
        return self.config["repository"]

    def is_pypi(self) -> bool:
        """Return whether the index is PyPI or TestPyPI."""
        return find_known_index(self.system or "") is not None

    @property
    def username(self) -> str | None:
        """The user name.

        Raises:
            NonInteractive: There is none, and nobody to ask.
        """
        if self._username is None:
            find = self.username_from_keyring_or_prompt
            self._username = self._resolve("username", self.input.username, find)
        return self._username

    @property
    def password(self) -> str | None:
        """The password or token.

        Raises:
            NonInteractive: There is none, and nobody to ask.
            TrustedPublishingFailure: This CI's identity was not accepted.
            requests.RequestException: The index could not be asked for a token.
        """
        if self._password is None:
            find = self.password_from_keyring_or_trusted_publishing_or_prompt
            self._password = self._resolve("password", self.input.password, find)
            # An index, or a proxy before it, may quote what it was sent.
            self._console.hide(*spellings(self._username, self._password))
        return self._password

    def _resolve(self, kind: Kind, given: str | None, find: Callable[[], str]) -> str:
        """Return a credential from the first source that has it."""
        if self._trusted_publishing.mode == "always":
            return self._resolve_minted(kind, given)
        value = credentials.get_userpass_value(given, self.config, kind)
        if value is None:
            value = find()
        else:
            source = Source.CONFIGURED if given is None else Source.GIVEN
            self._accept(kind, value, source)
        shown = credentials.mask(kind, value)
        if shown != value:
            self._console.hide(value)
        logger.info("%s: %s", kind, shown)
        return value

    def _resolve_minted(self, kind: Kind, given: str | None) -> str:
        """Return a credential where it must come from trusted publishing.

        Raises:
            InvalidConfiguration: Another one is given.
        """
        if given is not None and (kind == "password" or given != TOKEN_USERNAME):
            raise exceptions.InvalidConfiguration(
                f"A {kind} is given, and `--trusted-publishing always` uses none.",
                hint=f"Remove it (`--{kind}`, `TWINE_{kind.upper()}`), or use "
                "`--trusted-publishing auto`.",
            )
        if kind == "username":
            return TOKEN_USERNAME
        logger.info("The token comes from trusted publishing.")
        return self.make_trusted_publishing_token() or ""

    def _accept(self, kind: Kind, value: str, source: Source) -> str:
        """Return a credential; tell where it comes from, and what is wrong with it."""
        logger.info("The %s comes %s.", kind, source.value)
        index = find_known_index(self.system or "")
        for one in credentials.check(kind, value, source=source, index=index):
            logger.warning("The %s %s %s.\n%s", kind, source.value, one.fault, one.hint)
        return value

    @property
    def holds_trusted_publishing_token(self) -> bool:
        """Whether the password is a short-lived token, to be renewed in time."""
        return self._tp_token is not None

    @property
    def authenticator(self) -> Callable[[requests.PreparedRequest], Any]:
        """What puts the credentials on a request, for ``session.auth``.

        A token from trusted publishing is renewed when it is about to expire.
        """
        from requests.auth import HTTPBasicAuth

        from ..index.authentication import basic_auth

        username, password = self.username or "", self.password or ""
        if self.holds_trusted_publishing_token:
            return TrustedPublishingAuthenticator(self)
        return HTTPBasicAuth(*basic_auth(username, password))

    def username_from_keyring_or_prompt(self) -> str:
        """Return the user name from a source that needs no configuration."""
        # PyPI answers any other user name with 403 "Username/Password authentication
        # is no longer supported".
        if self.is_pypi():
            return TOKEN_USERNAME
        found = self.get_username_from_keyring()
        if found is not None:
            return self._accept("username", found, Source.KEYRING)
        return self.prompt("username", prompts.ask)

    def password_from_keyring_or_trusted_publishing_or_prompt(self) -> str:
        """Return the password from a source that needs no configuration."""
        found = self.get_password_from_keyring()
        if found is not None:
            return self._accept("password", found, Source.KEYRING)
        if self.is_pypi() and self.username == TOKEN_USERNAME:
            token = self.make_trusted_publishing_token()
            if token is not None:
                logger.info("The token comes from trusted publishing.")
                return token
            return self.prompt("API token", prompts.ask_secret)
        return self.prompt("password", prompts.ask_secret)

    def get_username_from_keyring(self) -> str | None:
        """Return the user name that a keyring has for this index."""
        return self._keyring.find_username(self.system or "")

    def get_password_from_keyring(self) -> str | None:
        """Return the password that a keyring has for this index and user."""
        return self._keyring.find_password(self.system or "", self.username or "")

    def prompt(self, what: str, how: Callable[..., str]) -> str:
        """Ask the person at the terminal.

        Args:
            what: What to ask for.
            how: How to ask: a function of the question.

        Raises:
            NonInteractive: There is no person, or no answer.
        """
        if not prompts.can_ask():
            raise self.not_found(what, "there is no terminal to ask for it")
        try:
            value = how(f"Enter your {what}: ")
        except EOFError:
            raise self.not_found(what, "the question got no answer") from None
        kind: Kind = "username" if what == "username" else "password"
        return self._accept(kind, value, Source.PROMPT)

    def not_found(self, what: str, why: str) -> exceptions.NonInteractive:
        """Return the error for a credential that no source has."""
        if self._keyring.timed_out:
            why = f"the keyring gave no answer, and {why}"
        return exceptions.NonInteractive(
            f"The {what} for `{self.system}` is missing, and {why}.",
            hint=credentials.HOW_TO_GIVE[self.is_pypi()],
        )

    def make_trusted_publishing_token(self) -> str | None:
        """Return a token for the next request; ``None`` outside of a supported CI.

        Raises:
            TrustedPublishingFailure: This CI's identity was not accepted.
            requests.RequestException: The index could not be asked.
        """
        return self._trusted_publishing.get_token()

    def revoke_tokens(self) -> None:
        """Give up the tokens that were minted for this run, if any."""
        if self.holds_trusted_publishing_token:
            self._password = None
        self._trusted_publishing.revoke_tokens()

    @property
    def _tp_token(self) -> TrustedPublishingToken | None:
        return self._trusted_publishing.token

    def _has_valid_cached_tp_token(self) -> bool:
        return self._trusted_publishing.has_valid_token()

    def _make_trusted_publishing_token(self) -> TrustedPublishingToken | None:
        return self._trusted_publishing.exchange_identity()


class Private(Resolver):
    """Find credentials without ever asking for one."""

    _may_prompt = False

    def prompt(self, what: str, how: Callable[..., str] | None = None) -> str:
        """Refuse to ask.

        Raises:
            NonInteractive: Always.
        """
        raise self.not_found(what, "nobody may be asked for it (`--non-interactive`)")
