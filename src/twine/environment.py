"""Arguments whose default comes from an environment variable, and what they hold."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import Any

_OFF = frozenset({"", "0", "false", "no"})


def is_text(value: str) -> bool:
    """Return whether what comes from outside is text.

    Python keeps bytes that are none as lone surrogates (PEP 383): in arguments,
    variables, file names, and sometimes in what was typed.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


class EnvironmentDefault(argparse.Action):
    """Store a value; an environment variable gives the default.

    Args:
        env: The variable's name.
        required: Whether the argument must be given when the variable is not.
        default: The value when neither is given.
        environ: Where to look the variable up: the process's environment if not
            given.
        kwargs: What :class:`argparse.Action` takes.
    """

    def __init__(
        self,
        env: str,
        required: bool = True,
        default: str | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        value = (os.environ if environ is None else environ).get(env, default)
        self.env = env
        super().__init__(default=value, required=required and not value, **kwargs)

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Store the value."""
        setattr(namespace, self.dest, values)


class EnvironmentFlag(argparse.Action):
    """Switch something on; an environment variable can do so too.

    Args:
        env: The variable's name.
        environ: Where to look the variable up: the process's environment if not
            given.
        kwargs: What :class:`argparse.Action` takes.
    """

    def __init__(
        self, env: str, *, environ: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        value = (os.environ if environ is None else environ).get(env)
        self.env = env
        super().__init__(default=self.bool_from_env(value), nargs=0, **kwargs)

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Switch it on."""
        setattr(namespace, self.dest, True)

    @staticmethod
    def bool_from_env(val: str | None) -> bool:
        """Return whether a variable's value means *on*."""
        return val is not None and val.strip().lower() not in _OFF
