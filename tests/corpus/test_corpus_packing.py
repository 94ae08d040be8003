"""How archives are built: for every rule a file that breaks it, and one that is odd."""

import dataclasses
import gzip
import lzma
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from support import oddzips
from support.oddzips import (
    DEFLATED,
    ENCRYPTED,
    FULL,
    STREAMED,
    UTF_8,
    End,
    Member,
    gzipped,
    tar_bytes,
    tar_member,
    zip64_field,
)
from support.subjects import (
    INFO,
    WHEEL,
    Maker,
    assert_breaks_only,
    messages,
    read_subject,
)
from twine import archives, exceptions
from twine.rules.model import Subject

NAME = "tool-1.0-py3-none-any.whl"
MIB = 1024 * 1024
DATA = Member(name=b"tool/data.bin", data=b"data" * 9)
SOURCE = Member(name=b"tool/__init__.py", data=b"x = 1\n" * 9, method=DEFLATED)
PKG_INFO = tar_member("tool-1.0/PKG-INFO", b"Metadata-Version: 2.1\n")
PYPROJECT = tar_member("tool-1.0/pyproject.toml")


def folder_of(name: str) -> bytes:
    """Return the entry of a folder in a tar archive."""
    return tar_member(name, kind=tarfile.DIRTYPE)


def wheel_bytes(
    members: Iterable[Member] = (), end: End | None = None, before: bytes = b""
) -> bytes:
    """Return a wheel with some more members."""
    whole = [
        *members,
        Member(name=f"{INFO}/METADATA".encode(), data=b"Metadata-Version: 2.1\n"),
        Member(name=f"{INFO}/WHEEL".encode(), data=WHEEL),
    ]
    own = f"{INFO}/RECORD".encode()
    rows = [one.name + b",,\n" for one in whole if b"\xff" not in one.name]
    whole.append(Member(name=own, data=b"".join([*rows, own + b",,\n"])))
    return oddzips.zip_bytes(whole, end, before=before)


def raw(data: bytes | Callable[[], bytes], filename: str = NAME) -> Maker:
    """Return what makes a distribution of some bytes."""

    def make(folder: Path) -> Subject:
        path = folder / filename
        path.write_bytes(data if isinstance(data, bytes) else data())
        return read_subject(path)

    return make


def wheel(*members: Member, end: End | None = None, before: bytes = b"") -> Maker:
    """Return what makes a wheel with some more members."""
    return raw(lambda: wheel_bytes(members, end, before))


def odd(member: Member, **fields: object) -> Maker:
    """Return what makes a wheel with a member of which some fields are odd."""
    return wheel(dataclasses.replace(member, **fields))  # type: ignore[arg-type]


def sdist(*members: bytes, end: bytes = bytes(1024)) -> Maker:
    """Return what makes an sdist of these members."""
    data = gzipped(tar_bytes(members, end=end))
    return raw(data, "tool-1.0.tar.gz")


def packed_sdist(pack: Callable[[bytes], bytes]) -> Maker:
    """Return what makes an sound sdist that is compressed in some way."""
    return raw(pack(tar_bytes([PKG_INFO, PYPROJECT])), "tool-1.0.tar.gz")


def large_sdist(size: int) -> Maker:
    """Return what makes an sdist that unpacks to so many bytes."""

    def make() -> bytes:
        big = tar_member("tool-1.0/zeros", size=size - 3 * 512 - len(PKG_INFO))
        head = PKG_INFO + PYPROJECT + big
        part = gzip.compress(bytes(MIB), 1)
        left = size - len(head)
        rest = gzip.compress(bytes(left % MIB), 1)
        return gzip.compress(head) + part * (left // MIB) + rest

    return raw(make, "tool-1.0.tar.gz")


def directory_of(size: int) -> Maker:
    """Return what makes a wheel whose central directory has so many bytes."""

    def build(last: int) -> bytes:
        lengths = [*[60_000] * 69, last]
        return wheel_bytes(
            Member(name=b"d/%d" % number, listed_extra=oddzips.field(9, bytes(length)))
            for number, length in enumerate(lengths)
        )

    def make() -> bytes:
        missing = size - int.from_bytes(build(0)[-10:-6], "little")
        return build(missing)

    return raw(make)


def entry_points_of(size: int) -> Maker:
    """Return what makes a wheel whose entry points have so many bytes."""
    data = b"#".ljust(size, b"\n")
    return wheel(Member(name=f"{INFO}/entry_points.txt".encode(), data=data))


def replaced(old: bytes, new: bytes, *members: Member) -> Maker:
    """Return what makes a wheel in which some bytes were replaced."""
    return raw(lambda: wheel_bytes(members).replace(old, new))


COPY = dataclasses.replace(DATA, data=b"copy" * 9)
ENTRY_POINTS = Member(name=f"{INFO}/entry_points.txt".encode())
LICENSE = Member(name=f"{INFO}/licenses/LICENSE".encode(), data=b"Yes.\n")
LARGE = dataclasses.replace(DATA, packed=FULL, size=FULL)
SPARSE = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}
SPARSE_MAP = b"0\n".ljust(512, b"\0")

