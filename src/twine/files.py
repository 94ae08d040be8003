"""Command line arguments: which files they mean, and in which order to send them."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from typing import NamedTuple

from . import exceptions


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
            found.setdefault(os.path.abspath(path), path)
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
            attestations (``DISTRIBUTION.*.attestation``).
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
    for path in attestations:
        owner = _attested(path, by_dist)
        if owner is not None:
            by_dist[owner].append(path)
    return Inputs(list(by_dist), signatures, by_dist)


def get_file_size(filename: str) -> str:
    """Return the size of a file as people write it, ``2.9 MB`` for example."""
    return format_size(os.path.getsize(filename))


def format_size(size: int) -> str:
    """Return a number of bytes as people write it."""
    kilobytes = size / 1024
    if kilobytes <= 1024:
        return f"{kilobytes:.1f} KB"
    return f"{kilobytes / 1024:.1f} MB"


def _attested(attestation: str, dists: dict[str, list[str]]) -> str | None:
    """Return the distribution an attestation speaks of: the longest that fits."""
    stem = attestation.removesuffix(".attestation")
    while "." in stem:
        stem = stem.rpartition(".")[0]
        if stem in dists:
            return stem
    return None
