"""Wheels: where their metadata is (binary distribution format, PEP 427)."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from . import exceptions, zipexcerpt
from .distribution import Distribution, open_member

if TYPE_CHECKING:
    import zipfile

_FILE_NAME = re.compile(
    r"(?P<name>[^-]+)-(?P<version>[^-]+)(-(?P<build>\d[^-]*))?"
    r"-(?P<python>[^-]+)-(?P<abi>[^-]+)-(?P<platform>[^-]+)\.whl"
)


class Wheel(Distribution):
    """A ``.whl`` file.

    Args:
        filename: Its path.

    Raises:
        InvalidDistribution: There is no such file, or its name is not a wheel's.
    """

    def __init__(self, filename: str) -> None:
        super().__init__(filename)
        match = _FILE_NAME.fullmatch(os.path.basename(filename))
        if match is None:
            raise exceptions.InvalidDistribution(
                f"`{os.path.basename(filename)}` is not the name of a wheel.",
                hint="It must read NAME-VERSION-PYTHON-ABI-PLATFORM.whl; rebuild the "
                "wheel rather than rename it.",
            )
        self._name = match["name"]
        self._version = match["version"]
        self._python = match["python"]

    @property
    def py_version(self) -> str:
        """The wheel's Python tag, ``py3`` or ``cp313`` for example."""
        return self._python

    def read(self) -> bytes:
        """Return the bytes of ``METADATA``.

        Raises:
            InvalidDistribution: The file is not a sound zip archive, or the
                ``.dist-info`` folder of this wheel's name has no ``METADATA``.
        """
        with (
            self.reading("a wheel"),
            zipexcerpt.open_zip(self.filename, _is_metadata) as archive,
        ):
            name = self._find_metadata(archive)
            with open_member(archive, name) as file:
                return self.read_metadata(file, name)

    def _find_metadata(self, archive: zipfile.ZipFile) -> str:
        """Return the name of this wheel's own ``METADATA``.

        A wheel may carry other ``.dist-info`` folders, of bundled projects for
        instance; installers read only the one that bears the wheel's name.
        """
        exact = f"{self._name}-{self._version}.dist-info/METADATA"
        candidates = [
            "/".join(parts)
            for parts in self.find_candidate_metadata_files(archive.namelist())
            if _is_metadata("/".join(parts))
        ]
        # Of members of one name the last counts.
        own = {name for name in candidates if self._bears_name(name)}
        if exact in own or len(own) == 1:
            return exact if exact in own else own.pop()
        found = ", ".join(f"`{name}`" for name in candidates) or "none"
        raise exceptions.InvalidDistribution(
            f"`{self.filename}` has no `{exact}`.",
            hint=f"Metadata files at the top of this wheel: {found}.",
        )

    @staticmethod
    def find_candidate_metadata_files(names: list[str]) -> list[list[str]]:
        """Return the paths that mention ``METADATA``, taken apart, shortest first."""
        return sorted((n.split("/") for n in names if "METADATA" in n), key=len)

    def _bears_name(self, metadata: str) -> bool:
        from packaging.utils import canonicalize_name

        name, _, _ = metadata.partition(".dist-info/")[0].rpartition("-")
        return canonicalize_name(name) == canonicalize_name(self._name)


def _is_metadata(name: str) -> bool:
    """Return whether a member is the metadata of a project at the wheel's top."""
    folder, slash, rest = name.partition("/")
    return bool(slash) and folder.endswith(".dist-info") and rest == "METADATA"
