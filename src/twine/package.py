"""One distribution that is ready to be sent."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, NamedTuple

from . import attestations, console, exceptions, metadata, signing
from .sdist import SDist
from .wheel import Wheel

if TYPE_CHECKING:
    from packaging.metadata import RawMetadata

    from .distribution import Distribution

PackageMetadata = dict[str, metadata.FormValue]

DIST_TYPES: dict[str, type[Distribution]] = {"bdist_wheel": Wheel, "sdist": SDist}
DIST_EXTENSIONS = {".whl": "bdist_wheel", ".tar.gz": "sdist", ".zip": "sdist"}
# Large enough that hashing is bound by the processor, not by calls.
_BLOCK = 1024 * 1024

_safe_name = metadata.safe_name


class Hexdigest(NamedTuple):
    """The digests of one file, hexadecimal.

    Args:
        sha2: SHA-256.
        blake2: BLAKE2b of 256 bits; ``None`` where FIPS mode forbids it.
    """

    sha2: str | None
    blake2: str | None


class HashManager:
    """Compute the digests of a file in one pass.

    Args:
        filename: Its path.
    """

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self._sha2_hasher = hashlib.sha256()
        try:
            self._blake_hasher: hashlib.blake2b | None = hashlib.blake2b(digest_size=32)
        except (ValueError, AttributeError):  # Python in FIPS mode
            self._blake_hasher = None

    def hash(self) -> None:
        """Read the file.

        Raises:
            OSError: It cannot be read.
        """
        block = memoryview(bytearray(_BLOCK))
        with open(self.filename, "rb", buffering=0) as file:
            while count := file.readinto(block):
                self._sha2_hasher.update(block[:count])
                if self._blake_hasher is not None:
                    self._blake_hasher.update(block[:count])

    def hexdigest(self) -> Hexdigest:
        """Return the digests of what has been read."""
        blake = self._blake_hasher
        return Hexdigest(
            self._sha2_hasher.hexdigest(), None if blake is None else blake.hexdigest()
        )


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
        self.gpg_signature: tuple[str, bytes] | None = None
        self.attestations: list[object] | None = None
        self._digests: Hexdigest | None = None

    @classmethod
    def from_filename(
        cls, filename: str, comment: str | None, *, validate: bool = True
    ) -> PackageFile:
        """Read a distribution.

        Args:
            filename: Its path.
            comment: A comment to send along.
            validate: Whether invalid metadata is an error, or only a warning.

        Raises:
            InvalidDistribution: It cannot be published; the message names every
                fault of its metadata.
        """
        filetype = next(
            (
                filetype
                for extension, filetype in DIST_EXTENSIONS.items()
                if filename.endswith(extension)
            ),
            None,
        )
        if filetype is None:
            raise exceptions.InvalidDistribution(
                f"`{os.path.basename(filename)}` is not a distribution: its name ends "
                f"in none of {', '.join(DIST_EXTENSIONS)}."
            )
        distribution = DIST_TYPES[filetype](filename)
        found = metadata.parse_metadata(distribution.read())
        if found.faults:
            _report_faults(filename, found, validate=validate)
        return cls(filename, comment, found.raw, distribution.py_version, filetype)

    @property
    def digests(self) -> Hexdigest:
        """The digests of the file.

        Raises:
            InvalidDistribution: The file cannot be read any more.
        """
        if self._digests is None:
            hasher = HashManager(self.filename)
            try:
                hasher.hash()
            except OSError as exc:
                raise unreadable(self.filename, exc) from exc
            self._digests = hasher.hexdigest()
        return self._digests

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
        optional: dict[str, metadata.FormValue | None] = {
            "comment": self.comment,
            "sha256_digest": self.sha2_digest,
            "blake2_256_digest": self.blake2_256_digest,
            "gpg_signature": self.gpg_signature,
            "attestations": None
            if self.attestations is None
            else json.dumps(self.attestations),
        }
        return {
            **metadata.form_values(self.metadata),
            "name": self.safe_name,
            "version": self.version,
            "pyversion": self.python_version,
            "filetype": self.filetype,
            **{key: value for key, value in optional.items() if value is not None},
        }

    def add_attestations(self, attestations: list[str]) -> None:
        """Read attestations, to be sent with the file.

        Args:
            attestations: Their paths.

        Raises:
            InvalidDistribution: One cannot be read or is not JSON.
        """
        self.attestations = _read_attestations(attestations)

    def add_gpg_signature(
        self, signature_filepath: str, signature_filename: str
    ) -> None:
        """Read a signature, to be sent with the file.

        Args:
            signature_filepath: Its path.
            signature_filename: The name to send it under.

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
            raise unreadable(signature_filepath, exc) from exc

    def sign(self, sign_with: str, identity: str | None) -> None:
        """Make a signature with GPG, to be sent with the file.

        Args:
            sign_with: The program.
            identity: Whose key to use; the program's default if not given.

        Raises:
            InvalidSigningExecutable: There is no such program.
            InvalidSigningConfiguration: It failed.
        """
        console.current().say(f"Signing {self.basefilename}")
        user = ("--local-user", identity) if identity else ()
        # A name that begins with a hyphen must not be read as an option.
        path = os.path.join(os.curdir, self.filename)
        if not self.filename.startswith("-"):
            path = self.filename
        self.run_gpg((sign_with, "--detach-sign", *user, "-a", path))
        self.add_gpg_signature(self.signed_filename, self.signed_basefilename)

    @classmethod
    def run_gpg(cls, gpg_args: tuple[str, ...]) -> None:
        """Run a signing program; see :func:`twine.signing.run_gpg`."""
        signing.run_gpg(gpg_args)


_read_attestations = attestations.read_attestations


def unreadable(filename: str, error: OSError) -> exceptions.InvalidDistribution:
    """Return the error for a file that the system will not read."""
    return exceptions.InvalidDistribution(
        f"`{filename}` cannot be read: {error.strerror}."
    )


def _report_faults(
    filename: str, found: metadata.CoreMetadata, *, validate: bool
) -> None:
    """Raise what is wrong with a file's metadata, or warn about it.

    Raises:
        InvalidDistribution: The faults matter, or no name or version was found.
    """
    text = f"`{filename}` has invalid metadata:\n" + "\n".join(
        f"- {fault}" for fault in found.faults
    )
    if validate:
        version = found.raw.get("metadata_version", "")
        hint = None
        if any("`Metadata-Version`" in fault for fault in found.faults):
            hint = (
                f"If metadata version {version} is newer than this twine, "
                "`--no-validate` sends what it understands."
            )
        raise exceptions.InvalidDistribution(text, hint=hint)
    missing = {"metadata_version", "name", "version"} - found.raw.keys()
    if missing:
        raise exceptions.InvalidDistribution(text)
    console.current().warning(text)
