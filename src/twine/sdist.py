"""Source distributions: where their metadata is (PEP 625, PEP 643)."""

from __future__ import annotations

import gzip
import io
import zipfile

from . import distribution, exceptions, tarheaders

_BLOCK = 1024 * 1024


class SDist(distribution.Distribution):
    """An sdist, packed either way.

    ``SDist(filename)`` is a :class:`TarGzSDist` or a :class:`ZipSDist`.

    Args:
        filename: Its path.

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
        return "source"

    def read(self) -> bytes:
        """Return the bytes of ``PKG-INFO``."""
        raise NotImplementedError

    def check_root(self, roots: set[str]) -> str:
        """Return the one folder that everything is in.

        Raises:
            InvalidDistribution: There is none, or more than one.
        """
        if len(roots) != 1:
            shown = ", ".join(f"`{root}`" for root in sorted(roots)[:5]) or "nothing"
            raise exceptions.InvalidDistribution(
                f"`{self.filename}` must have exactly one folder at its top; it has "
                f"{shown}."
            )
        return next(iter(roots))

    def missing(self, name: str) -> exceptions.InvalidDistribution:
        """Return the error for an sdist without metadata."""
        return exceptions.InvalidDistribution(
            f"`{self.filename}` has no file `{name}`.",
            hint="An sdist from a build tool has one: `python -m build --sdist`.",
        )


class TarGzSDist(SDist):
    """A ``.tar.gz`` file."""

    def read(self) -> bytes:
        """Return the bytes of ``PKG-INFO``.

        The archive is read once from front to back and no list of its members is
        kept, so that its size, their number and what their headers claim do not
        matter.

        Raises:
            InvalidDistribution: The archive is broken, has no single top folder,
                or no regular file ``PKG-INFO`` in it.
        """
        roots: set[str] = set()
        found: bytes | None = None
        with (
            self.reading("an sdist (a gzipped tar archive)"),
            gzip.open(self.filename) as unzipped,
        ):
            headers = tarheaders.Headers(unzipped)
            while header := headers.read():
                root, _, rest = _without_dots(header.name).partition("/")
                if len(roots) < 2:
                    roots.add(root)
                left = tarheaders.padded(header.size)
                if rest == "PKG-INFO" and header.is_file:
                    data = self._read_member(unzipped, header)
                    left -= len(data)
                    found = self.read_metadata(io.BytesIO(data), header.name)
                _skip(unzipped, left)
            if not roots:
                raise tarheaders.Damaged("it has no members")
            _read_to_end(unzipped)
        root = self.check_root(roots)
        if found is None:
            raise self.missing(f"{root}/PKG-INFO")
        return found

    def _read_member(self, unzipped: gzip.GzipFile, header: tarheaders.Header) -> bytes:
        """Return a member's data; if it is too large for metadata, only the start."""
        if header.is_sparse:
            raise exceptions.InvalidDistribution(
                f"`{header.name}` in `{self.filename}` is stored as a sparse file.",
                hint="Build the sdist with `python -m build --sdist`, or tar without "
                "`--sparse`.",
            )
        return unzipped.read(min(header.size, distribution.LARGEST_METADATA + 1))


def _without_dots(name: str) -> str:
    """Return a member's name without the folder that ``tar`` was told to begin in."""
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return name


def _skip(unzipped: gzip.GzipFile, size: int) -> None:
    """Move on.

    Raises:
        Damaged: There is not so much left.
    """
    while size > 0:
        data = unzipped.read(min(size, _BLOCK))
        if not data:
            raise tarheaders.Damaged("it ends within a member")
        size -= len(data)


def _read_to_end(unzipped: gzip.GzipFile) -> None:
    """Read what follows a tar archive's end: a file cut short shows only there.

    Raises:
        EOFError: The file is cut short.
        gzip.BadGzipFile: It was damaged: its checksum differs.
    """
    try:
        while unzipped.read(_BLOCK):
            pass
    except gzip.BadGzipFile as exc:
        # Further bytes after the end of the gzip data do no harm to anybody.
        if not str(exc).startswith("Not a gzipped file"):
            raise


class ZipSDist(SDist):
    """A ``.zip`` file; PyPI takes none any more, other indexes may."""

    def read(self) -> bytes:
        """Return the bytes of ``PKG-INFO``.

        Raises:
            InvalidDistribution: The archive is broken, has no single top folder,
                or no file ``PKG-INFO`` in it.
        """
        with (
            self.reading("an sdist (a zip archive)"),
            zipfile.ZipFile(self.filename) as archive,
        ):
            names = archive.namelist()
            root = self.check_root({name.partition("/")[0] for name in names})
            name = f"{root}/PKG-INFO"
            if name not in names:
                raise self.missing(name)
            with distribution.open_member(archive, name) as file:
                return self.read_metadata(file, name)
