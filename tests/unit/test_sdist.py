"""Where the metadata of an sdist is, and which sdists have none."""

import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from support import dists
from support.oddzips import gzipped, tar_bytes, tar_member
from twine import exceptions
from twine.archives import contents
from twine.sdist import SDist

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


def make_both(folder: Path, members: dict[str, bytes]) -> tuple[str, str]:
    """Make a tar and a zip archive of the same files and return their paths."""
    path = folder / "pkg-1.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return make(folder, [member(*item) for item in members.items()]), str(path)


def with_source(metadata: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    """Return the members of a small sdist."""
    return [member("pkg-1.0/PKG-INFO", metadata), member("pkg-1.0/setup.py")]


def refusal(path: str) -> str:
    """Return why an sdist cannot be read."""
    with pytest.raises(exceptions.InvalidDistribution) as caught:
        SDist(path).read()
    assert path in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["pkg-1.0.tar.bz2", "pkg-1.0.egg", "pkg-1.0.TAR.GZ"])
def test_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    """A file that ends otherwise is no sdist."""
    (tmp_path / name).touch()

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        SDist(str(tmp_path / name))

    assert ".tar.gz" in str(caught.value)


@pytest.mark.parametrize(
    ("other", "top"), [("other-1.0/x", "other-1.0"), ("stray.txt", "stray.txt")]
)
def test_two_folders_at_the_top_are_refused(
    tmp_path: Path, other: str, top: str
) -> None:
    """An sdist has exactly one folder at its top, packed either way."""
    for one in make_both(tmp_path, {"pkg-1.0/PKG-INFO": OWN, other: b""}):
        assert "exactly one folder" in refusal(one)
        assert "`pkg-1.0`" in refusal(one)
        assert f"`{top}`" in refusal(one)


def test_nothing_at_all_is_refused(tmp_path: Path) -> None:
    """An archive without members is one clear error, packed either way."""
    for path in make_both(tmp_path, {}):
        assert "no members" in refusal(path)


@pytest.mark.parametrize(
    "name", ["pkg-1.0/README", "pkg-1.0/sub/PKG-INFO", "pkg-1.0/PKG-INFO.txt"]
)
def test_an_sdist_without_metadata_is_refused(tmp_path: Path, name: str) -> None:
    """PKG-INFO must lie right in the folder at the top."""
    for path in make_both(tmp_path, {name: OWN, "pkg-1.0/setup.py": b""}):
        assert "`pkg-1.0/PKG-INFO`" in refusal(path)


@pytest.mark.parametrize("name", ["PKG-INFO", "pkg-1.0/PKG-INFO"])
def test_a_lone_file_is_refused(tmp_path: Path, name: str) -> None:
    """Metadata alone are no sdist: what all members have in common is no folder."""
    for path in make_both(tmp_path, {name: OWN}):
        assert f"nothing but `{name}`" in refusal(path)


@pytest.mark.parametrize("order", [1, -1])
def test_a_lone_file_in_its_folder_is_read(tmp_path: Path, order: int) -> None:
    """An entry for the folder is enough, before the file or after it."""
    folder = member("pkg-1.0", type=tarfile.DIRTYPE)
    path = make(tmp_path, [folder, member("pkg-1.0/PKG-INFO", OWN)][::order])

    assert SDist(path).read() == OWN


@pytest.mark.parametrize("first", [b"no metadata", OTHER])
def test_of_two_the_last_counts(tmp_path: Path, first: bytes) -> None:
    """So it does when the archive is unpacked."""
    members = [member("pkg-1.0/PKG-INFO", data) for data in (first, OWN)]
    path = make(tmp_path, [*members, member("pkg-1.0/setup.py")])

    assert SDist(path).read() == OWN


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.SYMTYPE, "no regular file"),
        (tarfile.LNKTYPE, "no regular file"),
        (tarfile.DIRTYPE, "`pkg-1.0/PKG-INFO`"),
        (tarfile.FIFOTYPE, "no regular file"),
        (tarfile.GNUTYPE_SPARSE, "sparse"),
    ],
)
def test_metadata_must_be_a_regular_file(
    tmp_path: Path, kind: bytes, words: str
) -> None:
    """A link, a folder, a pipe or a file with holes named PKG-INFO is not followed."""
    path = make(
        tmp_path,
        [
            member("pkg-1.0/real", OWN),
            member("pkg-1.0/PKG-INFO", type=kind, linkname="pkg-1.0/real"),
        ],
    )

    assert words in refusal(path)


def test_a_metadata_bomb_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PKG-INFO that unpacks to far too much is refused."""
    monkeypatch.setattr(contents, "LARGEST_METADATA", 2**20)
    files = {"pkg-1.0/PKG-INFO": OWN + b" " * 2**20, "pkg-1.0/setup.py": b""}

    for path in make_both(tmp_path, files):
        assert "larger" in refusal(path)


def test_metadata_that_is_none_is_refused(tmp_path: Path) -> None:
    """PKG-INFO without a metadata version is refused."""
    text = refusal(make(tmp_path, with_source(b"Name: pkg\n")))

    assert "`Metadata-Version`" in text


def test_a_truncated_sdist_is_refused_at_every_length(tmp_path: Path) -> None:
    """An sdist that was cut short is refused, even if PKG-INFO came before the cut."""
    path = dists.make_sdist(tmp_path, members={"data.bin": bytes(range(256)) * 40})
    data = path.read_bytes()

    for length in [*range(0, len(data), 3), *range(len(data) - 20, len(data))]:
        path.write_bytes(data[:length])
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


def test_a_negative_size_ends_at_once(tmp_path: Path) -> None:
    """A header that points backwards is refused, not followed for ever."""
    header = tar_member("pkg-1.0/a")
    negative = (
        header[:124]
        + b"\xff" * 10
        + b"\xfc\0"
        + header[136:148]
        + b" " * 8
        + header[156:]
    )
    block = negative[:148] + b"%06o\0 " % sum(negative[:512]) + negative[156:]
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzipped(tar_bytes([tar_member("pkg-1.0/PKG-INFO", OWN), block])))

    assert "negative size" in refusal(str(path))


def test_content_is_not_taken_for_a_header(tmp_path: Path) -> None:
    """What is skipped may begin like a record of a pax header."""
    data = b"12 monkeys " * 100_000
    members = [member("pkg-1.0/data", data), member("pkg-1.0/data.py", data)]

    assert SDist(make(tmp_path, [*members, *with_source(OWN)])).read() == OWN


def test_a_pax_record_without_a_value_is_refused(tmp_path: Path) -> None:
    """`tarfile` takes hours for many of them in some Pythons (CVE-2024-6232)."""
    header = tar_member("x", b"2 " * 400 + b"=", kind=tarfile.XHDTYPE)
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzipped(tar_bytes([header, tar_member("pkg-1.0/PKG-INFO", OWN)])))

    assert "pax header" in refusal(str(path))
