"""Whatever bytes an archive is made of: it is read, or has faults, in little memory."""

import contextlib
import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from support import dists
from support.memory import MIB, measure
from support.oddzips import (
    DEFLATED,
    End,
    Member,
    tar_bytes,
    tar_member,
    zip_bytes,
)
from twine import archives, exceptions
from twine.archives.model import Archive
from twine.rules.model import file_rule

WHEEL = "pkg-1.0-py3-none-any.whl"
SDIST = "pkg-1.0.tar.gz"
NAMES = (WHEEL, SDIST, "pkg-1.0.zip")
INFO = "pkg-1.0.dist-info"
OWN = dists.metadata_text().encode()
RULES = {rule.name for rule in file_rule.rules}
MOST_ADDED = 80 * MIB


def read(path: Path) -> archives.Reading:
    """Read a file both ways; hold that its faults have rules, and errors its name."""
    filetype = "bdist_wheel" if path.suffix == ".whl" else "sdist"
    reading = archives.read_archive(str(path), filetype)
    faults = reading.archive.faults
    assert {fault.rule for fault in faults} <= RULES
    assert all(fault.detail.endswith(".") for fault in faults)
    assert "\n" not in "".join(fault.detail for fault in faults)
    if isinstance(reading.metadata, bytes):
        assert archives.read_metadata(str(path), filetype) == reading.metadata
    else:
        assert path.name in str(reading.metadata)
        with contextlib.suppress(exceptions.InvalidDistribution):
            archives.read_metadata(str(path), filetype)
    return reading


def check(folder: Path, name: str, data: bytes) -> Archive:
    """Read some bytes; hold that what is sound to us is the same to Python."""
    path = folder / name
    path.write_bytes(data)
    archive = read(path).archive
    if not archive.faults and archive.kind == "zip":
        check_zip(path, archive)
    return archive


def check_zip(path: Path, archive: Archive) -> None:
    """Hold that `zipfile` finds the same."""
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if not name.endswith("/")]
        assert list(archive.names) == names
        for name, text in archive.texts.items():
            if text is not None:
                assert text == file.read(name)
            else:
                with pytest.raises((zipfile.BadZipFile, RuntimeError, zlib.error)):
                    file.read(name)


def sound_wheel(method: int) -> bytes:
    """Return a wheel as `zipfile` writes it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        file.writestr("pkg/__init__.py", b"x = 1\n" * 20)
        file.writestr("pkg/data/", b"")
        file.writestr("pkg/data/ä.bin", bytes(range(60)))
        file.writestr(f"{INFO}/METADATA", OWN)
        with file.open(f"{INFO}/RECORD", "w", force_zip64=True) as member:
            member.write(b"pkg/__init__.py,,\n")
        file.comment = b"a comment"
    return stream.getvalue()


def sound_tar(form: int) -> bytes:
    """Return a tar archive as `tarfile` writes it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as file:
        for name, data in (
            ("pkg-1.0/" + "long/" * 30 + "ä.py", b"x" * 600),
            ("pkg-1.0/PKG-INFO", OWN),
            ("pkg-1.0/last", b"x"),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mtime = 1.5 if form == tarfile.PAX_FORMAT else 1
            file.addfile(info, io.BytesIO(data))
        folder = tarfile.TarInfo("pkg-1.0/folder/")
        folder.type = tarfile.DIRTYPE
        file.addfile(folder)
    return stream.getvalue()


WHEELS = [sound_wheel(method) for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)]
TARS = [sound_tar(form) for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)]
PACKED = [gzip.compress(tar, mtime=0) for tar in TARS]


@st.composite
def damaged(draw: st.DrawFn, sound: list[bytes]) -> bytes:
    """Return one of several sound files with some bytes changed, cut or added."""
    data = bytearray(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        how = draw(st.sampled_from(["set", "set", "set", "cut", "drop", "insert"]))
        if how == "set":
            new = draw(st.binary(min_size=1, max_size=8))
            data[at : at + len(new)] = new
        elif how == "cut":
            del data[at:]
        elif how == "drop":
            del data[at : at + draw(st.integers(1, 600))]
        else:
            data[at:at] = draw(st.binary(min_size=1, max_size=30))
    return bytes(data)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=200))
