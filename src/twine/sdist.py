"""Source distributions: where their metadata is (PEP 625, PEP 643)."""

from __future__ import annotations

import gzip
import io

from . import distribution, exceptions, tarheaders, zipexcerpt

_BLOCK = 1024 * 1024
_MOST_BEHIND = 64 * 1024 * 1024
_PKG_INFO = "/PKG-INFO"


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

    def _add_to(self, top: tarheaders.CommonPath, name: str) -> None:
        """Take a member into account for the folder that everything must lie in.

        Args:
            top: The path that all members so far have in common.
            name: The member's name.

        Raises:
            InvalidDistribution: It has nothing in common with them.
        """
        before = str(top)
        top.add(name)
        if not top:
            shown = " and ".join(f"`{one}`" for one in (before, name) if one)
            raise exceptions.InvalidDistribution(
                f"`{self.filename}` must have exactly one folder at its top, with "
                f"everything in it; it has {shown}."
            )

    def _empty(self) -> exceptions.InvalidDistribution:
        """Return the error for an sdist with nothing in it."""
        return exceptions.InvalidDistribution(f"`{self.filename}` has no members.")

    def _missing(self, top: str, *, is_file: bool) -> exceptions.InvalidDistribution:
        """Return the error for an sdist without metadata.

        Args:
            top: The path that all members have in common.
            is_file: Whether there is but one member, a file.
        """
        why = f"has no file `{top}{_PKG_INFO}`"
        if is_file:
            why = f"has nothing but `{top}`, and no folder around it"
        return exceptions.InvalidDistribution(
            f"`{self.filename}` {why}.",
            hint="Build the sdist with a build tool: `python -m build --sdist`.",
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
        top = tarheaders.CommonPath()
        last: tarheaders.Header | None = None
        found: tuple[tarheaders.Header, bytes] | None = None
        with (
            self.reading("an sdist (a gzipped tar archive)"),
            gzip.open(self.filename) as unzipped,
        ):
            headers = tarheaders.Headers(unzipped)
            while header := headers.read():
                last, left = header, tarheaders.padded(header.size)
                self._add_to(top, header.name)
                # While all have one top, no other can become the one that counts.
                if _may_count(header.name, str(top)):
                    data = unzipped.read(min(left, distribution.LARGEST_METADATA + 1))
                    left -= len(data)
                    found = header, data[: header.size]
                _skip(unzipped, left)
            _read_to_end(unzipped)
        if last is None:
            raise self._empty()
        if found is None or found[0].name != f"{top}{_PKG_INFO}":
            is_file = last.name == str(top) and not last.is_folder
            raise self._missing(str(top), is_file=is_file)
        return self._read_found(*found)

    def _read_found(self, header: tarheaders.Header, data: bytes) -> bytes:
        """Return the bytes of ``PKG-INFO`` if they can be metadata."""
        if not header.is_file or header.is_sparse:
            kind = "stored as a sparse file" if header.is_sparse else "no regular file"
            raise exceptions.InvalidDistribution(
                f"`{header.name}` in `{self.filename}` is {kind}.",
                hint="Build the sdist with `python -m build --sdist`.",
            )
        return self.read_metadata(io.BytesIO(data), header.name)


def _may_count(name: str, top: str) -> bool:
    """Return whether a member may be ``PKG-INFO``, as far as others are known."""
    return name.endswith(_PKG_INFO) and name in {top, f"{top}{_PKG_INFO}"}


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

    Where there is far more than tar's own padding, nobody waits for it.

    Raises:
        EOFError: The file is cut short.
        gzip.BadGzipFile: It was damaged: its checksum differs.
    """
    try:
        for _ in range(_MOST_BEHIND // _BLOCK):
            if not unzipped.read(_BLOCK):
                break
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
        top = tarheaders.CommonPath()
        file_at_top = None

        def is_wanted(name: str) -> bool:
            nonlocal file_at_top
            self._add_to(top, name)
            if name == str(top):
                file_at_top = name
            return _may_count(name, str(top))

        with (
            self.reading("an sdist (a zip archive)"),
            zipexcerpt.open_zip(self.filename, is_wanted) as archive,
        ):
            if not top:
                raise self._empty()
            name = f"{top}{_PKG_INFO}"
            if name not in archive.namelist():
                raise self._missing(str(top), is_file=file_at_top == str(top))
            with distribution.open_member(archive, name) as file:
                return self.read_metadata(file, name)
