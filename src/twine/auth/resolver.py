"""Where a user name and a password come from, in order.

Option or environment, ``.pypirc``, ``.netrc``, keyring, trusted publishing, and at
last the person at the terminal. A source that has nothing says ``None``; one that is
there but broken raises, or warns where the next one can take over.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import exceptions
from ..config.known_indexes import TOKEN_USERNAME, find_known_index
from ..terminal import prompts
from ..terminal.console import Console, default
from . import credentials, netrc_file, oidc
from .keyring import Keyring
from .oidc import TrustedPublishingToken
from .search import KEYRING, PROMPT, Search
from .sources import CredentialInput, Kind, Origin, Source, Statements
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
        keyring: The keyring to ask.
        index_name: The name of the index, for environment variables of its own.
        configured_in: Where ``config`` comes from, for messages.
        console: Where the credentials must not show.
    """

    _may_prompt = True

    def __init__(
        self,
        config: Mapping[str, str | None],
        input: CredentialInput,  # noqa: A002 - its name for other programs
        *,
        trusted_publishing: TrustedPublishing | None = None,
        keyring: Keyring | None = None,
        index_name: str | None = None,
        configured_in: str = "the configuration",
        console: Console | None = None,
    ) -> None:
        self.config = config
        self.input = input
        console = console or default()
        url = config.get("repository") or ""
        statements = Statements(
            input=input,
            config=config,
            index_name=index_name,
            configured_in=configured_in,
            read_login=functools.cache(lambda: netrc_file.read_login(url)),
        )
        self._search = Search(url, statements, console)
        self._trusted_publishing = trusted_publishing or TrustedPublishing(
            url,
            open_session=functools.partial(
                oidc.open_session,
                config.get("ca_cert"),
                config.get("client_cert"),
                redact=console.redact,
            ),
            may_prompt=self._may_prompt,
            console=console,
        )
        attended = self._may_prompt and prompts.can_ask()
        self._keyring = keyring or Keyring(attended=attended)

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
        return self._resolve("username", self.username_from_keyring_or_prompt)

    @property
    def password(self) -> str | None:
        """The password or token.

        Raises:
            NonInteractive: There is none, and nobody to ask.
            TrustedPublishingFailure: This CI's identity was not accepted.
            requests.RequestException: The index could not be asked for a token.
        """
        find = self.password_from_keyring_or_trusted_publishing_or_prompt
        return self._resolve("password", find)

    def _resolve(self, kind: Kind, ask: Callable[[], str]) -> str:
        if self._mints_always:
            return self._search.resolve(kind, lambda: self._mint(kind), minted=True)
        return self._search.resolve(kind, ask)

    def _mint(self, kind: Kind) -> str:
        """Return a credential where all come from trusted publishing."""
        if kind == "username":
            self._search.note(kind, "the default of this index")
            return TOKEN_USERNAME
        self._search.note(kind, "trusted publishing")
        return self.make_trusted_publishing_token() or ""

    @property
    def _mints_always(self) -> bool:
        return self._trusted_publishing.mode == "always"

    def find_project_credentials(self, project: str) -> tuple[str, str] | None:
        """Return the user name and the token of a project that has its own.

        Args:
            project: The normalized name of the project.
        """
        if self._mints_always:
            return None
        return self._search.find_for_project(project, self._keyring)

    @property
    def explanations(self) -> Sequence[str]:
        """A sentence for each credential that was found: where it comes from."""
        return self._search.explanations

    def offer_to_keep(self) -> None:
        """Offer to keep a password that was typed, and that worked, in the keyring."""
        if self._search.was_typed:
            self._keyring.offer_to_keep(
                self.system or "", self.username or "", self.password or ""
            )

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
            self._search.note("username", "the default of this index")
            return TOKEN_USERNAME
        found = self._find_in_keyring("username", self.get_username_from_keyring)
        return self.prompt("username", prompts.ask) if found is None else found

    def password_from_keyring_or_trusted_publishing_or_prompt(self) -> str:
        """Return the password from a source that needs no configuration."""
        found = self._find_in_keyring("password", self.get_password_from_keyring)
        if found is not None:
            return found
        if self.is_pypi() and self.username == TOKEN_USERNAME:
            self._search.note("password", "trusted publishing")
            token = self.make_trusted_publishing_token()
            if token is not None:
                return token
            return self.prompt("API token", prompts.ask_secret)
        return self.prompt("password", prompts.ask_secret)

    def _find_in_keyring(
        self, kind: Kind, find: Callable[[], str | None]
    ) -> str | None:
        """Return what the keyring has; it may be the last one to be asked."""
        if self._keyring.mode != "off":
            self._search.note(kind, KEYRING)
        found = find()
        if found is not None:
            return self._search.accept(kind, found, Source(KEYRING, Origin.KEYRING))
        self._keyring.refuse_if_required(kind, self.system or "")
        return None

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
        self._search.note(kind, PROMPT)
        return self._search.accept(kind, value, Source(PROMPT, Origin.PROMPT))

    def not_found(self, what: str, why: str) -> exceptions.NonInteractive:
        """Return the error for a credential that no source has."""
        missing = f"The {what} for `{self.system}` is missing"
        if self._keyring.problem is not None:
            missing += f"; the keyring {self._keyring.problem}"
        return exceptions.NonInteractive(
            f"{missing}, and {why}.",
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
            self._search.forget_password()
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
