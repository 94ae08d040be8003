"""What can be said of a user name or a password by looking at its text."""

import pytest

from twine.auth import credentials
from twine.auth.sources import Kind, Origin, Source
from twine.config.known_indexes import PYPI, TESTPYPI, KnownIndex

TOKEN = "pypi-AgEIcHlwaS5vcmcCJDY0-_x"
TEST_TOKEN = "pypi-AgENdGVzdC5weXBpLm9yZwIkNjQ"


def faults(
    value: str,
    index: KnownIndex | None = None,
    *,
    kind: Kind = "password",
    origin: Origin = Origin.OPTION,
) -> list[str]:
    """Return what is wrong with a credential; the value is in none of the texts."""
    problems = credentials.check(kind, value, Source("x", origin), index=index)
    if len(value) > 7:
        assert not [problem for problem in problems if value in str(problem)]
    return [problem.fault for problem in problems]


@pytest.mark.parametrize("index", [None, PYPI])
@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        (f"{TOKEN}\n", "white space or line breaks"),
        (f" {TOKEN}", "white space or line breaks"),
        (f"{TOKEN}\u00a0", "white space or line breaks"),
        (f"{TOKEN[:9]}\n{TOKEN[9:]}", "control characters"),
        (f"{TOKEN}\x16", "control characters"),
        (f"{TOKEN}\ufeff", "control characters"),
        (f'"{TOKEN}"', "quotation marks"),
        (f"'{TOKEN}'", "quotation marks"),
        (f"\u201c{TOKEN}\u201d", "quotation marks"),
        (f"TWINE_PASSWORD={TOKEN}", "name of a setting"),
        (f"export TWINE_PASSWORD={TOKEN}", "name of a setting"),
        (f"password = {TOKEN}", "name of a setting"),
        (f"PYPI_TOKEN: {TOKEN}", "name of a setting"),
        ("***", "mask"),
        ("********", "mask"),
        ("[MASKED]", "mask"),
        ("$TOKEN", "variable's name"),
        ("$pypi_token", "variable's name"),
        ("${TOKEN}", "variable's name"),
        ("${token:-}", "variable's name"),
        ("$(pypiToken)", "variable's name"),
        ("$env:TOKEN", "variable's name"),
        ("%TOKEN%", "variable's name"),
        ("${{ secrets.PYPI }}", "variable's name"),
        ("{{ token }}", "variable's name"),
    ],
)
def test_values_that_cannot_be_meant(
    value: str, fault: str, index: KnownIndex | None
) -> None:
    """Slips that are recognised on every index, each told once."""
    (told,) = faults(value, index)

    assert fault in told


@pytest.mark.parametrize("origin", Origin)
def test_a_comment_behind_a_value_is_one_in_files_only(origin: Origin) -> None:
    """Elsewhere a password may have a space and a number sign in it."""
    told = faults(f"{TOKEN} # mine", origin=origin)

    assert bool(told) == (origin is Origin.FILE)


def test_every_fault_is_told() -> None:
    """A line that was pasted from a file has several."""
    told = faults(f'TWINE_PASSWORD="{TEST_TOKEN}"\n', PYPI)

    assert [fault.split()[0] for fault in told] == ["has", "begins", "has", "is"]


@pytest.mark.parametrize(
    ("value", "index", "fault"),
    [
        ("otto's password", PYPI, "does not begin with `pypi-`"),
        (f"Bearer {TOKEN}", PYPI, "does not begin with `pypi-`"),
        (f'"{TOKEN}', PYPI, "does not begin with `pypi-`"),
        (TEST_TOKEN, PYPI, "of https://test.pypi.org/, not of https://pypi.org/"),
        (TOKEN, TESTPYPI, "of https://pypi.org/, not of https://test.pypi.org/"),
    ],
)
def test_only_tokens_of_its_own_are_accepted_by_pypi(
    value: str, index: KnownIndex, fault: str
) -> None:
    """PyPI and TestPyPI take their own tokens and no password."""
    (told,) = faults(value, index)

    assert fault in told
    assert faults(value) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("otto", "is not `__token__`"),
        ("_token_", "is not `__token__`"),
        ("token", "is not `__token__`"),
        ("__TOKEN__", "is not `__token__`"),
        ("", "is empty"),
        ("'__token__'", "has quotation marks around it"),
        ("TWINE_USERNAME=__token__", "begins with the name of a setting"),
        (TOKEN, "is an API token"),
    ],
)
def test_pypi_knows_one_user_name(name: str, fault: str) -> None:
    """On PyPI every token has the user name `__token__`."""
    assert faults(name, PYPI, kind="username") == [fault]


@pytest.mark.parametrize(
    "value",
    [
        *(TOKEN, "hunter2", "p%%;#x y", "wörd ß", "日本語", "a", "$", "$ecret", "100%"),
        *("*", "**", "a=b", "c2VjcmV0==", "it's", '"', "'tis", "50% or $5", "{x}"),
        *("password", "my token", "correct horse battery staple", "__token__"),
        *("otto@example.org", "DOMAIN\\otto", "glpat-x_Y-z", "$2b$12$abc/def."),
    ],
)
def test_ordinary_values_are_sound(value: str) -> None:
    """A private index may accept what is odd: no false alarm."""
    assert faults(value) == []
    assert faults(value, kind="username") == []


@pytest.mark.parametrize(
    ("kind", "value", "index"),
    [
        ("username", "__token__", PYPI),
        ("password", TOKEN, PYPI),
        ("password", TEST_TOKEN, TESTPYPI),
        ("password", "pypi-anything", PYPI),
        ("password", "pypi-anything", TESTPYPI),
    ],
)
def test_what_pypi_may_accept_is_sound(
    kind: Kind, value: str, index: KnownIndex
) -> None:
    """Nothing but its beginning is read from a token."""
    assert faults(value, index, kind=kind) == []


def test_an_empty_password_may_be_meant() -> None:
    """Some private indexes want none: whoever configures that is not warned."""
    assert faults("", origin=Origin.FILE) == []
    assert faults("", PYPI, origin=Origin.FILE) == ["is empty"]
