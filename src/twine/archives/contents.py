"""Which members of an archive are looked into, and how much of them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Iterable, Sequence

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
# PyPI searches no larger members.
LARGEST_SOURCE = 5 * MIB

_OWN_METADATA = r"[^/]+\.dist-info/METADATA"
# Put together here: PyPI would take this file for encrypted if it had them whole.
_PYARMOR = tuple(
    b"__pyarmor" + end
    for end in (
        b"__(__name__, __file__,",
        b"_enter__",
        b"_exit__",
        b"_assert__",
        b"_bcc__",
    )
)
_SOURCEDEFENDER = tuple(b"---%s PYE FILE---" % word for word in (b"BEGIN", b"END"))
_SOURCE = (".py", ".pye")
# Where a pending change to PyPI looks for tokens.
_TEXT = re.compile(
    r"\.(pye?|md|rst|env|sh|txt|pypirc|toml|cfg|conf)$|(^|/)(METADATA|PKG-INFO)$",
    re.IGNORECASE,
)
# The beginning is `pypi.org` or `test.pypi.org` in base64, as macaroons have it.
_TOKEN = re.compile(
    rb"pypi-AgE(?:IcHlwaS5vcmcCJ|NdGVzdC5weXBpLm9yZwIk)[A-Za-z0-9_-]{140}"
)


def find_top(names: Iterable[str]) -> str:
    """Return the path that all members of an sdist have in common.

    Returns:
        The path; empty if there is none, or not even one folder.
    """
    top: str | None = None
    for name in names:
        try:
            # Two by two: given all names, `commonpath` makes a list of each.
            top = posixpath.commonpath([name if top is None else top, name])
        except ValueError:  # one is absolute, the other is not
            return ""
    return "" if top is None or top == "/" else top


def find_sdist_metadata(
    path: str, top: str, names: Collection[str], folders: Collection[str] = ()
) -> str:
    """Return the name of an sdist's own ``PKG-INFO``.

    Its folders are given apart where they are not among the names.

    Raises:
        InvalidDistribution: There is no single folder at the top, or no
            ``PKG-INFO`` in it.
    """
    name = f"{top}/PKG-INFO"
    if top and name in names:
        return name
    if not names and not folders:
        why = "has no members"
    elif not top:
        tops = sorted({one.partition("/")[0] or "/" for one in (*names, *folders)})
        found = " and ".join(f"`{one}`" for one in tops[:2])
        why = f"must have exactly one folder at its top; it has {found}"
    elif top in names:
        why = f"has nothing but `{top}`, and no folder around it"
    else:
        why = f"has no file `{name}`"
    raise exceptions.InvalidDistribution(
        f"`{path}` {why}.",
        hint="Build the sdist with a build tool: `python -m build --sdist`.",
    )


def find_wheel_metadata(path: str, names: Sequence[str]) -> str:
    """Return the name of a wheel's own ``METADATA``.

    A wheel may carry other ``.dist-info`` folders, of bundled projects for instance;
    installers read only the one that bears the wheel's name.

    Raises:
        InvalidDistribution: There is none, or there are several.
    """
    project, version = os.path.basename(path).split("-")[:2]
    exact = f"{project}-{version}.dist-info/METADATA"
    candidates = [name for name in names if re.fullmatch(_OWN_METADATA, name)]
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
    """Return the content of a member, or its beginning, if it can be core metadata.

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
    return name.lower().endswith(_SOURCE) and size <= LARGEST_SOURCE


def is_text(name: str, size: int) -> bool:
    """Return whether a member is searched for anything, encrypted source included."""
    return size <= LARGEST_SOURCE and _TEXT.search(name) is not None


class TextSearch:
    """What is found in the texts of an archive, member by member.

    Args:
        encrypted: Names of encrypted source files, with the product's name.
        tokens: Names of members with an API token in them, with the number of the line.
    """

    def __init__(self) -> None:
        self.encrypted: list[tuple[str, str]] = []
        self.tokens: list[tuple[str, int]] = []

    def add(self, name: str, data: bytes) -> None:
        """Search one member."""
        product = _find_encryption(data) if name.lower().endswith(_SOURCE) else None
        if product is not None:
            self.encrypted.append((name, product))
        if token := _TOKEN.search(data):
            self.tokens.append((name, data.count(b"\n", 0, token.start()) + 1))


def _find_encryption(data: bytes) -> str | None:
    """Return the name of the product that encrypted this source, if one did.

    PyPI searches for the same strings, so a file that only mentions them is taken
    for encrypted, here as there.
    """
    if b"__pyarmor_" in data and any(mark in data for mark in _PYARMOR):
        return "PyArmor"
    if all(mark in data for mark in _SOURCEDEFENDER):
        return "SourceDefender"
    return None
