"""One distribution that is ready to be sent."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from . import archives, exceptions
from .distribution import DIST_EXTENSIONS as DIST_EXTENSIONS  # noqa: PLC0414 - others do
from .form import attestations, signing
from .form import core_metadata as metadata
from .sdist import SDist
from .terminal import console
from .wheel import Wheel

if TYPE_CHECKING:
    from packaging.metadata import RawMetadata

    from .archives.model import Archive
    from .distribution import Distribution
    from .form.fields import MetadataFault

logger = logging.getLogger(__name__)

PackageMetadata = dict[str, metadata.FormValue]

DIST_TYPES: dict[str, type[Distribution]] = {"bdist_wheel": Wheel, "sdist": SDist}
# Large enough that hashing is bound by the processor, not by calls.
_BLOCK = 1024 * 1024

_safe_name = metadata.safe_name


class Hasher(Protocol):
    """A hash of :mod:`hashlib`."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Hash more bytes."""

    def hexdigest(self) -> str:
        """Return the digest, hexadecimal."""


class Hexdigest(NamedTuple):
    """The digests of one file, hexadecimal.

    Args:
        sha2: SHA-256.
        blake2: BLAKE2b of 256 bits; ``None`` where FIPS mode forbids it.
    """

    sha2: str | None
    blake2: str | None

    @classmethod
    def of(cls, hashers: Sequence[Hasher]) -> Hexdigest:
        """Return the digests of what :func:`new_hashers`' hashers have seen."""
        digests = [hasher.hexdigest() for hasher in hashers]
        return cls(digests[0], digests[1] if len(digests) > 1 else None)


def new_hashers() -> list[Hasher]:
    """Return the hashers for a distribution: SHA-256, and BLAKE2b where it may be."""
    hashers: list[Hasher] = [hashlib.sha256()]
    with contextlib.suppress(ValueError, AttributeError):  # Python in FIPS mode
        hashers.append(hashlib.blake2b(digest_size=32))
    return hashers