BREAKS: dict[str, list[Maker]] = {
    "not-a-zip": [
        raw(lambda: wheel_bytes()[:-1]),
        raw(b""),
        raw(gzipped(tar_bytes([PKG_INFO]))),
    ],
    "not-a-tar": [
        raw(b"", "tool-1.0.tar.gz"),
        raw(wheel_bytes(), "tool-1.0.tar.gz"),
        raw(gzipped(b"hello"), "tool-1.0.tar.gz"),
        packed_sdist(bytes),
        packed_sdist(lzma.compress),
        packed_sdist(lambda tar: gzipped(tar)[:40]),
    ],
    "zip-framing": [odd(DATA, comment=b"!")],
    "zip-bomb": [
        wheel(Member(name=b"tool/zeros", data=bytes(64 * MIB), method=DEFLATED))
    ],
    "zip-compression": [odd(DATA, method=12), odd(SOURCE, method=14)],
    "member-unreadable": [
        *(odd(one, flags=ENCRYPTED) for one in (SOURCE, LICENSE, DATA)),
        *(odd(one, crc=1) for one in (SOURCE, LICENSE, ENTRY_POINTS)),
        odd(ENTRY_POINTS, flags=0x20),
        replaced(SOURCE.packed_data, b"\xff" * len(SOURCE.packed_data), SOURCE),
    ],
    "tar-sparse": [
        sdist(PKG_INFO, PYPROJECT, tar_member("tool-1.0/x", SPARSE_MAP, pax=SPARSE)),
        sdist(PKG_INFO, tar_member("tool-1.0/x", kind=b"S"), PYPROJECT),
    ],
    "tar-damaged": [
        sdist(PKG_INFO, PYPROJECT, tar_member("././@LongLink", kind=b"L")),
        packed_sdist(lambda tar: gzipped(tar[:-1024])[:-12]),
        sdist(PKG_INFO, tar_member("tool-1.0/x", size=512), end=b""),
        sdist(PKG_INFO, tar_member("tool-1.0/x", size=2**40)),
    ],
    "not-checked": [
        directory_of(4 * MIB + 1),
        large_sdist(1024 * MIB + 1),
        entry_points_of(64 * 1024 + 1),
        sdist(PKG_INFO, tar_member("x", b"1" * 512, size=2 * MIB, kind=b"x")),
    ],
    # What the names of members show by themselves, other rules report.
    "sdist-top-folder": [
        *(
            sdist(PKG_INFO, PYPROJECT, folder_of(name))
            for name in ("docs", ".", "/tool-1.0")
        ),
        sdist(PKG_INFO, PYPROJECT, tar_member("/tool-1.0/x")),
    ],
    "pkg-info-missing": [sdist(PKG_INFO)],
}
PASSES: dict[str, Maker] = {
    "not-a-zip": wheel(),
    "not-a-tar": packed_sdist(gzipped),
    "zip-framing": wheel(DATA, end=End(comment=b"!")),
    "zip-bomb": wheel(
        Member(name=b"tool/zeros", data=bytes(64 * MIB - 4096), method=DEFLATED)
    ),
    "zip-compression": odd(DATA, method=DEFLATED),
    "tar-sparse": sdist(
        PKG_INFO, PYPROJECT, tar_member("tool-1.0/x", b"x", pax={"comment": "x"})
    ),
    "tar-damaged": sdist(
        PKG_INFO,
        PYPROJECT,
        tar_member("././@LongLink", b"tool-1.0/" + b"y" * 200 + b"\0", kind=b"L"),
        tar_member("tool-1.0/yyy"),
    ),
    "not-checked": directory_of(4 * MIB),
}
# What PyPI says of each, so far as it can be known, begins the message.
FRAMING: dict[str, list[Maker]] = {
    "Unknown record signature": [
        wheel(before=b"#!python\n"),
        wheel(SOURCE, dataclasses.replace(DATA, before=b"    ")),
        odd(DATA, after=b"12345"),
    ],
    "ZIP contains a data descriptor": [
        odd(DATA, flags=STREAMED, after=b"PK\7\10" + bytes(20))
    ],
    "Comment in central directory": [odd(DATA, comment=b"!")],
    "Malformed zip file": [
        odd(DATA, extra=b"\1"),
        odd(DATA, packed=10**9, listed_packed=10**9),
        wheel(end=End(comment=b"short", comment_length=6)),
        wheel(end=End(here=2)),
        wheel(end=End(size=10_000)),
        wheel(end=End(zip64=True, locator=False)),
        wheel(end=End(zip64=True, locator_offset=3)),
    ],
    "Missing filename in local headers": [
        wheel(SOURCE, dataclasses.replace(DATA, is_there=False))
    ],
    "Filename not in central directory": [
        odd(DATA, is_listed=False),
        wheel(DATA, dataclasses.replace(DATA, is_listed=False)),
        wheel(Member(name="tool/ä".encode())),
    ],
    "Mis-matched local headers and central directory": [
        wheel(DATA, dataclasses.replace(SOURCE, offset=FULL, listed_extra=large))
        for large in (zip64_field(7), zip64_field(2**63))
    ],
    "Mis-matched data size": [
        odd(DATA, listed_packed=35),
        odd(DATA, extra=zip64_field(36, 35)),
        wheel(LARGE),
    ],
    "Mis-matched file size": [odd(DATA, listed_size=35), odd(DATA, size=0)],
    "Mismatched central directory records": [
        wheel(end=End(here=5, total=5)),
        wheel(end=End(zip64=True, total=7)),
    ],
    "Mismatched central directory offset": [wheel(end=End(offset=7))],
    "Duplicate filename": [wheel(DATA, DATA), wheel(DATA, COPY, COPY)],
    "Trailing data": [wheel(end=End(after=b"\n"))],
    "Invalid character in filename": [
        wheel(Member(name=b"tool/\x07")),
        wheel(Member(name=b"")),
    ],
    "Filename not valid UTF-8": [wheel(Member(name=b"tool/\xff"))],
}
# PyPI is known to take all of these.
ACCEPTED: dict[str, Maker] = {
    "gzip without its end": packed_sdist(lambda tar: gzipped(tar)[:-8]),
    "a large sdist": large_sdist(1024 * MIB),
    "large entry points": entry_points_of(64 * 1024),
    "ZIP64 records that are needed": wheel(
        DATA, end=End(zip64=True, size=FULL, offset=FULL, here=0xFFFF, total=0xFFFF)
    ),
    "an empty folder in an sdist": sdist(PKG_INFO, folder_of("tool-1.0/docs")),
    "an sdist of one file in its folder": sdist(folder_of("tool-1.0"), PKG_INFO),
    "a name beyond ASCII": wheel(Member(name="tool/ä".encode(), flags=UTF_8)),
    "forced ZIP64": odd(LARGE, extra=zip64_field(36, 36)),
    "a folder": wheel(Member(name=b"tool/"), DATA),
    "names that differ in case": wheel(Member(name=b"a"), Member(name=b"A")),
    "a name with a back-slash": wheel(Member(name=b"tool\\x")),
    "damaged data": odd(DATA, crc=1),
    "large source, damaged": wheel(
        Member(name=b"a.py", data=bytes(5 * MIB + 1), crc=1)
    ),
    "garbage after gzip": packed_sdist(lambda tar: gzipped(tar) + b"garbage"),
    "a wrong checksum of gzip": packed_sdist(lambda tar: gzipped(tar)[:-8] + bytes(8)),
    "a tar bomb": raw(
        gzipped(tar_bytes([PKG_INFO, tar_member("tool-1.0/x", bytes(80 * MIB))])),
        "tool-1.0.tar.gz",
    ),
    "a link": sdist(PKG_INFO, tar_member("tool-1.0/x", kind=tarfile.SYMTYPE)),
}


