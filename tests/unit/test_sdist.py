"""Where the metadata of an sdist is, and which sdists have none."""

import contextlib
import gzip
import io
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from support import dists
from support.memory import MIB, measure
from support.oddzips import gzipped, tar_bytes, tar_member
from twine import distribution, exceptions, tarheaders
from twine.sdist import SDist, TarGzSDist, ZipSDist
from twine.wheel import Wheel

OWN = dists.metadata_text().encode()
OTHER = dists.metadata_text("other", "9").encode()


def member(
    name: str, data: bytes = b"", **fields: object
) -> tuple[tarfile.TarInfo, bytes]:
    """Return one member of a tar archive."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, data


def make(
    folder: Path,
    members: Iterable[tuple[tarfile.TarInfo, bytes]],
    tar_format: int = tarfile.PAX_FORMAT,
) -> str:
    """Make a gzipped tar archive and return its path."""
    path = folder / "pkg-1.0.tar.gz"
    with tarfile.open(path, "w:gz", format=tar_format) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return str(path)


def make_zip(folder: Path, members: dict[str, bytes]) -> str:
    """Make a zip archive and return its path."""
    path = folder / "pkg-1.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return str(path)


def with_source(metadata: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    """Return the members of a small sdist."""
    return [member("pkg-1.0/PKG-INFO", metadata), member("pkg-1.0/setup.py")]


def refusal(path: str) -> str:
    """Return why an sdist cannot be read."""
    with pytest.raises(exceptions.InvalidDistribution) as caught:
        SDist(path).read()
    assert path in str(caught.value)
    return str(caught.value)


def test_metadata_is_read_byte_by_byte(tmp_path: Path) -> None:
    """The bytes of PKG-INFO come out as they went in, from either kind."""
    packed, zipped = dists.make_sdist(tmp_path), dists.make_zip_sdist(tmp_path)

    assert SDist(str(packed)).read() == OWN
    assert SDist(str(zipped)).read() == OWN


def test_the_name_tells_the_kind(tmp_path: Path) -> None:
    """One class makes readers of both kinds; both say `source`."""
    packed = SDist(str(dists.make_sdist(tmp_path)))
    zipped = SDist(str(dists.make_zip_sdist(tmp_path)))

    assert isinstance(packed, TarGzSDist)
    assert isinstance(zipped, ZipSDist)
    assert packed.py_version == zipped.py_version == "source"
    assert isinstance(TarGzSDist(packed.filename), TarGzSDist)


@pytest.mark.parametrize("name", ["pkg-1.0.tar.bz2", "pkg-1.0.egg", "pkg-1.0.TAR.GZ"])
def test_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    """A file that ends otherwise is no sdist."""
    (tmp_path / name).touch()

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        SDist(str(tmp_path / name))

    assert ".tar.gz" in str(caught.value)


@pytest.mark.parametrize(
    "tar_format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT]
)
def test_every_format_of_tar_is_read(tmp_path: Path, tar_format: int) -> None:
    """Old and new archives are read, those with a folder as a member too."""
    path = make(
        tmp_path,
        [
            member("pkg-1.0", type=tarfile.DIRTYPE),
            member("pkg-1.0/" + "long/" * 19 + "name.py", b"x"),
            member("pkg-1.0/pkg.egg-info/PKG-INFO", OTHER),
            member("pkg-1.0/PKG-INFO", OWN),
        ],
        tar_format,
    )

    assert SDist(path).read() == OWN


def test_pax_headers_are_no_files(tmp_path: Path) -> None:
    """Global headers (git writes one) and long, foreign names do no harm."""
    path = tmp_path / "pkg-1.0.tar.gz"
    with tarfile.open(
        path, "w:gz", format=tarfile.PAX_FORMAT, pax_headers={"comment": "0" * 40}
    ) as archive:
        for name in ("pkg-1.0/" + "länge/" * 60 + "x", "pkg-1.0/PKG-INFO"):
            info, data = member(name, OWN)
            info.mtime = 1.5
            info.pax_headers = {"SCHILY.xattr.user.x": "y" * 600}
            archive.addfile(info, io.BytesIO(data))

    assert SDist(str(path)).read() == OWN


@pytest.mark.parametrize("other", ["other-1.0/x", "stray.txt", "./other/x"])
def test_two_folders_at_the_top_are_refused(tmp_path: Path, other: str) -> None:
    """An sdist has exactly one folder at its top, packed either way."""
    path = make(tmp_path, [member("pkg-1.0/PKG-INFO", OWN), member(other)])
    zipped = make_zip(tmp_path, {"pkg-1.0/PKG-INFO": OWN, other: b""})

    assert f"`pkg-1.0/PKG-INFO` and `{other}`" in refusal(path)
    assert "one folder" in refusal(path)
    assert "one folder" in refusal(zipped)


def test_nothing_at_all_is_refused(tmp_path: Path) -> None:
    """An archive without members is one clear error, packed either way."""
    assert "pkg-1.0.tar.gz" in refusal(make(tmp_path, []))
    assert "no members" in refusal(make_zip(tmp_path, {}))


@pytest.mark.parametrize(
    "name", ["pkg-1.0/README", "pkg-1.0/sub/PKG-INFO", "pkg-1.0/PKG-INFO.txt"]
)
def test_an_sdist_without_metadata_is_refused(tmp_path: Path, name: str) -> None:
    """PKG-INFO must lie right in the folder at the top."""
    other = "pkg-1.0/setup.py"
    path = make(tmp_path, [member(name, OWN), member(other)])
    zipped = make_zip(tmp_path, {name: OWN, other: b""})

    assert "`pkg-1.0/PKG-INFO`" in refusal(path)
    assert "`pkg-1.0/PKG-INFO`" in refusal(zipped)


@pytest.mark.parametrize("name", ["PKG-INFO", "pkg-1.0/PKG-INFO"])
def test_a_lone_file_is_refused(tmp_path: Path, name: str) -> None:
    """Metadata alone are no sdist: what all members have in common is no folder."""
    assert f"nothing but `{name}`" in refusal(make(tmp_path, [member(name, OWN)]))
    assert f"nothing but `{name}`" in refusal(make_zip(tmp_path, {name: OWN}))


@pytest.mark.parametrize("order", [1, -1])
def test_a_lone_file_in_its_folder_is_read(tmp_path: Path, order: int) -> None:
    """An entry for the folder is enough, before the file or after it."""
    folder = member("pkg-1.0", type=tarfile.DIRTYPE)
    path = make(tmp_path, [folder, member("pkg-1.0/PKG-INFO", OWN)][::order])

    assert SDist(path).read() == OWN


@pytest.mark.parametrize("top", ["pkg-1.0/src", "/pkg-1.0", "..", "other"])
def test_the_folder_at_the_top_may_have_any_path(tmp_path: Path, top: str) -> None:
    """It is the path that all members have in common, whatever it is called."""
    path = make(tmp_path, [member(f"{top}/PKG-INFO", OWN), member(f"{top}/x/y")])
    zipped = make_zip(tmp_path, {f"{top}/PKG-INFO": OWN, f"{top}/x/y": b""})

    assert SDist(path).read() == OWN
    assert SDist(zipped).read() == OWN


@pytest.mark.parametrize("first", [b"no metadata", OTHER])
def test_of_two_the_last_counts(tmp_path: Path, first: bytes) -> None:
    """So it does when the archive is unpacked."""
    members = [member("pkg-1.0/PKG-INFO", data) for data in (first, OWN)]
    path = make(tmp_path, [*members, member("pkg-1.0/setup.py")])

    assert SDist(path).read() == OWN


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE]
)
def test_metadata_must_be_a_regular_file(tmp_path: Path, kind: bytes) -> None:
    """A link, a folder or a pipe named PKG-INFO is not followed."""
    path = make(
        tmp_path,
        [
            member("pkg-1.0/real", OWN),
            member("pkg-1.0/PKG-INFO", type=kind, linkname="pkg-1.0/real"),
        ],
    )

    assert "`pkg-1.0/PKG-INFO`" in refusal(path)


def test_a_metadata_bomb_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PKG-INFO that unpacks to far too much is refused."""
    monkeypatch.setattr(distribution, "LARGEST_METADATA", 2**20)
    bomb = OWN + b" " * 2**20

    assert "larger" in refusal(make(tmp_path, with_source(bomb)))
    assert "larger" in refusal(
        make_zip(tmp_path, {"pkg-1.0/PKG-INFO": bomb, "pkg-1.0/setup.py": b""})
    )


