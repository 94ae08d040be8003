"""Files that are not what their names say, and metadata that does not validate."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.index import ScriptedIndex

WHEEL = "pkg-1.0-py3-none-any.whl"
SDIST = "pkg-1.0.tar.gz"


def _empty(folder: Path) -> str:
    (folder / SDIST).write_bytes(b"")
    return SDIST


def _sdist_called_wheel(folder: Path) -> str:
    return dists.make_sdist(folder).rename(folder / WHEEL).name


def _folder(folder: Path) -> str:
    (folder / SDIST).mkdir()
    return SDIST


def _invalid_metadata(folder: Path) -> str:
    return dists.make_sdist(folder, metadata="Metadata-Version: 2.1\nName: pkg\n").name


@pytest.mark.parametrize(
    "break_file", [_empty, _sdist_called_wheel, _folder, _invalid_metadata]
)
def test_broken_file_is_refused(
    upload: Twine,
    twine: Twine,
    index: ScriptedIndex,
    workdir: Path,
    break_file: Callable[[Path], str],
) -> None:
    """`upload` names it in one error and sends nothing; `check` fails it."""
    good = dists.make_wheel(workdir, "good").name
    name = break_file(workdir)

    assert name in upload(good, name).failure("InvalidDistribution")
    checked = twine("check", name)

    assert index.requests == []
    assert checked.code == 1
    assert f"Checking {name}: FAILED\n" in checked.out
    assert "Traceback" not in checked.text


def test_all_broken_files_are_named(
    upload: Twine, index: ScriptedIndex, workdir: Path, broken_sdist: str
) -> None:
    """All faults of all files come in one message."""
    (workdir / WHEEL).write_bytes(b"no zip")
    said = upload(broken_sdist, WHEEL).failure("InvalidDistribution")
    assert broken_sdist in said
    assert WHEEL in said
    assert index.requests == []


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything"
)
def test_unreadable_file_is_named(
    upload: Twine, index: ScriptedIndex, workdir: Path, wheel: str
) -> None:
    """A file without permission to read it is an error."""
    (workdir / wheel).chmod(0)
    assert wheel in upload(wheel).failure()
    assert index.requests == []


@pytest.mark.parametrize(
    ("metadata", "word"),
    [
        (dists.metadata_text(extra="Wat-Field: x\n"), "wat-field"),
        ("Metadata-Version: 2.1\nName: pkg\nVersion: one\n\n", "version"),
        (dists.metadata_text(metadata_version="9.9"), "9.9"),
    ],
)
def test_invalid_metadata_is_not_sent(
    upload: Twine, index: ScriptedIndex, workdir: Path, metadata: str, word: str
) -> None:
    """Nothing is sent, and file and field are named."""
    good = dists.make_wheel(workdir, "good").name
    name = dists.make_sdist(workdir, metadata=metadata).name
    said = upload(good, name).failure("InvalidDistribution")
    assert name in said
    assert word in said.lower().replace("_", "-")
    assert index.requests == []


def test_no_validate_sends_metadata_of_the_future(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """With `--no-validate` known fields of newer metadata go out, with a warning."""
    metadata = dists.metadata_text(
        metadata_version="9.9", extra="Summary: sums\nHolodeck: yes\n"
    )
    result = upload("--no-validate", dists.make_wheel(workdir, metadata=metadata).name)
    assert len(result.warnings) == 1
    assert "9.9" in result.success()
    (request,) = index.uploads
    assert request.value("metadata_version") == "9.9"
    assert (request.value("name"), request.value("summary")) == ("pkg", "sums")
