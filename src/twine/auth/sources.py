"""Who may give a user name or a password before anybody is asked, in order. Pure."""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from .. import exceptions
from ..config.arguments import FromEnvironment
from ..config.known_indexes import TOKEN_USERNAME
from ..terminal.text import is_text

Kind = Literal["username", "password"]


class Origin(enum.Enum):
    """What kind of source a credential comes from."""

    OPTION = enum.auto()
    VARIABLE = enum.auto()
    FILE = enum.auto()
    KEYRING = enum.auto()
    PROMPT = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """One source, by the name that messages have for it, and what it has."""

    name: str
    origin: Origin
    value: str | None = dataclasses.field(default=None, repr=False)


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
class Statements:
    """What options, variables and files say about the credentials of one index.

    Args:
        input: Options and environment.
        config: The index's keys as in ``.pypirc``.
        index_name: The name of the index, for variables of its own.
        configured_in: Where ``config`` comes from.
        read_login: How to get user name and password from ``.netrc``.
    """

    input: CredentialInput
    config: Mapping[str, str | None] = dataclasses.field(repr=False)
    index_name: str | None
    configured_in: str
    read_login: Callable[[], tuple[str | None, str | None]]

    def all(self, kind: Kind) -> Iterator[Source]:
        """Yield the sources of a credential, the strongest first.

        Raises:
            InvalidConfiguration: A variable is not text, or contradicts another one.
        """
        yield from self.given(kind)
        yield self._configured(kind)
        username, password = self.read_login()
        user = find([*self.given("username"), self._configured("username")])
        if kind == "username":
            password = username
        elif user is not None and username not in {None, user.value}:
            password = None  # somebody else's
        yield Source("`.netrc`", Origin.FILE, password)

    def given(self, kind: Kind) -> Iterator[Source]:
        """Yield the options and variables for a credential, the strongest first.

        A variable for a token gives the user name, too, unless one is set beside it.
        """
        is_password = kind == "password"
        value = self.input.password if is_password else self.input.username
        if isinstance(value, FromEnvironment):
            # The default of an option is the text of a variable, which has its turn.
            value = None if value.variable in self.input.environment else value
        yield Source(f"`--{kind}`", Origin.OPTION, value)
        name = re.sub("[^A-Z0-9]", "_", (self.index_name or "").upper())
        for suffix in (f"_{name}", "") if name else ("",):
            yield from self._variables(suffix) if is_password else self._names(suffix)

    def _variables(self, suffix: str) -> Iterator[Source]:
        password = self._variable(f"TWINE_PASSWORD{suffix}")
        token = self._variable(f"TWINE_TOKEN{suffix}")
        if password.value is not None and token.value is not None:
            raise exceptions.InvalidConfiguration(
                f"{password.name} and {token.name} are both set, and which one is "
                "meant is not known.",
                hint="Unset one of them, or name the index in it: `TWINE_TOKEN_PYPI`.",
            )
        yield from (password, token)

    def _names(self, suffix: str) -> Iterator[Source]:
        yield self._variable(f"TWINE_USERNAME{suffix}")
        token = self._variable(f"TWINE_TOKEN{suffix}")
        if token.value is not None and find(self.given("password")) == token:
            yield dataclasses.replace(token, value=TOKEN_USERNAME)

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

    def project_token(self, project: str) -> Source:
        """Return what ``tokens`` in ``.pypirc`` has for a project.

        Raises:
            InvalidConfiguration: It is malformed.
        """
        token = parse_tokens(self.config.get("tokens") or "").get(project)
        return Source(f"`tokens` in {self.configured_in}", Origin.FILE, token)


def find(sources: Iterable[Source]) -> Source | None:
    """Return the first source that has something."""
    return next((source for source in sources if source.value is not None), None)


def parse_tokens(text: str) -> dict[str, str]:
    """Return the tokens of a section by normalized project name.

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
        name, _, token = (part.strip() for part in line.partition("="))
        project = canonicalize_name(name)
        if not (name and token) or project in tokens:
            raise exceptions.InvalidConfiguration(
                f"Entry {number} of `tokens` in `.pypirc` is not usable.",
                hint="Each line must be `project = token`, with each project once.",
            )
        tokens[project] = token
    return tokens
