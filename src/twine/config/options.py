"""What a user may ask of ``upload`` and ``register``: one table, one frozen value.

The table makes the command line's arguments, ``--help`` and the documentation;
:class:`Options` is what is left of a command line once it has been read.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import exceptions
from ..terminal.text import is_text
from .arguments import EnvironmentDefault, EnvironmentFlag

DEFAULT_CONFIG_FILE = "~/.pypirc"
DEFAULT_INDEX = "pypi"
# Where the command line and the keyword have different names, for historical
# reasons that other programs rely on.
_KEYWORDS = {"repository": "repository_name", "cert": "cacert"}
# More than eleven days; some systems take no more than 24.
_LONGEST_TIMEOUT = 1_000_000
# These are for the operating system, to which a name is any bytes.
_ANY_BYTES = frozenset(
    {"sign_with", "identity", "config_file", "cacert", "client_cert"}
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One row of the table.

    Args:
        flags: Its spellings.
        help: What it does: one phrase.
        env: The environment variable that gives its default.
        default: Its value when nothing gives one.
        metavar: What stands for its value in ``--help``; ``None`` makes it a flag.
        convert: What makes a value of the text.
        rivals: The name of a group of options of which only one can be given.
    """

    flags: tuple[str, ...]
    help: str
    env: str | None = None
    default: str | None = None
    metavar: str | None = None
    convert: Callable[[str], object] | None = None
    rivals: str | None = None

    @property
    def name(self) -> str:
        """Its field in :class:`Options`."""
        name = self.flags[-1].removeprefix("--").replace("-", "_")
        return _KEYWORDS.get(name, name)

    @property
    def value(self) -> object:
        """Its value when nothing gives one."""
        if self.convert is not None and self.default is not None:
            return self.convert(self.default)
        return self.default

    @property
    def full_help(self) -> str:
        """The help text with the default and the variable."""
        notes = []
        if self.default is not None:
            notes.append(f"default: {self.default}")
        if self.env is not None:
            notes.append(f"environment: {self.env}")
        text = f"{self.help} ({'; '.join(notes)})" if notes else self.help
        return text.replace("%", "%%")


