"""What ``upload`` and ``register`` were given, and mistakes that only show there."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterable, Sequence

from .. import exceptions
from ..config import known_indexes as indexes
from ..config import pypirc as config
from ..package import PackageFile
from ..settings import Settings
from ..terminal import console, redaction
from . import files


def find_files(dists: Iterable[str], settings: Settings) -> list[str]:
    """Return the files that paths and patterns mean; see :func:`files.find_dists`.

    Args:
        dists: Paths and patterns.
        settings: Where indexes are configured, whose names may stand among the paths.

    Raises:
        InvalidDistribution: One of them means no file.
    """

    def list_indexes() -> set[str]:
        names = {index.name for index in indexes.KNOWN_INDEXES}
        with contextlib.suppress(exceptions.TwineException):
            names |= config.read_config(settings.config_file).keys()
        return names

    return files.find_dists(dists, list_indexes)


def protect_secrets(arguments: Sequence[str], parsed: argparse.Namespace) -> None:
    """Mask what a command line has of secrets in all that is printed from now on.

    Args:
        arguments: The command line.
        parsed: What the parser made of it, and of the environment.
    """
    for name in ("username", "password", "comment", "identity"):
        value = getattr(parsed, name)
        if value is not None and files.is_distribution(value):
            console.current().warning(
                f"The {name} is the name of a distribution: `{value}`.\n"
                "A variable before the files that is not set lets the first of them be "
                f"taken for the value of `--{name}`; it is not among the files then."
            )
    console.current().hide(parsed.password, *redaction.find_secret_arguments(arguments))


def warn_of_versions(packages: Iterable[PackageFile]) -> None:
    """Warn of projects of which several versions are about to be published.

    ``dist/`` keeps what earlier builds left, and an upload cannot be taken back.
    """
    from packaging.utils import canonicalize_name, canonicalize_version

    projects: dict[str, dict[str, str]] = {}
    for package in packages:
        versions = projects.setdefault(canonicalize_name(package.safe_name), {})
        versions.setdefault(canonicalize_version(package.version), package.version)
    for project, versions in projects.items():
        if len(versions) > 1:
            console.current().warning(
                f"The files of `{project}` are of {len(versions)} versions: "
                f"{', '.join(versions.values())}.\n"
                "An upload cannot be taken back: remove what an earlier build left."
            )


def warn_of_orphans(attestations: Sequence[str]) -> None:
    """Warn of attestations that go with none of the distributions."""
    if attestations:
        console.current().warning(
            "These attestations are named after none of the distributions, and are "
            "not sent: " + ", ".join(f"`{path}`" for path in attestations) + "."
        )
