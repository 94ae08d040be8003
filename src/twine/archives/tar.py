"""Gzipped tar archives: sdists, read with :mod:`tarfile` from front to back."""

from __future__ import annotations

import functools
import itertools
import tarfile
from collections.abc import Mapping
from typing import BinaryIO, Literal

from .. import exceptions
from .contents import (
    LARGEST_SOURCE,
    MIB,
    TextSearch,
    check_metadata,
    find_sdist_metadata,
    find_top,
    is_text,
)
from .errors import NotCheckedError, TooLargeError, attempt, broken, naming_file
from .model import Archive, Faults, Reading, quote_name
from .tar_guard import LARGEST_HEADER, Unzipped

# For the rules only: what is larger is not looked into.
_MOST_MEMBERS = 100_000
_LONGEST_NAMES = 6 * MIB  # of all members together


def read_metadata(path: str, *, is_bounded: bool) -> bytes:
    """Return the ``PKG-INFO``; see :func:`~twine.archives.read_metadata`."""
    if is_bounded:
        _, metadata = read_tar(path)
        if isinstance(metadata, bytes):
            return metadata
        raise metadata
    with naming_file(path), open(path, "rb") as file:
        reader = _TarReader(file, path, is_bounded=False)
        reader.run()
        return reader.finish()


def read_tar(path: str) -> Reading:
    """Read for the rules; see :func:`~twine.archives.read_archive`."""
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
            return Reading(Archive(kind="tar", faults=faults.all()), metadata)
        except Exception as exc:
            if getattr(exc, "strerror", None) is not None:
                raise  # it is the disk that fails
            # PyPI goes to the end, too, and says nothing of the reason.
            reason = str(exc).rstrip(".") or type(exc).__name__
            kind: Literal["tar", "neither"] = "tar"
            if reader.has_begun:
                text = f"The archive is damaged or cut short: {reason}."
                faults.add("tar-damaged", text)
            else:
                kind = "neither"
                text = f"The file is no gzipped tar archive: {reason}."
                faults.add("not-a-tar", text)
            return Reading(Archive(kind=kind, faults=faults.all()), broken(path, exc))
        metadata = attempt(reader.finish, path)
    archive = Archive(
        kind="tar",
        faults=faults.all(),
        names=tuple(reader.names),
        folders=frozenset(reader.folders),
        top=reader.top,
        encrypted_texts=tuple(reader.search.encrypted),
        tokens=tuple(reader.search.tokens),
    )
    return Reading(archive, metadata)


class _TarReader:
    """Goes through an archive once, and remembers what is asked for.

    For the rules, that takes little memory; otherwise only the metadata are looked for,
    whatever they take.
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
        self.search = TextSearch()

    def run(self) -> None:
        """Go all the way.

        Raises:
            TooLargeError: There is more than is looked at.
            Exception: The archive is broken.
        """
        with tarfile.open(fileobj=self._unzipped, mode="r:") as archive:
            self.has_begun = True
            # Python 3.10 goes back before the start to look for a second member.
            if archive.firstmember is None:  # type: ignore[attr-defined]
                return
            while member := archive.next():
                # `tarfile` remembers every member: some 80 MB for 100,000.
                archive.members = []  # type: ignore[attr-defined]
                self._add(archive, member)
                if self._is_bounded:
                    self._check_bounds(archive.pax_headers)
                self._unzipped.allow(LARGEST_HEADER)

    def _add(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """Take one more member into account."""
        name = member.name
        self._length += len(name)
        self.count += 1
        if member.isdir():
            self.folders.add(name)
        else:
            self.names.append(name)
        if member.issparse():
            self.faults.add("tar-sparse", f"{quote_name(name)} is sparse.")
        self._unzipped.allow(LARGEST_SOURCE)
        is_metadata = self._may_be_metadata(name)
        if is_metadata or (self._is_bounded and is_text(name, member.size)):
            data = self._read(archive, member)
            self.search.add(name, data)
            if is_metadata:
                self._metadata = member, data

    def _may_be_metadata(self, name: str) -> bool:
        """Return whether no ``PKG-INFO`` so far was nearer to the top.

        sdists of setuptools have another one in an ``.egg-info`` folder. Of several
        with one name the last counts, as it does when the archive is unpacked.
        """
        if not name.endswith("/PKG-INFO"):
            return False
        best = self._metadata[0].name if self._metadata else name
        return name.count("/") <= best.count("/")

    @functools.cached_property
    def top(self) -> str:
        """The path that all members have in common."""
        return find_top(itertools.chain(self.names, self.folders))

    @staticmethod
    def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
        """Return the content of a regular file; nothing of anything else."""
        # A sparse one may be large without taking any room in the archive.
        if not member.isreg() or member.issparse() or member.size > LARGEST_SOURCE:
            return b""
        file = archive.extractfile(member)
        return b"" if file is None else file.read()

    def _check_bounds(self, global_headers: Mapping[str, str]) -> None:
        """Hold that not too much has to be remembered, global pax headers included.

        Raises:
            TooLargeError: It would be.
        """
        if self.count > _MOST_MEMBERS or self._length > _LONGEST_NAMES:
            raise TooLargeError(
                f"The archive has more than {_MOST_MEMBERS} members, or names of more "
                f"than {_LONGEST_NAMES // MIB} MiB",
            )
        # Each header has its limit, but `tarfile` adds up those for all members.
        total = sum(map(len, [*global_headers, *global_headers.values()]))
        if total > LARGEST_HEADER:
            most = LARGEST_HEADER // MIB
            raise TooLargeError(f"The archive has headers of more than {most} MiB")

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
        name = find_sdist_metadata(path, self.top, self.names, self.folders)
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
