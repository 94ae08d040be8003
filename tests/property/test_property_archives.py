"""Whatever bytes a file is made of: metadata, or InvalidDistribution."""

import gzip
import io
import sys
import tarfile
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.dists import metadata_text
from twine import exceptions, zipexcerpt
from twine.package import PackageFile
from twine.sdist import SDist
from twine.wheel import Wheel

NAMES = ("pkg-1.0-py3-none-any.whl", "pkg-1.0.tar.gz", "pkg-1.0.zip")
OWN = metadata_text().encode()


def zip_of(name: str, method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip archive with metadata."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr(f"{name}.other", b"x")
        archive.writestr(name, OWN)
    return stream.getvalue()


def tar_of(tar_format: int) -> bytes:
    """Return a tar archive with metadata, not packed yet."""
    stream = io.BytesIO()
    with tarfile.open(
        fileobj=stream, mode="w", format=tar_format, pax_headers={"x": "y" * 40}
    ) as archive:
        for name, data in (
            ("pkg-1.0/" + "long/" * 30 + "x", b"x" * 600),
            ("pkg-1.0/PKG-INFO", OWN),
            ("pkg-1.0/last", b"x"),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
    zipfile.ZIP_BZIP2,
    zipfile.ZIP_LZMA,
)
WHEELS = [zip_of("pkg-1.0.dist-info/METADATA", method) for method in METHODS]
ZIPS = [zip_of("pkg-1.0/PKG-INFO", method) for method in METHODS]
TARS = [tar_of(kind) for kind in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)]
IN_WHEELS = [
    "pkg-1.0.dist-info/METADATA",
    "PKG-1.0.dist-info/METADATA",
    "pkg-2.dist-info/METADATA",
    "other-1.0.dist-info/METADATA",
    "pkg/METADATA",
    "pkg/é.py",
]
IN_SDISTS = [
    "pkg-1.0/PKG-INFO",
    "pkg-1.0/pkg/PKG-INFO",
    "pkg-1.0/PKG-INFO/PKG-INFO",
    "./pkg-1.0/x",
    "pkg-1.0//PKG-INFO",
    "pkg-1.0",
    "PKG-INFO",
    "pkg-é/PKG-INFO",
]
PACKED = [gzip.compress(tar, mtime=0) for tar in TARS]


@st.composite
def damaged(draw: st.DrawFn, sound: list[bytes]) -> bytes:
    """Return one of several sound files with some bytes changed, cut or added."""
    data = bytearray(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        how = draw(st.sampled_from(["set", "set", "cut", "drop", "insert", "repeat"]))
        if how == "set":
            data[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
        elif how == "cut":
            del data[at:]
        elif how == "drop":
            del data[at : at + draw(st.integers(1, 600))]
        elif how == "insert":
            data[at:at] = draw(st.binary(min_size=1, max_size=30))
        else:
            data += data[at : at + 600]
    return bytes(data)


def check(folder: Path, name: str, data: bytes) -> None:
    """Read a file; hold that nothing but the promised error comes of it."""
    path = folder / name
    path.write_bytes(data)
    try:
        found = PackageFile.from_filename(str(path), None)
    except exceptions.InvalidDistribution as error:
        refusal = str(error)
    else:
        refusal = ""
        assert found.metadata["name"]
        assert found.version
        assert found.metadata_dictionary()["sha256_digest"]
    assert not refusal or name in refusal


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=200))
@example(data=b"\x1f\x8b\x08")
@example(data=b"PK\x05\x06" + b"\x00" * 18)
def test_any_bytes(tmp_path: Path, name: str, data: bytes) -> None:
    """Any bytes under the name of a distribution are read or refused."""
    check(tmp_path, name, data)


@given(damaged(WHEELS))
def test_damaged_wheels(tmp_path: Path, data: bytes) -> None:
    """A wheel with some damage is read or refused."""
    check(tmp_path, NAMES[0], data)


@given(damaged(PACKED))
def test_damaged_sdists(tmp_path: Path, data: bytes) -> None:
    """An sdist that was damaged after it was packed is read or refused."""
    check(tmp_path, NAMES[1], data)


@given(damaged(TARS))
def test_sdists_damaged_before_they_were_packed(tmp_path: Path, data: bytes) -> None:
    """A tar archive with some damage, in sound gzip, is read or refused."""
    check(tmp_path, NAMES[1], gzip.compress(data, 1))


@given(damaged(ZIPS))
def test_damaged_zip_sdists(tmp_path: Path, data: bytes) -> None:
    """A zipped sdist with some damage is read or refused."""
    check(tmp_path, NAMES[2], data)


@pytest.mark.parametrize(
    ("name", "sound"), [*zip(NAMES, ("WHEELS", "PACKED", "ZIPS"), strict=True)]
)
def test_the_sound_ones_are_sound(tmp_path: Path, name: str, sound: str) -> None:
    """The files that the tests above damage can be read before."""
    path = tmp_path / name

    for data in globals()[sound]:
        path.write_bytes(data)
        assert PackageFile.from_filename(str(path), None).version == "1.0"


@st.composite
def members(draw: st.DrawFn, files: list[str]) -> bytes:
    """Return a zip archive with some of these files, in any order."""
    stream = io.BytesIO(draw(st.sampled_from([b"", b"#!/bin/sh\n"])))
    stream.seek(0, io.SEEK_END)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name in draw(st.lists(st.sampled_from(files), max_size=5)):
            data = draw(st.sampled_from([OWN, OWN + b"more", b"none"]))
            archive.writestr(name, data, draw(st.sampled_from(METHODS)))
        archive.comment = draw(st.binary(max_size=3))
    return stream.getvalue()


def outcome(path: Path, most: int) -> tuple[bytes, str]:
    """Return the metadata of a file, and why it has none.

    Args:
        path: where it is
        most: how large a central directory is left to `zipfile`
    """
    reader = Wheel if path.suffix == ".whl" else SDist
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipexcerpt, "LARGEST_DIRECTORY", most)
        try:
            return reader(str(path)).read(), ""
        except exceptions.InvalidDistribution as error:
            return b"", str(error)


def compare(path: Path, data: bytes) -> None:
    """Hold that an excerpt of an archive says the same as the whole archive."""
    path.write_bytes(data)
    whole, reason = outcome(path, sys.maxsize)

    # Newer Pythons refuse a member that reaches into another: an excerpt has none.
    if "Overlapped" not in reason:
        assert outcome(path, 56)[0] == whole


@given(st.one_of(damaged(WHEELS), members(IN_WHEELS)))
def test_excerpts_of_wheels(tmp_path: Path, data: bytes) -> None:
    """A wheel of many members is read as one of few."""
    compare(tmp_path / NAMES[0], data)


@given(st.one_of(damaged(ZIPS), members(IN_SDISTS)))
def test_excerpts_of_zip_sdists(tmp_path: Path, data: bytes) -> None:
    """A zipped sdist of many members is read as one of few."""
    compare(tmp_path / NAMES[2], data)
