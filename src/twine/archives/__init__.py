"""What is in a distribution file, read by :mod:`zipfile` and :mod:`tarfile`.

PyPI reads archives with the same two. Nothing is ever extracted. Two functions are for
the rest of the program: :func:`read_metadata` for an upload, which takes what the
libraries take, and :func:`read_archive` for the rules, in bounded memory.
"""

from __future__ import annotations

from .errors import NotCheckedError
from .model import Reading

__all__ = (
    "NotCheckedError",
    "Reading",
    "read_archive",
    "read_metadata",
)


def read_metadata(path: str, filetype: str, *, is_bounded: bool = False) -> bytes:
    """Return the content of a distribution's ``METADATA`` or ``PKG-INFO``.

    An upload takes what ``zipfile`` and ``tarfile`` take. Bounded, as for a check, it
    takes but little memory.

    Raises:
        InvalidDistribution: The archive is broken, or has no such file.
        NotCheckedError: The archive is too large to be looked into in that memory.
    """
    # `zipfile` and `tarfile` take a while to import, and an upload needs but one.
    if _is_zip(path, filetype):
        from . import zip as zips

        return zips.read_metadata(path, filetype, is_bounded=is_bounded)
    from . import tar

    return tar.read_metadata(path, is_bounded=is_bounded)


def read_archive(path: str, filetype: str) -> Reading:
    """Return what the rules need to know of an archive, and its metadata.

    Whatever its bytes are, it takes little memory, and what is odd about them becomes
    a :class:`~twine.archives.model.Fault`. What the names of members and the texts
    show by themselves is none: there are rules that look at them.

    Raises:
        InvalidDistribution: The file cannot be read at all.
    """
    if _is_zip(path, filetype):
        from .zip import read_zip

        return read_zip(path, filetype)
    from .tar import read_tar

    return read_tar(path)


def _is_zip(path: str, filetype: str) -> bool:
    return filetype == "bdist_wheel" or path.endswith(".zip")
