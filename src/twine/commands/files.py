"""Command line arguments: which files they mean, and in which order to send them."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from .. import exceptions
from ..distribution import DIST_EXTENSIONS
from ..terminal import redaction
from ..terminal.text import format_size

# Distributions by folder and name, and once more by name alone.
_Owners = dict[tuple[str, str], list[str]]
_ANYWHERE = ""


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
        elif paths == [argument] and _is_plain_folder(argument):
            text = f"`{argument}` is a folder, not a distribution."
            inside = os.path.join(argument, "*")
            faults.append((text, f"`{inside}` means the files in it."))
        for path in paths:
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
    folder = os.path.dirname(argument)
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return sorted(glob.glob(glob.escape(folder) + argument.removeprefix(folder)))


def _is_plain_folder(path: str) -> bool:
    """Return whether a path is a folder that is not even named like a distribution."""
    return os.path.isdir(path) and not path.endswith(tuple(DIST_EXTENSIONS))


def _explain_missing(argument: str, indexes: Collection[str]) -> tuple[str, str | None]:
    """Return why an argument means no file, and what to do about it."""
    if not argument:
        return "There is no file ``: the argument is empty.", None
    if "://" in argument or re.search(":.*@", os.path.splitdrive(argument)[1]):
        shown = redaction.mask_index(argument)
        return f"There is no file `{shown}`.", "`-r URL` names an index by its URL."
    text = f"There is no file `{argument}`"
    if argument in indexes:
        return f"{text}.", f"`-r {argument}` names the index `{argument}`."
    folder = os.path.dirname(argument) or os.curdir
    build = "`python -m build` makes distributions, in the folder `dist`."
    if not os.path.isdir(folder) and not glob.has_magic(folder):
        return f"{text}: the folder `{folder}` does not exist.", build
    if os.path.isdir(folder) and not glob.glob("*", root_dir=folder):
        return f"{text}: the folder `{folder}` is empty.", build
    return f"{text}, and as a pattern it matches nothing.", None


def is_distribution(text: str) -> bool:
    """Return whether a text is the path of a distribution that exists."""
    return text.endswith(tuple(DIST_EXTENSIONS)) and os.path.isfile(text)


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
    owners: _Owners = {}
    for path in by_dist:
        folder, name = _place(path)
        for key in ((folder, name), (_ANYWHERE, name)):
            owners.setdefault(key, []).append(path)
    for path in attestations:
        for owner in _attested(path, owners):
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


def _place(path: str) -> tuple[str, str]:
    """Return a file's folder and name, spelled in one way."""
    folder, name = os.path.split(os.path.normcase(os.path.abspath(path)))
    return folder, name


def _attested(attestation: str, owners: _Owners) -> list[str]:
    """Return the distributions an attestation speaks of: the longest name that fits.

    Of several with that name, those in the same folder.
    """
    folder, name = _place(attestation)
    stem, dot = name.removesuffix(".attestation"), "."
    while dot:
        found = owners.get((folder, stem)) or owners.get((_ANYWHERE, stem))
        if found:
            return found
        stem, dot, _ = stem.rpartition(".")
    return []
