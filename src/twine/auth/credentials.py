"""What can be said of a user name or a password by looking at its text. Pure."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Mapping

from ..config.known_indexes import (
    KNOWN_INDEXES,
    TOKEN_PREFIX,
    TOKEN_USERNAME,
    KnownIndex,
)
from .sources import Kind, Origin, Source

# What to do where a prompt is impossible; by whether the index is PyPI.
HOW_TO_GIVE = {
    True: "Set `TWINE_PASSWORD` to an API token, or use `.pypirc`, a keyring, or "
    "trusted publishing.",
    False: "Set `TWINE_USERNAME` and `TWINE_PASSWORD`, or use `.pypirc` or a keyring.",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """Why a credential is likely to be refused; neither text quotes its value.

    Args:
        fault: What is wrong: the rest of a sentence that begins with the credential.
        hint: What to do about it.
    """

    fault: str
    hint: str

    def __str__(self) -> str:
        """Return both: a sentence, and the hint on a line of its own."""
        return f"{self.fault}.\n{self.hint}"


# Tab, line break, Ctrl+V (0x16) and the like; U+200B and U+FEFF (a byte order mark)
# are invisible too, and come along with what is copied from pages and files.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\ufeff]")
_QUOTES = {'""', "''", "``", "“”", "\u2018\u2019"}
_SETTING = r"(?i:\w*(?:password|token|secret|username)\w*)"
# `TWINE_PASSWORD=...` from a shell or a `.env`, `password: ...` from `.pypirc`. Other
# names are not looked for: a random password may have a `=` in it.
_ASSIGNMENT = re.compile(
    rf"(?:export |set |\$env:)?(?:TWINE_\w+|{_SETTING})\s*(?:=|:\s)\s*"
)
# How CI logs show a secret: GitHub, Azure; GitLab; Travis.
_MASKED = re.compile(r"\*{3,}|\[(?:MASKED|secure)\]")
# A shell, PowerShell, GitHub, a template, Azure, `cmd.exe`. `$ecret` is a password.
_UNEXPANDED = re.compile(
    rf"\$[A-Z_][A-Z0-9_]*|\${_SETTING}|\$(?i:env):\w+|\$\{{.+\}}|\{{\{{.+\}}\}}"
    r"|\$\(.+\)|%[A-Za-z_]\w*%"
)
_COMMENT = re.compile(r"\s[;#]")
_PASTE = "Where Ctrl+V does not paste, a right click or the window's menu may."


def check(
    kind: Kind, value: str, source: Source, *, index: KnownIndex | None = None
) -> list[Problem]:
    """Return why a credential is likely to be refused.

    Args:
        kind: What it is.
        value: Its text.
        source: Where it comes from.
        index: Where it is sent, if that is PyPI or TestPyPI: only there is known
            what is accepted.
    """
    text = value.strip()
    problems = []
    if not text:
        # Some private indexes take a token as user name, and no password. Whoever
        # writes that into a file means it; a variable may just not be set.
        if index is None and source.origin is Origin.FILE:
            return []
        return [Problem("is empty", _hint_for_empty(source))]
    if text != value:
        hint = "Remove them; a file or `echo` may have added a line break."
        problems.append(Problem("has white space or line breaks around it", hint))
    if _INVISIBLE.search(text):
        typed = source.origin is Origin.PROMPT
        hint = _PASTE if typed else "Copy or type it again."
        problems.append(Problem("contains control characters", hint))
    if assignment := _ASSIGNMENT.match(text):
        hint = "Give only what follows the name."
        problems.append(Problem("begins with the name of a setting", hint))
        text = text[assignment.end() :]
    if text[:1] + text[1:][-1:] in _QUOTES:
        hint = "Remove them: they are taken for a part of it."
        problems.append(Problem("has quotation marks around it", hint))
        text = text[1:-1]
    return problems + _check_bare(kind, text, source.origin, index)


def _check_bare(
    kind: Kind, text: str, origin: Origin, index: KnownIndex | None
) -> list[Problem]:
    """Return what is wrong with a credential that is free of what surrounds it."""
    problems = []
    if origin is Origin.FILE and _COMMENT.search(text):
        hint = "In `.pypirc` a comment needs a line of its own: this one is sent, too."
        problems.append(Problem("has what looks like a comment behind it", hint))
    if _MASKED.fullmatch(text):
        hint = "Copy it from where it was created or is kept."
        problems.append(Problem("is a mask, as logs show in place of a secret", hint))
    elif _UNEXPANDED.fullmatch(text):
        hint = "Check the quotes around it, and how this shell or CI writes variables."
        problems.append(Problem("is a variable's name instead of its value", hint))
    elif index is not None and text:
        problems += _check_for_pypi(kind, text, index)
    return problems


def _hint_for_empty(source: Source) -> str:
    match source.origin:
        case Origin.PROMPT:
            return _PASTE
        case Origin.OPTION | Origin.VARIABLE:
            return "The variable or CI secret that it comes from is probably not set."
        case _:
            return "It counts as given: remove it there to use the next source."


def _check_for_pypi(kind: Kind, text: str, index: KnownIndex) -> list[Problem]:
    """Return why PyPI, or TestPyPI, does not accept a credential."""
    new_token = f"Create a token: {index.web_url}manage/account/token/"
    if kind == "username":
        if text.startswith(TOKEN_PREFIX):
            hint = f"Give it as the password; the user name is `{TOKEN_USERNAME}`."
            return [Problem("is an API token", hint)]
        if text != TOKEN_USERNAME:
            hint = (
                "Only API tokens are accepted, and their user name is always "
                f"`{TOKEN_USERNAME}`: the default if none is given."
            )
            return [Problem(f"is not `{TOKEN_USERNAME}`", hint)]
        return []
    if not text.startswith(TOKEN_PREFIX):
        fault = f"does not begin with `{TOKEN_PREFIX}`, as every API token does"
        return [Problem(fault, f"Account passwords are not accepted. {new_token}")]
    # A macaroon (version 2, binary) begins with its location: the index's host.
    for other in KNOWN_INDEXES:
        if other is not index and text.startswith(other.token_prefix):
            fault = f"is an API token of {other.web_url}, not of {index.web_url}"
            return [Problem(fault, new_token)]
    return []


def mask(kind: Kind, value: str | None) -> str:
    """Return a credential as it may be shown."""
    if not value:
        return "<empty>"
    # A token in the place of the user name is still a secret.
    return "<hidden>" if kind == "password" or TOKEN_PREFIX in value else value


def get_userpass_value(
    cli_value: str | None,
    config: Mapping[str, str | None],
    key: str,
    prompt_strategy: Callable[[], str] | None = None,
) -> str | None:
    """Return a credential from the first source that has it.

    Args:
        cli_value: What was given on the command line; an empty text counts.
        config: The index's keys as in ``.pypirc``.
        key: ``username`` or ``password``.
        prompt_strategy: How to get it otherwise.

    Returns:
        The credential, or ``None`` if no source is left.
    """
    # As in 7.0.0: `TWINE_PASSWORD=` stands for an empty password, not for none.
    if cli_value is not None:
        return cli_value
    if config.get(key) is not None:
        return config[key]
    return None if prompt_strategy is None else prompt_strategy()


get_cacert = functools.partial(get_userpass_value, key="ca_cert")
get_clientcert = functools.partial(get_userpass_value, key="client_cert")
