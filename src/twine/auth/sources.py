"""Who may give a user name or a password before anybody is asked, in order. Pure."""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from .. import exceptions
from ..config.arguments import FromEnvironment
from ..config.known_indexes import TOKEN_USERNAME
from ..terminal.text import is_text
from .netrc_file import Login

Kind = Literal["username", "password"]


class Origin(enum.Enum):
    """What kind of source a credential comes from."""

    OPTION = enum.auto()
    VARIABLE = enum.auto()
    FILE = enum.auto()
    KEYRING = enum.auto()
    INDEX = enum.auto()
    PROMPT = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """One source, and what it has.

    Args:
        name: What messages call it.
        origin: Its kind.
        value: The user name or password; ``None`` if it has none.
    """

    name: str
    origin: Origin
    value: str | None = dataclasses.field(default=None, repr=False)


KEYRING = Source("the keyring", Origin.KEYRING)
TRUSTED_PUBLISHING = Source("trusted publishing", Origin.INDEX)
DEFAULT = Source("the default of this index", Origin.INDEX)
PROMPT = Source("the prompt", Origin.PROMPT)


@dataclasses.dataclass(repr=False, eq=False)  # a `repr` would show the password
class CredentialInput:
    """What the user gave on the command line or in the environment.

    Args:
        username: The user name, if given.
        password: The password, if given; an empty one counts as given.
        environment: Environment variables, which may hold more of both.
    """

    username: str | None = None
    password: str | None = None
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where a credential comes from.

    Args:
        what: The credential, "username" for example.
        asked: The sources that were asked, in order; the last one had it.
    """

    what: str
    asked: Sequence[str]

    def __str__(self) -> str:
        """Return it as a sentence."""
        *before, found = self.asked
        nothing = f"; nothing in {', '.join(before)}" if before else ""
        return f"The {self.what} comes from {found}{nothing}."


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """What options, variables and files say about the credentials of one index.

    Args:
        input: Options and environment.
        config: The index's keys as in ``.pypirc``.
        index_name: The name of the index, for variables of its own.
        configured_in: Where ``config`` comes from.
        read_login: How to get what ``.netrc`` has for the index.
    """

    input: CredentialInput
    config: Mapping[str, str | None] = dataclasses.field(repr=False)
    index_name: str | None
    configured_in: str
    read_login: Callable[[], Login | None]

    def of(self, kind: Kind) -> Iterator[Source]:
        """Yield the sources of a credential, the strongest first."""
        return self.usernames() if kind == "username" else self.passwords()

    def given(self, kind: Kind) -> Iterator[Source]:
        """Yield options and variables for a credential, the strongest first."""
        is_name = kind == "username"
        return self.given_usernames() if is_name else self.given_passwords()

    def usernames(self) -> Iterator[Source]:
        """Yield the sources of a user name, the strongest first.

        Raises:
            InvalidConfiguration: A variable is not text, or contradicts another one.
        """
        yield from self.given_usernames()
        yield self._configured("username")
        login = self.read_login()
        yield _netrc(login, login.username if login else None)

    def passwords(self) -> Iterator[Source]:
        """Yield the sources of a password, the strongest first.

        Raises:
            InvalidConfiguration: A variable is not text, or contradicts another one.
        """
        yield from self.given_passwords()
        yield self._configured("password")
        login = self.read_login()
        user = find([*self.given_usernames(), self._configured("username")])
        # The password of somebody else is of no use.
        fits = login and (user is None or login.username in {None, user.value})
        yield _netrc(login, login.password if login and fits else None)

    def given_usernames(self) -> Iterator[Source]:
        """Yield options and variables for a user name.

        A variable for a token gives the user name, too, unless one is set beside it.
        """
        yield self._option("username", self.input.username)
        for suffix in self._suffixes():
            yield self._variable(f"TWINE_USERNAME{suffix}")
            token = self._variable(f"TWINE_TOKEN{suffix}")
            if token.value is not None and find(self.given_passwords()) == token:
                yield dataclasses.replace(token, value=TOKEN_USERNAME)

    def given_passwords(self) -> Iterator[Source]:
        """Yield options and variables for a password."""
        yield self._option("password", self.input.password)
        for suffix in self._suffixes():
            password = self._variable(f"TWINE_PASSWORD{suffix}")
            token = self._variable(f"TWINE_TOKEN{suffix}")
            if password.value is not None and token.value is not None:
                raise exceptions.InvalidConfiguration(
                    f"{password.name} and {token.name} are both set, and which one is "
                    "meant is not known.",
                    hint="Unset one of them, or name the index in it: "
                    "`TWINE_TOKEN_PYPI`.",
                )
            yield from (password, token)

    def project_token(self, project: str) -> Source:
        """Return what ``.pypirc`` has for a project.

        Raises:
            InvalidConfiguration: It is malformed.
        """
        tokens = parse_tokens(self.config.get("tokens") or "")
        name = f"`tokens` in {self.configured_in}"
        return Source(name, Origin.FILE, tokens.get(project))

    def _suffixes(self) -> Iterator[str]:
        """Yield the ends of the names of variables, those of this index first."""
        if self.index_name:
            yield "_" + re.sub("[^A-Z0-9]", "_", self.index_name.upper())
        yield ""

    def _option(self, kind: Kind, value: str | None) -> Source:
        if isinstance(value, FromEnvironment):
            # The default of an option is the text of a variable, which has its turn.
            value = None if value.variable in self.input.environment else value
        return Source(f"`--{kind}`", Origin.OPTION, value)

    def _variable(self, name: str) -> Source:
        value = self.input.environment.get(name)
        if value is not None and not is_text(value):
            raise exceptions.InvalidConfiguration(
                f"The value of the variable `{name}` is not UTF-8 text.",
                hint="Set it again in the encoding UTF-8.",
            )
        return Source(f"`{name}`", Origin.VARIABLE, value)

    def _configured(self, kind: Kind) -> Source:
        return Source(self.configured_in, Origin.FILE, self.config.get(kind))


def _netrc(login: Login | None, value: str | None) -> Source:
    return Source(f"`{login.path if login else '.netrc'}`", Origin.FILE, value)


def find(sources: Iterable[Source]) -> Source | None:
    """Return the first source that has something."""
    return next((source for source in sources if source.value is not None), None)


def parse_tokens(text: str) -> dict[str, str]:
    """Return the tokens of a section's ``tokens`` by normalized project name.

    Args:
        text: One ``project = token`` on each line.

    Raises:
        InvalidConfiguration: A line is something else, or repeats a project. The
            message shows nothing of it, since it may be a secret.
    """
    from packaging.utils import canonicalize_name

    tokens: dict[str, str] = {}
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        name, equals, token = (part.strip() for part in line.partition("="))
        project = canonicalize_name(name)
        if not (name and equals and token) or project in tokens:
            raise exceptions.InvalidConfiguration(
                f"Entry {number} of `tokens` in `.pypirc` is not usable.",
                hint="Each line must be `project = token`, with each project once.",
            )
        tokens[project] = token
    return tokens
