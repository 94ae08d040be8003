"""API tokens that are good for one project only: who has one for it."""

from __future__ import annotations

import dataclasses

from ..config.known_indexes import TOKEN_USERNAME
from .keyring import Keyring
from .sources import KEYRING, Source, Statements, find


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ProjectToken:
    """The token of a project.

    Args:
        username: The user name that goes with it.
        token: The token.
        source: Who has it.
    """

    username: str
    token: str = dataclasses.field(repr=False)
    source: Source


def find_project_token(
    project: str, statements: Statements, keyring: Keyring, system: str
) -> ProjectToken | None:
    """Return the token of a project; ``None`` if it has none of its own.

    What an option or a variable gives is for all projects, and wins. A token in
    ``.pypirc`` wins over what that has for the index, one in the keyring does not.

    Args:
        project: The normalized name of the project.
        statements: What is said about credentials without asking anybody.
        keyring: The keyring, under names that flit made up (its documentation,
            "Controlling package uploads"): such a token is its project's or its
            user's, and not sent with the user's name.
        system: The upload URL.
    """
    if find(statements.given_passwords()) is not None:
        return None
    filed = statements.project_token(project)
    if filed.value is not None:
        user = find(statements.given_usernames())
        return ProjectToken(
            username=TOKEN_USERNAME if user is None else user.value or "",
            token=filed.value,
            source=filed,
        )
    if find(statements.passwords()) is not None:
        return None
    user = find(statements.usernames())
    token = keyring.find_token(system, project, user.value if user else None)
    if token is None:
        return None
    return ProjectToken(username=TOKEN_USERNAME, token=token, source=KEYRING)
