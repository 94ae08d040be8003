"""What options, variables and files say about credentials, and which of them wins."""

from typing import Any

import pytest

from support.secrets import PASSWORD, SECRET
from twine import exceptions
from twine.auth.sources import (
    CredentialInput,
    Statements,
    find,
    parse_tokens,
)
from twine.config.arguments import FromEnvironment


def state(
    username: str | None = None,
    password: str | None = None,
    *,
    name: str | None = "work",
    login: tuple[str | None, str | None] = (None, None),
    config: dict[str, str] | None = None,
    **environment: str,
) -> Statements:
    """Return what is said about the credentials of an index."""
    return Statements(
        input=CredentialInput(username, password, environment),
        config=config or {},
        index_name=name,
        configured_in="`rc`",
        read_login=lambda: login,
    )


def choose(statements: Statements) -> tuple[str | None, ...]:
    """Return the user name, the password, and where that comes from."""
    user, password = find(statements.all("username")), find(statements.all("password"))
    return (
        user.value if user else None,
        password.value if password else None,
        password.name.strip("`") if password else None,
    )


_CONFIG = {"username": "filed", "password": "filed-word"}
_LOGIN = ("rc", "rc-word")


@pytest.mark.parametrize(
    ("statements", "chosen"),
    [
        (state(), (None, None, None)),
        (state("u", "p", TWINE_PASSWORD_WORK="q"), ("u", "p", "--password")),
        (state("", "", config=_CONFIG), ("", "", "--password")),
        (
            state(TWINE_PASSWORD_WORK="p", TWINE_TOKEN="t", config=_CONFIG),
            ("filed", "p", "TWINE_PASSWORD_WORK"),
        ),
        (
            state(TWINE_USERNAME="u", TWINE_PASSWORD="p", config=_CONFIG),
            ("u", "p", "TWINE_PASSWORD"),
        ),
        # A token stands for the user name as well, unless one is set beside it.
        (state(TWINE_TOKEN="t", config=_CONFIG), ("__token__", "t", "TWINE_TOKEN")),
        (
            state(TWINE_TOKEN_WORK="t", TWINE_USERNAME="u"),
            ("__token__", "t", "TWINE_TOKEN_WORK"),
        ),
        (state(TWINE_TOKEN="t", TWINE_USERNAME="u"), ("u", "t", "TWINE_TOKEN")),
        (
            state(TWINE_TOKEN="t", TWINE_USERNAME_WORK="u"),
            ("u", "t", "TWINE_TOKEN"),
        ),
        (state("u", TWINE_TOKEN="t"), ("u", "t", "TWINE_TOKEN")),
        (state(None, "p", TWINE_TOKEN="t"), (None, "p", "--password")),
        # Two passwords of one variable's kind are no matter where neither is used.
        (
            state(None, "p", TWINE_TOKEN="t", TWINE_PASSWORD="q"),
            (None, "p", "--password"),
        ),
        (
            state(TWINE_PASSWORD_OTHER="p", config=_CONFIG),
            ("filed", "filed-word", "rc"),
        ),
        (state(name=None, TWINE_PASSWORD_="p"), (None, None, None)),
        (
            state(name="My-index.2", TWINE_PASSWORD_MY_INDEX_2="p"),
            (None, "p", "TWINE_PASSWORD_MY_INDEX_2"),
        ),
        (state(config=_CONFIG, login=_LOGIN), ("filed", "filed-word", "rc")),
        (state(login=_LOGIN), ("rc", "rc-word", ".netrc")),
        (state("rc", login=_LOGIN), ("rc", "rc-word", ".netrc")),
        # The password of another user is of no use.
        (state("u", login=_LOGIN), ("u", None, None)),
        (state("u", login=(None, "p")), ("u", "p", ".netrc")),
    ],
)
def test_more_specific_wins(
    statements: Statements, chosen: tuple[str | None, ...]
) -> None:
    """Option, variable of the index, variable, `.pypirc`, `.netrc`; empty counts."""
    assert choose(statements) == chosen


@pytest.mark.parametrize(
    ("known", "source"), [(True, "TWINE_PASSWORD_WORK"), (False, "--password")]
)
def test_the_default_of_an_option_is_no_option(
    known: bool, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser's default came from a variable, and a variable of the index wins.

    A program that gives no environment has only that default.
    """
    monkeypatch.setenv("TWINE_PASSWORD", "p")
    default = FromEnvironment.read("TWINE_PASSWORD")
    environment: dict[str, Any] = {"TWINE_PASSWORD": "p"} if known else {}

    statements = state(None, default, **environment, TWINE_PASSWORD_WORK="own")

    assert choose(statements)[2] == source


@pytest.mark.parametrize("suffix", ["", "_WORK"])
def test_a_token_beside_a_password_is_refused(suffix: str) -> None:
    """Which is meant is not known, and the wrong one must not be sent anywhere."""
    names = [f"TWINE_{kind}{suffix}" for kind in ("PASSWORD", "TOKEN")]
    environment: dict[str, Any] = dict.fromkeys(names, PASSWORD)

    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        find(state(**environment).all("password"))

    assert "`{}` and `{}` are both set".format(*names) in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_variable_must_be_text() -> None:
    """The error names it, and does not show the value."""
    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        find(state(TWINE_TOKEN_WORK=f"{PASSWORD}\udcff").all("password"))

    assert "`TWINE_TOKEN_WORK` is not UTF-8" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_tokens_are_found_by_normalized_name() -> None:
    """Any spelling of the project's name will do, and spaces around it."""
    text = "\nMy_Project = pypi-1\n\nother.thing=pypi-2=\n"

    assert parse_tokens(text) == {"my-project": "pypi-1", "other-thing": "pypi-2="}
    found = state(config={"tokens": text}).project_token("other-thing")
    assert (found.name, found.value) == ("`tokens` in `rc`", "pypi-2=")


@pytest.mark.parametrize(
    "line", [PASSWORD, f"= {PASSWORD}", f"{PASSWORD} =", f"One = {PASSWORD}"]
)
def test_a_line_that_is_no_token_is_counted_and_not_shown(line: str) -> None:
    """No project, no token, or a project that has one already."""
    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        parse_tokens(f"\none = pypi-1\n{line}\n")

    assert "Entry 2 of `tokens`" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_no_secret_shows_in_a_repr() -> None:
    """Neither what was given nor what was found."""
    statements = state("u", PASSWORD, config={"password": PASSWORD}, TWINE_X=PASSWORD)
    sources = list(statements.all("password"))

    assert SECRET not in repr([statements, sources])
