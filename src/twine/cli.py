"""The top of the command line: options before the command, and the commands."""

from __future__ import annotations

import argparse
import importlib
import shutil
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from . import exceptions
from .config import arguments
from .terminal import console as terminal
from .terminal import logs
from .terminal.text import single_line, suggest

if TYPE_CHECKING:
    import importlib.metadata

    from .terminal.console import Console

COMMANDS_GROUP = "twine.registered_commands"
# Known without a scan of all installed packages: that takes as long as the rest.
BUILT_IN = {
    "check": "check distributions before they are published",
    "preview": "show the page that a project will have on PyPI",
    "register": "announce a project to an index that requires it; PyPI does not",
    "upload": "publish distributions on PyPI or on another index",
}
_COLORS = {"auto": None, "always": True, "never": False}
_DESCRIPTION = "Publish Python distributions to PyPI and other indexes."
_EXAMPLES = (
    ("twine check --pypi dist/*", "apply the rules of PyPI to what was built"),
    ("twine upload -r testpypi dist/*", "try a release out on TestPyPI"),
    ("twine upload dist/*", "publish it on PyPI"),
)
# The dependencies in pyproject.toml; to read them there takes as long as the rest, too.
DEPENDENCIES = (
    "id",
    "keyring",
    "packaging",
    "readme-renderer",
    "requests",
    "rich",
    "trove-classifiers",
    "urllib3",
)


class Invocation(NamedTuple):
    """What a command line asks for: a command with its arguments.

    Whether to use colour is ``None`` where that is for the terminal to decide.
    """

    command: str
    arguments: list[str]
    color: bool | None

    def run(self, console: Console) -> Any:
        """Run the command and return what it returns; plugins print in their own ways.

        Raises:
            InvalidConfiguration: It is a plugin's, and cannot be loaded.
        """
        console.color = self.color
        if self.command not in BUILT_IN:
            with logs.print_records(console):
                return _load_plugin(self.command)(self.arguments)
        from .commands import parsers  # first: `--help` needs no library

        parsed = parsers.PARSERS[self.command]().parse_args(self.arguments)
        module = importlib.import_module(f".commands.{self.command}", "twine")
        return module.run(parsed, self.arguments, console)


def _load_plugin(name: str) -> Any:
    """Return the function that runs a command of another package."""
    (point,) = (point for point in _find_plugins() if point.name == name)
    try:
        return point.load()
    except Exception as exc:
        plugin = "a plugin" if point.dist is None else f"`{point.dist.name}`"
        raise exceptions.InvalidConfiguration(
            f"The command `{name}` of {plugin} (`{point.value}`) cannot be loaded: "
            f"{type(exc).__name__}: {exc}.",
            hint="Upgrade that plugin, or uninstall it.",
        ) from exc


def _find_plugins() -> list[importlib.metadata.EntryPoint]:
    """Return the commands of other packages, each name once."""
    import importlib.metadata

    found = importlib.metadata.entry_points(group=COMMANDS_GROUP)
    by_name = {point.name: point for point in found if point.name not in BUILT_IN}
    return list(by_name.values())


