"""Wheels: where their metadata is (binary distribution format, PEP 427)."""

from __future__ import annotations

import os
import re

from . import archives, exceptions
from .distribution import Distribution

# PEP 427: no part has a hyphen of its own, so that there are five or six.
# The names of its groups are those of 7.0.0, for programs that import it.
wheel_file_re = re.compile(
    r"(?P<namever>(?P<name>[^-]+)-(?P<ver>[^-]+))(-(?P<build>\d[^-]*))?"
    r"-(?P<pyver>[^-]+)-(?P<abi>[^-]+)-(?P<plat>[^-]+)\.whl\Z"
)


class Wheel(Distribution):
    """A ``.whl`` file.

    Raises:
        InvalidDistribution: There is no such file, or its name is not a wheel's.
    """

    def __init__(self, filename: str) -> None:
        super().__init__(filename)
        match = wheel_file_re.match(os.path.basename(filename))
        if match is None:
            raise exceptions.InvalidDistribution(
                f"`{os.path.basename(filename)}` is not the name of a wheel.",
                hint="It must read NAME-VERSION-PYTHON-ABI-PLATFORM.whl; rebuild the "
                "wheel rather than rename it.",
            )
        self._python = match["pyver"]

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
        return archives.read_metadata(self.filename, "bdist_wheel")

    @staticmethod
    def find_candidate_metadata_files(names: list[str]) -> list[list[str]]:
        """Return the paths that mention ``METADATA``, taken apart, shortest first."""
        return sorted((n.split("/") for n in names if "METADATA" in n), key=len)
