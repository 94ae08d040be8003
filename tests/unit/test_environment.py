"""Arguments that an environment variable can give."""

import argparse
import os
from unittest import mock

import pytest

from support.secrets import PASSWORD, SECRET, TOKEN
from twine.config.arguments import CommandParser, EnvironmentDefault, EnvironmentFlag


def parse(
    argv: list[str],
    environ: dict[str, str] | None = None,
    *,
    required: bool = False,
) -> argparse.Namespace:
    """Parse a command line with one value and one switch."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    with mock.patch.dict(os.environ, environ or {}):
        parser.add_argument(
            "--name",
            action=EnvironmentDefault,
            env="X_NAME",
            default="nobody",
            required=required,
        )
        parser.add_argument("--on", action=EnvironmentFlag, env="X_ON")
        parser.add_argument(
            "--count", action=EnvironmentDefault, env="X_COUNT", default="3", type=int
        )
    return parser.parse_args(argv)


@pytest.mark.parametrize(
    ("argv", "environ", "name"),
    [
        ([], {}, "nobody"),
        ([], {"X_NAME": "env"}, "env"),
        (["--name", "arg"], {"X_NAME": "env"}, "arg"),
        (["--name", ""], {"X_NAME": "env"}, ""),
        ([], {"X_NAME": ""}, ""),
    ],
)
def test_an_argument_beats_the_variable(
    argv: list[str], environ: dict[str, str], name: str
) -> None:
    """The argument wins, then the variable, then the default; empty counts."""
    assert parse(argv, environ).name == name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, False),
        ("", False),
        ("0", False),
        ("false", False),
        ("False", False),
        ("no", False),
        (" NO ", False),
        ("1", True),
        ("true", True),
        ("yes", True),
        ("anything", True),
    ],
)
def test_words_that_mean_off(value: str | None, expected: bool) -> None:
    """Only 0, false, no and nothing leave a switch off."""
    environ = {} if value is None else {"X_ON": value}

    assert parse([], environ).on is expected
    assert EnvironmentFlag.bool_from_env(value) is expected


def test_the_argument_switches_on_what_the_variable_leaves_off() -> None:
    """A flag on the command line beats a variable that says no."""
    assert parse(["--on"], {"X_ON": "no"}).on is True


def test_the_variable_satisfies_a_required_argument() -> None:
    """A required argument may come from the variable."""
    assert parse([], {"X_NAME": "env"}, required=True).name == "env"


@pytest.mark.parametrize(
    ("argv", "value", "count"),
    [([], "5", 5), ([], "", 3), ([], None, 3), (["--count", "4"], "5", 4)],
)
def test_a_number_may_come_from_the_variable(
    argv: list[str], value: str | None, count: int
) -> None:
    """A variable for a number that is empty counts as not set."""
    environ = {} if value is None else {"X_COUNT": value}

    assert parse(argv, environ).count == count


def complaint(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a parser with a few options says of a wrong command line."""
    parser = CommandParser(prog="some")
    parser.add_argument(
        "-r", "--repository", action=EnvironmentDefault, env="X_NAME", default="x"
    )
    parser.add_argument("-p", "--password")
    parser.add_argument("--repository-url")
    parser.add_argument("--preflight")
    parser.add_argument("--format", choices=("text", "json"))
    parser.add_argument("dist")
    with pytest.raises(SystemExit) as caught:
        parser.parse_args(argv)
    assert caught.value.code == 2
    return capsys.readouterr().err.partition("error: ")[2].strip()


@pytest.mark.parametrize(
    ("argument", "meant"),
    [
        ("-repository", "--repository"),
        ("-password", "--password"),
        ("-repository=x", "--repository"),
        ("--repository_url", "--repository-url"),
        ("--Repository-URL=x", "--repository-url"),
        ("\N{EM DASH}password", "--password"),
        ("\N{EN DASH}\N{EN DASH}password", "--password"),
    ],
)
def test_a_misspelled_option_is_told_as_it_is_written(
    argument: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Some of them would be taken for `-r` or `-p` with a value."""
    said = complaint([argument, PASSWORD, "x.whl"], capsys)

    assert said.endswith(f"write `{meant}`")
    assert SECRET not in said


def test_what_follows_two_hyphens_is_no_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file may have any name."""
    said = complaint(["--", "-repository", "x"], capsys)

    assert said == "unrecognized arguments: x"


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("--preflihgt", "--preflihgt (did you mean `--preflight`?)"),
        (f"--pasword={PASSWORD}", "--pasword (did you mean `--password`?)"),
        ("--frobnicate", "--frobnicate"),
        ("preflight", "preflight"),
        (TOKEN, "********"),
    ],
)
def test_the_nearest_option_is_suggested(
    argument: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was meant is named, and no secret; arguments are no options."""
    assert complaint(["x.whl", argument], capsys) == f"unrecognized arguments: {said}"


@pytest.mark.parametrize("given", ["=", " "])
def test_what_follows_an_unknown_option_is_not_shown(
    given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be a secret, whatever the option was to be."""
    argv = ["x.whl", *f"--frobnicate{given}{PASSWORD}".split()]

    assert complaint(argv, capsys) == "unrecognized arguments: --frobnicate"


@pytest.mark.parametrize(
    "argv",
    [
        [f"--p={PASSWORD}", "x"],
        ["--format", TOKEN],
        ["--format", PASSWORD, "--api-key", PASSWORD],
        [f"--format=u:{PASSWORD}@host"],
        ["--format", f"a'{PASSWORD}\\", "-p", f"a'{PASSWORD}\\"],
        ["--format", "a-password-from-a-variable"],
    ],
)
def test_a_usage_error_shows_no_secret(
    argv: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Tokens, what stands where a password would, and the variable are masked."""
    monkeypatch.setenv("TWINE_PASSWORD", "a-password-from-a-variable")

    said = complaint(argv, capsys)

    assert "********" in said
    assert SECRET not in said
    assert "from-a-variable" not in said


def test_a_required_variable_that_is_empty_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error tells why an option that was to come from there is missing."""
    monkeypatch.setenv("X_NAME", "")

    said = complaint(["y"], capsys)

    assert "-r/--repository" in said
    assert "`X_NAME` is empty" in said