def test_metadata_that_is_none_is_refused(tmp_path: Path) -> None:
    """PKG-INFO without a metadata version is refused."""
    text = refusal(make(tmp_path, with_source(b"Name: pkg\n")))

    assert "`Metadata-Version`" in text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f",
        b"\x1f\x8b\x08",
        b"no archive at all",
        b"\x1f\x8b\x09" + b"\0" * 20,
        gzip.compress(b"", mtime=0),
        gzip.compress(b"no tar archive", mtime=0),
        gzip.compress(b"\xff" * 2048, mtime=0),
    ],
)
@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
def test_what_is_no_archive_is_refused(
    tmp_path: Path, data: bytes, suffix: str
) -> None:
    """An empty or mislabelled file is one clear error."""
    path = tmp_path / f"pkg-1.0{suffix}"
    path.write_bytes(data)

    refusal(str(path))


def test_a_truncated_sdist_is_refused_at_every_length(tmp_path: Path) -> None:
    """An sdist that was cut short is refused, even if PKG-INFO came before the cut."""
    path = dists.make_sdist(tmp_path, members={"data.bin": bytes(range(256)) * 40})
    data = path.read_bytes()

    for length in [*range(0, len(data), 3), *range(len(data) - 20, len(data))]:
        path.write_bytes(data[:length])
        refusal(str(path))


