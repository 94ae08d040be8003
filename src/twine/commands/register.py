"""``twine register``: announce a project to an index that wants that."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
from collections.abc import Sequence

from .. import exceptions
from ..index.upload_error import check_status_code
from ..package import PackageFile
from ..settings import Settings
from ..terminal import logs, redaction
from ..terminal.console import Console
from .inputs import hide_secrets
from .parsers import make_register_parser

# Nothing is logged here, but programs know it from 7.0.0.
logger = logging.getLogger(__name__)


def register(register_settings: Settings, package: str) -> None:
    """Announce a project; PyPI needs none of this, and takes none.

    Args:
        register_settings: Where and how.
        package: A distribution, whose metadata is sent.

    Raises:
        PackageNotFound: There is no such file.
        TwineException: Something else that the user has to decide.
        requests.RequestException: The index refused (``HTTPError``), or the network
            failed.
    """
    from packaging.utils import canonicalize_name

    console = register_settings.console
    with logs.for_program(verbose=register_settings.verbose):
        register_settings.check_repository_url()
        url = register_settings.repository_config["repository"] or ""
        console.print(f"Registering package to {redaction.sanitize_url(url)}")
        if not os.path.exists(package):
            shown = redaction.mask_argument(package)
            raise exceptions.PackageNotFound(f"There is no file `{shown}`.")
        found = PackageFile.from_filename(
            package,
            register_settings.comment,
            validate=not register_settings.no_validate,
        )
        with contextlib.ExitStack() as stack:
            stack.callback(register_settings.revoke_tokens)
            register_settings.projects = {canonicalize_name(found.safe_name)}
            repository = register_settings.create_repository()
            stack.callback(repository.close)
            try:
                response = repository.register(found)
                check_status_code(response, register_settings.verbose)
            except Exception as exc:
                exceptions.redact_exception_args(exc, console.redact)
                raise


def main(args: Sequence[str], *, console: Console | None = None) -> None:
    """Run the command.

    Args:
        args: The arguments after ``register``.
        console: Where to print.
    """
    parsed = make_register_parser().parse_args(list(args))
    run(parsed, args, console or Console())


def run(parsed: argparse.Namespace, args: Sequence[str], console: Console) -> None:
    """Run the command with parsed arguments; see :func:`main`."""
    console.quiet = parsed.quiet
    with logs.print_records(console, verbose=parsed.verbose):
        hide_secrets(args, parsed, console)
        register(Settings.from_argparse(parsed, console=console), parsed.package)
