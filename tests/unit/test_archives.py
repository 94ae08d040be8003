"""Archives that are too large to be looked into, and the folder at an sdist's top."""

import builtins
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.oddzips import gzipped, tar_bytes, tar_member
from twine import archives
from twine.archives import contents, tar, tar_guard
from twine.archives import zip as zips
from twine.check.inspect import inspect, inspect_basics
from twine.check.subject import read_metadata, read_subject
from twine.package import PackageFile
from twine.rules.model import Severity

OWN = dists.metadata_text().encode()


def large_wheel(folder: Path) -> Path:
    """Make a wheel whose central directory has more than 10,000 bytes."""
    path = dists.make_wheel(folder)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(200):
            archive.writestr(f"pkg/{number}.txt", b"")
    return path


def large_zip_sdist(folder: Path) -> Path:
    """Make a zipped sdist whose central directory has more than 10,000 bytes."""
    more = {f"{number}.txt": b"" for number in range(200)}
    return dists.make_zip_sdist(folder, members=more)


LIMITS = [
    (zips, "_LARGEST_DIRECTORY", 10_000, large_wheel),
    (zips, "_LARGEST_DIRECTORY", 10_000, large_zip_sdist),
    (tar_guard, "LARGEST_HEADER", 511, dists.make_sdist),
    (tar, "_MOST_MEMBERS", 0, dists.make_sdist),
    (tar, "_LONGEST_NAMES", 5, dists.make_sdist),
]


@pytest.mark.parametrize(("module", "limit", "value", "make"), LIMITS)
def test_a_check_does_not_look_into_what_is_too_large(
    module: object,
    limit: str,
    value: int,
    make: Callable[[Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It warns, with or without the rules of PyPI; an upload takes the file."""
    monkeypatch.setattr(module, limit, value)
    if limit == "LARGEST_HEADER":
        monkeypatch.setattr(tar, limit, value)
    path = str(make(tmp_path))

    filetype = "bdist_wheel" if path.endswith(".whl") else "sdist"
    archive = archives.read_archive(path, filetype).archive
    assert [fault.rule for fault in archive.faults] == ["not-checked"]
    assert "was not checked" in archive.faults[0].detail
    assert archive.names == ()
    assert archives.read_metadata(path, filetype) == OWN
    assert PackageFile.from_filename(path, None).version == "1.0"


def test_a_large_directory_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That metadata were not looked at fails no file, unless warnings do."""
    monkeypatch.setattr(zips, "_LARGEST_DIRECTORY", 10_000)
    path = str(large_wheel(tmp_path))

    (finding,) = inspect_basics(read_metadata(path), strict=False).findings
    (report,) = inspect([read_subject(path)]).files

    assert finding.severity is Severity.WARNING
    assert path in finding.message
    assert "was not checked" in finding.message
    named = {finding.rule for finding in report.findings}
    assert "not-checked" in named
    assert "invalid-distribution" not in named


def test_metadata_in_front_of_what_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read of a large sdist is checked, although the rest is not."""
    monkeypatch.setattr(tar_guard, "_LARGEST_UNPACKED", 4096)
    own = [tar_member("pkg-1.0/PKG-INFO", OWN), tar_member("pkg-1.0/x", bytes(9000))]
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(gzipped(tar_bytes(own)))

    (report,) = inspect([read_subject(str(path))]).files

    basics = inspect_basics(read_metadata(str(path)), strict=False)
    assert basics.findings == ()
    assert [finding.rule for finding in report.findings] == ["not-checked"]
    assert not report.verdict.failed


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_pypi_refuses_is_not_unpacked_in_a_check(
    tmp_path: Path, method: int
) -> None:
    """A few bytes of it may stand for gigabytes; an upload elsewhere may have it."""
    path = tmp_path / "pkg-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("pkg-1.0.dist-info/METADATA", OWN)

    (report,) = inspect([read_subject(str(path))]).files
    assert report.verdict.failed
    assert "zip-compression" in {finding.rule for finding in report.findings}
    (finding,) = inspect_basics(read_metadata(str(path)), strict=False).findings
    assert finding.severity is Severity.WARNING
    assert f"method {method}" in finding.message
    assert archives.read_metadata(str(path), "bdist_wheel") == OWN


def test_an_sdist_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Metadata, names and texts come from one pass over the archive."""
    path = str(dists.make_sdist(tmp_path))
    opened = []
    real = builtins.open

    def count(file: object, *args: object, **kwargs: object) -> object:
        opened.append(file)
        return real(file, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", count)
    inspect([read_subject(path)])

    assert opened.count(path) == 1


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (["a/x", "a/y"], "a"),
        (["./a/x", "a//y"], "a"),
        (["/a/x", "/a/y"], "/a"),
        (["a/x"], "a/x"),
        (["a/x", "a"], "a"),
        (["a/b/x", "a/b/y", "a/c"], "a"),
        (["a/x", "b/y", "a/z"], ""),
        (["a/x", "/a/y"], ""),
        (["/a/x", "/b/y"], ""),
        (["."], ""),
        ([], ""),
    ],
)
def test_the_folder_at_the_top(names: list[str], path: str) -> None:
    """It is what all members have in common, in the sense of `os.path.commonpath`."""
    assert contents.find_top(names) == path
