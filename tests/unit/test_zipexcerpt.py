"""Archives with very many members, of which only a few are looked at."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from support import dists
from support.memory import MIB, measure
from support.oddzips import (
    FULL,
    UTF_8,
    End,
    Member,
    field,
    zip64_field,
    zip_bytes,
)
from twine import exceptions, zipexcerpt
from twine.sdist import SDist
from twine.wheel import Wheel

OWN = dists.metadata_text().encode()
OTHER = dists.metadata_text("other", "9").encode()
WHEEL = "pkg-1.0-py3-none-any.whl"
METADATA = b"pkg-1.0.dist-info/METADATA"
FILLING = [Member(name=b"pkg/%d.py" % number) for number in range(4)]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few members be very many."""
    # Less than the end of an archive cannot be told from a directory.
    monkeypatch.setattr(zipexcerpt, "LARGEST_DIRECTORY", 56)


def save(folder: Path, data: bytes, name: str = WHEEL) -> str:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(data)
    return str(path)


def read(path: str) -> bytes:
    """Return the metadata of a distribution."""
    return (Wheel if path.endswith(".whl") else SDist)(path).read()


def refusal(path: str) -> str:
    """Return why a distribution cannot be read."""
    with pytest.raises(exceptions.InvalidDistribution) as caught:
        read(path)
    return str(caught.value)


def large(count: int, metadata: bytes, first: bytes = b"") -> bytes:
    """Return a ZIP archive with very many members, quickly.

    Args:
        count: how many
        metadata: the name of the metadata file, the last but one
        first: what the names of the others begin with
    """
    one = Member(name=first + b"0000000")
    record = one.central(0)
    start = record[: 46 + len(first)]
    names = b"".join(start + b"%07d" % number for number in range(count))
    own = Member(name=metadata, data=OWN)
    front = one.local()
    directory = names + own.central(len(front)) + record
    body = front + own.local()
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 7, 7, len(directory), len(body), 0)
    return body + directory + end


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "metadata", "first"),
    [(WHEEL, METADATA, b""), ("pkg-1.0.zip", b"pkg-1.0/PKG-INFO", b"pkg-1.0/")],
)
def test_very_many_members_do_not_fill_the_memory(
    tmp_path: Path, name: str, metadata: bytes, first: bytes
) -> None:
    """Metadata are read among many members, whatever the end says of their number."""
    path = save(tmp_path, large(60_000, metadata, first), name)

    data, taken = measure(lambda: read(path))

    assert data == OWN
    assert taken < 6 * MIB


@pytest.mark.slow
def test_many_members_do_not_fill_the_memory(tmp_path: Path) -> None:
    """As many members as are left to `zipfile` take little memory, too."""
    count = zipexcerpt.LARGEST_DIRECTORY // 53 - 10
    path = save(tmp_path, large(count, METADATA))

    data, taken = measure(lambda: read(path))

    assert data == OWN
    assert taken < 40 * MIB


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    "end", [End(), End(zip64=True), End(zip64=True, size=FULL, offset=FULL)]
)
@pytest.mark.parametrize("before", [b"", b"#!/bin/sh\n" * 9])
def test_offsets_mean_the_same(tmp_path: Path, end: End, before: bytes) -> None:
    """With bytes in front of the archive, and with ZIP64 records, it can be read."""
    members = [*FILLING, Member(name=METADATA, data=OWN, method=8), *FILLING]
    path = save(tmp_path, zip_bytes(members, end, before=before))

    assert read(path) == OWN


@pytest.mark.usefixtures("few")
def test_offsets_may_be_large(tmp_path: Path) -> None:
    """Offsets beyond 4 GiB are understood as `zipfile` does, which may refuse them."""
    far = 2**40
    members = [
        *FILLING,
        Member(name=METADATA, data=OWN, offset=FULL, listed_extra=zip64_field(far)),
    ]
    # The archive pretends to lie that far behind the beginning of the file.
    own_place = len(zip_bytes(FILLING)) - len(FILLING) * (46 + len("pkg/0.py")) - 22
    data = bytearray(zip_bytes(members, End(zip64=True)))
    at = data.rindex(b"PK\6\6")
    (start,) = struct.unpack_from("<Q", data, at + 48)
    struct.pack_into("<Q", data, at + 48, start + far - own_place)
    path = save(tmp_path, bytes(data))

    try:
        with zipfile.ZipFile(path) as archive:
            assert archive.read(METADATA.decode()) == OWN
    except zipfile.BadZipFile:
        assert "Corrupt" in refusal(path)
    else:
        assert read(path) == OWN


@pytest.mark.usefixtures("few")
def test_of_members_of_one_name_the_last_counts(tmp_path: Path) -> None:
    """Repeated metadata are read as `zipfile` does, whatever the folder's spelling."""
    for name in METADATA, METADATA.replace(b"pkg", b"PKG"):
        twice = [Member(name=name, data=OTHER), Member(name=name, data=OWN)]
        path = save(tmp_path, zip_bytes([*FILLING, *twice, *FILLING]))

        assert read(path) == OWN


