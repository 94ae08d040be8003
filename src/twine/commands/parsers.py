"""What can be typed after each command.

`--help` and a wrong command line need this and none of the libraries.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any

from ..config import arguments, converters, options

DISABLE_VARIABLE = "TWINE_CHECK_DISABLE"


def make_upload_parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments of ``upload``."""
    parser = arguments.CommandParser(
        prog="twine upload",
        usage="twine upload [options] dist [dist ...]",
        description="Publish distributions: send them to PyPI or another index.",
    )
    table = (*options.TABLE, *options.UPLOAD_TABLE)
    groups = options.add_arguments(parser, table)
    groups["output"].add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how to print the result; json is one document on standard output, and "
        "everything else goes to standard error (default: text)",
    )
    parser.add_argument(
        "dists",
        nargs="+",
        metavar="dist",
        help="the files to upload, usually dist/*; may include signatures (.asc) and "
        "attestations (.attestation)",
    )
    return parser


def make_register_parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments of ``register``."""
    parser = arguments.CommandParser(
        prog="twine register",
        usage="twine register [options] package",
        description="Announce a project to an index before its first upload. PyPI "
        "does not need this.",
    )
    options.add_arguments(parser)
    parser.add_argument(
        "package", help="the distribution whose metadata announces the project"
    )
    return parser


def make_check_parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments of ``check``."""
    parser = arguments.CommandParser(
        prog="twine check",
        usage="twine check [options] dist [dist ...]",
        description="Check distributions before they are published: metadata, and "
        "whether the description can be rendered; with --pypi, everything that PyPI "
        "checks and that can be known from the files.",
    )
    parser.add_argument(
        "dists", nargs="*", metavar="dist", help="the files to check, usually dist/*"
    )
    parser.add_argument(
        "--strict", action="store_true", help="let warnings fail a file too"
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="print only what fails"
    )
    _add_rule_arguments(parser)
    parser.add_argument(
        "-j",
        "--jobs",
        metavar="N",
        type=converters.counting_number,
        help="how many files to check at the same time",
    )
    return parser


def make_preview_parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments of ``preview``."""
    parser = arguments.CommandParser(
        prog="twine preview",
        usage="twine preview [options] dist [dist ...]",
        description="Show the page that a project will have on PyPI, before it is "
        "public: one HTML file for each release, made without a network.",
    )
    parser.add_argument(
        "dists", nargs="+", metavar="dist", help="the files to show, usually dist/*"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "-o",
        "--output-dir",
        metavar="DIR",
        help="write the pages into this folder (default: a new temporary folder)",
    )
    where.add_argument(
        "--serve",
        metavar="PORT",
        nargs="?",
        const=0,
        type=converters.port_number,
        help="serve the pages to browsers on this computer until Ctrl-C, and reload "
        "them when a file changes (without a number: on a free port)",
    )
    parser.add_argument(
        "--open", action="store_true", help="open the pages in the browser"
    )
    parser.add_argument(
        "--images",
        action="store_true",
        help="let the pages load images from the internet; otherwise they are links",
    )
    return parser


def _add_rule_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what has to do with the rules of PyPI."""
    parser.add_argument(
        "--pypi", action="store_true", help="apply the rules of PyPI, offline"
    )
    parser.add_argument(
        "--online",
        action="store_true",
        help="also ask PyPI what it has of these projects (implies --pypi)",
    )
    parser.add_argument(
        "--index-url",
        metavar="URL",
        default=None,
        help="ask this index instead: the root of its simple API",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="how to print the findings: for people, as one JSON document, or as "
        "annotations of GitHub Actions (the last two imply --pypi; default: text)",
    )
    parser.add_argument(
        "--disable",
        metavar="RULE",
        action=_Disable,
        help="leave a rule out; may be repeated (environment: "
        f"{DISABLE_VARIABLE}, names separated by commas or spaces)",
    )
    parser.add_argument(
        "--list-rules", action="store_true", help="list all rules, and exit"
    )
    parser.add_argument(
        "--explain", metavar="RULE", help="tell all about one rule, and exit"
    )


class _Disable(arguments.EnvironmentDefault):
    """Collect identifiers of rules, those in the environment first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(env=DISABLE_VARIABLE, required=False, **kwargs)
        # argparse leaves a default that is no text as it is.
        self.default = [*filter(None, re.split(r"[,\s]+", self.default or ""))]

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Add one."""
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), values])


PARSERS = {
    "check": make_check_parser,
    "preview": make_preview_parser,
    "register": make_register_parser,
    "upload": make_upload_parser,
}
