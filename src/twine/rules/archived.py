"""Questions about an archive that several rules ask. Pure."""

from __future__ import annotations

from .filenames import info_folder
from .model import Subject


def is_unread(subject: Subject) -> bool:
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
    if subject.filetype != "bdist_wheel" or folder is None or is_unread(subject):
        return None
    return subject.archive.texts.get(f"{folder}/{name}")


def sdist_top(subject: Subject) -> str:
    """Return the folder at the top of an sdist; empty if there is none."""
    archive = subject.archive
    # What a lone file has in common with itself is its own path.
    if (
        subject.filetype != "sdist"
        or is_unread(subject)
        or archive.top in archive.names
    ):
        return ""
    return archive.top
