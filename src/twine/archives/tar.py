"""Gzipped tar archives: sdists, read with :mod:`tarfile` from front to back."""

from __future__ import annotations

import tarfile
from typing import BinaryIO, Literal

from .. import exceptions
from .contents import (
    LARGEST_SOURCE,
    MIB,
    TopFolder,
    check_metadata,
    find_encryption,
    is_source,
)
from .errors import NotCheckedError, TooLargeError, attempt, broken, naming_file
from .model import Archive, Faults, quote_name
from .tar_guard import LARGEST_HEADER, Unzipped, large_header
from .zip import opens_as_zip

# For the rules only: what is larger is not looked into.
_MOST_MEMBERS = 100_000
_LONGEST_NAMES = 6 * MIB  # of all members together


def read_metadata(path: str, *, is_bounded: bool) -> bytes:
    """Return the content of ``PKG-INFO``.

    Args:
        path: The archive.
        is_bounded: Whether it may take but little memory.

    Raises:
        InvalidDistribution: There is none.
        NotCheckedError: The archive is too large for that.
    """
    if is_bounded:
        _, metadata = read_tar(path)
        if isinstance(metadata, bytes):
            return metadata
        raise metadata
    with naming_file(path), open(path, "rb") as file:
        reader = _TarReader(file, path, is_bounded=False)
        reader.run()
        return reader.finish()


def read_tar(path: str) -> tuple[Archive, bytes | exceptions.InvalidDistribution]:
    """Return what the rules need to know, and the metadata or why there are none.

    Args:
        path: The archive.

    Raises:
        InvalidDistribution: The file cannot be read at all.
    """
    with naming_file(path), open(path, "rb") as file:
        reader = _TarReader(file, path, is_bounded=True)
        faults = reader.faults
        try:
            reader.run()
        except TooLargeError as exc:
            faults.add("not-checked", str(exc))
            # What was met so far is most probably what counts.
            metadata = attempt(reader.find_metadata, path)
            if not isinstance(metadata, bytes):
                metadata = NotCheckedError(path, exc)
            return Archive(kind="tar", faults=faults.all()), metadata
        except Exception as exc:
            if getattr(exc, "strerror", None) is not None:
                raise  # it is the disk that fails
            _report(exc, faults, has_begun=reader.has_begun)
            kind: Literal["tar", "neither"] = "tar" if reader.has_begun else "neither"
            return Archive(kind=kind, faults=faults.all()), broken(path, exc)
        metadata = attempt(reader.finish, path)
    if not reader.count:
        faults.add("empty-archive", "The archive has no members.")
    if opens_as_zip(path):
        faults.add("zip-and-tar", "The file is a ZIP archive and a tar archive.")
    archive = Archive(
        kind="tar",
        faults=faults.all(),
        names=tuple(reader.names),
        folders=frozenset(reader.folders),
        top=reader.top.path,
        encrypted_texts=tuple(reader.encrypted),
    )
    return archive, metadata


def _report(error: Exception, faults: Faults, *, has_begun: bool) -> None:
    """Report why an archive could not be read to its end, as PyPI would not either."""
    reason = str(error).rstrip(".") or type(error).__name__
    if not has_begun:
        text = f"The file is no gzipped tar archive: {reason}."
        faults.add("not-a-tar", text)
    elif isinstance(error, EOFError) or "unexpected end" in reason:
        faults.add("tar-damaged", f"The archive is cut short: {reason}.")
    else:
        faults.add("tar-damaged", f"The archive is damaged: {reason}.")


class _TarReader:
    """Goes through an archive once, and remembers what is asked for.

    Args:
        file: The archive.
        path: Its path.
        is_bounded: Whether to read for the rules, in bounded memory. Otherwise only
            the metadata are looked for, whatever they take.
    """

    def __init__(self, file: BinaryIO, path: str, *, is_bounded: bool) -> None:
        self._path = path
        self._is_bounded = is_bounded
        self._unzipped = Unzipped(file, is_bounded=is_bounded)
        self._metadata: tuple[tarfile.TarInfo, bytes] | None = None
        self._length = 0
        self.count = 0
        self.has_begun = False
        self.faults = Faults()
        self.names: list[str] = []
        self.folders: set[str] = set()
        self.encrypted: list[tuple[str, str]] = []
        self.top = TopFolder()

    def run(self) -> None:
        """Go all the way.

        Raises:
            TooLargeError: There is more than is looked at.
            Exception: The archive is broken.
        """
        with tarfile.open(fileobj=self._unzipped, mode="r:") as archive:
            self.has_begun = True
            while member := archive.next():
                # `tarfile` remembers every member: some 80 MB for 100,000.
                archive.members = []  # type: ignore[attr-defined]
                self._add(archive, member)
                if self._is_bounded:
                    self._check_bounds(archive)
                self._unzipped.allow(LARGEST_HEADER)

    def _add(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """Take one more member into account."""
        name = member.name
        self.top.add(name)
        self._length += len(name)
        self.count += 1
        if member.isdir():
            self.folders.add(name)
        else:
            self.names.append(name)
        if member.issparse():
            self.faults.add("tar-sparse", f"{quote_name(name)} is sparse.")
        self._unzipped.allow(LARGEST_SOURCE)
        # While all members have one folder, no other can become the one that counts.
        if self.top.may_have(name):
            self._metadata = member, self._read(archive, member)
        elif self._is_bounded and is_source(name, member.size):
            product = find_encryption(self._read(archive, member))
            if product is not None:
                self.encrypted.append((name, product))

    @staticmethod
    def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
        """Return the content of a regular file; nothing of anything else."""
        # A sparse one may be large without taking any room in the archive.
        if not member.isreg() or member.issparse() or member.size > LARGEST_SOURCE:
            return b""
        file = archive.extractfile(member)
        return b"" if file is None else file.read()

    def _check_bounds(self, archive: tarfile.TarFile) -> None:
        """Hold that not too much has to be remembered.

        Raises:
            TooLargeError: It would be.
        """
        if self.count > _MOST_MEMBERS or self._length > _LONGEST_NAMES:
            raise TooLargeError(
                f"The archive has more than {_MOST_MEMBERS} members, or names of more "
                f"than {_LONGEST_NAMES // MIB} MiB",
            )
        # Global headers add to those before them.
        globals_ = archive.pax_headers
        if sum(map(len, [*globals_, *globals_.values()])) > LARGEST_HEADER:
            raise large_header()

    def finish(self) -> bytes:
        """Read what follows the tar archive; return the content of ``PKG-INFO``."""
        self._unzipped.drain()
        return self.find_metadata()

    def find_metadata(self) -> bytes:
        """Return the content of ``PKG-INFO``, as far as the archive was read.

        Raises:
            InvalidDistribution: There is none, or it is no regular file.
        """
        path = self._path
        name = self.top.find_metadata(path, self.names)
        if self._metadata is None or self._metadata[0].name != name:
            raise exceptions.InvalidDistribution(f"`{path}` has no file `{name}`.")
        member, data = self._metadata
        if not member.isreg() or member.issparse():
            kind = "stored as a sparse file" if member.issparse() else "no regular file"
            raise exceptions.InvalidDistribution(
                f"`{name}` in `{path}` is {kind}.",
                hint="Build the sdist with `python -m build --sdist`.",
            )
        return check_metadata(data, member.size, name, path)