def test_a_tar_archive_that_was_cut_before_it_was_packed_is_refused(
    tmp_path: Path,
) -> None:
    """A file that ends amid a member is refused though its gzip part is sound."""
    path = dists.make_sdist(tmp_path)
    tar = gzip.decompress(path.read_bytes())
    at = tar.index(b"PKG-INFO")

    for length in (at + 100, at + 550):
        path.write_bytes(gzip.compress(tar[:length]))
        refusal(str(path))


def test_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    """A file that was damaged on its way is refused."""
    path = dists.make_sdist(tmp_path)
    data = bytearray(path.read_bytes())
    data[-5] ^= 1

    path.write_bytes(data)

    refusal(str(path))


@pytest.mark.parametrize("junk", [b"\0" * 100, b"junk"])
def test_bytes_after_the_end_do_no_harm(tmp_path: Path, junk: bytes) -> None:
    """What follows the end of the packed data is nobody's business."""
    path = dists.make_sdist(tmp_path)
    path.write_bytes(path.read_bytes() + junk)

    assert SDist(str(path)).read() == OWN


def test_a_bomb_after_the_end_is_not_unpacked(tmp_path: Path) -> None:
    """What comes far behind the archive's end is not even looked at."""
    own = [tar_member("pkg-1.0/PKG-INFO", OWN), tar_member("pkg-1.0/setup.py")]
    packer = zlib.compressobj(9, wbits=31)
    data = packer.compress(tar_bytes(own))
    data += b"".join(packer.compress(bytes(MIB)) for _ in range(80))
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(data)  # without its end

    assert SDist(str(path)).read() == OWN


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    """PKG-INFO behind a password is told as what it is."""
    path = Path(make_zip(tmp_path, {"pkg-1.0/PKG-INFO": OWN}))
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)

    assert "encrypted" in refusal(str(path))


def peak(folder: Path, count: int) -> int:
    """Return the bytes of memory that reading an sdist of many members takes."""
    folder.mkdir()
    path = make(
        folder,
        [
            member("pkg-1.0/PKG-INFO", OWN),
            *(member(f"pkg-1.0/{'x' * 80}{number}") for number in range(count)),
        ],
    )
    distribution = SDist(path)
    tracemalloc.start()
    try:
        assert distribution.read() == OWN
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_members(tmp_path: Path) -> None:
    """Twelve thousand members take no more memory than two thousand."""
    few = peak(tmp_path / "few", 2000)
    many = peak(tmp_path / "many", 12_000)

    # 10,000 remembered members would take about 8 MB.
    assert many < few + 500_000


