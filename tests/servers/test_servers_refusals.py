"""What a private index refuses is one error line, exit status 1, and nothing stored."""

from pathlib import Path

import pytest

from servers.releases import Release
from servers.running import Devpi, PrivateIndex
from support import dists
from support.command import Result, Twine
from support.secrets import SECRET


def upload(twine: Twine, index: PrivateIndex, *arguments: str) -> Result:
    """Run `twine upload` with the right credentials, unless the arguments differ."""
    return twine(
        "upload",
        f"--repository-url={index.upload_url}",
        f"--username={index.username}",
        f"--password={index.password}",
        *arguments,
    )


def another_build(release: Release, folder: Path) -> Path:
    """Build the same wheel with other content, under the same file name."""
    folder.mkdir()
    wheel = dists.make_wheel(folder, release.name, release.version, payload=b"other")
    assert wheel.name == release.wheel.name
    assert wheel.read_bytes() != release.wheel.read_bytes()
    return wheel


@pytest.mark.parametrize("command", ["upload", "register"])
def test_wrong_password_stores_nothing(
    twine: Twine, private_index: PrivateIndex, release: Release, command: str
) -> None:
    """Report the refusal of a wrong password once, and leave the index as it was."""
    refused = twine(
        command,
        f"--repository-url={private_index.upload_url}",
        f"--username={private_index.username}",
        f"--password=guess-{SECRET}",
        str(release.wheel),
    )

    status = {"pypiserver": "403", "devpi": "401"}[private_index.kind]
    said = refused.failure("HTTPError")
    assert said.startswith(f"ERROR    HTTPError: {status} "), said
    assert private_index.stored(release.name) == {}


def test_first_refusal_ends_the_run(
    twine: Twine, private_index: PrivateIndex, release: Release
) -> None:
    """Send nothing more once the index has refused the first of two files."""
    upload(twine, private_index, str(release.wheel)).success()
    again = another_build(release, release.wheel.parent / "again")

    refused = upload(twine, private_index, str(again), str(release.sdist))

    refused.failure("HTTPError")
    assert f"Uploading {release.sdist.name}" not in refused.out
    assert list(private_index.stored(release.name)) == [release.wheel.name]


def test_same_file_again_on_pypiserver(
    twine: Twine, pypiserver: PrivateIndex, release: Release
) -> None:
    """Show pypiserver's own words when a file is there already.

    It answers 409, but 400 to a client whose `User-Agent` has `twine` in it. The reason
    is in the HTML body only.
    """
    upload(twine, pypiserver, str(release.wheel)).success()

    refused = upload(twine, pypiserver, str(release.wheel))

    said = refused.failure("HTTPError")
    assert said.startswith("ERROR    HTTPError: 400 ")
    assert f"Package '{release.wheel.name}' already exists!" in said
    assert "<" not in said, "the page is boiled down to its sentence"
    assert pypiserver.stored(release.name) == {
        release.wheel.name: release.wheel.read_bytes()
    }


def test_changed_file_on_a_non_volatile_devpi_index(
    twine: Twine, devpi: Devpi, release: Release, tmp_path: Path
) -> None:
    """Show devpi's 409 and its words when a file of that name has other content."""
    upload(twine, devpi.fixed, str(release.wheel)).success()

    refused = upload(twine, devpi.fixed, str(another_build(release, tmp_path / "new")))

    said = refused.failure("HTTPError")
    assert said.startswith("ERROR    HTTPError: 409 ")
    assert f"{release.wheel.name} already exists in non-volatile index" in said
    assert devpi.fixed.stored(release.name) == {
        release.wheel.name: release.wheel.read_bytes()
    }


def test_unchanged_file_on_a_non_volatile_devpi_index(
    twine: Twine, devpi: Devpi, release: Release
) -> None:
    """Succeed with the same bytes again: devpi answers 200 and keeps what it has."""
    for _ in range(2):
        upload(twine, devpi.fixed, str(release.wheel)).success()
    assert devpi.fixed.stored(release.name) == {
        release.wheel.name: release.wheel.read_bytes()
    }


def test_changed_file_on_a_volatile_devpi_index(
    twine: Twine, devpi: Devpi, release: Release, tmp_path: Path
) -> None:
    """Replace the file where the index allows it: the last upload wins."""
    changed = another_build(release, tmp_path / "new")
    for wheel in (release.wheel, release.wheel, changed):
        upload(twine, devpi.loose, str(wheel)).success()
    assert devpi.loose.stored(release.name) == {changed.name: changed.read_bytes()}


def test_skip_existing_is_refused_before_anything_is_sent(
    twine: Twine, private_index: PrivateIndex, release: Release
) -> None:
    """Refuse `--skip-existing` on a private index: it works on PyPI only for now."""
    refused = upload(twine, private_index, "--skip-existing", str(release.wheel))

    assert "--skip-existing" in refused.failure("UnsupportedConfiguration")
    assert private_index.stored(release.name) == {}