@pytest.mark.parametrize(
    ("words", "make"), [(words, one) for words, made in FRAMING.items() for one in made]
)
def test_corpus_packing_framing(words: str, make: Maker, tmp_path: Path) -> None:
    """Everything in which readers could differ is found, in the words of PyPI."""
    subject = make(tmp_path)

    assert_breaks_only(subject, "zip-framing")
    assert any(one.startswith(words) for one in messages(subject, "zip-framing"))


def test_corpus_packing_every_member_is_looked_at(tmp_path: Path) -> None:
    """What is wrong with one member does not hide what is wrong with another."""
    subject = wheel(
        dataclasses.replace(DATA, flags=STREAMED, after=b"PK\7\10" + bytes(12)),
        dataclasses.replace(SOURCE, comment=b"!"),
        dataclasses.replace(LICENSE, size=1),
    )(tmp_path)

    assert [one.partition(":")[0] for one in messages(subject, "zip-framing")] == [
        "ZIP contains a data descriptor",
        "Comment in central directory",
        "Mis-matched file size",
    ]


def test_a_fault_that_repeats(tmp_path: Path) -> None:
    """Of many faults of one kind a few are told, then their number."""
    odd = [Member(name=b"%d" % number, comment=b"!") for number in range(9)]
    said = messages(wheel(*odd)(tmp_path), "zip-framing")

    assert len(said) == 6
    assert "`0`" in said[0]
    assert said[-1] == "There are more like these: 9 in all."