def positive_seconds(text: str) -> float:
    """Return a length of time in seconds.

    Raises:
        ArgumentTypeError: It is none.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= _LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of seconds above 0 and up to {_LONGEST_TIMEOUT}"
        )
    return seconds


def natural_number(text: str) -> int:
    """Return a number that may be 0.

    Raises:
        ArgumentTypeError: It is none.
    """
    return _whole_number(text, least=0)


def counting_number(text: str) -> int:
    """Return a number that is 1 or more.

    Raises:
        ArgumentTypeError: It is none.
    """
    return _whole_number(text, least=1)


def _whole_number(text: str, least: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a whole number from {least} to 999999999"
        )
    return int(text)


TABLE = (
    Option(
        flags=("-r", "--repository"),
        metavar="NAME",
        env="TWINE_REPOSITORY",
        default=DEFAULT_INDEX,
        help="the index to use: a section of the configuration file, or a URL",
    ),
    Option(
        flags=("--repository-url",),
        metavar="URL",
        env="TWINE_REPOSITORY_URL",
        help="the upload URL of the index; takes precedence over --repository",
    ),
    Option(
        flags=("--attestations",),
        help="send the attestations that lie beside each file",
    ),
    Option(
        flags=("-s", "--sign"),
        help="sign each file with GPG and send the signature",
    ),
    Option(
        flags=("--sign-with",),
        metavar="PROGRAM",
        default="gpg",
        help="the program that signs",
    ),
    Option(
        flags=("-i", "--identity"),
        metavar="ID",
        help="the GPG identity to sign as",
    ),
    Option(
        flags=("-u", "--username"),
        metavar="NAME",
        env="TWINE_USERNAME",
        help="the user name for the index; on PyPI __token__, which is the default",
    ),
    Option(
        flags=("-p", "--password"),
        metavar="SECRET",
        env="TWINE_PASSWORD",
        help="the password or API token for the index",
    ),
    Option(
        flags=("--non-interactive",),
        env="TWINE_NON_INTERACTIVE",
        help="never ask for anything: fail when a credential is missing",
    ),
    Option(
        flags=("-c", "--comment"),
        metavar="TEXT",
        help="a comment to send with each file",
    ),
    Option(
        flags=("--config-file",),
        metavar="PATH",
        default=DEFAULT_CONFIG_FILE,
        help="the configuration file",
    ),
    Option(
        flags=("--skip-existing",),
        help="carry on when a file is on the index already (PyPI and TestPyPI)",
    ),
    Option(
        flags=("--no-validate",),
        help="send metadata that this version cannot validate, a newer metadata "
        "version for instance; the index decides",
    ),
    Option(
        flags=("--cert",),
        metavar="PATH",
        env="TWINE_CERT",
        help="the CA certificates to trust, one PEM file",
    ),
    Option(
        flags=("--client-cert",),
        metavar="PATH",
        help="the client certificate and its key, together in one PEM file",
    ),
    Option(
        flags=("--timeout",),
        metavar="SECONDS",
        env="TWINE_TIMEOUT",
        convert=positive_seconds,
        help="how long to wait while nothing moves: 60 s while sending, 300 s for the "
        "answer, if not given",
    ),
    Option(
        flags=("--retries",),
        metavar="N",
        env="TWINE_RETRIES",
        default="4",
        convert=natural_number,
        help="how often to try again after a failure that may pass; 0 for never",
    ),
    Option(
        flags=("--verbose",),
        help="tell what is going on",
    ),
    Option(
        flags=("--disable-progress-bar",),
        help="show no progress bar",
    ),
)


# What only `upload` can do.
UPLOAD_TABLE = (
    Option(
        flags=("-j", "--jobs"),
        metavar="N",
        env="TWINE_JOBS",
        default="1",
        convert=counting_number,
        help="how many files to send at the same time",
    ),
    Option(
        flags=("--preflight",),
        rivals="preflight",
        help="apply the rules of PyPI before anything is sent, to any index; for "
        "PyPI and TestPyPI that is the default",
    ),
    Option(
        flags=("--no-preflight",),
        rivals="preflight",
        env="TWINE_NO_PREFLIGHT",
        help="do not apply the rules of PyPI: let the index decide",
    ),
    Option(
        flags=("--keep-going",),
        help="send the other files when one is refused, and fail at the end",
    ),
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for. The meaning of each field is in :data:`TABLE`."""

    # Either may be a URL with a password in it.
    repository_name: str = dataclasses.field(default=DEFAULT_INDEX, repr=False)
    repository_url: str | None = dataclasses.field(default=None, repr=False)
    attestations: bool = False
    sign: bool = False
    sign_with: str = "gpg"
    identity: str | None = None
    username: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    non_interactive: bool = False
    comment: str | None = None
    config_file: str = DEFAULT_CONFIG_FILE
    skip_existing: bool = False
    no_validate: bool = False
    cacert: str | None = None
    client_cert: str | None = None
    timeout: float | None = None
    retries: int = 4
    jobs: int = 1
    keep_going: bool = False
    preflight: bool = False
    no_preflight: bool = False
    verbose: bool = False
    disable_progress_bar: bool = False


def add_arguments(
    parser: argparse.ArgumentParser,
    environ: Mapping[str, str] | None = None,
    *,
    table: Sequence[Option] = TABLE,
) -> None:
    """Add every option of a table to a parser.

    Args:
        parser: The parser of one command.
        table: The options.
        environ: Where defaults are looked up: the process's environment if not
            given.
    """
    groups: dict[str | None, Any] = {None: parser}
    for option in table:
        if option.rivals not in groups:
            groups[option.rivals] = parser.add_mutually_exclusive_group()
        groups[option.rivals].add_argument(
            *option.flags, help=option.full_help, **_arguments(option, environ)
        )


def _arguments(option: Option, environ: Mapping[str, str] | None) -> dict[str, Any]:
    """Return what argparse is to know of an option."""
    variable = {"env": option.env, "environ": environ}
    if option.metavar is None:
        if option.env is None:
            return {"action": "store_true"}
        return {"action": EnvironmentFlag, **variable}
    value = {
        "metavar": option.metavar,
        "default": option.default,
        "type": option.convert,
    }
    if option.env is None:
        return value
    # A variable that is set but empty takes no default away in silence: what was
    # meant for another index must not go to PyPI.
    required = option.default is not None and option.convert is None
    return {"action": EnvironmentDefault, "required": required, **variable, **value}


def keywords_from_arguments(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return parsed arguments under the names that :class:`Options` gives them.

    Args:
        arguments: What a parser made with :func:`add_arguments` returned; other
            programs may have added arguments of their own, which stay.

    Raises:
        InvalidConfiguration: A value that would be sent is not text.
    """
    given = {_KEYWORDS.get(key, key): value for key, value in vars(arguments).items()}
    for option in TABLE:
        value = given.get(option.name)
        if option.name in _ANY_BYTES or not isinstance(value, str) or is_text(value):
            continue
        variable = f", or of the variable `{option.env}`," if option.env else ""
        raise exceptions.InvalidConfiguration(
            f"The value of `{option.flags[-1]}`{variable} is not UTF-8 text.",
            hint="Give it again in the encoding UTF-8.",
        )
    return given
