"""What is in a distribution file, read by :mod:`zipfile` and :mod:`tarfile`.

PyPI reads archives with the same two. Nothing is ever extracted. Two functions are for
the rest of the program: :func:`~.reader.read_metadata` for an upload, which takes what
the libraries take, and :func:`~.reader.read_archive` for the rules, in bounded memory.
"""

from __future__ import annotations

from .contents import find_candidate_metadata_files
from .errors import NotCheckedError
from .reader import Reading, read_archive, read_metadata

__all__ = (
    "NotCheckedError",
    "Reading",
    "find_candidate_metadata_files",
    "read_archive",
    "read_metadata",
)