def extended(kind: bytes, piece: bytes, size: int) -> bytes:
    """Return an extended header with about so many bytes in it."""
    data = piece * max(1, size // len(piece))
    info = tarfile.TarInfo("extended")
    info.type, info.size = kind, len(data)
    return info.tobuf(tarfile.USTAR_FORMAT) + data.ljust(-(-len(data) // 512) * 512)


def many_keys(number: int) -> bytes:
    """Return nearly a mebibyte of records that are all different."""
    keys = (f"GNU.sparse.{number:04}{key:05}" for key in range(40_000))
    return b"".join(b"25 %s=\n" % key.encode() for key in keys)


OWN_MEMBER = extended(tarfile.REGTYPE, OWN, len(OWN)).replace(
    b"extended" + bytes(100 - 8), b"pkg-1.0/PKG-INFO" + bytes(100 - 16)
)


BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros": lambda: extended(tarfile.XHDTYPE, b"\0", 48 * MIB),
    "records": lambda: extended(
        tarfile.XHDTYPE, b"30 comment=" + b"x" * 18 + b"\n", 48 * MIB
    ),
    "global": lambda: extended(tarfile.XGLTYPE, b"\0", 48 * MIB),
    "name": lambda: extended(tarfile.GNUTYPE_LONGNAME, b"x", 48 * MIB),
    "link": lambda: extended(tarfile.GNUTYPE_LONGLINK, b"x", 48 * MIB),
    "many": lambda: extended(tarfile.XHDTYPE, b"\0", MIB) * 60,
    "keys": lambda: b"".join(
        extended(tarfile.XHDTYPE, many_keys(number), MIB) for number in range(6)
    ),
    "global-keys": lambda: b"".join(
        extended(tarfile.XGLTYPE, many_keys(number), MIB)
        + extended(tarfile.REGTYPE, b"x", 1)
        for number in range(6)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_headers_do_not_fill_the_memory(tmp_path: Path, bomb: str) -> None:
    """Whatever headers claim and hold, PKG-INFO is read, or not, in little memory."""
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzip.compress(BOMBS[bomb]() + OWN_MEMBER + bytes(1024), 1))

    def read() -> None:
        with contextlib.suppress(exceptions.InvalidDistribution):
            SDist(str(path)).read()

    _, taken = measure(read)

    assert taken < 24 * MIB


def test_long_headers_of_sound_archives_are_read(tmp_path: Path) -> None:
    """Names and attributes may be long."""
    info, data = member("pkg-1.0/PKG-INFO", OWN)
    info.pax_headers = {"SCHILY.xattr.user.x": "y" * 500_000}
    other, _ = member("pkg-1.0/" + "x" * 100_000)

    for tar_format in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        path = make(tmp_path, [(other, b""), (info, data)], tar_format)
        assert SDist(path).read() == OWN


def test_metadata_with_holes_is_refused(tmp_path: Path) -> None:
    """PKG-INFO as a sparse file is told as what it is."""
    path = make(
        tmp_path,
        [
            member("pkg-1.0/PKG-INFO", OWN, type=tarfile.GNUTYPE_SPARSE),
            member("pkg-1.0/setup.py"),
        ],
    )

    assert "sparse" in refusal(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_zipped_bomb_does_not_fill_the_memory(tmp_path: Path, method: int) -> None:
    """Metadata that unpack to very much are refused without unpacking all."""
    sdist, wheel = tmp_path / "pkg-1.0.zip", tmp_path / "pkg-1.0-py3-none-any.whl"
    for path, name in (
        (sdist, "pkg-1.0/PKG-INFO"),
        (wheel, "pkg-1.0.dist-info/METADATA"),
    ):
        with (
            zipfile.ZipFile(path, "w", method) as archive,
            archive.open(name, "w") as file,
        ):
            file.write(OWN)
            for _ in range(100):
                file.write(bytes(MIB))
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("pkg-1.0/setup.py", b"")

    def read() -> None:
        for reader in (SDist(str(sdist)), Wheel(str(wheel))):
            with pytest.raises(exceptions.InvalidDistribution, match="larger"):
                reader.read()

    _, taken = measure(read)

    assert taken < 80 * MIB


@pytest.mark.parametrize(
    "method",
    [
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
        zipfile.ZIP_BZIP2,
        zipfile.ZIP_LZMA,
    ],
)
def test_every_method_of_zip_is_read(tmp_path: Path, method: int) -> None:
    """However a zip archive is compressed, its metadata come out as they were."""
    path = tmp_path / "pkg-1.0.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("pkg-1.0/PKG-INFO", OWN * 3000)
        archive.writestr("pkg-1.0/setup.py", b"")

    assert SDist(str(path)).read() == OWN * 3000


def test_the_reader_of_neither_kind_reads_nothing(tmp_path: Path) -> None:
    """A class of somebody else's must say how its files are read."""

    class Odd(SDist):
        """A kind that does not say."""

    path = tmp_path / "pkg-1.0.odd"
    path.touch()

    with pytest.raises(NotImplementedError):
        Odd(str(path)).read()


def spoilt(name: str, at: int) -> bytes:
    """Return a member with a header in which a digit is none."""
    block = bytearray(tar_member(name, b"Metadata-Version: 2.1\n"))
    block[at] = ord("x")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block[:512])
    return bytes(block)


@pytest.mark.parametrize("at", [103, 110, 118, 140, 329, 337])
def test_a_header_with_a_number_that_is_none_is_refused(
    tmp_path: Path, at: int
) -> None:
    """Mode, owner, time and device are of no use, but other programs stop at them."""
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzipped(tar_bytes([spoilt("pkg-1.0/PKG-INFO", at)])))

    with pytest.raises(exceptions.InvalidDistribution, match="number"):
        SDist(str(path)).read()


@pytest.mark.parametrize("at", [103, 125, 337])
def test_an_archive_ends_at_a_later_header_that_makes_no_sense(
    tmp_path: Path, at: int
) -> None:
    """So it does for everybody who reads it with `tarfile`."""
    own = [
        tar_member("pkg-1.0/PKG-INFO", b"Metadata-Version: 2.1\n"),
        tar_member("pkg-1.0/setup.py"),
    ]
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzipped(tar_bytes([*own, spoilt("other/x", at)])))

    assert SDist(str(path)).read() == b"Metadata-Version: 2.1\n"
    with tarfile.open(path) as archive:
        assert len(archive.getnames()) == len(own)


def test_pax_records_that_lie_about_their_length_cost_no_time(tmp_path: Path) -> None:
    """Half a million of them, without a key of their own, are passed over."""
    header = tar_member("x", b"2 " * 500_000 + b"=", kind=tarfile.XHDTYPE)
    own = tar_member("pkg-1.0/PKG-INFO", b"Metadata-Version: 2.1\n")
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzipped(tar_bytes([header, own, tar_member("pkg-1.0/a")])))

    began = time.monotonic()
    assert SDist(str(path)).read() == b"Metadata-Version: 2.1\n"
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "records",
    [
        b"18 path=pkg-1.0/b\n",
        b"18 path=pkg-1.0/b\n18 path=pkg-1.0/c\n",
        b"9 note=a\n18 path=pkg-1.0/b\n",
        b"12 note=a=b\n18 path=pkg-1.0/b\n9 note=a\n",
    ],
)
def test_pax_records_say_what_they_say_to_others(
    tmp_path: Path, records: bytes
) -> None:
    """The names are those that `tarfile` finds."""
    own = [
        tar_member("pkg-1.0/PKG-INFO", b"Metadata-Version: 2.1\n"),
        tar_member("x", records, kind=tarfile.XHDTYPE),
        tar_member("pkg-1.0/a"),
    ]
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzipped(tar_bytes(own)))

    headers = tarheaders.Headers(io.BytesIO(tar_bytes(own)))
    first = headers.read()
    headers._stream.read(512)
    second = headers.read()

    assert first is not None
    assert second is not None
    with tarfile.open(path) as archive:
        assert [first.name, second.name] == archive.getnames()


def test_a_claim_of_any_size_costs_no_time(tmp_path: Path) -> None:
    """A member that says it has exabytes ends with the file."""
    own = tar_member("pkg-1.0/PKG-INFO", b"Metadata-Version: 2.1\n")
    claims = tar_member("pkg-1.0/a", b"x", size=2**62)
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzipped(tar_bytes([own, claims])))

    with pytest.raises(exceptions.InvalidDistribution, match="ends within"):
        SDist(str(path)).read()


def test_names_may_begin_with_a_dot(tmp_path: Path) -> None:
    """`tar` writes `./` where it was told to begin in this folder."""
    own = tar_member("pkg-1.0/PKG-INFO", b"Metadata-Version: 2.1\n")
    other = tar_member("./pkg-1.0/a", b"x")
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzipped(tar_bytes([own, other])))

    assert SDist(str(path)).read() == b"Metadata-Version: 2.1\n"