@example(data=b"\x1f\x8b\x08")
@example(data=b"\x1f\x8b\x08\x1c" + b"\xff" * 20)
@example(data=b"PK\x05\x06" + b"\x00" * 18)
@example(data=b"PK\x05\x06" + b"\xff" * 18)
@example(data=b"PK\x06\x07" + b"\xff" * 16 + b"PK\x05\x06" + b"\xff" * 18)
@settings(deadline=None)
def test_walk_of_any_bytes(tmp_path: Path, name: str, data: bytes) -> None:
    """Any bytes have faults, or nothing in them: no distribution is so short."""
    archive = check(tmp_path, name, data)
    assert archive.faults or not archive.names


DAMAGED = (
    damaged(WHEELS).map(lambda data: (WHEEL, data))
    | damaged(PACKED).map(lambda data: (SDIST, data))
    | damaged(TARS).map(lambda data: (SDIST, gzip.compress(data, 1)))
)


@given(DAMAGED)
@settings(deadline=None, max_examples=300)
def test_walk_of_damaged_files(tmp_path: Path, file: tuple[str, bytes]) -> None:
    """A file with some damage, before it was packed or later, is read or has faults.

    A wheel without faults is the same to others.
    """
    check(tmp_path, *file)


def tiny_members() -> bytes:
    """Return a ZIP archive with as many members as 4 MiB of directory have room for."""
    record = Member(name=b"").central(0)
    directory = record * (4 * MIB // len(record))
    return directory + End(zip64=True).pack(0, len(directory), 9)


def hidden_members() -> bytes:
    """Return a ZIP archive that says that it has only one of 80,000 members."""
    names = (Member(name=b"%x" % number) for number in range(80_000))
    return zip_bytes(names, End(here=1, total=1))


def lying_text() -> bytes:
    """Return a wheel whose METADATA unpacks to far more than its headers say."""
    member = Member(
        name=f"{INFO}/METADATA".encode(),
        data=bytes(300 * MIB),
        method=DEFLATED,
        size=10,
        listed_size=10,
    )
    return zip_bytes([member])


def gzip_bomb() -> bytes:
    """Return gzip data that unpack to 20 GiB within one member."""
    head = tar_member("pkg-1.0/zeros", size=20 * 1024 * MIB)
    return gzip.compress(head) + gzip.compress(bytes(64 * MIB), 1) * 320


def header(kind: bytes, data: bytes) -> bytes:
    """Return an extended header of a tar archive."""
    return tar_member("x", data, kind=kind)


def sdist_of(*members: bytes) -> bytes:
    """Return an sdist with some members in front of its own."""
    own = [tar_member("pkg-1.0/PKG-INFO", OWN), tar_member("pkg-1.0/setup.py")]
    return gzip.compress(tar_bytes([*members, *own]), 1)


def large_pax() -> bytes:
    """Return an sdist with a pax header of 48 MiB."""
    return sdist_of(header(tarfile.XHDTYPE, b"30 comment=xxxxxxxxxxxxxxxxxx\n" * 2**21))


def sparse_map() -> bytes:
    """Return an sdist with a sparse member whose map takes 200 MiB."""
    block = bytearray(tar_member("pkg-1.0/x", kind=tarfile.GNUTYPE_SPARSE))
    block[482] = 1
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    more = (b"00000000001\0" * 42 + b"\1").ljust(512, b"\0")
    return gzip.compress(bytes(block) + more * 400_000, 1)


def many_in_tar() -> bytes:
    """Return an sdist with 101,000 members, a few more than are remembered."""
    return gzip.compress(tar_member("pkg-1.0/PKG-INFO", OWN) * 101_000, 1)


BOMBS: list[tuple[Callable[[], bytes], str, set[str]]] = [
    (tiny_members, WHEEL, {"zip-framing"}),
    (hidden_members, WHEEL, {"zip-framing"}),
    (lying_text, WHEEL, set()),
    (gzip_bomb, SDIST, {"not-checked"}),
    (large_pax, SDIST, {"not-checked"}),
    (sparse_map, SDIST, {"not-checked"}),
    (many_in_tar, SDIST, {"not-checked"}),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "name", "rules"), BOMBS, ids=[make.__name__ for make, _, _ in BOMBS]
)
def test_bombs(
    make: Callable[[], bytes], name: str, rules: set[str], tmp_path: Path
) -> None:
    """What is made to take much memory is not looked into."""
    path = tmp_path / name
    path.write_bytes(make())
    filetype = "bdist_wheel" if name == WHEEL else "sdist"

    reading, taken = measure(lambda: archives.read_archive(str(path), filetype))

    assert {fault.rule for fault in reading.archive.faults} == rules
    assert taken < MOST_ADDED
