"""Questions about an archive that several rules ask. Pure."""

from __future__ import annotations

import functools
import posixpath

from ..tarheaders import CommonPath
from .filenames import info_folder
from .model import Subject


def unread(subject: Subject) -> bool:
    """Return whether the archive says nothing about the members.

    That is so if it is packed another way than its name says (a zipped sdist is
    refused as such), or so broken that no member was found. Other rules report it.
    """
    archive = subject.archive
    expected = "zip" if subject.filetype == "bdist_wheel" else "tar"
    return archive.kind != expected or bool(archive.faults and not archive.names)


def info_text(subject: Subject, name: str) -> bytes | None:
    """Return a file of a wheel's own ``.dist-info``; nothing if it was not read."""
    folder = info_folder(subject)
    if subject.filetype != "bdist_wheel" or folder is None or unread(subject):
        return None
    return subject.archive.texts.get(f"{folder}/{name}")


def sdist_top(subject: Subject) -> str | None:
    """Return what the names of all members of an sdist begin with.

    Nothing if that is no folder of their own, or absolute and relative names are
    mixed.
    """
    if subject.filetype != "sdist" or unread(subject):
        return None
    return _common_folder(subject.archive.names)


# Several rules ask, and there may be a million names.
@functools.lru_cache(maxsize=2)
def _common_folder(names: tuple[str, ...]) -> str | None:
    path = CommonPath()
    for name in names:
        path.add(name)
    if not path:
        return None
    top = str(path)
    if top in names:  # the only file there is
        top = posixpath.dirname(top)
    return None if top in {"", ".", "/"} else top
