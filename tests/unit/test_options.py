"""The table of options, and the keywords that a command line becomes."""

import argparse
import inspect
import os
from typing import Any
from unittest import mock

import pytest

from support.secrets import PASSWORD
from twine import exceptions
from twine.commands import parsers
from twine.config import options
from twine.config.option import GROUPS, Option
from twine.settings import Settings


def parse(argv: list[str], environ: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the keywords that a command line means."""
    parser = argparse.ArgumentParser()
    with mock.patch.dict(os.environ, environ or {}):
        for table in (options.TABLE, options.UPLOAD_TABLE):
            options.add_arguments(parser, table)
    return options.keywords_from_arguments(parser.parse_args(argv))


def test_a_bare_command_line_is_all_defaults_of_settings() -> None:
    """Each option is a keyword of `Settings`, which has the same default."""
    keywords = inspect.signature(Settings).parameters
    others = {"console", "environment"}

    assert parse([]) == {
        name: keyword.default
        for name, keyword in keywords.items()
        if name not in others
    }


@pytest.mark.parametrize(
    ("argv", "field", "value"),
    [
        (["-r", "x"], "repository_name", "x"),
        (["--repository", "x"], "repository_name", "x"),
        (["--repository-url", "x"], "repository_url", "x"),
        (["--attestations"], "attestations", True),
        (["-s"], "sign", True),
        (["--sign-with", "x"], "sign_with", "x"),
        (["-i", "x"], "identity", "x"),
        (["-u", "x"], "username", "x"),
        (["-p", "x"], "password", "x"),
        (["--non-interactive"], "non_interactive", True),
        (["-c", "x"], "comment", "x"),
        (["--config-file", "x"], "config_file", "x"),
        (["--skip-existing"], "skip_existing", True),
        (["--cert", "x"], "cacert", "x"),
        (["--client-cert", "x"], "client_cert", "x"),
        (["--verbose"], "verbose", True),
        (["-q"], "quiet", True),
        (["--quiet"], "quiet", True),
        (["--disable-progress-bar"], "disable_progress_bar", True),
        (["--no-validate"], "no_validate", True),
        (["--timeout", "1.5"], "timeout", 1.5),
        # More than eleven days; no system waits for a million years.
        (["--timeout", "1000000"], "timeout", 1_000_000),
        (["--retries", "0"], "retries", 0),
        (["-j", "8"], "jobs", 8),
        (["--jobs", "8"], "jobs", 8),
        (["--keep-going"], "keep_going", True),
        (["--keyring", "off"], "keyring", "off"),
        (["--system-certs"], "system_certs", True),
    ],
)
def test_each_spelling_sets_its_field(
    argv: list[str], field: str, value: object
) -> None:
    """Each option changes its own field and no other one."""
    assert parse(argv) == {**parse([]), field: value}


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("TWINE_REPOSITORY", "env", "repository_name", "env"),
        ("TWINE_REPOSITORY_URL", "env", "repository_url", "env"),
        ("TWINE_USERNAME", "env", "username", "env"),
        ("TWINE_PASSWORD", "env", "password", "env"),
        ("TWINE_CERT", "env", "cacert", "env"),
        ("TWINE_CLIENT_CERT", "env", "client_cert", "env"),
        ("TWINE_KEYRING", "required", "keyring", "required"),
        ("TWINE_SYSTEM_CERTS", "1", "system_certs", True),
        ("TWINE_NON_INTERACTIVE", "1", "non_interactive", True),
        ("TWINE_NO_PREFLIGHT", "1", "no_preflight", True),
        ("TWINE_TIMEOUT", "2.5", "timeout", 2.5),
        ("TWINE_RETRIES", "0", "retries", 0),
        ("TWINE_JOBS", "3", "jobs", 3),
    ],
)
def test_each_variable_sets_its_field(
    name: str, text: str, field: str, value: object
) -> None:
    """A variable is read like the option, and changes no other field."""
    assert parse([], {name: text}) == {**parse([]), field: value}


def test_help_tells_default_variable_and_key() -> None:
    """The help of an option names where its value may come from, `%` included."""
    option = Option(("--x",), "100%", "Z", env="X", default="y", keys=("k", "l"))
    parser = argparse.ArgumentParser()
    options.add_arguments(parser, [option, *options.TABLE])

    shown = " ".join(parser.format_help().split())
    assert "--x Z 100% (default: y; environment: X; .pypirc: k, l)" in shown


def test_help_has_options_by_what_they_are_about() -> None:
    """The groups come in the order in which people look for them."""
    shown = parsers.make_upload_parser().format_help()

    places = [shown.index(f"\n{title}:\n") for title in GROUPS]
    assert places == sorted(places)
    assert shown.index("--repository-url") < places[1] < shown.index("--username")
    assert shown.index("--format") > places[4]


def test_arguments_of_other_programs_stay() -> None:
    """A program that added arguments of its own finds them among the keywords."""
    namespace = argparse.Namespace(cert="ca.pem", theirs=1)

    assert options.keywords_from_arguments(namespace) == {
        "cacert": "ca.pem",
        "theirs": 1,
    }


@pytest.mark.parametrize(
    ("option", "bad"),
    [
        ("--timeout", "0"),
        ("--timeout", "-1"),
        ("--timeout", "nan"),
        ("--timeout", "inf"),
        ("--timeout", "soon"),
        ("--timeout", "1000001"),
        ("--retries", "-1"),
        ("--retries", "1.5"),
        ("--retries", "9999999999"),
        ("--retries", "\u0663"),
        ("--jobs", "0"),
        ("--jobs", "many"),
        ("--keyring", "on"),
    ],
)
def test_a_number_that_is_none_is_refused(
    option: str, bad: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command line is wrong, and the message names the option."""
    with pytest.raises(SystemExit) as caught:
        parse([f"{option}={bad}"])

    assert caught.value.code == 2
    assert option in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "variable", "blamed"), [([], "x", True), (["-j", "x"], "3", False)]
)
def test_a_wrong_number_is_told_with_its_source(
    argv: list[str], variable: str, blamed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the variable if the number comes from there."""
    with pytest.raises(SystemExit):
        parse(argv, {"TWINE_JOBS": variable})

    shown = capsys.readouterr().err.rpartition("error:")[2]
    assert "argument -j/--jobs: 'x' is not a whole number from 1 to" in shown
    assert ("TWINE_JOBS" in shown) is blamed


def test_an_empty_variable_takes_no_index_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With an empty `TWINE_REPOSITORY`, files do not go to PyPI by mistake."""
    with pytest.raises(SystemExit) as caught:
        parse([], {"TWINE_REPOSITORY": ""})

    assert caught.value.code == 2
    assert "-r/--repository" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flag", "variable"),
    [
        ("--repository", "TWINE_REPOSITORY"),
        ("--repository-url", "TWINE_REPOSITORY_URL"),
        ("--username", "TWINE_USERNAME"),
        ("--password", "TWINE_PASSWORD"),
        ("--comment", None),
    ],
)
@pytest.mark.parametrize("in_environment", [False, True])
def test_what_is_sent_must_be_text(
    flag: str, variable: str | None, in_environment: bool
) -> None:
    """The error names option and variable, and does not show the value."""
    bad = f"{PASSWORD}\udce4"
    given = ([], {variable: bad}) if variable and in_environment else ([flag, bad], {})

    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        parse(*given)

    assert f"`{flag}`" in str(caught.value)
    assert variable is None or f"`{variable}`" in str(caught.value)
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    ("flag", "field"),
    [
        ("--cert", "cacert"),
        ("--client-cert", "client_cert"),
        ("--config-file", "config_file"),
        ("--sign-with", "sign_with"),
        ("--identity", "identity"),
    ],
)
def test_a_name_of_the_system_may_be_any_bytes(flag: str, field: str) -> None:
    """A path that is not text is a path all the same."""
    assert parse([flag, "k\udcff"])[field] == "k\udcff"
