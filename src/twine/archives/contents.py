"""Which members of an archive are looked into, and how much of them."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Sequence

from .. import exceptions

MIB = 1024 * 1024
# Far beyond any real one (a README rarely exceeds 1 MiB), and small enough to
# read into memory whatever an archive claims about itself.
LARGEST_METADATA = 4 * MIB
# Of the files in a wheel's own `.dist-info`. A `RECORD` has some 100 bytes a file;
# `configparser` takes time in the square of the length of a line.
LARGEST_TEXTS = {
    "WHEEL": 64 * 1024,
    "METADATA": LARGEST_METADATA,
    "RECORD": 4 * MIB,
    "entry_points.txt": 64 * 1024,
}
# PyPI does not look for encrypted source in larger members.
LARGEST_SOURCE = 5 * MIB

_PYARMOR = (
    b"__pyarmor__(__name__, __file__,",
    b"__pyarmor_enter__",
    b"__pyarmor_exit__",
    b"__pyarmor_assert__",
    b"__pyarmor_bcc__",
)
_SOURCEDEFENDER = (b"---BEGIN PYE FILE---", b"---END PYE FILE---")


class TopFolder:
    """The path that all members of an sdist have in common, folders included.

    ``path`` is empty if there is none, or not even one folder.
    """

    def __init__(self) -> None:
        self.path = ""
        self._conflict: tuple[str, ...] = ()

    def add(self, name: str) -> None:
        """Take one more member into account."""
        if self._conflict:
            return
        before = self.path or name
        try:
            # Two by two: PyPI takes the list of all names apart, which is large.
            self.path = posixpath.commonpath([before, name])
        except ValueError:  # one is absolute, the other is not
            self.path = ""
        if self.path in {"", "/"}:
            self.path = ""
            self._conflict = tuple(dict.fromkeys((before, name)))

    def may_have(self, name: str) -> bool:
        """Return whether a member may be ``PKG-INFO``, as far as others are known."""
        own = f"{self.path}/PKG-INFO"
        return name.endswith("/PKG-INFO") and name in {self.path, own}

    def find_metadata(self, path: str, names: Collection[str]) -> str:
        """Return the name of ``PKG-INFO``.

        Args:
            path: The sdist.
            names: Its members that are no folders.

        Raises:
            InvalidDistribution: There is no single folder at the top, or no
                ``PKG-INFO`` in it.
        """
        name = f"{self.path}/PKG-INFO"
        if self._conflict:
            found = " and ".join(f"`{one}`" for one in self._conflict)
            raise exceptions.InvalidDistribution(
                f"`{path}` must have exactly one folder at its top, with everything in "
                f"it; it has {found}."
            )
        if not self.path:
            raise exceptions.InvalidDistribution(f"`{path}` has no members.")
        if name in names:
            return name
        why = f"has no file `{name}`"
        if self.path in names:
            why = f"has nothing but `{self.path}`, and no folder around it"
        raise exceptions.InvalidDistribution(
            f"`{path}` {why}.",
            hint="Build the sdist with a build tool: `python -m build --sdist`.",
        )


def find_candidate_metadata_files(names: Sequence[str]) -> list[list[str]]:
    """Return the paths that mention ``METADATA``, taken apart, shortest first."""
    return sorted((n.split("/") for n in names if "METADATA" in n), key=len)


def find_wheel_metadata(path: str, names: Sequence[str]) -> str:
    """Return the name of a wheel's own ``METADATA``.

    A wheel may carry other ``.dist-info`` folders, of bundled projects for instance;
    installers read only the one that bears the wheel's name.

    Args:
        path: The wheel.
        names: Its members.

    Raises:
        InvalidDistribution: There is none, or there are several.
    """
    project, version = os.path.basename(path).split("-")[:2]
    exact = f"{project}-{version}.dist-info/METADATA"
    candidates = [
        "/".join(parts)
        for parts in find_candidate_metadata_files(names)
        if parts[1:] == ["METADATA"] and parts[0].endswith(".dist-info")
    ]
    # Of members of one name the last counts.
    own = {name for name in candidates if _bears_name(name, project)}
    if exact in own or len(own) == 1:
        return exact if exact in own else own.pop()
    found = ", ".join(f"`{name}`" for name in candidates) or "none"
    raise exceptions.InvalidDistribution(
        f"`{path}` has no `{exact}`.",
        hint=f"Metadata files at the top of this wheel: {found}.",
    )


def _bears_name(metadata: str, project: str) -> bool:
    from packaging.utils import canonicalize_name

    name, _, _ = metadata.partition(".dist-info/")[0].rpartition("-")
    return canonicalize_name(name) == canonicalize_name(project)


def check_metadata(data: bytes, size: int, name: str, path: str) -> bytes:
    """Return the content of a member if it can be core metadata.

    Args:
        data: The content, or the beginning of a larger one.
        size: How many bytes it has in all.
        name: The member's name.
        path: The archive.

    Raises:
        InvalidDistribution: It is too large, or has no ``Metadata-Version``.
    """
    why = ""
    if size > LARGEST_METADATA:
        why = f"is larger than {LARGEST_METADATA // MIB} MiB"
    elif b"Metadata-Version" not in data:
        why = "has no `Metadata-Version`"
    if why:
        raise exceptions.InvalidDistribution(f"`{name}` in `{path}` {why}.")
    return data


def is_source(name: str, size: int) -> bool:
    """Return whether PyPI looks for encrypted source in a member."""
    suffix = os.path.splitext(name)[1].lower()
    return suffix in {".py", ".pye"} and size <= LARGEST_SOURCE


def find_encryption(data: bytes) -> str | None:
    """Return the name of the product that encrypted this source, if one did.

    PyPI searches for the same strings, so a file that only mentions them is taken
    for encrypted, here as there.
    """
    if b"__pyarmor_" in data and any(mark in data for mark in _PYARMOR):
        return "PyArmor"
    if all(mark in data for mark in _SOURCEDEFENDER):
        return "SourceDefender"
    return None
