"""What the commands were given: which files, what they are, and common mistakes."""

from __future__ import annotations

import argparse
import contextlib
import glob
import logging
import os
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .. import exceptions
from ..config.arguments import find_secret_variables
from ..terminal import redaction
from ..terminal.text import find_nearest, format_size

if TYPE_CHECKING:
    from ..package import PackageFile
    from ..settings import Settings
    from ..terminal.console import Console

logger = logging.getLogger(__name__)


class Inputs(NamedTuple):
    """Files by the part they play.

    Args:
        dists: Distributions in sending order.
        signatures: Signatures by base name (``NAME.whl.asc``).
        attestations_by_dist: Attestations of each distribution.
    """

    dists: list[str]
    signatures: dict[str, str]
    attestations_by_dist: dict[str, list[str]]


def find_dists(
    dists: Iterable[str], list_indexes: Callable[[], Collection[str]] = tuple
) -> list[str]:
    """Return the files that paths and patterns mean, each once, wheels first.

    A path that exists is that file, even if it looks like a pattern.

    Args:
        dists: Paths, and patterns that the shell did not expand.
        list_indexes: How to get the names of indexes, which somebody may have given
            for files.

    Raises:
        InvalidDistribution: A path does not exist, or is a folder, or a pattern
            matches nothing; it names them all.
    """
    found: dict[str, str] = {}
    faults: list[tuple[str, str | None]] = []
    for argument in dists:
        paths = _expand(argument)
        if not paths:
            faults.append(_explain_missing(argument, list_indexes()))
        elif os.path.isdir(argument) and not _is_named_like_distribution(argument):
            text = f"`{argument}` is a folder, not a distribution."
            inside = os.path.join(argument, "*")
            faults.append((text, f"`{inside}` means the files in it."))
        for path in paths:
            # A pattern may mean a file that is also named; an index refuses the second.
            found.setdefault(os.path.normcase(os.path.abspath(path)), path)
    if faults:
        hints = dict.fromkeys(hint for _, hint in faults if hint)
        raise exceptions.InvalidDistribution(
            redaction.mask_argument("\n".join(text for text, _ in faults)),
            hint="\n".join(hints) or None,
        )
    return group_wheel_files_first(found.values())


def _expand(argument: str) -> list[str]:
    """Return the paths that an argument means.

    A folder that exists is that folder, too: ``dist [x]/*.whl``.
    """
    if os.path.exists(argument):
        return [argument]
    folder = _find_folder(argument)
    # `cmd.exe` and PowerShell leave patterns to the program.
    return sorted(glob.glob(glob.escape(folder) + argument.removeprefix(folder)))


def _find_folder(path: str) -> str:
    """Return the last folder on the way to a path that exists."""
    folder = os.path.dirname(path)
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder


def _explain_missing(argument: str, indexes: Collection[str]) -> tuple[str, str | None]:
    """Return why an argument means no file, and what to do about it."""
    if not argument:
        return "There is no file ``: the argument is empty.", None
    if "://" in argument or re.search(":.*@", os.path.splitdrive(argument)[1]):
        shown = redaction.mask_index(argument)
        return f"There is no file `{shown}`.", "`-r URL` names an index by its URL."
    text = f"There is no file `{argument}`"
    # Hardly a file's, which has a dot, a folder or a pattern in it.
    if argument in indexes or re.fullmatch(r"[\w-]+", argument):
        index = find_nearest(argument, indexes)
        if index is not None:
            return f"{text}.", f"`-r {index}` names the index `{index}`."
    # The usual reason in a CI: the step that builds has not run, or elsewhere.
    build = "`python -m build` makes distributions, in the folder `dist`."
    folder = os.path.abspath(os.path.dirname(argument))
    found = os.path.abspath(_find_folder(argument))
    if found == folder:
        is_empty = not glob.glob("*", root_dir=folder)
        what = "is empty" if is_empty else "has no such file"
        return f"{text}: the folder `{folder}` {what}.", build
    if glob.has_magic(os.path.dirname(argument)):
        return f"{text}: nothing in `{found}` fits that pattern.", build
    return f"{text}: the folder `{folder}` does not exist.", build


def _is_named_like_distribution(path: str) -> bool:
    from ..distribution import DIST_EXTENSIONS  # here: `--help` needs no archives

    return path.endswith(tuple(DIST_EXTENSIONS))


def group_wheel_files_first(files: Iterable[str]) -> list[str]:
    """Return wheels before everything else, otherwise in the given order.

    An index takes the metadata of a release from the file that comes first; a
    wheel's is final, an sdist's may be dynamic.
    """
    return sorted(files, key=lambda path: not path.endswith(".whl"))


