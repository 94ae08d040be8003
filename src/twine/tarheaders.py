"""The members of a tar archive, one at a time (POSIX.1-2008 pax, GNU tar).

Follows CPython's ``tarfile`` in what it makes of odd ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import io

BLOCK = 512

_FILES = (b"0", b"\0", b"7", b"S")
# Those that have no data, whatever their header says of a size.
_WITHOUT_DATA = (b"1", b"2", b"3", b"4", b"5", b"6")
_FOLDER = b"5"
_GNU_SPARSE = b"S"
_LONG_NAME = b"L"
_LONG_LINK = b"K"
_PAX = (b"x", b"X")
_PAX_GLOBAL = b"g"
_EXTENDED = (_LONG_NAME, _LONG_LINK, _PAX_GLOBAL, *_PAX)

# Mode, user, group, size and time; the device's numbers. Nobody needs most of them,
# but they must be numbers.
_NUMBERS = (
    *((100, 108), (108, 116), (116, 124), (124, 136), (136, 148)),
    *((329, 337), (337, 345)),
)
_LENGTH = re.compile(rb"(\d{1,20}) (?!=)")
_SPARSE_KEYS = ("GNU.sparse.map", "GNU.sparse.size")
_VERSION_KEYS = ("GNU.sparse.major", "GNU.sparse.minor")
# Others are not kept: there may be very many of them.
_KEYS = {
    key.encode(): key
    for key in ("path", "size", "GNU.sparse.name", *_SPARSE_KEYS, *_VERSION_KEYS)
}
_LONGEST_KEY = max(map(len, _KEYS))
# `tarfile` reads one of any size into memory.
_LARGEST_EXTENDED = 1024 * 1024
_MOST_EXTENDED = 16


class Damaged(Exception):
    """The archive makes no sense, or ends too early."""


class Header(NamedTuple):
    """What a tar archive says of a member.

    Args:
        name: Its name.
        is_folder: Whether it is a folder.
        is_file: Whether it is a regular file.
        is_sparse: Whether it is stored without its holes.
        size: How many bytes of data follow.
    """

    name: str
    is_folder: bool
    is_file: bool
    is_sparse: bool
    size: int


class CommonPath:
    """The path that members have in common, as ``os.path.commonpath`` has it.

    It is false if they have none: not even one folder, or relative and absolute names.
    """

    def __init__(self) -> None:
        self._parts: list[str] | None = None
        self._roots: set[bool] = set()

    def add(self, name: str) -> None:
        """Shorten it to what this member has in common with it."""
        parts = [part for part in name.split("/") if part not in {"", "."}]
        self._roots.add(name.startswith("/"))
        if self._parts is None:
            self._parts = parts
        while self._parts != parts[: len(self._parts)]:
            self._parts.pop()

    def __bool__(self) -> bool:
        """Return whether there is a folder, or file, that all members lie in."""
        return bool(self._parts) and len(self._roots) == 1

    def __str__(self) -> str:
        return ("/" if True in self._roots else "") + "/".join(self._parts or ())


def is_tar_header(block: bytes) -> bool:
    """Return whether a block is the header of a member: its checksum matches."""
    if len(block) < BLOCK or not any(block):
        return False
    try:
        expected = _number(block[148:156])
    except Damaged:
        return False
    others = block[:148] + block[156:]
    unsigned = sum(others) + 8 * ord(" ")
    # Some old programs added signed bytes.
    return expected in {unsigned, unsigned - 256 * sum(b > 127 for b in others)}


def padded(size: int) -> int:
    """Return how many bytes data of some size take in the archive."""
    return -(-size // BLOCK) * BLOCK


class Headers:
    """The headers of an archive, in order.

    Args:
        stream: The archive. After a header was read it stands at the member's data,
            and the caller moves it past them.
    """

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._global: dict[str, str] = {}
        self._has_begun = False

    def read(self) -> Header | None:
        """Return the next header; ``None`` at the end of the archive.

        Raises:
            Damaged: There is none after one that announces it.
        """
        extended: list[dict[str, str]] = []
        while True:
            block = self._stream.read(BLOCK)
            if not is_tar_header(block):
                if extended:
                    raise Damaged("A header that continues another one is missing.")
                return None
            try:
                for begin, end in _NUMBERS:
                    _number(block[begin:end])
            except Damaged:
                if extended or not self._has_begun:
                    raise
                return None  # so `tarfile` ends
            self._has_begun = True
            if block[156:157] not in _EXTENDED:
                return self._finish(block, extended)
            if len(extended) == _MOST_EXTENDED:
                raise Damaged("One member has too many headers.")
            extended.append(self._read_extended(block))

    def _read_extended(self, block: bytes) -> dict[str, str]:
        """Return what a header says of the member that follows it."""
        size = _number(block[124:136])
        if not 0 <= size <= _LARGEST_EXTENDED:
            raise Damaged(f"An extended header has {size} bytes.")
        data = self._stream.read(padded(size))
        if len(data) < padded(size):
            raise Damaged("It ends within an extended header.")
        kind = block[156:157]
        if kind == _LONG_LINK:
            return {}
        if kind == _LONG_NAME:
            return {"path": _text(data)}
        if kind == _PAX_GLOBAL:
            self._global |= _records(data)
            if sum(map(len, self._global.values())) > _LARGEST_EXTENDED:
                raise Damaged("The global headers are too large.")
            return {key: self._global[key] for key in _sparse_keys(self._global)}
        return self._global | _records(data)

    def _finish(self, block: bytes, extended: list[dict[str, str]]) -> Header:
        """Return the header of a member, with what was said before it."""
        kind = block[156:157]
        name = _text(block[:100])
        prefix = _text(block[345:500])
        if prefix and kind != _GNU_SPARSE:
            name = f"{prefix}/{name}"
        is_folder = kind == _FOLDER or (kind == b"\0" and name.endswith("/"))
        said = dict(self._global)
        for one in reversed(extended):
            said |= one
        if kind == _GNU_SPARSE:
            self._skip_sparse_map(block)
        has_data = kind not in _WITHOUT_DATA and not is_folder
        name = said.get("GNU.sparse.name", said.get("path", name))
        size = _number(block[124:136])
        if any("size" in one for one in extended):
            size = _decimal(said["size"])
        if size < 0:
            raise Damaged("A member has a negative size.")
        return Header(
            name.rstrip("/") if is_folder else name,
            is_folder,
            kind in _FILES and not is_folder,
            kind == _GNU_SPARSE or any(_sparse_keys(one) for one in extended),
            size if has_data else 0,
        )

    def _skip_sparse_map(self, block: bytes) -> None:
        """Move past the blocks that continue the map of a GNU sparse member."""
        more = block[482]
        while more:
            block = self._stream.read(BLOCK)
            if len(block) < BLOCK:
                raise Damaged("It ends within the map of a sparse member.")
            more = block[504]


def _sparse_keys(said: dict[str, str]) -> list[str]:
    """Return the keys that make the next member a sparse one."""
    keys = [key for key in _SPARSE_KEYS if key in said]
    if [said.get(key) for key in _VERSION_KEYS] == ["1", "0"]:
        keys += _VERSION_KEYS
    return keys


def _records(data: bytes) -> dict[str, str]:
    """Return the records of a pax header that say something of names and sizes."""
    found = {}
    at = 0
    last = data.rfind(b"=")
    while (match := _LENGTH.match(data, at)) and match.end() < last:
        length = int(match[1])
        if length == 0:
            raise Damaged("A pax record has no length.")
        # A key may go on after the record's end; one that matters has its `=` soon.
        begin, end = match.end(), at + length
        equals = data.find(b"=", begin, max(end, begin + _LONGEST_KEY + 1))
        key = _KEYS.get(data[begin:equals]) if equals > begin else None
        if key is not None:
            text = data[equals + 1 : end - 1].decode("utf-8", "surrogateescape")
            found[key] = text.rstrip("/") if key == "path" else text
        at += length
    return found


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _decimal(text: str) -> int:
    # `tarfile` takes a size that is no number for zero.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _number(field: bytes) -> int:
    """Return a number in octal digits, or in GNU's binary form."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    if field[:1] == b"\xff":
        return int.from_bytes(field[1:], "big") - (1 << 8 * (len(field) - 1))
    try:
        return int(field.partition(b"\0")[0].decode("ascii").strip() or "0", 8)
    except ValueError as exc:
        raise Damaged("A header holds a number that is none.") from exc
