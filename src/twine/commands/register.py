"""``twine register``: announce a project to an index that wants that."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from .. import exceptions
from ..config import arguments as environment
from ..config import known_indexes as indexes
from ..index import response as replies
from ..package import PackageFile
from ..settings import Settings
from ..terminal import console, redaction
from .inputs import protect_secrets


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
    with console.session(verbose=register_settings.verbose or None) as screen:
        register_settings.check_repository_url()
        url = register_settings.repository_config["repository"] or ""
        screen.say(f"Registering package to {indexes.sanitize_url(url)}")
        if not os.path.exists(package):
            shown = redaction.mask_argument(package)
            raise exceptions.PackageNotFound(f"There is no file `{shown}`.")
        found = PackageFile.from_filename(
            package,
            register_settings.comment,
            validate=not register_settings.no_validate,
        )
        repository = register_settings.create_repository()
        try:
            response = repository.register(found)
            replies.check_status_code(response, register_settings.verbose)
        except Exception as exc:
            exceptions.reword(exc, screen.redact)
            raise
        finally:
            repository.close()


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of this command's arguments."""
    parser = environment.CommandParser(
        prog="twine register",
        description="Announce a project to an index before its first upload. PyPI "
        "does not need this.",
    )
    Settings.register_argparse_arguments(parser)
    parser.add_argument(
        "package", help="the distribution whose metadata announces the project"
    )
    return parser


def main(args: Sequence[str]) -> None:
    """Run the command.

    Args:
        args: The arguments after ``register``.
    """
    parsed = make_parser().parse_args(list(args))
    with console.session():
        protect_secrets(args, parsed)
        register(Settings.from_argparse(parsed), parsed.package)
