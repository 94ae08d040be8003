"""Read the files of an upload: each once, all faults of all files together."""

from __future__ import annotations

import concurrent.futures
import contextlib
import logging
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .. import exceptions
from ..auth.attest import SUFFIX
from ..package import PackageFile
from ..terminal.text import format_size, is_text

if TYPE_CHECKING:
    from ..settings import Settings
    from .inputs import Inputs

logger = logging.getLogger(__name__)

# Archives are read by C code that lets other threads run; more threads than cores
# gain nothing.
_READING_THREADS = min(4, os.cpu_count() or 1)
# SHA-256 and BLAKE2b.
_HASHING_THREADS = 2


def prepare(settings: Settings, inputs: Inputs) -> list[PackageFile]:
    """Read all files, with what goes with them.

    Args:
        settings: Whether and how to sign and to attest.
        inputs: The files.

    Raises:
        InvalidDistribution: The message names every fault of every file.
    """
    if not inputs.dists:
        raise exceptions.InvalidDistribution(
            "There is no distribution among the files: signatures and attestations "
            "go with one."
        )

    def make(filename: str) -> PackageFile | exceptions.InvalidDistribution:
        attestations = inputs.attestations_by_dist[filename]
        try:
            return make_package(filename, inputs.signatures, attestations, settings)
        except exceptions.InvalidDistribution as exc:
            return exc

    if settings.sign:
        # A signing program may ask for a passphrase: one at a time, in this thread.
        results = list(map(make, inputs.dists))
    else:
        with concurrent.futures.ThreadPoolExecutor(_READING_THREADS) as executor:
            results = list(executor.map(make, inputs.dists))
    faults = [r for r in results if not isinstance(r, PackageFile)]
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise exceptions.InvalidDistribution(
            f"{len(faults)} files cannot be published:\n" + "\n".join(map(str, faults))
        )
    return [result for result in results if isinstance(result, PackageFile)]


def make_package(
    filename: str,
    signatures: dict[str, str],
    attestations: list[str],
    upload_settings: Settings,
) -> PackageFile:
    """Read a distribution with its signature and its attestations; sign it if asked.

    Args:
        filename: The distribution.
        signatures: Signatures by base name.
        attestations: The distribution's attestations.
        upload_settings: Whether and how to sign and to attest.

    Raises:
        InvalidDistribution: It cannot be published, or lacks attestations.
        InvalidSigningExecutable: There is no program to sign with.
        InvalidSigningConfiguration: Signing failed.
    """
    if not is_text(os.path.basename(filename)):
        raise exceptions.InvalidDistribution(
            f"The name of `{filename}` is not UTF-8 text, and cannot be sent.",
            hint="Give the file the name that its build gave it.",
        )
    package = PackageFile.from_filename(
        filename,
        upload_settings.comment,
        validate=not upload_settings.no_validate,
        for_rules=upload_settings.wants_preflight(),
    )
    logger.info("%s (%s)", filename, format_size(package.size))
    _add_attestations(package, attestations, upload_settings)
    if (signature := signatures.get(package.signed_basefilename)) is not None:
        package.add_gpg_signature(signature, package.signed_basefilename)
    elif upload_settings.sign:
        package.sign(
            upload_settings.sign_with,
            upload_settings.identity,
            console=upload_settings.console,
        )
    return package


def _add_attestations(
    package: PackageFile, attestations: list[str], settings: Settings
) -> None:
    name = package.filename
    given = attestations if settings.attestations else []
    made = f"{name}{SUFFIX}"  # by an earlier run
    if settings.attest and os.path.exists(made):
        given = list(dict.fromkeys(map(os.path.abspath, [*given, made])))
    if given:
        package.add_attestations(given)
    elif settings.attestations and not settings.attest:
        raise exceptions.InvalidDistribution(
            f"`{name}` has no attestations, and `--attestations` was given.",
            hint=f"Give `{package.basefilename}.*.attestation` as well.",
        )


@contextlib.contextmanager
def hash_ahead(packages: Sequence[PackageFile]) -> Iterator[None]:
    """Compute the digests beside preflight, authentication and earlier uploads."""
    executor = concurrent.futures.ThreadPoolExecutor(_HASHING_THREADS)
    try:
        for package in packages:
            package.file.hash_ahead(executor)
        yield
    finally:
        for package in packages:
            package.file.stop_hashing()
        executor.shutdown()