class HashManager:
    """Compute the digests of a file in one pass.

    Args:
        filename: Its path.
    """

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self._hashers = new_hashers()

    def hash(self) -> None:
        """Read the file.

        Raises:
            OSError: It cannot be read.
        """
        block = memoryview(bytearray(_BLOCK))
        with open(self.filename, "rb", buffering=0) as file:
            while count := file.readinto(block):
                for hasher in self._hashers:
                    hasher.update(block[:count])

    def hexdigest(self) -> Hexdigest:
        """Return the digests of what has been read."""
        return Hexdigest.of(self._hashers)


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
        self.archive: Archive | None = None
        self.header_break = ""
        self.known_digests: Hexdigest | None = None
        self._digests_follow = False
        self._stamp: tuple[int, int] | None = None

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
        try:
            package, faults = cls.read(filename, comment, for_rules=for_rules)
        except archives.NotCheckedError:
            package, faults = cls.read(filename, comment)
        if faults:
            text = describe_faults(filename, faults, package.header_break)
            if validate:
                raise exceptions.InvalidDistribution(
                    text, hint=_hint_for(package, faults)
                )
            logger.warning("%s", text)
        return package

    @classmethod
    def read(
        cls, filename: str, comment: str | None = None, *, for_rules: bool = False
    ) -> tuple[PackageFile, tuple[MetadataFault, ...]]:
        """Read a distribution, whatever is wrong with its metadata.

        Args:
            filename: Its path.
            comment: A comment to send along.
            for_rules: Whether what rules look at is read at once, in little memory.

        Returns:
            The distribution, and the faults of its metadata.

        Raises:
            InvalidDistribution: It cannot be read, or not even its name and version
                are known.
            NotCheckedError: There is too much in it for that memory.
        """
        filetype = find_filetype(filename)
        distribution = DIST_TYPES[filetype](filename)
        stamp = _stamp(os.stat(filename))
        archive = None
        if for_rules:
            archive, data = archives.read_archive(filename, filetype)
            if not isinstance(data, bytes):
                raise data
        else:
            data = distribution.read()
        found = metadata.parse_metadata(data)
        if not found.is_usable:
            raise exceptions.InvalidDistribution(
                describe_faults(filename, found.faults, found.header_break)
            )
        package = cls(filename, comment, found.raw, distribution.py_version, filetype)
        package._stamp = stamp
        package.archive = archive
        package.header_break = found.header_break
        return package, found.faults

    @property
    def size(self) -> int:
        """The size in bytes that the file had when it was read.

        Raises:
            InvalidDistribution: It was never read, and cannot be.
        """
        if self._stamp is not None:
            return self._stamp[0]
        try:
            return os.path.getsize(self.filename)
        except OSError as exc:
            raise unreadable(self.filename, exc) from exc

    @property
    def digests(self) -> Hexdigest:
        """The digests of the file.

        Raises:
            InvalidDistribution: The file cannot be read any more.
        """
        if self.known_digests is None:
            hasher = HashManager(self.filename)
            try:
                hasher.hash()
            except OSError as exc:
                raise unreadable(self.filename, exc) from exc
            self.known_digests = hasher.hexdigest()
        return self.known_digests

    @property
    def sha2_digest(self) -> str | None:
        """The SHA-256 digest, hexadecimal."""
        return self.digests.sha2

    @property
    def blake2_256_digest(self) -> str | None:
        """The BLAKE2b digest of 256 bits, hexadecimal."""
        return self.digests.blake2

    @contextlib.contextmanager
    def digests_follow(self) -> Iterator[None]:
        """Leave the digests out of the form, for now.

        They are computed while the file is being sent, and sent after it.
        """
        self._digests_follow = True
        try:
            yield
        finally:
            self._digests_follow = False

    def open(self) -> BinaryIO:
        """Open the file to send it.

        Raises:
            InvalidDistribution: It cannot be read, or is not the file any more whose
                metadata was read.
        """
        try:
            # Closed by the caller.
            file = open(self.filename, "rb", buffering=0)  # noqa: SIM115
        except OSError as exc:
            raise unreadable(self.filename, exc) from exc
        if self._stamp is not None and self._stamp != _stamp(os.fstat(file.fileno())):
            file.close()
            raise changed(self.filename)
        return file

    def metadata_dictionary(self) -> PackageMetadata:
        """Return the fields of the form, except those that name the action."""
        digests = Hexdigest(None, None) if self._digests_follow else self.digests
        optional: dict[str, metadata.FormValue | None] = {
            "comment": self.comment,
            "sha256_digest": digests.sha2,
            "blake2_256_digest": digests.blake2,
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
        console.current().print(f"Signing {self.basefilename}")
        user = ("--local-user", identity) if identity else ()
        # A name that begins with a hyphen must not be read as an option.
        path = os.path.join(os.curdir, self.filename)
        if not self.filename.startswith("-"):
            path = self.filename
        self.run_gpg((sign_with, "--detach-sign", *user, "-a", path))
        self.add_gpg_signature(self.signed_filename, self.signed_basefilename)

    @classmethod
    def run_gpg(cls, gpg_args: tuple[str, ...]) -> None:
        """Run a signing program; see :func:`twine.form.signing.run_gpg`."""
        signing.run_gpg(gpg_args, to_stderr=console.current().to_stderr)


_read_attestations = attestations.read_attestations


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def changed(filename: str) -> exceptions.InvalidDistribution:
    """Return the error for a file that somebody writes to."""
    return exceptions.InvalidDistribution(
        f"`{filename}` changed while it was being published, and was not sent whole.",
        hint="Let the build finish, and publish again.",
    )


def unreadable(filename: str, error: OSError) -> exceptions.InvalidDistribution:
    """Return the error for a file that the system will not read."""
    return exceptions.InvalidDistribution(
        f"`{filename}` cannot be read: {error.strerror}."
    )


def find_filetype(filename: str) -> str:
    """Return what kind of distribution a name stands for.

    Args:
        filename: A file's name or path.

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


def describe_faults(
    filename: str, faults: Iterable[MetadataFault], header_break: str = ""
) -> str:
    """Return everything that is wrong with a file's metadata, a line for each.

    Args:
        filename: Its path.
        faults: What is wrong.
        header_break: Where the headers end too early, which may be why.
    """
    lines = [f"- {fault}" for fault in faults]
    if header_break:
        lines.append(header_break)
    return "\n".join([f"`{filename}` has invalid metadata:", *lines])


def describe_header_breaks(packages: Iterable[PackageFile]) -> Iterator[str]:
    """Yield where metadata loses fields, once for all files that have the same."""
    paths: dict[str, list[str]] = {}
    for package in packages:
        paths.setdefault(package.header_break, []).append(package.filename)
    paths.pop("", None)
    for text, where in paths.items():
        yield f"{', '.join(where)}: {text}"


def _hint_for(package: PackageFile, faults: Iterable[MetadataFault]) -> str:
    """Return how to send a file whose metadata are invalid."""
    if any(fault.field == "Metadata-Version" for fault in faults):
        return (
            f"If metadata version {package.metadata['metadata_version']} is newer than "
            "this twine, `--no-validate` sends what it understands."
        )
    return (
        "`--no-validate` sends it nevertheless: some indexes accept what PyPI refuses."
    )
