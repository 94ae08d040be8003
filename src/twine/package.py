"""One distribution that is ready to be sent."""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING

from . import archives, exceptions
from .distribution import DIST_EXTENSIONS
from .form import core_metadata, signing
from .form.fields import describe_faults, hint_for_faults
from .form.file import (
    DistributionFile,
    HashManager,
    Hexdigest,
    file_stamp,
    unreadable_error,
)
from .sdist import SDist
from .terminal import console as terminal
from .wheel import Wheel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from packaging.metadata import RawMetadata

    from .archives.model import Archive
    from .distribution import Distribution

__all__ = [
    "DIST_EXTENSIONS",
    "DIST_TYPES",
    "HashManager",
    "Hexdigest",
    "PackageFile",
    "PackageMetadata",
    "describe_faults",
    "describe_header_breaks",
    "find_filetype",
]

logger = logging.getLogger(__name__)

PackageMetadata = dict[str, core_metadata.FormValue]

DIST_TYPES: dict[str, type[Distribution]] = {"bdist_wheel": Wheel, "sdist": SDist}

_safe_name = core_metadata.safe_name


class PackageFile:
    """A distribution with its metadata, digests, signature and attestations.

    The digests are computed when they are first asked for.

    Args:
        filename: Its path.
        comment: A comment to send along.
        metadata: Its core metadata, as ``packaging`` names the fields.
        python_version: The form's ``pyversion``.
        filetype: ``sdist`` or ``bdist_wheel``.
    """

    def __init__(
        self,
        filename: str,
        comment: str | None,
        metadata: RawMetadata,
        python_version: str,
        filetype: str,
    ) -> None:
        self.filename = filename
        self.basefilename = os.path.basename(filename)
        self.comment = comment
        self.metadata = metadata
        self.python_version = python_version
        self.filetype = filetype
        self.safe_name = _safe_name(metadata["name"])
        self.version: str = metadata["version"]
        self.signed_filename = f"{filename}.asc"
        self.signed_basefilename = f"{self.basefilename}.asc"
        # PyPI ignores signatures since May 2023; other indexes may store them.
        self.gpg_signature: tuple[str, bytes] | None = None
        self.attestations: list[object] | None = None
        self.archive: Archive | None = None
        self.header_break = ""
        self.file = DistributionFile(filename)

    @classmethod
    def from_filename(
        cls,
        filename: str,
        comment: str | None,
        *,
        validate: bool = True,
        for_rules: bool = False,
    ) -> PackageFile:
        """Read a distribution and validate its metadata.

        Args:
            filename: Its path.
            comment: A comment to send along.
            validate: Whether invalid metadata is an error, or only a warning.
            for_rules: Whether to read at once what rules look at, unless that is too
                much: an upload takes what can be read at all.

        Raises:
            InvalidDistribution: It cannot be published; the message names every
                fault of its metadata.
        """
        filetype = find_filetype(filename)
        distribution = DIST_TYPES[filetype](filename)
        # Taken first, so that a change while the file is read shows when it is sent.
        stamp = file_stamp(os.stat(filename))
        reading: archives.Reading | None = None
        if for_rules:
            reading = archives.read_archive(filename, filetype)
        if reading is None or isinstance(reading.metadata, archives.NotCheckedError):
            archive, data = None, distribution.read()
        elif isinstance(reading.metadata, bytes):
            archive, data = reading.archive, reading.metadata
        else:
            raise reading.metadata
        found = core_metadata.parse_metadata(data)
        text = describe_faults(filename, found.faults, found.header_break)
        if not found.is_usable:
            raise exceptions.InvalidDistribution(text)
        if found.faults and validate:
            hint = hint_for_faults(found.raw, found.faults)
            raise exceptions.InvalidDistribution(text, hint=hint)
        if found.faults:
            logger.warning("%s", text)
        package = cls(filename, comment, found.raw, distribution.py_version, filetype)
        package.file.stamp = stamp
        package.archive = archive
        package.header_break = found.header_break
        return package

    @property
    def size(self) -> int:
        """The size in bytes that the file had when it was read."""
        return self.file.size

    @property
    def digests(self) -> Hexdigest:
        """The digests of the file."""
        return self.file.digests

    @property
    def sha2_digest(self) -> str | None:
        """The SHA-256 digest, hexadecimal."""
        return self.digests.sha2

    @property
    def blake2_256_digest(self) -> str | None:
        """The BLAKE2b digest of 256 bits, hexadecimal."""
        return self.digests.blake2

    def metadata_dictionary(self) -> PackageMetadata:
        """Return the fields of the form, except those that name the action."""
        digests = self.digests
        has_attestations = self.attestations is not None
        # In the order in which 7.0.0 sends them.
        optional: dict[str, core_metadata.FormValue | None] = {
            "comment": self.comment,
            "sha256_digest": digests.sha2,
            "gpg_signature": self.gpg_signature,
            # PEP 740: one JSON array for all of a file's attestations.
            "attestations": json.dumps(self.attestations) if has_attestations else None,
            "blake2_256_digest": digests.blake2,
        }
        return {
            **core_metadata.form_values(self.metadata),
            "name": self.safe_name,
            "version": self.version,
            "pyversion": self.python_version,
            "filetype": self.filetype,
            **{key: value for key, value in optional.items() if value is not None},
        }

    def add_attestations(self, attestations: list[str]) -> None:
        """Read attestation files, to be sent with the file.

        Raises:
            InvalidDistribution: One cannot be read or is not JSON.
        """
        self.attestations = signing.read_attestations(attestations)

    def add_gpg_signature(
        self, signature_filepath: str, signature_filename: str
    ) -> None:
        """Read a signature, to be sent with the file under some name.

        Raises:
            InvalidDistribution: There is a signature already, or it cannot be read.
        """
        if self.gpg_signature is not None:
            raise exceptions.InvalidDistribution(
                f"`{self.basefilename}` has a signature already."
            )
        try:
            with open(signature_filepath, "rb") as file:
                self.gpg_signature = (signature_filename, file.read())
        except OSError as exc:
            raise unreadable_error(signature_filepath, exc) from exc

    def sign(
        self,
        sign_with: str,
        identity: str | None,
        *,
        console: terminal.Console | None = None,
    ) -> None:
        """Make a signature with GPG, to be sent with the file.

        Without an identity, the program chooses the key.

        Raises:
            InvalidSigningExecutable: There is no such program.
            InvalidSigningConfiguration: It failed.
        """
        console = console or terminal.default()
        console.print(f"Signing {self.basefilename}")
        user = ("--local-user", identity) if identity else ()
        # A name that begins with a hyphen must not be read as an option.
        path = os.path.join(os.curdir, self.filename)
        if not self.filename.startswith("-"):
            path = self.filename
        # A program may have replaced it by one that takes nothing else.
        keywords = {"to_stderr": True} if console.to_stderr else {}
        self.run_gpg((sign_with, "--detach-sign", *user, "-a", path), **keywords)
        self.add_gpg_signature(self.signed_filename, self.signed_basefilename)

    @classmethod
    def run_gpg(cls, gpg_args: tuple[str, ...], *, to_stderr: bool = False) -> None:
        """Run a signing program; see :func:`twine.form.signing.run_gpg`."""
        signing.run_gpg(gpg_args, to_stderr=to_stderr)


def find_filetype(filename: str) -> str:
    """Return what kind of distribution a file's name or path stands for.

    Raises:
        InvalidDistribution: It is no distribution's name.
    """
    for extension, filetype in DIST_EXTENSIONS.items():
        if filename.endswith(extension):
            return filetype
    raise exceptions.InvalidDistribution(
        f"`{os.path.basename(filename)}` is not a distribution: its name ends in none "
        f"of {', '.join(DIST_EXTENSIONS)}."
    )


def describe_header_breaks(packages: Iterable[PackageFile]) -> Iterator[str]:
    """Yield where metadata loses fields, once for all files that have the same."""
    paths: dict[str, list[str]] = {}
    for package in packages:
        if package.header_break:
            paths.setdefault(package.header_break, []).append(package.filename)
    for text, where in paths.items():
        yield f"{', '.join(where)}: {text}"
