"""`--dry-run`: everything but the sending."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import PASSWORD, TOKEN, USER
from support.storing import StoringIndex


@pytest.fixture
def rehearse(send: Twine) -> Twine:
    """Return the command `upload --dry-run` to an index that stores."""
    return replace(send, given=(*send.given, "--dry-run"))


def test_dry_run_sends_nothing(
    rehearse: Twine, store: StoringIndex, workdir: Path, wheel: str, sdist: str
) -> None:
    """It shows each file in order, with its digest, and says that nothing was sent."""
    said = rehearse(sdist, wheel).success()
    assert said.startswith(f"Dry run: nothing is sent to {store.upload_url}\n")
    assert "Uploading" not in said
    assert "View at" not in said
    assert said.index(f"Would upload {wheel} (") < said.index(f"Would upload {sdist} (")
    assert f"  SHA-256: {dists.sha256(workdir / wheel)}\n" in said
    assert said.endswith("Nothing was sent. Of 2 files: 2 would be uploaded.\n")
    assert {request.method for request in store.requests} == {"GET"}


def test_dry_run_shows_the_form_and_no_secret(rehearse: Twine, wheel: str) -> None:
    """With `--verbose` each field of the form has a line."""
    said = rehearse("--verbose", wheel).success()
    assert "INFO       :action: file_upload\n" in said
    assert "INFO       filetype: bdist_wheel\n" in said
    assert PASSWORD not in said


def test_dry_run_tells_what_the_index_has(
    rehearse: Twine, store: StoringIndex, workdir: Path, wheel: str, sdist: str
) -> None:
    """What exists is told in any case, and counted as skipped with the option."""
    store.stored[wheel] = dists.sha256(workdir / wheel)
    said = rehearse(wheel, sdist).success()
    assert "The index has this very file already." in said
    assert "Of 2 files: 2 would be uploaded." in said
    said = rehearse("--skip-existing", wheel, sdist).success()
    assert f"Would skip {wheel} (" in said
    assert "Of 2 files: 1 would be uploaded, 1 would be skipped." in said


def test_dry_run_tells_where_credentials_come_from(rehearse: Twine, wheel: str) -> None:
    """Each with its source, and the user name; the password is not shown."""
    said = rehearse(wheel).success()

    assert f"The username `{USER}` comes from `TWINE_USERNAME`; nothing in " in said
    assert (
        "The password comes from `TWINE_PASSWORD`; nothing in `--password`.\n" in said
    )


def test_dry_run_fails_as_the_upload_would(
    rehearse: Twine, store: StoringIndex, wheel: str
) -> None:
    """`--skip-existing` never skips a file with other content."""
    store.stored[wheel] = "0" * 64
    result = rehearse("--skip-existing", wheel)
    said = result.failure("InvalidDistribution")
    assert "with other content" in said
    assert f"Would refuse {wheel} (" in result.out
    assert "Nothing was sent. Of 1 file: 1 would be refused." in result.out


def test_dry_run_prints_one_document(rehearse: Twine, wheel: str) -> None:
    """Programs read the status of each file."""
    document = json.loads(rehearse("--format", "json", wheel).out)
    (file,) = document["files"]
    assert (file["status"], file["tries"]) == ("would upload", 0)
    assert document["error"] is None


def test_dry_run_applies_the_rules_of_pypi(
    twine: Twine, pypi: FakePyPI, refused: str
) -> None:
    """What PyPI would refuse fails the dry run, too."""
    result = twine("upload", "--dry-run", "-p", TOKEN, refused, env=pypi.env)
    assert "local-version" in result.failure("InvalidDistribution")
    assert pypi.uploads == []


def test_dry_run_needs_the_credentials_of_the_upload(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """Without them the upload would fail, and so does this."""
    url = index.upload_url
    result = twine("upload", "--dry-run", "--repository-url", url, wheel)
    result.failure("NonInteractive")
    assert index.requests == []


def test_dry_run_shows_the_order_of_uploads_side_by_side(
    rehearse: Twine, workdir: Path, sdist: str
) -> None:
    """With `--jobs` one file of each release goes first."""
    first = dists.make_wheel(workdir, tag="py3-none-any").name
    second = dists.make_wheel(workdir, tag="py3-none-win32").name
    other = dists.make_wheel(workdir, "other").name
    said = rehearse("--jobs", "2", first, second, other, sdist).success()
    places = [said.index(f"Would upload {n} (") for n in (first, other, second, sdist)]
    assert places == sorted(places)
