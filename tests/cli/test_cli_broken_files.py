"""Files that are not what their names say."""

import gzip
import io
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.index import ScriptedIndex

Breaker = Callable[[Path], str]


def tar_of(folder: Path, members: dict[str, bytes]) -> str:
    """Write `pkg-1.0.tar.gz` with the given members and return its name."""
    path = folder / "pkg-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for member, data in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path.name


def zip_of(folder: Path, name: str, members: dict[str, bytes]) -> str:
    """Write a zip archive with the given members and return its name."""
    with zipfile.ZipFile(folder / name, "w") as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return name


def bytes_of(folder: Path, name: str, content: bytes) -> str:
    """Write `content` and return the name."""
    (folder / name).write_bytes(content)
    return name


def folder_of(folder: Path, name: str) -> str:
    """Make a folder with such a name."""
    (folder / name).mkdir()
    return name


def cut(path: Path) -> str:
    """Keep the first half of a file."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path.name


def rename(path: Path, name: str) -> str:
    """Give a file another name."""
    path.rename(path.with_name(name))
    return name


def scratch(path: Path) -> str:
    """Change bytes of the metadata within a wheel, so that its checksum is wrong."""
    content = path.read_bytes()
    assert b"Metadata-Version" in content
    path.write_bytes(content.replace(b"Metadata-Version", b"Metadata-Vorsion"))
    return path.name


def link(folder: Path) -> str:
    """Make an sdist whose PKG-INFO is a symbolic link out of the archive."""
    path = folder / "pkg-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("pkg-1.0/PKG-INFO")
        info.type = tarfile.SYMTYPE
        info.linkname = "/etc/hostname"
        archive.addfile(info)
    return path.name


METADATA = dists.metadata_text().encode()
WHEEL = "pkg-1.0-py3-none-any.whl"
ZIPPED = "pkg-1.0.zip"
BREAKERS: dict[str, Breaker] = {
    "empty wheel": lambda d: bytes_of(d, WHEEL, b""),
    "empty tar.gz": lambda d: bytes_of(d, "pkg-1.0.tar.gz", b""),
    "empty zip": lambda d: bytes_of(d, ZIPPED, b""),
    "words in a wheel": lambda d: bytes_of(d, WHEEL, b"hello" * 99),
    "words in a tar.gz": lambda d: bytes_of(d, "pkg-1.0.tar.gz", b"hello" * 99),
    "words in a gzip": lambda d: bytes_of(
        d, "pkg-1.0.tar.gz", gzip.compress(b"hello" * 99)
    ),
    "nothing in a gzip": lambda d: bytes_of(d, "pkg-1.0.tar.gz", gzip.compress(b"")),
    "half a wheel": lambda d: cut(dists.make_wheel(d)),
    "half a tar.gz": lambda d: cut(dists.make_sdist(d)),
    "half a zip": lambda d: cut(dists.make_zip_sdist(d)),
    "checksum": lambda d: scratch(dists.make_wheel(d)),
    "tar.gz called wheel": lambda d: rename(dists.make_sdist(d), WHEEL),
    "zip called tar.gz": lambda d: rename(dists.make_zip_sdist(d), "pkg-1.0.tar.gz"),
    "wheel called sdist": lambda d: rename(dists.make_wheel(d), ZIPPED),
    "folder called wheel": lambda d: folder_of(d, "x.whl"),
    "folder called sdist": lambda d: folder_of(d, "x-1.0.tar.gz"),
    "no members": lambda d: zip_of(d, WHEEL, {}),
    "wheel without metadata": lambda d: zip_of(d, WHEEL, {"pkg/a.py": b""}),
    "wheel with a foreign metadata": lambda d: zip_of(
        d, WHEEL, {"other-1.0.dist-info/METADATA": METADATA}
    ),
    "sdist without metadata": lambda d: tar_of(d, {"pkg-1.0/a.py": b""}),
    "two top folders": lambda d: tar_of(
        d, {"pkg-1.0/PKG-INFO": METADATA, "other/PKG-INFO": METADATA}
    ),
    "no top folder": lambda d: tar_of(d, {"PKG-INFO": METADATA}),
    "deep metadata": lambda d: tar_of(d, {"pkg-1.0/a/PKG-INFO": METADATA}),
    "a link": link,
    "zip with two top folders": lambda d: zip_of(
        d, ZIPPED, {"pkg-1.0/PKG-INFO": METADATA, "other/x": b""}
    ),
    "a wheel's name that is none": lambda d: rename(dists.make_wheel(d), "pkg.whl"),
}


@pytest.mark.parametrize("breaker", BREAKERS.values(), ids=BREAKERS)
def test_a_broken_file_is_one_error_and_nothing_is_sent(
    upload: Twine, index: ScriptedIndex, workdir: Path, breaker: Breaker
) -> None:
    """The error names the file; no byte leaves."""
    good = dists.make_wheel(workdir, "good").name
    name = breaker(workdir)
    assert name in upload(good, name).failure("InvalidDistribution")
    assert index.requests == []


@pytest.mark.parametrize(
    "key",
    ["empty wheel", "half a tar.gz", "checksum", "folder called wheel", "a link"],
)
def test_check_fails_a_broken_file(twine: Twine, workdir: Path, key: str) -> None:
    """`check` gives a verdict on what cannot even be opened."""
    name = BREAKERS[key](workdir)
    result = twine("check", name)
    assert result.code == 1
    assert f"Checking {name}: FAILED\n" in result.out
    assert "Traceback" not in result.text


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything"
)
def test_a_file_that_may_not_be_read_is_named(
    upload: Twine, index: ScriptedIndex, workdir: Path, wheel: str
) -> None:
    """A file without permission to read it is an error."""
    (workdir / wheel).chmod(0)
    assert wheel in upload(wheel).failure()
    assert index.requests == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_a_link_to_nowhere_is_named(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """A symbolic link whose goal is gone is an error."""
    (workdir / WHEEL).symlink_to(workdir / "gone.whl")
    assert WHEEL in upload(WHEEL).failure("InvalidDistribution")
    assert index.requests == []
