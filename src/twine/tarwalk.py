"""A gzipped tar archive, read once from front to back in bounded memory.

What counts as a member, and where an archive ends, follows CPython's ``tarfile``,
as PyPI does; but that reads headers of any length into memory.
"""

from __future__ import annotations

import io
from typing import BinaryIO

from .gunzip import Gunzip, TooLarge, Truncated
from .members import (
    LARGEST_SOURCE,
    LARGEST_TEXT,
    LONGEST_NAMES,
    MOST_MEMBERS,
    Faults,
    is_source,
    product_of,
    report_too_large,
    report_too_many,
    shown,
)
from .rules.model import Archive
from .tarheaders import (
    BLOCK,
    CommonPath,
    Damaged,
    Header,
    Headers,
    is_tar_header,
    padded,
)

_BLOCK = 64 * 1024
_PKG_INFO = "/PKG-INFO"
_MAGIC = (
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
    (b"PK\3\4", "a ZIP archive"),
)


class TooMany(Exception):
    """There is more in the archive than is remembered."""


def read_tar(file: BinaryIO, faults: Faults) -> Archive:
    """Read an sdist.

    Args:
        file: The file.
        faults: Where to report.

    Returns:
        What is in it; nothing if it could not be read to its end.
    """
    reason = _why_no_tar(file)
    if reason is not None:
        faults.add("not-a-tar", f"The file is no gzipped tar archive: {reason}.")
        return Archive(kind="neither", faults=faults.all())
    walk = _Walk(file, faults)
    try:
        walk.run()
    except TooMany:
        report_too_many(faults)
    except TooLarge as exc:
        faults.add("tar-too-large", str(exc))
    except Truncated as exc:
        faults.add("tar-truncated", f"The archive is cut short: {exc}")
    except Damaged as exc:
        faults.add("tar-damaged", f"The archive is damaged: {exc}")
    else:
        walk.check_paths()
        return Archive(
            kind="tar",
            faults=faults.all(),
            names=tuple(walk.names),
            folders=frozenset(walk.folders),
            texts=walk.texts(),
            encrypted_texts=tuple(walk.encrypted),
        )
    return Archive(kind="tar", faults=faults.all())


def _why_no_tar(file: BinaryIO) -> str | None:
    """Return what a file is instead of a gzipped tar archive."""
    file.seek(0)
    head = file.read(BLOCK)
    if not head.startswith(b"\x1f\x8b"):
        if is_tar_header(head):
            return "it is not compressed"
        known = (what for magic, what in _MAGIC if head.startswith(magic))
        return f"it is {next(known, 'something else')}"
    try:
        block = io.BufferedReader(Gunzip(file)).read(BLOCK)
    except Damaged:
        return "its beginning cannot be unpacked"
    if is_tar_header(block) or (len(block) == BLOCK and not any(block)):
        return None
    return "something else is in the gzip"


class _Walk:
    """The way from one member to the next."""

    def __init__(self, file: BinaryIO, faults: Faults) -> None:
        self.stream = io.BufferedReader(Gunzip(file), _BLOCK)
        self.faults = faults
        self.names: list[str] = []
        self.folders: set[str] = set()
        self.encrypted: list[tuple[str, str]] = []
        self.count = 0
        self.length = 0
        self.path = CommonPath()
        self.path_of_files = CommonPath()
        self.pkg_info: tuple[str, bytes | None] | None = None

    def run(self) -> None:
        """Go all the way.

        Raises:
            Damaged: The archive makes no sense, or ends too early.
            TooLarge: It unpacks to more than is read.
            TooMany: It has more members than are remembered.
        """
        headers = Headers(self.stream)
        while header := headers.read():
            self.count += 1
            self.length += len(header.name)
            if self.count > MOST_MEMBERS or self.length > LONGEST_NAMES:
                raise TooMany
            self.path.add(header.name)
            if header.is_sparse:
                self.faults.add("tar-sparse", f"{shown(header.name)} is sparse.")
            if header.is_folder:
                self.folders.add(header.name)
            else:
                self.path_of_files.add(header.name)
                self.names.append(header.name)
            self.look_into(header)

    def look_into(self, header: Header) -> None:
        """Move past a member's data; look at those that rules want to know."""
        name = header.name
        # While everything has one top, no other file can become the one that counts.
        top = str(self.path)
        if name.endswith(_PKG_INFO) and name in {top, top + _PKG_INFO}:
            self.pkg_info = name, self.read_text(header)
        elif header.is_file and is_source(name) and header.size <= LARGEST_SOURCE:
            product = product_of(self.read(header.size))
            if product is not None:
                self.encrypted.append((name, product))
        else:
            self.skip(padded(header.size))

    def read_text(self, header: Header) -> bytes | None:
        """Return a member's content; ``None`` if it is too large."""
        if header.size <= LARGEST_TEXT:
            return self.read(header.size)
        report_too_large(header.name, header.size, self.faults)
        self.skip(padded(header.size))
        return None

    def read(self, size: int) -> bytes:
        """Return a member's data."""
        data = self.stream.read(size)
        self.skip(padded(size) - len(data))
        return data

    def skip(self, size: int) -> None:
        """Move on.

        Raises:
            Truncated: There is not so much left.
        """
        while size > 0:
            data = self.stream.read(min(size, _BLOCK))
            if not data:
                raise Truncated("it ends within a member.")
            size -= len(data)

    def check_paths(self) -> None:
        """Report what the entries of folders make wrong, or their absence.

        Rules see the names of files only; PyPI compares those of folders as well.
        """
        if not self.count:
            self.faults.add("empty-archive", "The archive has no members.")
        elif self.path_of_files and not self.path:
            self.faults.add(
                "sdist-stray-folder",
                f"All files lie in {shown(str(self.path_of_files))}, but not all "
                "folders do.",
            )
        elif {*self.names} == {str(self.path)} and self.pkg_info is not None:
            self.faults.add(
                "sdist-lone-file",
                f"{shown(self.names[0])} is the only member, without its folder.",
            )

    def texts(self) -> dict[str, bytes | None]:
        """Return the ``PKG-INFO`` that counts, by name."""
        if self.pkg_info is None:
            return {}
        name = self.pkg_info[0]
        top = name.removesuffix(_PKG_INFO)
        return dict([self.pkg_info]) if str(self.path) in {name, top} else {}