@pytest.mark.parametrize("most", [56, MIB])
def test_repeated_metadata_are_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """With few members as with many, repetitions do not make a wheel ambiguous."""
    monkeypatch.setattr(zipexcerpt, "LARGEST_DIRECTORY", most)
    name = METADATA.replace(b"1.0", b"1")
    members = [Member(name=name, data=data) for data in (OTHER, OWN)]

    assert read(save(tmp_path, zip_bytes(members))) == OWN


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("name", "flags", "top"),
    [
        ("pkg-é/x.py".encode(), UTF_8, "pkg-é/PKG-INFO".encode()),
        (b"pkg-\x82/x.py", 0, "pkg-é/PKG-INFO".encode()),
        (b"pkg/PKG-INFO\0.txt", 0, b"pkg/setup.py"),
    ],
)
def test_names_are_those_of_zipfile(
    tmp_path: Path, name: bytes, flags: int, top: bytes
) -> None:
    """Names in UTF-8, in code page 437 and with a NUL byte are told apart."""
    members = [
        Member(name=name, flags=flags, data=OWN),
        Member(name=top, flags=UTF_8, data=OWN),
    ]

    assert read(save(tmp_path, zip_bytes(members), "pkg-1.0.zip")) == OWN


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("member", "words"),
    [
        (Member(name=b"x\xff", flags=UTF_8), "codec"),
        (Member(name=b"x", version=99), "version"),
        (Member(name=b"x", listed_extra=field(7, b"1234")[:-1]), "extra"),
    ],
)
def test_a_broken_record_is_refused(tmp_path: Path, member: Member, words: str) -> None:
    """What `zipfile` refuses is refused, though nobody needs that member."""
    members = [*FILLING, Member(name=METADATA, data=OWN), member]

    assert words in refusal(save(tmp_path, zip_bytes(members))).lower()


@pytest.mark.usefixtures("few")
def test_a_broken_directory_is_refused(tmp_path: Path) -> None:
    """Other bytes within a directory, and one that ends too early, are refused."""
    data = zip_bytes([*FILLING, Member(name=METADATA, data=OWN), *FILLING])
    wrong = data[::-1].replace(b"PK\1\2"[::-1], b"PK\1\3"[::-1], 1)[::-1]
    members = [*FILLING, Member(name=METADATA, data=OWN)]
    size = sum(len(member.central(0)) for member in members)
    short = zip_bytes(members).replace(b"PK\5\6", b"PK\1\2" + b"PK\5\6")
    cut = bytearray(short)
    struct.pack_into("<L", cut, len(cut) - 10, size + 4)

    assert "magic number" in refusal(save(tmp_path, wrong))
    assert "Truncated" in refusal(save(tmp_path, bytes(cut)))


@pytest.mark.usefixtures("few")
def test_metadata_may_stand_anywhere(tmp_path: Path) -> None:
    """A member within the central directory's bytes is found there."""
    own = Member(name=METADATA, data=OWN)
    hidden = Member(name=b"x", comment=own.local())
    place = len(hidden.local()) + len(hidden.central(0)) - len(own.local())
    listed = Member(name=METADATA, data=OWN, is_there=False, offset=place)

    assert read(save(tmp_path, zip_bytes([hidden, listed]))) == OWN


@pytest.mark.usefixtures("few")
def test_too_much_metadata_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all the records of metadata files only so many are kept."""
    monkeypatch.setattr(zipexcerpt, "LARGEST_EXCERPT", 1000)
    members = [
        Member(name=b"pkg-%d.dist-info/METADATA" % number) for number in range(20)
    ]

    assert "too many files" in refusal(save(tmp_path, zip_bytes(members)))


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("size", [0, 200, 2**30])
def test_a_record_cannot_pass_for_the_end(tmp_path: Path, size: int) -> None:
    """Where an excerpt would be read in another way than meant, it is refused."""
    looks_like_an_end = End(zip64=True).pack(0, size, 9)[:-22]
    own = Member(name=METADATA, data=OWN, comment=looks_like_an_end)
    path = save(tmp_path, zip_bytes([own, *FILLING]))

    assert "is broken" in refusal(path)


@pytest.mark.usefixtures("few")
def test_a_wheel_without_metadata_is_refused(tmp_path: Path) -> None:
    """Nothing is found where there is nothing."""
    assert "has no `pkg-1.0" in refusal(save(tmp_path, zip_bytes(FILLING)))
    zipped = zip_bytes([*FILLING, Member(name=b"pkg")])
    assert "has nothing but `pkg`" in refusal(save(tmp_path, zipped, "pkg-1.0.zip"))


def test_other_bytes_follow_a_file(tmp_path: Path) -> None:
    """A file with more at its end is one file, in which one can move."""
    with Path(save(tmp_path, b"abc")).open("rb") as file:
        extended = io.BufferedReader(zipexcerpt._Extended(file, b"defg"))

        assert extended.read() == b"abcdefg"
        assert extended.seek(-6, io.SEEK_END) == 1
        assert extended.read(3) == b"bcd"
        assert extended.seek(-2, io.SEEK_CUR) == 2
        assert extended.read() == b"cdefg"
        assert extended.seek(99) == 99
        assert extended.read() == b""
        with pytest.raises(OSError, match="before"):
            extended.seek(-8, io.SEEK_END)
