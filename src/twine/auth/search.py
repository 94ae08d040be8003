"""The search for the credentials of one index: who was asked, and who had what."""

from __future__ import annotations

import logging
from collections.abc import Callable

from .. import exceptions
from ..config.known_indexes import TOKEN_USERNAME, find_known_index
from ..terminal.console import Console
from ..terminal.redaction import spellings
from . import credentials
from .keyring import Keyring
from .sources import Kind, Origin, Source, Statements, find

logger = logging.getLogger(__name__)

KEYRING, PROMPT = "the keyring", "the prompt"


class Search:
    """What is known about the credentials of one index; each is looked for once.

    Args:
        url: Its upload URL.
        statements: What options, variables and files say.
        console: Where the credentials must not show.

    Attributes:
        explanations: A sentence for each credential that was found: who had it, and
            who had not.
    """

    def __init__(self, url: str, statements: Statements, console: Console) -> None:
        self._url = url
        self._statements = statements
        self._console = console
        self._asked: dict[Kind, list[str]] = {"username": [], "password": []}
        self._found: dict[Kind, str] = {}
        self.explanations: list[str] = []

    def resolve(
        self, kind: Kind, ask: Callable[[], str], *, minted: bool = False
    ) -> str:
        """Return a credential from the first source that has it.

        Args:
            kind: Which one.
            ask: How to get it where nothing states it; notes who is asked.
            minted: Whether it must come from trusted publishing, by ``ask``.

        Raises:
            InvalidConfiguration: Another one is given then.
        """
        if (known := self._found.get(kind)) is not None:
            return known
        self._asked[kind].clear()
        if minted:
            self._refuse_given(kind)
        for source in () if minted else self._statements.all(kind):
            self.note(kind, source.name)
            if source.value is not None:
                value = self.accept(kind, source.value, source)
                break
        else:
            value = ask()
        self._found[kind] = value
        shown = credentials.mask(kind, value)
        what = f"username `{shown}`" if kind == "username" else kind
        self._explain(what, *self._asked[kind])
        if shown != value:
            # An index, or a proxy before it, may quote what it was sent.
            self._console.hide(*spellings(self._found.get("username"), value))
        logger.info("%s: %s", kind, shown)
        return value

    def _refuse_given(self, kind: Kind) -> None:
        given = find(self._statements.given(kind))
        if given is None or (kind == "username" and given.value == TOKEN_USERNAME):
            return
        raise exceptions.InvalidConfiguration(
            f"{given.name} gives a {kind}, which `--trusted-publishing always` does "
            "not use.",
            hint="Remove it, or use `--trusted-publishing auto`.",
        )

    def note(self, kind: Kind, name: str) -> None:
        """Remember who is asked."""
        self._asked[kind].append(name)

    def accept(self, kind: Kind, value: str, source: Source) -> str:
        """Return a credential; warn of what is wrong with it."""
        index = find_known_index(self._url)
        for problem in credentials.check(kind, value, source, index=index):
            logger.warning("The %s from %s %s", kind, source.name, problem)
        return value

    def forget_password(self) -> None:
        """Look for it again when it is asked for next."""
        self._found.pop("password", None)

    @property
    def was_typed(self) -> bool:
        """Whether somebody typed the password."""
        return self._asked["password"][-1:] == [PROMPT]

    def find_for_project(
        self, project: str, keyring: Keyring
    ) -> tuple[str, str] | None:
        """Return the user name and the token of a project that has its own.

        What an option or a variable gives is for all projects, and wins. A token in
        ``.pypirc`` wins over what that has for the index, one in the keyring does not.
        """
        stated = self._statements
        if find(stated.given("password")) is not None:
            return None
        source, user = stated.project_token(project), find(stated.given("username"))
        token = source.value
        if token is None and find(stated.all("password")) is None:
            # flit, which made the convention, does not send the user's name either.
            named, user = find(stated.all("username")), None
            source = Source(KEYRING, Origin.KEYRING)
            token = keyring.find_token(
                self._url, project, named.value if named else None
            )
        if token is None:
            return None
        username = TOKEN_USERNAME if user is None else user.value or ""
        self.accept("password", token, source)
        self._console.hide(*spellings(username, token))
        self._explain(f"token for `{project}`", source.name)
        return username, token

    def _explain(self, what: str, *asked: str) -> None:
        *before, found = asked
        nothing = f"; nothing in {', '.join(before)}" if before else ""
        self.explanations.append(f"The {what} comes from {found}{nothing}.")
        logger.info("%s", self.explanations[-1])
