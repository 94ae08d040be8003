"""ZIP archives: wheels, and sdists of old, read with :mod:`zipfile`."""

from __future__ import annotations

import functools
import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Literal

from .contents import (
    LARGEST_METADATA,
    LARGEST_SOURCE,
    LARGEST_TEXTS,
    MIB,
    TextSearch,
    check_metadata,
    find_sdist_metadata,
    find_top,
    find_wheel_metadata,
    is_source,
    is_text,
)
from .errors import NotCheckedError, TooLargeError, attempt, broken, naming_file
from .model import Archive, Faults, Reading, quote_name
from .zip_framing import check_framing

# `zipfile` reads the central directory in one piece, and makes of each member, which
# may take 50 bytes there, objects of 400 to 700 bytes: so this stands for 65 MiB.
_LARGEST_DIRECTORY = 4 * MIB
# What PyPI takes. Of the others `zipfile` unpacks at once whatever it has read.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_BLOCK = 64 * 1024
# PyPI's limits on what a wheel unpacks to; both must be exceeded.
_BOMB_SIZE = 64 * MIB
_BOMB_RATIO = 50


class _BoundedFile(io.BufferedReader):
    """A file that refuses to read a central directory that is too large."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LARGEST_DIRECTORY:
            raise TooLargeError(
                "The archive has a central directory of more than "
                f"{_LARGEST_DIRECTORY // MIB} MiB",
            )
        return super().read(size)


class _MisplacedError(Exception):
    """A member is not where the central directory says; its framing tells why."""


def read_metadata(path: str, filetype: str, *, is_bounded: bool) -> bytes:
    """Return the metadata file; see :func:`~twine.archives.read_metadata`."""
    kind = _BoundedFile if is_bounded else io.BufferedReader
    with (
        naming_file(path),
        kind(io.FileIO(path)) as file,
        zipfile.ZipFile(file) as archive,
    ):
        return _read_metadata(archive, path, filetype, is_bounded=is_bounded)


def read_zip(path: str, filetype: str) -> Reading:
    """Read for the rules; see :func:`~twine.archives.read_archive`."""
    faults = Faults()
    with naming_file(path), _BoundedFile(io.FileIO(path)) as file:
        is_zip = _has_end(file)
        if not is_zip:
            faults.add("not-a-zip", "The file is no ZIP archive.")
        try:
            archive = zipfile.ZipFile(file)
        except TooLargeError as exc:
            faults.add("not-checked", str(exc))
            found = Archive(kind="zip", faults=faults.all())
            return Reading(found, NotCheckedError(path, exc))
        except Exception as exc:
            if getattr(exc, "strerror", None) is not None:
                raise  # it is the disk that fails
            if is_zip:
                faults.add("zip-framing", f"Malformed zip file: {exc}.")
            kind: Literal["zip", "neither"] = "zip" if is_zip else "neither"
            return Reading(Archive(kind=kind, faults=faults.all()), broken(path, exc))
        check_framing(file, archive, faults)
        found = _look_into(archive, path, faults)
        read = functools.partial(
            _read_metadata, archive, path, filetype, is_bounded=True
        )
        return Reading(found, attempt(read, path))


def _has_end(file: BinaryIO) -> bool:
    """Return whether a file has the record that ends a ZIP archive, sound or not."""
    try:
        return zipfile.is_zipfile(file)
    except zipfile.BadZipFile:
        return True


def _look_into(archive: zipfile.ZipFile, path: str, faults: Faults) -> Archive:
    """Return what the rules need to know of an archive that could be opened."""
    texts: dict[str, bytes | None] = {}
    search = TextSearch()
    if not _is_bomb(archive, os.path.getsize(path), faults):
        info = "-".join(os.path.basename(path).split("-")[:2]) + ".dist-info"
        wanted = {f"{info}/{name}": most for name, most in LARGEST_TEXTS.items()}
        for name, data in _read_members(archive, wanted, f"{info}/licenses/", faults):
            if name in wanted:
                texts[name] = data
            search.add(name, data or b"")
    return Archive(
        kind="zip",
        faults=faults.all(),
        names=tuple(name for name in archive.namelist() if not name.endswith("/")),
        texts=texts,
        encrypted_texts=tuple(search.encrypted),
        tokens=tuple(search.tokens),
    )


def _is_bomb(archive: zipfile.ZipFile, packed: int, faults: Faults) -> bool:
    """Report an archive that unpacks to far too much; return whether it does."""
    size = sum(info.file_size for info in archive.filelist)
    if size <= _BOMB_SIZE or size <= packed * _BOMB_RATIO:
        return False
    faults.add(
        "zip-bomb",
        f"The file has {packed} bytes and unpacks to {size}, {size // packed} times as "
        "much.",
    )
    return True


def _read_members(
    archive: zipfile.ZipFile, wanted: Mapping[str, int], licenses: str, faults: Faults
) -> Iterator[tuple[str, bytes | None]]:
    """Yield what is looked into: names, with the content or ``None`` for damaged ones.

    That is what is wanted, up to a size in bytes, source and licences.
    """
    for info in archive.filelist:
        name, shown = info.filename, quote_name(info.filename)
        is_license = name.startswith(licenses) and info.file_size <= LARGEST_SOURCE
        is_read = is_license or is_source(name, info.file_size)
        if name.endswith("/"):
            continue
        if info.compress_type not in _METHODS:
            text = f"{shown} is compressed with method {info.compress_type}."
            faults.add("zip-compression", text)
        elif info.file_size > wanted.get(name, info.file_size):
            text = f"{shown} has {info.file_size} bytes; it was not checked."
            faults.add("not-checked", text)
        elif info.flag_bits & _ENCRYPTED and name not in wanted:
            faults.add("member-unreadable", f"{shown} is encrypted.")
        elif is_read or name in wanted or is_text(name, info.file_size):
            try:
                yield name, _read(archive, info)
            except _MisplacedError:
                pass
            except Exception as exc:  # noqa: BLE001 - `zipfile` raises nearly anything
                if is_read:
                    text = f"{shown} cannot be unpacked: {exc}."
                    faults.add("member-unreadable", text)
                yield name, None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a member's content.

    Raises:
        _MisplacedError: It is not where it should be.
        Exception: It is damaged or encrypted.
    """
    try:
        member = archive.open(info)
    except RuntimeError:  # a password is missing, or the format is unknown
        raise
    except Exception as exc:
        raise _MisplacedError from exc
    with member:
        # `read()` would unpack all there is (CPython 3.14), whatever headers say.
        return b"".join(iter(lambda: member.read(_BLOCK), b""))


def _read_metadata(
    archive: zipfile.ZipFile, path: str, filetype: str, *, is_bounded: bool
) -> bytes:
    """Return the content of ``METADATA`` or ``PKG-INFO``.

    Raises:
        InvalidDistribution: There is none.
        NotCheckedError: It is packed in a way that is not unpacked in bounded memory.
    """
    names = archive.namelist()
    if filetype == "bdist_wheel":
        name = find_wheel_metadata(path, names)
    else:
        name = find_sdist_metadata(path, find_top(names), names)
    info = archive.getinfo(name)
    packing = f"`{name}` is compressed with method {info.compress_type}"
    if is_bounded and info.compress_type not in _METHODS:
        raise NotCheckedError(path, f"{packing}; it was not checked.")
    try:
        with archive.open(info) as member:
            # Not all at once: headers may lie about the size.
            data = member.read(LARGEST_METADATA)
    except NotImplementedError as exc:
        raise NotImplementedError(f"{packing}: {exc}") from exc
    return check_metadata(data, info.file_size, name, path)
