"""What a user may ask of ``upload`` and ``register``: one table.

It makes the command line's arguments, ``--help`` and the documentation.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from .. import exceptions
from ..terminal.text import is_text
from .converters import counting_number, natural_number, one_of, positive_seconds
from .option import GROUPS, KEYWORDS, Option

DEFAULT_CONFIG_FILE = "~/.pypirc"
DEFAULT_INDEX = "pypi"
# These are for the operating system, to which a name is any bytes.
_ANY_BYTES = {"sign_with", "identity", "config_file", "cacert", "client_cert"}

TABLE = (
    Option(
        ("-r", "--repository"),
        "the index to use: a section of the configuration file, or a URL",
        metavar="NAME",
        env="TWINE_REPOSITORY",
        default=DEFAULT_INDEX,
        group="which index",
        keys=("[NAME]",),
    ),
    Option(
        ("--repository-url",),
        "the upload URL of the index; takes precedence over --repository",
        metavar="URL",
        env="TWINE_REPOSITORY_URL",
        group="which index",
        keys=("repository",),
    ),
    Option(("--attestations",), "send the attestations that lie beside each file"),
    Option(("-s", "--sign"), "sign each file with GPG and send the signature"),
    Option(("--sign-with",), "the program that signs", "PROGRAM", default="gpg"),
    Option(("-i", "--identity"), "the GPG identity to sign as", "ID"),
    Option(
        ("-u", "--username"),
        "the user name for the index; on PyPI __token__, which is the default",
        metavar="NAME",
        env="TWINE_USERNAME",
        group="credentials",
        keys=("username",),
    ),
    Option(
        ("-p", "--password"),
        "the password or API token for the index",
        metavar="SECRET",
        env="TWINE_PASSWORD",
        group="credentials",
        keys=("password", "token", "tokens"),
    ),
    Option(
        ("--keyring",),
        "ask the keyring if need be (auto), never (off), or as the last source of "
        "credentials, so that it is an error if it has none (required)",
        metavar="MODE",
        env="TWINE_KEYRING",
        default="auto",
        convert=one_of("auto", "off", "required"),
        group="credentials",
    ),
    Option(
        ("--non-interactive",),
        "never ask for anything: fail when a credential is missing",
        env="TWINE_NON_INTERACTIVE",
        group="credentials",
    ),
    Option(
        ("--trusted-publishing",),
        "whether to get a token for the identity of this CI: on PyPI and TestPyPI if "
        "nothing else gives a password (auto), on any index or fail (always), or never",
        metavar="WHEN",
        env="TWINE_TRUSTED_PUBLISHING",
        default="auto",
        convert=one_of("auto", "always", "never"),
        group="credentials",
    ),
    Option(("-c", "--comment"), "a comment to send with each file", "TEXT"),
    Option(
        ("--config-file",),
        "the configuration file",
        metavar="PATH",
        default=DEFAULT_CONFIG_FILE,
        group="which index",
    ),
    Option(
        ("--skip-existing",),
        "skip files that are on the index already, with the same content",
    ),
    Option(
        ("--no-validate",),
        "send metadata that this version cannot validate, a newer metadata version "
        "for instance; the index decides",
    ),
    Option(
        ("--cert",),
        "the CA certificates to trust, one PEM file",
        metavar="PATH",
        env="TWINE_CERT",
        group="network",
        keys=("ca_cert",),
    ),
    Option(
        ("--system-certs",),
        "trust the CA certificates of the operating system, unless --cert is given; "
        "needs twine[system-certs]",
        env="TWINE_SYSTEM_CERTS",
        group="network",
    ),
    Option(
        ("--client-cert",),
        "the client certificate and its key, together in one PEM file",
        metavar="PATH",
        env="TWINE_CLIENT_CERT",
        group="network",
        keys=("client_cert",),
    ),
    Option(
        ("--timeout",),
        "how long to wait while nothing moves: 60 s while sending, 300 s for the "
        "answer, if not given",
        metavar="SECONDS",
        env="TWINE_TIMEOUT",
        convert=positive_seconds,
        group="network",
    ),
    Option(
        ("--retries",),
        "how often to try again after a failure that may pass; 0 for never",
        metavar="N",
        env="TWINE_RETRIES",
        default="4",
        convert=natural_number,
        group="network",
    ),
    Option(("--verbose",), "tell what is going on", excludes="amount", group="output"),
    Option(
        ("-q", "--quiet"),
        "print errors and URLs only",
        excludes="amount",
        group="output",
    ),
    Option(("--disable-progress-bar",), "show no progress bar", group="output"),
)
# What only `upload` can do.
UPLOAD_TABLE = (
    Option(
        ("--attest",),
        "make an attestation of each file with the identity of this CI, and send it "
        "(needs twine[attest])",
    ),
    Option(
        ("--check-url",),
        "where to ask which files the index has: the root of its simple API, if it "
        "cannot be told from the upload URL",
        metavar="URL",
        env="TWINE_CHECK_URL",
        group="which index",
        keys=("check_url",),
    ),
    Option(
        ("-j", "--jobs"),
        "how many files to send at the same time",
        metavar="N",
        env="TWINE_JOBS",
        default="1",
        convert=counting_number,
        group="network",
    ),
    Option(
        ("--preflight",),
        "apply the rules of PyPI before anything is sent, to any index; for PyPI and "
        "TestPyPI that is the default",
        excludes="preflight",
    ),
    Option(
        ("--no-preflight",),
        "do not apply the rules of PyPI: let the index decide",
        env="TWINE_NO_PREFLIGHT",
        excludes="preflight",
    ),
    Option(
        ("--keep-going",),
        "send the other files when one is refused, and fail at the end",
    ),
    Option(
        ("--dry-run",), "do everything but send the files, and tell what would be sent"
    ),
    Option(
        ("--wait",),
        "after the upload, wait until the index lists every file with its digest: for "
        "300 seconds, if no number follows",
        metavar="SECONDS",
        convert=positive_seconds,
        implied="300",
        group="network",
    ),
)


def add_arguments(
    parser: argparse.ArgumentParser, table: Sequence[Option] = TABLE
) -> dict[str, argparse._ArgumentGroup]:
    """Add every option of a table to a parser, in groups, which are returned."""
    groups = {title: parser.add_argument_group(title) for title in GROUPS}
    exclusive: dict[str, argparse._ActionsContainer] = {}
    for option in table:
        group: argparse._ActionsContainer = groups[option.group]
        if option.excludes is not None:
            if option.excludes not in exclusive:
                exclusive[option.excludes] = group.add_mutually_exclusive_group()
            group = exclusive[option.excludes]
        option.add_to(group)
    return groups


def keywords_from_arguments(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return parsed arguments as the keywords of ``Settings``.

    Args:
        arguments: What a parser made with :func:`add_arguments` returned; other
            programs may have added arguments of their own, which stay.

    Raises:
        InvalidConfiguration: A value that would be sent is not text.
    """
    given = {KEYWORDS.get(key, key): value for key, value in vars(arguments).items()}
    for option in TABLE:
        value = given.get(option.name)
        # PEP 383: other bytes become lone surrogates, which no form can hold.
        if option.name in _ANY_BYTES or not isinstance(value, str) or is_text(value):
            continue
        variable = f", or of the variable `{option.env}`," if option.env else ""
        raise exceptions.InvalidConfiguration(
            f"The value of `{option.flags[-1]}`{variable} is not UTF-8 text.",
            hint="Give it again in the encoding UTF-8.",
        )
    return given
