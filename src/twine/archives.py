"""Archives, as the rules want to know them: read once, never extracted.

Whatever the bytes are, reading takes bounded memory and time and does not fail:
what is odd about them becomes a :class:`~twine.rules.model.Fault`. What the names of
files and the texts show by themselves is none: there are rules that look at them.
An archive that could not be read to its end has faults and no names.
"""

from __future__ import annotations

import bz2
import lzma
import os
import zlib
from typing import BinaryIO

from . import exceptions
from .members import (
    LARGEST_SHORT_TEXT,
    LARGEST_SOURCE,
    LARGEST_TEXT,
    Faults,
    is_source,
    shown,
)
from .rules.model import Archive
from .tarheaders import BLOCK, is_tar_header
from .tarwalk import read_tar
from .zipdirectory import Directory, End, Entry, check_zip64, find_end, read_directory
from .zipfields import CENTRAL
from .zipread import DEFLATED, ENCRYPTED, STORED, Members
from .zipwalk import walk

_TEXTS = {
    "WHEEL": LARGEST_SHORT_TEXT,
    "METADATA": LARGEST_TEXT,
    "RECORD": LARGEST_TEXT,
    "entry_points.txt": LARGEST_SHORT_TEXT,
}
_BOMB_SIZE = 64 * 1024 * 1024
_BOMB_RATIO = 50
_XZ_MEMORY = 32 * 1024 * 1024


def read_archive(path: str, filetype: str, *, search: int) -> Archive:
    """Read what the rules need to know of an archive.

    Args:
        path: The file.
        filetype: ``sdist`` or ``bdist_wheel``.
        search: How many bytes of the Python source in a ZIP archive to look
            through for encrypted source, counted without compression.

    Raises:
        InvalidDistribution: The file cannot be read at all.
    """
    try:
        with open(path, "rb") as file:
            return _read(file, os.path.basename(path), filetype, search)
    except OSError as exc:
        raise exceptions.InvalidDistribution(
            f"`{path}` cannot be read: {exc.strerror or exc}."
        ) from exc


def _read(file: BinaryIO, filename: str, filetype: str, search: int) -> Archive:
    end = find_end(file)
    is_tar = _is_tar(file)
    wants_zip = filetype == "bdist_wheel" or filename.endswith(".zip")
    faults = Faults()
    if end is not None and is_tar and (wants_zip or _is_convincing(file, end)):
        faults.add(
            "zip-and-tar", "The file is a ZIP archive and a tar archive at once."
        )
    if not wants_zip:
        return read_tar(file, faults)
    if end is None:
        actual = "a tar archive" if is_tar else "something else"
        faults.add("not-a-zip", f"The file is no ZIP archive, but {actual}.")
        return Archive(kind="neither", faults=faults.all())
    return _read_zip(file, end, filename, filetype, search, faults)


def _read_zip(
    file: BinaryIO, end: End, filename: str, filetype: str, search: int, faults: Faults
) -> Archive:
    sound = check_zip64(file, end, faults)
    directory = read_directory(file, end, faults) if sound else None
    if directory is None:
        return Archive(kind="zip", faults=faults.all())
    _check_sizes(file, directory, faults)
    walk(file, end, directory, faults)
    names, licenses = _what_is_read(filename, filetype, directory)
    for entry in directory.entries:
        _check_method(entry, faults)
        if entry.flags & ENCRYPTED and entry.name not in names:
            _report_encrypted(entry, licenses, faults)
    members = Members(file, directory, faults)
    texts = members.texts(names)
    members.check(licenses)
    encrypted = tuple(members.encrypted(search))
    return Archive(
        kind="zip",
        faults=faults.all(),
        names=tuple(e.name for e in directory.entries if not e.name.endswith("/")),
        texts=texts,
        encrypted_texts=encrypted,
    )


def _what_is_read(
    filename: str, filetype: str, directory: Directory
) -> tuple[dict[str, int], str]:
    """Return the members that rules read, how large they may be; where licences are."""
    if filetype == "bdist_wheel":
        info = "-".join(filename.split("-")[:2]) + ".dist-info/"
        return {info + name: most for name, most in _TEXTS.items()}, f"{info}licenses/"
    tops = {name.partition("/")[0] for name in directory.names}
    names = {f"{top}/PKG-INFO": LARGEST_TEXT for top in tops if len(tops) == 1}
    return names, "/"


def _check_sizes(file: BinaryIO, directory: Directory, faults: Faults) -> None:
    """Report an archive of nothing, and one of far too much."""
    if not directory.entries:
        faults.add("empty-archive", "The archive has no members.")
    packed = file.seek(0, os.SEEK_END)
    size = sum(entry.size for entry in directory.entries)
    if size > _BOMB_SIZE and size / packed > _BOMB_RATIO:
        faults.add(
            "zip-bomb",
            f"The file has {packed} bytes and unpacks to {size}, {size // packed} "
            "times as much.",
        )


def _check_method(entry: Entry, faults: Faults) -> None:
    """Report a member that is compressed in an unusual way."""
    if entry.method not in {STORED, DEFLATED}:
        faults.add(
            "zip-compression",
            f"{shown(entry.name)} is compressed with method {entry.method}.",
        )


def _report_encrypted(entry: Entry, licenses: str, faults: Faults) -> None:
    """Report an encrypted member without metadata, worse if PyPI would read it."""
    is_read = entry.name.startswith(licenses) or (
        is_source(entry.name) and entry.size <= LARGEST_SOURCE
    )
    faults.add(
        "zip-encrypted" if is_read else "zip-encrypted-data",
        f"{shown(entry.name)} is encrypted.",
    )


def _is_convincing(file: BinaryIO, end: End) -> bool:
    """Return whether the end of an archive is no mere chance.

    The four bytes that begin it turn up in some of the many compressed files.
    """
    if end.start < 0:
        return False
    file.seek(end.start)
    return end.total == 0 == end.size or file.read(4) == CENTRAL


def _is_tar(file: BinaryIO) -> bool:
    """Return whether a file begins like a tar archive, compressed or not."""
    file.seek(0)
    data = file.read(64 * 1024)
    if is_tar_header(data[:BLOCK]):
        return True
    try:
        if data.startswith(b"\x1f\x8b"):
            gz = zlib.decompressobj(16 + zlib.MAX_WBITS)
            return is_tar_header(gz.decompress(data, BLOCK))
        if data.startswith(b"BZh"):
            return is_tar_header(bz2.BZ2Decompressor().decompress(data, BLOCK))
        if data.startswith(b"\xfd7zXZ"):
            xz = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
            return is_tar_header(xz.decompress(data, BLOCK))
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
        pass
    return False
