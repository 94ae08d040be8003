"""The top of the command line: which command, and who runs it."""

from __future__ import annotations

import argparse
import dataclasses
import importlib.metadata
from collections.abc import Callable, Sequence
from typing import Any

from . import __version__, exceptions
from .config import arguments as environment
from .terminal import console

COMMANDS_GROUP = "twine.registered_commands"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What a command line asks for.

    Args:
        command: The command.
        arguments: The arguments after it.
        color: ``False`` if colour was forbidden, else ``None``.
    """

    command: importlib.metadata.EntryPoint
    arguments: tuple[str, ...]
    color: bool | None

    def run(self) -> Any:
        """Run the command and return what it returns.

        Raises:
            InvalidConfiguration: It is a plugin's, and cannot be loaded.
        """
        return self._load()(list(self.arguments))

    def _load(self) -> Callable[[list[str]], Any]:
        point = self.command
        try:
            command: Callable[[list[str]], Any] = point.load()
        except Exception as exc:
            if point.module.startswith(f"{__package__}."):
                raise
            plugin = "a plugin" if point.dist is None else f"`{point.dist.name}`"
            raise exceptions.InvalidConfiguration(
                f"The command `{point.name}` of {plugin} (`{point.value}`) cannot be "
                f"loaded: {type(exc).__name__}: {exc}.",
                hint="Upgrade that plugin, or uninstall it.",
            ) from exc
        return command


def parse(argv: Sequence[str]) -> Invocation:
    """Read the top of a command line.

    Args:
        argv: The arguments after ``twine``.

    Raises:
        SystemExit: With status 2 for a wrong command line, 0 after ``--help`` and
            ``--version``.
    """
    commands = {
        point.name: point
        for point in importlib.metadata.entry_points(group=COMMANDS_GROUP)
    }
    parsed = make_parser(sorted(commands)).parse_args(list(argv))
    return Invocation(
        command=commands[parsed.command],
        arguments=tuple(parsed.args),
        color=False if parsed.no_color else None,
    )


def make_parser(commands: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of what comes before a command's own arguments.

    Args:
        commands: The names of all commands.
    """
    parser = environment.PlainParser(
        prog="twine",
        description="Publish Python distributions to PyPI and other indexes.",
        epilog="`twine COMMAND --help` tells more about a command.",
    )
    parser.add_argument("--version", action=_Version)
    parser.add_argument(
        "--no-color", action="store_true", help="use no colour, even on a terminal"
    )
    parser.add_argument(
        "command", choices=commands, metavar="COMMAND", help=", ".join(commands)
    )
    rest = parser.add_argument("args", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    rest.required = False
    return parser


class _Version(argparse.Action):
    """Print the versions; they are looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(
            option_strings, dest, nargs=0, help="show the versions and exit"
        )

    def __call__(self, parser: argparse.ArgumentParser, *args: object) -> None:
        console.current().say(f"{parser.prog} version {__version__} ({dep_versions()})")
        parser.exit()


def list_dependencies_and_versions() -> list[tuple[str, str]]:
    """Return the names and versions of what this program needs at run time."""
    from packaging.requirements import Requirement

    requirements = map(Requirement, importlib.metadata.requires("twine") or [])
    return [
        (requirement.name, _version_of(requirement.name))
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    ]


def _version_of(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"  # much works without keyring, for example


def dep_versions() -> str:
    """Return the same as one text."""
    return ", ".join(
        f"{name}: {version}" for name, version in list_dependencies_and_versions()
    )


def configure_output() -> None:
    """Do nothing: output needs no preparation.

    It is here for programs that call it before :func:`dispatch`.
    """


def dispatch(argv: Sequence[str]) -> Any:
    """Run a command.

    Args:
        argv: The arguments after ``twine``.

    Returns:
        What the command returns: something true if it failed.

    Raises:
        SystemExit: The command line is wrong, or asks only for help.
        TwineException: The command failed.
        requests.RequestException: The index refused, or the network failed.
    """
    invocation = parse(argv)
    with console.session(color=invocation.color):
        return invocation.run()
