"""The script that completes command lines in a shell, from the parsers."""

from __future__ import annotations

import argparse
import importlib.util
import re
from collections.abc import Mapping

from .. import exceptions, rules
from ..config.known_indexes import KNOWN_INDEXES
from .parsers import PARSERS

# What stands in `--help` for a value that is the path of a file.
_FILES = {"PATH", "PROGRAM", "dist", "package"}


def render_completion(
    top: argparse.ArgumentParser, commands: Mapping[str, str], shell: str
) -> str:
    """Return the script for one shell.

    Args:
        top: A parser of the options before a command.
        commands: The commands, those of plugins too, and what they do.
        shell: `bash`, `zsh` or `fish`.

    Raises:
        InvalidConfiguration: The library that writes it is not installed.
    """
    if importlib.util.find_spec("shtab") is None:
        raise exceptions.InvalidConfiguration(
            "`--print-completion` needs the library `shtab`.",
            hint="`pip install 'twine[completion]'` installs it.",
        )
    import shtab

    subparsers = top.add_subparsers()
    for name, summary in commands.items():
        parents = [PARSERS[name]()] if name in PARSERS else []
        subparser = subparsers.add_parser(
            name, help=summary, parents=parents, add_help=not parents
        )
        for action in subparser._actions:
            if (action.metavar or action.dest) in _FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
            elif action.metavar == "DIR":
                action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
            elif action.metavar == "RULE":
                action.choices = [rule.name for rule in rules.ALL_RULES]
            elif action.dest == "repository":
                action.choices = [index.name for index in KNOWN_INDEXES]
    script: str = shtab.complete(top, shell)
    # shtab 1.13 lets zsh complete the first of several files only; `*` means all.
    return re.sub(r'"\(\*\)::?', '"*:', script) if shell == "zsh" else script