def split_inputs(inputs: Iterable[str]) -> Inputs:
    """Sort files by the part they play.

    Args:
        inputs: Paths of distributions, of their signatures (``*.asc``) and of their
            attestations (``DISTRIBUTION.*.attestation``), in any folder.
    """
    dists: list[str] = []
    signatures: dict[str, str] = {}
    attestations: list[str] = []
    for path in inputs:
        if path.endswith(".asc"):
            signatures[os.path.basename(path)] = path
        elif path.endswith(".attestation"):
            attestations.append(path)
        else:
            dists.append(path)
    by_dist: dict[str, list[str]] = {path: [] for path in dists}
    by_name: dict[str, list[tuple[str, str]]] = {}
    for path in by_dist:
        folder, name = _folder_and_name(path)
        by_name.setdefault(name, []).append((folder, path))
    for path in attestations:
        for owner in _find_owners(path, by_name):
            by_dist[owner].append(path)
    return Inputs(list(by_dist), signatures, by_dist)


def find_orphans(paths: Iterable[str], inputs: Inputs) -> list[str]:
    """Return the attestations that speak of none of the distributions.

    Args:
        paths: All the files.
        inputs: What :func:`split_inputs` made of them.
    """
    owned = {path for group in inputs.attestations_by_dist.values() for path in group}
    return [p for p in paths if p.endswith(".attestation") and p not in owned]


def get_file_size(filename: str) -> str:
    """Return the size of a file as people write it, ``2.9 MB`` for example."""
    return format_size(os.path.getsize(filename))


def _folder_and_name(path: str) -> tuple[str, str]:
    """Return a file's folder and name, spelled in one way."""
    folder, name = os.path.split(os.path.normcase(os.path.abspath(path)))
    return folder, name


def _find_owners(
    attestation: str, by_name: dict[str, list[tuple[str, str]]]
) -> list[str]:
    """Return the distributions an attestation speaks of: the longest name that fits.

    Of several with that name, those in the same folder.

    Args:
        attestation: Its path.
        by_name: The folders and the paths of the distributions of each name.
    """
    folder, name = _folder_and_name(attestation)
    # pypi-attestations 0.0.27 writes `DISTRIBUTION.publish.attestation`; other
    # programs put other words there.
    while "." in name:
        name = name.rpartition(".")[0]
        if owners := by_name.get(name):
            beside = [path for place, path in owners if place == folder]
            return beside or [path for _, path in owners]
    return []


def find_files(dists: Iterable[str], settings: Settings) -> list[str]:
    """Return the files that paths and patterns mean; see :func:`find_dists`.

    Args:
        dists: Paths and patterns.
        settings: Where indexes are configured, whose names may stand among the paths.

    Raises:
        InvalidDistribution: One of them means no file.
    """
    from ..config import known_indexes, pypirc

    def list_indexes() -> set[str]:
        names = {index.name for index in known_indexes.KNOWN_INDEXES}
        with contextlib.suppress(exceptions.TwineException):
            names |= pypirc.read_config(settings.config_file).indexes.keys()
        return names

    return find_dists(dists, list_indexes)


def hide_secrets(
    arguments: Sequence[str], parsed: argparse.Namespace, console: Console
) -> None:
    """Mask what a command line has of secrets in all that is printed from now on.

    Args:
        arguments: The command line.
        parsed: What the parser made of it, and of the environment.
        console: Where they must not show.
    """
    for name in ("username", "password", "comment", "identity"):
        value = getattr(parsed, name) or ""
        if _is_named_like_distribution(value) and os.path.isfile(value):
            logger.warning(
                "The %s is the name of a distribution: `%s`.\n"
                "A variable before the files that is not set lets the first of them be "
                "taken for the value of `--%s`; it is not among the files then.",
                name,
                value,
                name,
            )
    console.hide(parsed.password, *redaction.find_secret_arguments(arguments))
    console.hide(*find_secret_variables())


def warn_of_versions(packages: Iterable[PackageFile]) -> None:
    """Warn of projects of which several versions are about to be published.

    ``dist/`` keeps what earlier builds left, and an upload cannot be taken back.
    """
    from packaging.utils import canonicalize_name, canonicalize_version

    projects: dict[str, dict[str, str]] = {}
    for package in packages:
        versions = projects.setdefault(canonicalize_name(package.safe_name), {})
        versions.setdefault(canonicalize_version(package.version), package.version)
    releases = [
        f"{project} {version}"
        for project, versions in projects.items()
        for version in versions.values()
    ]
    if len(releases) > 1:  # of several projects, perhaps: that is no mistake
        shown = ", ".join(releases)
        logger.info("The files are of %d releases: %s.", len(releases), shown)
    for project, versions in projects.items():
        if len(versions) > 1:
            logger.warning(
                "The files of `%s` are of %d versions: %s.\n"
                "An upload cannot be taken back: remove what an earlier build left.",
                project,
                len(versions),
                ", ".join(versions.values()),
            )


def warn_of_orphans(attestations: Sequence[str]) -> None:
    """Warn of attestations that go with none of the distributions."""
    if attestations:
        logger.warning(
            "These attestations are named after none of the distributions, and are "
            "not sent: %s.",
            ", ".join(f"`{path}`" for path in attestations),
        )
