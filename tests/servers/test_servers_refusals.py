"""What real servers refuse, and what they accept again."""

from pathlib import Path

import pytest
import requests

from servers.conftest import Release, Upload
from servers.running import ANSWERED_WITHIN, Devpi, PrivateIndex
from support.secrets import SECRET


def content(path: Path) -> dict[str, bytes]:
    """Return what an index has stored when it has just this file."""
    return {path.name: path.read_bytes()}


@pytest.mark.parametrize("command", ["upload", "register"])
def test_wrong_password_stores_nothing(
    upload: Upload, private_index: PrivateIndex, release: Release, command: str
) -> None:
    """The refusal is one error with its status, and the index is as it was."""
    wrong = f"guess-{SECRET}"
    refused = upload(private_index, release.wheel, command=command, password=wrong)

    status = {"pypiserver": "403", "devpi": "401"}[private_index.kind]
    assert refused.failure("HTTPError").startswith(f"ERROR    HTTPError: {status} ")
    assert private_index.stored(release.name) == {}


def test_first_refusal_ends_the_run(
    upload: Upload, private_index: PrivateIndex, release: Release, changed: Path
) -> None:
    """Send nothing more once the index has refused the first of two files."""
    upload(private_index, release.wheel).success()

    refused = upload(private_index, changed, release.sdist)

    refused.failure("HTTPError")
    assert f"Uploading {release.sdist.name}" not in refused.out
    assert private_index.stored(release.name) == content(release.wheel)


def test_existing_file_on_pypiserver(
    upload: Upload, pypiserver: PrivateIndex, release: Release
) -> None:
    """Show pypiserver's own words when a file is there already.

    It answers 409, but 400 to a client whose `User-Agent` has `twine` in it. The reason
    is in the HTML body only.
    """
    upload(pypiserver, release.wheel).success()

    said = upload(pypiserver, release.wheel).failure("HTTPError")

    assert said.startswith("ERROR    HTTPError: 400 ")
    assert f"Package '{release.wheel.name}' already exists!" in said
    assert "<" not in said, "the page is reduced to its sentence"


def test_changed_file_on_a_non_volatile_devpi_index(
    upload: Upload, devpi: Devpi, release: Release, changed: Path
) -> None:
    """Show devpi's 409 and its words when a file of that name has other content."""
    upload(devpi.fixed, release.wheel).success()

    said = upload(devpi.fixed, changed).failure("HTTPError")

    assert said.startswith("ERROR    HTTPError: 409 ")
    assert f"{changed.name} already exists in non-volatile index" in said
    assert devpi.fixed.stored(release.name) == content(release.wheel)


def test_unchanged_file_on_a_non_volatile_devpi_index(
    upload: Upload, devpi: Devpi, release: Release
) -> None:
    """Succeed with the same bytes again: devpi answers 200 and keeps what it has."""
    for _ in range(2):
        upload(devpi.fixed, release.wheel).success()
    assert devpi.fixed.stored(release.name) == content(release.wheel)


def test_changed_file_on_a_volatile_devpi_index(
    upload: Upload, devpi: Devpi, release: Release, changed: Path
) -> None:
    """Replace the file where the index allows it: the last upload wins."""
    for wheel in (release.wheel, changed):
        upload(devpi.loose, wheel).success()
    assert devpi.loose.stored(release.name) == content(changed)


def test_register_on_devpi_creates_the_project(
    upload: Upload, devpi: Devpi, release: Release
) -> None:
    """Make the project known on devpi without sending a file."""
    page_url = f"{devpi.fixed.simple_url}{release.name}/"
    assert requests.get(page_url, timeout=ANSWERED_WITHIN).status_code == 404

    upload(devpi.fixed, release.wheel, command="register").success()

    assert requests.get(page_url, timeout=ANSWERED_WITHIN).status_code == 200
    assert devpi.fixed.stored(release.name) == {}


def test_register_on_pypiserver_changes_nothing(
    upload: Upload, pypiserver: PrivateIndex, release: Release
) -> None:
    """Succeed on pypiserver, which accepts the form and has no use for it."""
    upload(pypiserver, release.wheel, command="register").success()
    assert pypiserver.stored(release.name) == {}
