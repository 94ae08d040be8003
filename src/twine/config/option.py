"""One option of ``upload`` and ``register``, and how it becomes an argument."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple

from .arguments import EnvironmentDefault, EnvironmentFlag
from .converters import OneOf

# Where the keywords of `Settings` have other names than the options, as in 7.0.0.
KEYWORDS = {"repository": "repository_name", "cert": "cacert"}
# What the options are about: the parts of `--help`.
GROUPS = ("which index", "credentials", "what to send", "network", "output")


class Option(NamedTuple):
    """One row of the table.

    Args:
        flags: Its spellings.
        help: What it does: one phrase.
        metavar: What stands for its value in ``--help``; ``None`` makes it a flag.
        env: The environment variable that gives its default.
        default: Its value when nothing gives one.
        convert: What makes a value of the text.
        excludes: The name of a group of options of which only one can be given.
        implied: The value when the option is given without one.
        group: What it is about, one of :data:`GROUPS`.
        keys: The keys of ``.pypirc`` that stand for it.
    """

    flags: tuple[str, ...]
    help: str
    metavar: str | None = None
    env: str | None = None
    default: str | None = None
    convert: Callable[[str], object] | None = None
    excludes: str | None = None
    implied: str | None = None
    group: str = "what to send"
    keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its keyword in :class:`twine.settings.Settings`."""
        name = self.flags[-1].removeprefix("--").replace("-", "_")
        return KEYWORDS.get(name, name)

    @property
    def value(self) -> object:
        """Its value when nothing gives one."""
        if self.convert is not None and self.default is not None:
            return self.convert(self.default)
        return self.default

    def add_to(self, parser: argparse._ActionsContainer) -> None:
        """Add the option to a parser, or to a group of one."""
        notes = [f"default: {self.default}"] if self.default is not None else []
        notes += [f"environment: {self.env}"] if self.env is not None else []
        notes += [f".pypirc: {', '.join(self.keys)}"] if self.keys else []
        text = f"{self.help} ({'; '.join(notes)})" if notes else self.help
        # argparse fills in `%(default)s` and the like.
        keywords: dict[str, Any] = {"help": text.replace("%", "%%")}
        if self.metavar is not None:
            keywords |= {"metavar": self.metavar, "default": self.default}
            keywords["type"] = self.convert
            if isinstance(self.convert, OneOf):
                keywords["choices"] = self.convert.words
            if self.implied is not None:
                keywords |= {"nargs": "?", "const": self.implied}
        elif self.env is None:
            keywords["action"] = "store_true"
        if self.env is not None:
            action = EnvironmentFlag if self.metavar is None else EnvironmentDefault
            keywords |= {"action": action, "env": self.env}
        if self.env is not None and self.metavar is not None:
            # A variable that is set but empty takes no default away in silence: what
            # was meant for another index must not go to PyPI.
            required = self.default is not None and self.convert is None
            keywords["required"] = required
        parser.add_argument(*self.flags, **keywords)
