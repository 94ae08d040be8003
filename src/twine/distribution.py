"""What wheels and sdists have in common: a file that holds one metadata file."""

from __future__ import annotations

import abc
import os

from . import exceptions

DIST_EXTENSIONS = {".whl": "bdist_wheel", ".tar.gz": "sdist", ".zip": "sdist"}


class Distribution(abc.ABC):
    """A file that can be published.

    Raises:
        InvalidDistribution: There is no such file, or it is not a file.
    """

    def __init__(self, filename: str) -> None:
        if not os.path.exists(filename):
            raise exceptions.InvalidDistribution(f"There is no file `{filename}`.")
        # A folder, or a pipe, of which reading would never end.
        if not os.path.isfile(filename):
            raise exceptions.InvalidDistribution(f"`{filename}` is not a file.")
        self.filename = filename

    @abc.abstractmethod
    def read(self) -> bytes:
        """Return the bytes of the metadata file.

        Raises:
            InvalidDistribution: The archive is broken or has no such file.
        """

    @property
    @abc.abstractmethod
    def py_version(self) -> str:
        """The form's ``pyversion``: a wheel's Python tag, or ``source``."""
