"""The top of the command line."""

import argparse
import importlib.metadata
import sys
from collections.abc import Callable, Iterator

import pytest
from packaging.requirements import Requirement

import twine
from twine import cli, exceptions
from twine.commands import parsers
from twine.terminal.console import Console

CALLS: list[list[str]] = []


def command(args: list[str]) -> str:
    """Be a command of somebody else."""
    CALLS.append(args)
    return "its answer"


def failing(args: list[str]) -> None:
    """Be a command that fails."""
    raise ValueError("it failed")


@pytest.fixture(autouse=True)
def _plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install two commands of somebody else."""
    CALLS.clear()
    installed = importlib.metadata.entry_points
    sys.modules["plugin_of_tests"] = sys.modules[__name__]

    def entry_points(**selection: str) -> object:
        assert selection == {"group": "twine.registered_commands"}
        return [
            *installed(**selection),
            *(
                importlib.metadata.EntryPoint(
                    name, f"plugin_of_tests:{name}", selection["group"]
                )
                for name in ("command", "failing")
            ),
        ]

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    yield
    del sys.modules["plugin_of_tests"]


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_command_gets_what_comes_after_it(kind: type) -> None:
    """Any sequence is a command line; options after the command are its own."""
    answer = cli.dispatch(kind(["command", "--version", "-x", "y"]))

    assert answer == "its answer"
    assert CALLS == [["--version", "-x", "y"]]


@pytest.mark.parametrize(
    ("options", "color"),
    [
        ([], None),
        (["--color", "auto"], None),
        (["--color=always"], True),
        (["--color", "never"], False),
        (["--no-color"], False),
        (["--no-color", "--color", "always"], True),
    ],
)
def test_colour_is_chosen_before_the_command(
    options: list[str], color: bool | None
) -> None:
    """What is chosen reaches the console; the last of several counts."""
    console = Console()
    cli.parse([*options, "command"]).run(console)
    assert console.color is color


@pytest.mark.parametrize("argv", [["check", "command"], ["--no-color", "check", "x"]])
def test_commands_of_our_own_need_no_scan(
    monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    """To look through all installed packages takes as long as the rest."""
    monkeypatch.delattr(importlib.metadata, "entry_points")

    assert cli.parse(argv).command == "check"
    with pytest.raises(AttributeError):
        cli.parse(["command", "check"])


def test_a_plugin_is_found_after_options(capsys: pytest.CaptureFixture[str]) -> None:
    """An argument of a plugin may have the name of a command."""
    assert cli.dispatch(["--no-color", "command", "upload"]) == "its answer"
    assert CALLS == [["upload"]]


def test_built_in_commands_are_the_installed_ones() -> None:
    """What is known without a scan is what pyproject.toml says."""
    points = importlib.metadata.distribution("twine").entry_points
    commands = points.select(group=cli.COMMANDS_GROUP)

    assert {point.name: point.value for point in commands} == {
        name: f"twine.commands.{name}:main" for name in cli.BUILT_IN
    }


def test_dependencies_are_the_installed_ones() -> None:
    """`--version` names what pyproject.toml requires, no extras."""
    lines = importlib.metadata.requires("twine") or []
    required = [Requirement(line) for line in lines if "extra ==" not in line]

    assert [requirement.name for requirement in required] == list(cli.DEPENDENCIES)


def test_the_module_knows_its_version_and_no_other_names() -> None:
    """Version and summary come from the installed metadata, when first used."""
    assert twine.__version__ == importlib.metadata.version("twine")
    assert twine.__summary__ == importlib.metadata.metadata("twine")["Summary"]
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = twine.no_such_name


def test_a_library_that_is_missing_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--version` works without keyring, and says that it is not there."""
    installed = importlib.metadata.version

    def version(name: str) -> str:
        if name == "keyring":
            raise importlib.metadata.PackageNotFoundError(name)
        return installed(name)

    monkeypatch.setattr(importlib.metadata, "version", version)

    with pytest.raises(SystemExit):
        cli.dispatch(["--version"])

    assert "keyring: not installed, " in capsys.readouterr().out


@pytest.mark.parametrize("value", ["there.is.no:command", "plugin_of_tests:nothing"])
def test_a_plugin_that_cannot_be_loaded_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """The error says which plugin it is, and why."""
    point = importlib.metadata.EntryPoint("odd", value, cli.COMMANDS_GROUP)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point])

    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        cli.dispatch(["odd"])

    assert "`odd`" in str(caught.value)
    assert f"`{value}`" in str(caught.value)
    assert "Error: " in str(caught.value)


def refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said of a wrong command line."""
    with pytest.raises(SystemExit) as stopped:
        cli.parse(argv)

    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_no_command_at_all_gets_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """`twine` alone is a wrong command line, and tells what can be typed."""
    assert refused([], capsys) == cli.make_parser().format_help()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("uplaod", "no command `uplaod` (did you mean `upload`?); `twine --help`"),
        ("comand", "(did you mean `command`?)"),
        ("frobnicate", "no command `frobnicate`; `twine --help`"),
        ("pypi-AgEIcHlwaS5vcmcCJ", "no command `********`;"),
    ],
)
def test_the_nearest_command_is_suggested(
    given: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was mistyped is told, unless it may be a secret."""
    assert words in refused([given], capsys)


def test_help_lists_commands_and_examples() -> None:
    """Each command has a line, a plugin's with nothing if nothing is known of it."""
    lines = cli.make_parser().format_help().splitlines()

    for name, summary in cli.BUILT_IN.items():
        assert f"  {name:<8}  {summary}" in lines
    assert "  command" in lines
    assert "examples:" in lines


def test_help_is_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long line goes on in its column, or below where there is no room for two."""
    monkeypatch.setenv("COLUMNS", "40")
    text = cli.make_parser().format_help()

    assert "  check     check distributions before\n            they are" in text
    assert "  twine upload -r testpypi dist/*\n      try a release out" in text


@pytest.mark.parametrize("make", [cli.make_parser, *parsers.PARSERS.values()])
def test_help_is_plain_on_every_version_of_python(
    make: Callable[[], argparse.ArgumentParser],
) -> None:
    """The colours that argparse of Python 3.14 has know nothing of `--no-color`."""
    assert vars(make())["color"] is False


@pytest.mark.parametrize("make", [cli.make_parser, *parsers.PARSERS.values()])
def test_usage_is_one_line(make: Callable[[], argparse.ArgumentParser]) -> None:
    """What is wrong with a command line is not hidden below all options."""
    assert make().format_usage().count("\n") == 1
