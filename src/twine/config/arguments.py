"""Arguments whose default comes from an environment variable, and what they hold."""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from ..terminal import redaction
from ..terminal.text import suggest

# Texts copied from a web page or a word processor have dashes for hyphens.
_HYPHENS = "-\u2013\u2014"
_OFF = {"", "0", "false", "no"}
# The strongest first: requests and curl, then OpenSSL. As with httpx, the file comes
# before the folder.
_CA_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


# What stands for the CA certificates of the operating system, in place of a path.
SYSTEM_CERTS = "the operating system"


def find_ca_bundle() -> tuple[str, str] | None:
    """Return the variable that names the CA certificates to trust, and its value."""
    given = ((name, os.environ.get(name)) for name in _CA_BUNDLES)
    return next(((name, value) for name, value in given if value), None)


def find_secret_variables() -> list[str]:
    """Return what the environment has of passwords and tokens for any index."""
    secret = ("TWINE_PASSWORD", "TWINE_TOKEN", "TWINE_IDENTITY_TOKEN")
    return [text for name, text in os.environ.items() if name.startswith(secret)]


class FromEnvironment(str):
    """The text of an environment variable, and its name."""

    __slots__ = ("variable",)
    variable: str

    @classmethod
    def read(cls, variable: str) -> FromEnvironment | None:
        """Return the text of a variable, if it is set."""
        if (given := os.environ.get(variable)) is None:
            return None
        text = cls(given)
        text.variable = variable
        return text


class PlainParser(argparse.ArgumentParser):
    """A parser whose help has no colours, and whose errors show no secret.

    Python 3.14 colours help by itself, and would not know of ``--no-color``.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.color = False
        self._given: list[str] = []

    def parse_args(
        self, args: Iterable[str] | None = None, namespace: Any = None
    ) -> Any:
        """Parse a command line, and remember it: what it has of secrets is masked."""
        self._given = list(sys.argv[1:] if args is None else args)
        self.check_spelling()
        self._add_implied_values()
        parsed, unknown = self.parse_known_args(self._given, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {self.suggest_options(unknown)}")
        return parsed

    def suggest_options(self, unknown: Sequence[str]) -> str:
        """Return arguments, each with the option that may have been meant.

        What follows an option that is not known may be a secret, and is left out.
        """
        known = [flag for flag in self._option_string_actions if flag[:2] == "--"]
        options = [given.partition("=")[0] for given in unknown if given[:1] == "-"]
        shown = [f"{option}{suggest(option, known)}" for option in options]
        return " ".join(shown or unknown)

    def check_spelling(self) -> None:
        """Accept every spelling."""

    def _add_implied_values(self) -> None:
        """Complete options whose value may be left out, where no value follows.

        argparse would take the first file of ``--wait dist/*`` for the seconds.
        """
        actions = self._option_string_actions
        for position, argument in enumerate(self._given):
            action = actions.get(argument)
            if action is None or action.nargs != "?" or action.type is None:
                continue
            convert: Any = action.type
            try:
                convert("".join(self._given[position + 1 : position + 2]))
            except argparse.ArgumentTypeError:
                self._given[position] = f"{argument}={action.const}"

    def error(self, message: str) -> NoReturn:
        """Print what is wrong with the command line, without secrets, and exit."""
        for action in self._actions:
            if (
                isinstance(action, EnvironmentDefault)
                and "/".join(action.option_strings) in message
                and os.environ.get(action.env) == ""
            ):
                message += f" (the environment variable `{action.env}` is empty)"
        # argparse quotes wrong arguments: a CI log is no place for a password.
        secrets = [
            *redaction.find_secret_arguments(self._given),
            *find_secret_variables(),
        ]
        super().error(redaction.mask_usage_error(message, secrets))


class CommandParser(PlainParser):
    """The parser of one command, which knows common misspellings of its options."""

    def check_spelling(self) -> None:
        """Refuse what argparse reads otherwise: ``-password`` as ``-p assword``.

        Raises:
            SystemExit: With status 2.
        """
        known = self._option_string_actions
        for argument in itertools.takewhile("--".__ne__, self._given):
            given = argument.partition("=")[0]
            meant = f"--{given.lstrip(_HYPHENS).replace('_', '-').lower()}"
            if given[:1] in _HYPHENS and meant in known and given not in known:
                self.error(f"`{given}` is not an option; write `{meant}`")


class EnvironmentDefault(argparse.Action):
    """Store a value; an environment variable gives the default.

    An empty variable counts as given, but not for a value that is made of the text
    (``type``): a number, for instance.

    Args:
        env: The variable's name.
        required: Whether the argument must be given when the variable is not.
        default: The value when neither is given.
        kwargs: What :class:`argparse.Action` takes.
    """

    def __init__(
        self,
        env: str,
        required: bool = True,
        default: str | None = None,
        **kwargs: Any,
    ) -> None:
        # When the parser is made, not when this module is imported.
        given = FromEnvironment.read(env)
        convert = kwargs.get("type")
        if convert is not None and not given:
            given = None
        elif convert is not None:
            # argparse converts a default that is text, and blames the option for it.
            def convert_given(text: str) -> Any:
                try:
                    return convert(text)
                except argparse.ArgumentTypeError as exc:
                    if text is not given:
                        raise
                    message = f"{exc} (from the environment variable {env})"
                    raise argparse.ArgumentTypeError(message) from exc

            kwargs["type"] = convert_given
        value = default if given is None else given
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
        kwargs: What :class:`argparse.Action` takes.
    """

    def __init__(self, env: str, **kwargs: Any) -> None:
        self.env = env
        default = self.bool_from_env(os.environ.get(env))
        super().__init__(default=default, nargs=0, **kwargs)

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