# PyPI would take this file for encrypted if it had the marks whole.
PYARMOR = b"__pyarmor"
PYE_FILE = b"PYE FILE"


@pytest.mark.parametrize(
    ("text", "product"),
    [
        (b"%s__(__name__, __file__, b'')" % PYARMOR, "PyArmor"),
        (b"x = '%s_bcc__'" % PYARMOR, "PyArmor"),
        (b"---BEGIN %s---\n---END %s---" % (PYE_FILE, PYE_FILE), "SourceDefender"),
        (b"---BEGIN %s---" % PYE_FILE, None),
        (b"import %s__" % PYARMOR, None),
    ],
)
@pytest.mark.parametrize("name", ["tool-1.0/a.py", "tool-1.0/a.PYE"])
def test_encrypted_source(
    text: bytes, product: str | None, name: str, tmp_path: Path
) -> None:
    """Encrypted source is found in wheels and sdists, whatever the suffix's case."""
    found = ((name, product),) if product else ()

    member = Member(name=name.encode(), data=text, method=DEFLATED)
    assert wheel(member)(tmp_path).archive.encrypted_texts == found
    made = sdist(PKG_INFO, tar_member(name, text))(tmp_path)
    assert made.archive.encrypted_texts == found


def test_large_source_is_not_searched(tmp_path: Path) -> None:
    """PyPI looks into files of at most 5 MiB, and so do we."""
    text = (PYARMOR + b"_bcc__").ljust(5 * MIB)
    kept = Member(name=b"a.py", data=text)
    over = Member(name=b"b.py", data=text + b" ")
    made = sdist(PKG_INFO, tar_member("a.py", text), tar_member("b.py", text + b" "))

    found = wheel(kept, over)(tmp_path).archive.encrypted_texts
    assert found == made(tmp_path).archive.encrypted_texts == (("a.py", "PyArmor"),)


def test_texts_of_a_wheel(tmp_path: Path) -> None:
    """The files of the wheel's own `.dist-info` are read, under its raw name."""
    archive = wheel(Member(name=b"other-1.0.dist-info/WHEEL"))(tmp_path).archive

    assert archive.kind == "zip"
    assert sorted(archive.texts) == [
        f"{INFO}/METADATA",
        f"{INFO}/RECORD",
        f"{INFO}/WHEEL",
    ]
    assert archive.texts[f"{INFO}/WHEEL"] == WHEEL


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    """A file that is gone meanwhile is told by its name."""
    with pytest.raises(exceptions.InvalidDistribution, match=r"gone.*cannot be read"):
        archives.read_archive(str(tmp_path / "gone.whl"), "bdist_wheel")
