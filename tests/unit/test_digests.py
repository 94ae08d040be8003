"""The digests of a file, at once and in the background."""

import concurrent.futures
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import dists
from twine import exceptions
from twine.form import file as files
from twine.form.file import DistributionFile, HashManager
from twine.package import PackageFile

DATA = bytes(range(256)) * 10_000
SHA2 = hashlib.sha256(DATA).hexdigest()
BLAKE2 = hashlib.blake2b(DATA, digest_size=32).hexdigest()


@pytest.fixture
def executor() -> Iterator[concurrent.futures.Executor]:
    """Return threads."""
    with concurrent.futures.ThreadPoolExecutor(2) as found:
        yield found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file of several blocks."""
    found = tmp_path / "file"
    found.write_bytes(DATA)
    return found


def digests(path: Path, executor: concurrent.futures.Executor) -> object:
    """Return the digests as they are computed in the background."""
    file = DistributionFile(str(path))
    file.hash_ahead(executor)
    return file.digests


def test_both_ways_give_the_same(
    path: Path, executor: concurrent.futures.Executor
) -> None:
    """The digests are those of the file, computed at once or in the background."""
    manager = HashManager(str(path))
    manager.hash()

    assert manager.hexdigest() == (SHA2, BLAKE2)
    assert digests(path, executor) == (SHA2, BLAKE2)


def test_fips_mode_does_without_blake2(
    path: Path, executor: concurrent.futures.Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where BLAKE2 is forbidden there is only SHA-256."""

    def forbidden(*args: object, **kwargs: object) -> None:
        raise ValueError("disabled for FIPS")

    monkeypatch.setattr(hashlib, "blake2b", forbidden)

    assert digests(path, executor) == (SHA2, None)


@pytest.mark.parametrize("is_large", [False, True])
def test_a_package_has_them_when_they_are_needed(
    tmp_path: Path, executor: concurrent.futures.Executor, is_large: bool
) -> None:
    """A large file is hashed ahead; the digests are known to be computed when asked."""
    path = dists.make_wheel(tmp_path, payload=bytes((2 << 20) if is_large else 0))
    package = PackageFile.from_filename(str(path), None)
    package.file.hash_ahead(executor)

    assert package.file.computed_digests is None
    assert package.sha2_digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert package.file.computed_digests == package.digests


def test_a_package_that_vanished_is_named(
    tmp_path: Path, executor: concurrent.futures.Executor
) -> None:
    """A file that goes away while it is hashed is an error that names it."""
    path = dists.make_wheel(tmp_path, payload=bytes(2 << 20))
    package = PackageFile.from_filename(str(path), None)
    path.unlink()
    package.file.hash_ahead(executor)

    with pytest.raises(exceptions.InvalidDistribution, match="cannot be read"):
        _ = package.digests


def test_stopping_is_an_interruption(
    path: Path, executor: concurrent.futures.Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for digests that nobody computes any more was interrupted."""
    monkeypatch.setattr(files, "_BLOCK_SIZE", 16)
    file = DistributionFile(str(path))
    file.hash_ahead(executor)
    file.stop_hashing()

    with pytest.raises(KeyboardInterrupt):
        _ = file.digests
