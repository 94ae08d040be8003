"""Write ZIP and tar archives byte by byte, as no sound program would."""

import dataclasses
import gzip
import io
import struct
import tarfile
import zlib
from collections.abc import Iterable, Sequence

STREAMED = 0x8
UTF_8 = 0x800
ENCRYPTED = 0x1
STORED = 0
DEFLATED = 8
FULL = 0xFFFFFFFF


@dataclasses.dataclass(frozen=True, kw_only=True)
class Member:
    """One member of a ZIP archive, with everything that can be said wrongly of it.

    ``listed_`` fields and the comment are in the central directory, the others in its
    own header; ``None`` stands for the truth. A method other than the two usual stores
    the data. ``offset`` is where the directory says that the header is.
    """

    name: bytes
    data: bytes = b""
    method: int = STORED
    flags: int = 0
    extra: bytes = b""
    listed_extra: bytes = b""
    comment: bytes = b""
    crc: int | None = None
    packed: int | None = None
    size: int | None = None
    listed_packed: int | None = None
    listed_size: int | None = None
    offset: int | None = None
    before: bytes = b""
    after: bytes = b""
    is_there: bool = True
    is_listed: bool = True

    @property
    def packed_data(self) -> bytes:
        """The data as they stand in the archive."""
        if self.method != DEFLATED:
            return self.data
        deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        return deflater.compress(self.data) + deflater.flush()

    @property
    def checksum(self) -> int:
        """The checksum in both headers."""
        return zlib.crc32(self.data) if self.crc is None else self.crc

    def local(self) -> bytes:
        """Return its own header, with what comes before and after it."""
        head = struct.pack(
            "<4sHHHHHLLLHH",
            b"PK\3\4",
            20,
            self.flags,
            self.method,
            0,
            0x21,
            self.checksum,
            _either(self.packed, len(self.packed_data)),
            _either(self.size, len(self.data)),
            len(self.name),
            len(self.extra),
        )
        return (
            self.before + head + self.name + self.extra + self.packed_data + self.after
        )

    def central(self, offset: int) -> bytes:
        """Return its record in the central directory."""
        head = struct.pack(
            "<4sHHHHHHLLLHHHHHLL",
            b"PK\1\2",
            20,
            20,
            self.flags,
            self.method,
            0,
            0x21,
            self.checksum,
            _either(self.listed_packed, len(self.packed_data)),
            _either(self.listed_size, len(self.data)),
            len(self.name),
            len(self.listed_extra),
            len(self.comment),
            0,
            0,
            0,
            _either(self.offset, offset),
        )
        return head + self.name + self.listed_extra + self.comment


def _either(given: int | None, true: int) -> int:
    return true if given is None else given


@dataclasses.dataclass(frozen=True, kw_only=True)
class End:
    """What the end of a ZIP archive says; None stands for the truth.

    ``here`` and ``total`` count the members, ``size`` and ``offset`` are those of the
    central directory; the ZIP64 records say the truth, except for the locator's offset.
    """

    here: int | None = None
    total: int | None = None
    size: int | None = None
    offset: int | None = None
    comment: bytes = b""
    comment_length: int | None = None
    zip64: bool = False
    locator: bool = True
    locator_offset: int | None = None
    after: bytes = b""

    def pack(self, start: int, size: int, count: int) -> bytes:
        """Return the records at the end of a central directory."""
        said = (
            _either(self.here, count),
            _either(self.total, count),
            _either(self.size, size),
            _either(self.offset, start),
        )
        large = b""
        if self.zip64:
            large = struct.pack(
                "<4sQHHLLQQQQ",
                b"PK\6\6",
                44,
                45,
                45,
                0,
                0,
                count,
                count,
                size,
                start,
            )
            if self.locator:
                at = _either(self.locator_offset, start + size)
                large += struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
        length = _either(self.comment_length, len(self.comment))
        last = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, *said, length)
        return large + last + self.comment + self.after


def zip_bytes(
    members: Iterable[Member], end: End | None = None, *, before: bytes = b""
) -> bytes:
    """Return a ZIP archive; what is `before` it is not counted in offsets."""
    data = bytearray()
    directory = bytearray()
    count = 0
    for member in members:
        if member.is_listed:
            directory += member.central(len(data) + len(member.before))
            count += 1
        if member.is_there:
            data += member.local()
    last = (end or End()).pack(len(data), len(directory), count)
    return before + bytes(data + directory) + last


def field(kind: int, data: bytes) -> bytes:
    """Return an extra field."""
    return struct.pack("<HH", kind, len(data)) + data


def zip64_field(*values: int) -> bytes:
    """Return a ZIP64 extra field."""
    return field(1, struct.pack(f"<{len(values)}Q", *values))


def tar_member(
    name: str,
    data: bytes = b"",
    *,
    kind: bytes = tarfile.REGTYPE,
    size: int | None = None,
    pax: dict[str, str] | None = None,
) -> bytes:
    """Return a member of a tar archive; `pax` are records of a header in front.

    `size` is what its header says, if that is something else than the truth.
    """
    info = tarfile.TarInfo(name)
    info.type = kind
    info.size = len(data) if size is None else size
    if pax:
        info.pax_headers = pax
    head = info.tobuf(tarfile.PAX_FORMAT) if pax else info.tobuf(tarfile.GNU_FORMAT)
    return head + data + bytes(-len(data) % 512)


def tar_bytes(members: Sequence[bytes], *, end: bytes = bytes(1024)) -> bytes:
    """Return a tar archive, not compressed."""
    return b"".join(members) + end


def gzipped(data: bytes, *, name: str = "") -> bytes:
    """Return gzip data; with a name, it stands in the header."""
    stream = io.BytesIO()
    with gzip.GzipFile(name, "wb", 6, stream, mtime=0) as file:
        file.write(data)
    return stream.getvalue()
