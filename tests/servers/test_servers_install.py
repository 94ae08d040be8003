"""What is uploaded to a private index can be installed from it, byte for byte."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

from servers.conftest import Release, Upload, make_release
from servers.running import PrivateIndex
from support.command import Twine, clean_environment


def pip(index: PrivateIndex, folder: Path, *arguments: str) -> None:
    """Run pip without its configuration, cut off from every other index."""
    # `--isolated` ignores PIP_* variables and the user's configuration, but not the
    # machine's; the null device as configuration file shuts that out too.
    environment = clean_environment(folder, {"PIP_CONFIG_FILE": os.devnull})
    command, *rest = arguments
    finished = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"),
            *(command, "--no-deps", "--no-cache-dir", "--index-url", index.simple_url),
            *rest,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=environment,
        cwd=folder,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout


def test_release_is_checked_and_uploaded(
    twine: Twine, upload: Upload, private_index: PrivateIndex, release: Release
) -> None:
    """Pass `check --strict`, upload wheel and sdist at once, and find both there."""
    checked = twine("check", "--strict", release.wheel, release.sdist)
    assert checked.success().count(": PASSED\n") == 2

    shown = upload(private_index, release.wheel, release.sdist).success()
    assert f"Uploading distributions to {private_index.upload_url}\n" in shown
    assert private_index.stored(release.name) == {
        path.name: path.read_bytes() for path in (release.wheel, release.sdist)
    }


@pytest.mark.parametrize("kind", ["wheel", "sdist", "zip_sdist"])
def test_pip_installs_what_was_uploaded(
    upload: Upload,
    private_index: PrivateIndex,
    release: Release,
    tmp_path: Path,
    kind: str,
) -> None:
    """Let pip fetch the very same bytes and install the version that was uploaded."""
    sent: Path = getattr(release, kind)
    upload(private_index, sent).success()
    only = "--only-binary=:all:" if kind == "wheel" else "--no-binary=:all:"
    wanted = (only, f"{release.name}=={release.version}")
    target = tmp_path / "installed"

    pip(private_index, tmp_path, "download", "--dest", "downloads", *wanted)
    pip(private_index, tmp_path, "install", "--target", str(target), *wanted)

    (received,) = (tmp_path / "downloads").iterdir()
    assert (received.name, received.read_bytes()) == (sent.name, sent.read_bytes())
    (found,) = importlib.metadata.distributions(name=release.name, path=[str(target)])
    assert found.version == release.version


def test_pip_finds_a_name_that_is_not_normalized(
    upload: Upload, private_index: PrivateIndex, tmp_path: Path
) -> None:
    """Upload under a name with capitals, a dot and an underscore, and download it."""
    odd = make_release(tmp_path / "dist", "Odd.Parcel_One", "0.1.post1")
    upload(private_index, odd.wheel).success()

    pip(private_index, tmp_path, "download", "--dest", "downloads", "odd-parcel-one")

    (received,) = (tmp_path / "downloads").iterdir()
    assert received.read_bytes() == odd.wheel.read_bytes()
