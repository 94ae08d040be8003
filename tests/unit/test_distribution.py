"""What wheels and sdists have in common."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from twine import exceptions
from twine.distribution import LARGEST_METADATA, Distribution
from twine.sdist import SDist
from twine.wheel import Wheel


class Box(Distribution):
    """A distribution whose metadata is not in any file."""

    failure: Exception | None = None

    def read(self) -> bytes:
        """Fail while the archive is open."""
        with self.reading("a box"):
            if self.failure is not None:
                raise self.failure
        return b""

    @property
    def py_version(self) -> str:
        """Return any tag."""
        return "py3"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Return a distribution that is an empty file."""
    path = tmp_path / "some.box"
    path.touch()
    return Box(str(path))


@pytest.mark.parametrize("make", [Wheel, SDist])
@pytest.mark.parametrize("suffix", ["-py3-none-any.whl", ".tar.gz", ".zip"])
def test_a_file_must_be_there_and_be_a_file(
    tmp_path: Path, make: Callable[[str], Distribution], suffix: str
) -> None:
    """What is missing, and a folder named like a file, are refused by name."""
    path = tmp_path / f"pkg-1.0{suffix}"

    with pytest.raises(exceptions.InvalidDistribution) as missing:
        make(str(path))
    path.mkdir()
    with pytest.raises(exceptions.InvalidDistribution) as folder:
        make(str(path))

    assert path.name in str(missing.value)
    assert path.name in str(folder.value)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (OSError("Not a gzipped file (b'PK')"), "Not a gzipped file"),
        (RuntimeError("File is encrypted"), "File is encrypted"),
        (KeyError("anything"), "anything"),
        (AssertionError(), "AssertionError"),
    ],
)
def test_a_broken_archive_is_one_error_with_the_reason(
    box: Box, failure: Exception, words: str
) -> None:
    """Whatever reading an archive raises is InvalidDistribution, file and reason."""
    box.failure = failure

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        box.read()

    assert box.filename in str(caught.value)
    assert words in str(caught.value)


def test_our_own_error_passes_as_it_is(box: Box) -> None:
    """An error that names the file already is not wrapped again."""
    box.failure = exceptions.InvalidDistribution("It is ours.")

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        box.read()

    assert str(caught.value) == "It is ours."


def test_metadata_of_a_reasonable_size_is_returned(box: Box) -> None:
    """A metadata file is returned byte by byte."""
    data = dists.metadata_text().encode()

    assert box.read_metadata(io.BytesIO(data), "METADATA") == data


def test_endless_metadata_is_refused(box: Box) -> None:
    """A metadata file that would fill the memory is refused, whatever it claims."""

    class Endless(io.BytesIO):
        """A member that unpacks to more than anybody wants."""

        asked = 0

        def read(self, size: int | None = -1, /) -> bytes:
            """Return as many bytes as asked for."""
            assert size is not None
            assert 0 < size <= LARGEST_METADATA + 1
            return b"Metadata-Version: 2.1\n" + b"x" * (size - 22)

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        box.read_metadata(Endless(), "METADATA")

    assert "larger than" in str(caught.value)
    assert "`METADATA`" in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"Name: x\n"])
def test_something_else_is_no_metadata(box: Box, data: bytes) -> None:
    """A file without `Metadata-Version` is not core metadata."""
    with pytest.raises(exceptions.InvalidDistribution) as caught:
        box.read_metadata(io.BytesIO(data), "METADATA")

    assert "`Metadata-Version`" in str(caught.value)
