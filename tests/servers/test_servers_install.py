"""What is uploaded to a private index can be installed from it, byte for byte."""

from collections.abc import Callable
from pathlib import Path

import pytest

from servers.pip_client import Pip, installed_version, sha256
from servers.releases import Release, make_release
from servers.running import PrivateIndex
from support.command import Result, Twine

PipFor = Callable[[PrivateIndex], Pip]


def test_checked_and_uploaded_release_is_on_the_index(
    twine: Twine, private_index: PrivateIndex, release: Release
) -> None:
    """Pass `check --strict`, upload wheel and sdist at once, and find both there."""
    checked = twine("check", "--strict", release.wheel, release.sdist)
    assert checked.success().count(": PASSED\n") == 2

    shown = upload(twine, private_index, release.wheel, release.sdist).success()
    assert f"Uploading distributions to {private_index.upload_url}\n" in shown
    assert private_index.stored(release.name) == {
        release.wheel.name: release.wheel.read_bytes(),
        release.sdist.name: release.sdist.read_bytes(),
    }


@pytest.mark.parametrize("kind", ["wheel", "sdist", "zip sdist"])
def test_pip_installs_what_was_uploaded(
    twine: Twine,
    private_index: PrivateIndex,
    release: Release,
    pip_for: PipFor,
    kind: str,
) -> None:
    """Let pip fetch the very same bytes and install the version that was uploaded."""
    sent = release.file(kind)
    upload(twine, private_index, sent).success()

    pip = pip_for(private_index)
    received = pip.download(kind, release.requirement)
    assert (received.name, sha256(received)) == (sent.name, sha256(sent))
    folder = pip.install(kind, release.requirement)
    assert installed_version(folder, release.name) == release.version


def test_pip_finds_a_name_that_is_not_normalized(
    twine: Twine, private_index: PrivateIndex, pip_for: PipFor, tmp_path: Path
) -> None:
    """Upload under a name with capitals, a dot and an underscore, and install it."""
    odd = make_release(tmp_path / "dist", "Odd.Parcel_One", "0.1.post1")
    upload(twine, private_index, odd.wheel, odd.sdist).success()

    pip = pip_for(private_index)
    for kind in ("wheel", "sdist"):
        received = pip.download(kind, "odd-parcel-one")
        assert received.read_bytes() == odd.file(kind).read_bytes()


def upload(twine: Twine, index: PrivateIndex, *files: Path) -> Result:
    """Run `twine upload` with the right credentials."""
    return twine(
        "upload",
        f"--repository-url={index.upload_url}",
        f"--username={index.username}",
        f"--password={index.password}",
        *files,
    )
