"""Source distributions: where their metadata is (PEP 625, PEP 643)."""

from __future__ import annotations

from . import archives, distribution, exceptions


class SDist(distribution.Distribution):
    """An sdist, packed either way.

    ``SDist(filename)`` is a :class:`TarGzSDist` or a :class:`ZipSDist`.

    Raises:
        InvalidDistribution: There is no such file, or it is of another kind.
    """

    def __new__(cls, filename: str) -> SDist:
        """Choose the class that reads this file."""
        if cls is not SDist:
            return super().__new__(cls)
        for suffix, reader in (".tar.gz", TarGzSDist), (".zip", ZipSDist):
            if filename.endswith(suffix):
                return super().__new__(reader)
        raise exceptions.InvalidDistribution(
            f"`{filename}` is not an sdist: its name must end in `.tar.gz` or `.zip`."
        )

    @property
    def py_version(self) -> str:
        """What the form says instead of a Python tag."""
        # PyPI takes this word for an sdist, or nothing.
        return "source"

    def read(self) -> bytes:
        """Return the bytes of ``PKG-INFO``.

        Raises:
            InvalidDistribution: The archive is broken, has no single top folder,
                or no regular file ``PKG-INFO`` in it.
        """
        return archives.read_metadata(self.filename, "sdist")


class TarGzSDist(SDist):
    """A ``.tar.gz`` file."""


class ZipSDist(SDist):
    """A ``.zip`` file; PyPI takes none any more, other indexes may."""
