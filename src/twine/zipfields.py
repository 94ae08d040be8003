"""Names and extra fields of ZIP records, read as strictly as PyPI reads them.

See PKWARE's APPNOTE.TXT, sections 4.5 and 4.6.9, and appendix D.
"""

from __future__ import annotations

import re
import struct

from .members import Faults, shown
from .terminal.text import pluralize

LOCAL = b"PK\3\4"
CENTRAL = b"PK\1\2"
END = b"PK\5\6"
END_64 = b"PK\6\6"
LOCATOR_64 = b"PK\6\7"

UNKNOWN_SIZE = 0xFFFFFFFF  # the true one is in the ZIP64 extra field
UNKNOWN_COUNT = 0xFFFF

_ZIP64 = 0x0001
_UNICODE_PATH = 0x7075
_PATH_AT = 5  # after a version and a checksum
_ZIP64_LENGTHS = (0, 8, 16, 24, 28)
_UTF_8 = 0x800
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


def check_name(raw: bytes, flags: int, faults: Faults) -> bool:
    """Report a name that readers may take for different ones.

    Args:
        raw: The name.
        flags: The flags of its record.
        faults: Where to report it.

    Returns:
        Whether it is sound.
    """
    reason = _why_unclear(raw) if raw else "An empty name"
    if reason is None and not raw.isascii() and not flags & _UTF_8:
        reason = "A name beyond ASCII without the flag that says UTF-8"
    if reason is not None:
        faults.add("zip-member-name", f"{reason} is in the archive: {shown(raw)}.")
    return reason is None


def _why_unclear(raw: bytes) -> str | None:
    if _CONTROL.search(raw):
        return "A name with a control character"
    if not raw.isascii():
        try:
            raw.decode()
        except UnicodeDecodeError:
            return "A name that is not UTF-8"
    return None


def decode_name(raw: bytes, flags: int) -> str:
    """Return a name as text, as ``zipfile`` does.

    Args:
        raw: The name.
        flags: The flags of its record.
    """
    if raw.isascii():
        return raw.decode("ascii")
    return raw.decode("utf-8", "replace") if flags & _UTF_8 else raw.decode("cp437")


def read_extra(
    extra: bytes, name: bytes, faults: Faults, *, is_local: bool
) -> list[int] | None:
    """Return the values of the ZIP64 extra field; ``None`` if a field is broken.

    Args:
        extra: All extra fields of a record.
        name: The member's name.
        faults: Where to report what is wrong.
        is_local: Whether the record stands before the member's data.
    """
    values: list[int] = []
    met = set()
    at = 0
    while at < len(extra):
        kind, length = struct.unpack_from("<HH", extra.ljust(at + 4, b"\0"), at)
        data = extra[at + 4 : at + 4 + length]
        if len(extra) < at + 4 or len(data) < length:
            # `zipfile` ignores up to three bytes at the end; PyPI's walk does not.
            faults.add("zip-malformed", f"The extra fields of {shown(name)} are cut.")
            return None
        at += 4 + length
        if kind in met and is_local:
            faults.add(
                "zip-duplicate-extra",
                f"{shown(name)} has the extra field 0x{kind:04x} twice.",
            )
            return None
        if kind == _ZIP64:
            met.add(kind)
            if length not in _ZIP64_LENGTHS:
                long = pluralize(length, "byte")
                faults.add(
                    "zip64-malformed",
                    f"The ZIP64 field of {shown(name)} is {long} long.",
                )
                return None
            values = [*struct.unpack_from(f"<{min(3, length // 8)}Q", data)]
        elif kind == _UNICODE_PATH:
            met.add(kind)
            if not _is_sound_path(data, name, faults):
                return None
    return values


def _is_sound_path(data: bytes, name: bytes, faults: Faults) -> bool:
    """Return whether a Unicode path field holds a name that is clear."""
    if len(data) < _PATH_AT:
        faults.add("zip-malformed", f"The Unicode path of {shown(name)} is cut.")
        return False
    reason = _why_unclear(data[_PATH_AT:])
    if reason is not None:
        faults.add(
            "zip-member-name",
            f"{reason} is the Unicode path of {shown(name)}: {shown(data[_PATH_AT:])}.",
        )
    return reason is None