def parse(argv: Sequence[str]) -> Invocation:
    """Read the top of a command line: the arguments after ``twine``.

    Raises:
        SystemExit: With status 2 for a wrong command line, 0 after ``--help`` and
            ``--version``.
    """
    parser = make_parser()
    if not argv:
        parser.exit(2, parser.format_help())
    parsed = parser.parse_args(list(argv))
    if parsed.command not in BUILT_IN:
        commands = [*BUILT_IN, *(point.name for point in _find_plugins())]
        if parsed.command not in commands:
            parser.error(
                f"there is no command `{parsed.command}`"
                f"{suggest(parsed.command, commands)}; `twine --help` lists all"
            )
    return Invocation(parsed.command, parsed.args, _COLORS[parsed.color])


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of what comes before a command's own arguments."""
    parser = _TopParser(
        prog="twine",
        usage="twine [options] COMMAND ...",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(parser)
    parser.add_argument("command", metavar="COMMAND", help=argparse.SUPPRESS)
    rest = parser.add_argument("args", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    rest.required = False
    return parser


def _add_options(parser: argparse.ArgumentParser) -> None:
    """Add what may stand before a command."""
    parser.add_argument("--version", action=_Version)
    parser.add_argument(
        "--color",
        choices=tuple(_COLORS),
        default="auto",
        help="use colour on terminals (auto), always or never (default: auto)",
    )
    parser.add_argument(
        "--no-color",
        dest="color",
        action="store_const",
        const="never",
        help="the same as --color never",
    )
    parser.add_argument(
        "--print-completion",
        action=_PrintCompletion,
        choices=("bash", "zsh", "fish"),
        help="print a script that completes command lines in a shell, and exit (needs "
        "twine[completion])",
    )


class _TopParser(arguments.PlainParser):
    """The parser of the top, whose help lists the commands and shows examples."""

    def format_help(self) -> str:
        """Return the help; only now are the commands of other packages looked up."""
        commands = _render_rows(_list_commands())
        self.description = f"{_DESCRIPTION}\n\ncommands:\n{commands}"
        self.epilog = (
            f"examples:\n{_render_rows(_EXAMPLES)}\n\n"
            "`twine COMMAND --help` tells more about a command."
        )
        return super().format_help()

    def suggest_options(self, unknown: Sequence[str]) -> str:
        """Return arguments, and where most of those belong that are not known here."""
        return f"{super().suggest_options(unknown)}; a command's options come after it"


def _list_commands() -> list[tuple[str, str]]:
    """Return all commands and what they do, those of other packages too."""
    plugins = {point.name: _summarize(point) for point in _find_plugins()}
    return sorted({**BUILT_IN, **plugins}.items())


def _summarize(plugin: importlib.metadata.EntryPoint) -> str:
    """Return what the distribution of a plugin says of itself, in one line."""
    if plugin.dist is None or "Summary" not in plugin.dist.metadata:
        return ""
    text = single_line(plugin.dist.metadata["Summary"])
    return terminal.default().sanitize(text)  # argparse would fail at any character


def _render_rows(rows: Sequence[tuple[str, str]]) -> str:
    """Return a table as wide as the terminal; on a narrow one, texts below names."""
    width = max(shutil.get_terminal_size().columns - 2, 20)
    indent = max(len(name) for name, _ in rows) + 4
    is_narrow = indent > width // 2
    lines = []
    for name, text in rows:
        margin = " " * (6 if is_narrow else indent)
        column = textwrap.fill(
            text, width, initial_indent=margin, subsequent_indent=margin
        )
        lines.append(
            f"  {name}\n{column}" if is_narrow else f"  {name}{column[len(name) + 2 :]}"
        )
    return "\n".join(lines)


class _Version(argparse.Action):
    """Print the versions; they are looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(
            option_strings, dest, nargs=0, help="show the versions and exit"
        )

    def __call__(self, parser: argparse.ArgumentParser, *args: object) -> None:
        # argparse's own action would want the text whenever a parser is made.
        from . import __version__

        text = f"{parser.prog} version {__version__} ({dep_versions()})"
        terminal.default().print(text)
        parser.exit()


class _PrintCompletion(argparse.Action):
    """Print the script for a shell."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Print it, and exit."""
        from .commands.completion import render_completion

        top = arguments.PlainParser(prog="twine", description=_DESCRIPTION)
        _add_options(top)
        script = render_completion(top, dict(_list_commands()), str(values))
        terminal.default().write_line(script)
        parser.exit()


def list_dependencies_and_versions() -> list[tuple[str, str]]:
    """Return the names and versions of what this program needs at run time."""
    return [(name, _version_of(name)) for name in DEPENDENCIES]


def _version_of(name: str) -> str:
    import importlib.metadata

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
    """Run a command, given the arguments after ``twine``.

    Returns:
        What the command returns: something true if it failed.

    Raises:
        SystemExit: The command line is wrong, or asks only for help.
        TwineException: The command failed.
        requests.RequestException: The index refused, or the network failed.
    """
    return parse(argv).run(terminal.Console())
