"""Command line arguments: which files they mean, and in which order to send them."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from typing import NamedTuple

from . import exceptions

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


def find_dists(dists: Iterable[str]) -> list[str]:
    """Return the files that paths and patterns mean, each once, wheels first.

    A path that exists is that file, even if it looks like a pattern.

    Args:
        dists: Paths, and patterns that the shell did not expand.

    Raises:
        InvalidDistribution: A path does not exist, or a pattern matches nothing.
    """
    found: dict[str, str] = {}
    for argument in dists:
        exists = os.path.exists(argument)
        paths = [argument] if exists else sorted(glob.glob(argument))
        if not paths:
            raise exceptions.InvalidDistribution(
                f"There is no file `{argument}`, and as a pattern it matches nothing."
            )
        for path in paths:
            found.setdefault(os.path.normcase(os.path.abspath(path)), path)
    return group_wheel_files_first(found.values())


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


def format_size(size: int) -> str:
    """Return a number of bytes as people write it."""
    kilobytes = size / 1024
    if kilobytes <= 1024:
        return f"{kilobytes:.1f} KB"
    return f"{kilobytes / 1024:.1f} MB"


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
