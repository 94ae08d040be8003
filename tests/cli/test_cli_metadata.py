"""Metadata that does not validate: `check` fails it, `upload` keeps it back."""

from pathlib import Path
from typing import Protocol

import pytest

from support import dists
from support.command import Twine
from support.index import ScriptedIndex

FAULTS: dict[str, tuple[str, str]] = {
    # what is wrong: (extra headers, a word that must be told)
    "unknown field": ("Wat-Field: x\n", "wat-field"),
    "second summary": ("Summary: one\nSummary: two\n", "summary"),
    "requires-dist": ("Requires-Dist: foo bar >>\n", "requires-dist"),
    "requires-python": ("Requires-Python: three\n", "requires-python"),
    "provides-extra": ("Provides-Extra: a b\n", "provides-extra"),
    "dynamic": ("Dynamic: Name\n", "dynamic"),
    "dynamic, unknown": ("Dynamic: Wat\n", "dynamic"),
    "project-url twice": ("Project-URL: A, x\nProject-URL: A, y\n", "project-url"),
}
WHOLE = {
    "no version": ("Metadata-Version: 2.1\nName: pkg\n\n", "version"),
    "no name": ("Metadata-Version: 2.1\nVersion: 1.0\n\n", "name"),
    "bad name": ("Metadata-Version: 2.1\nName: -bad-\nVersion: 1.0\n\n", "name"),
    "bad version": ("Metadata-Version: 2.1\nName: pkg\nVersion: one\n\n", "version"),
    "content type": (dists.metadata_text(content_type="text/wat"), "content-type"),
    "variant": (
        dists.metadata_text(content_type="text/markdown; variant=Wat"),
        "content-type",
    ),
    "charset": (
        dists.metadata_text(content_type="text/x-rst; charset=latin-1"),
        "content-type",
    ),
    "license expression": (
        dists.metadata_text(
            metadata_version="2.4", extra="License-Expression: Wat OR\n"
        ),
        "license-expression",
    ),
    "field newer than version": (
        dists.metadata_text(metadata_version="1.1", content_type="text/plain"),
        "content-type",
    ),
    "summary of two lines": (
        dists.metadata_text(extra="Summary: one\n    two\n"),
        "summary",
    ),
    "metadata version": (dists.metadata_text(metadata_version="2.0"), "2.0"),
    "future metadata version": (dists.metadata_text(metadata_version="9.9"), "9.9"),
}
CASES = {
    **{
        key: (dists.metadata_text(extra=it), word) for key, (it, word) in FAULTS.items()
    },
    **WHOLE,
}


class MakeWithMetadata(Protocol):
    """Say what the functions that make distributions have in common."""

    def __call__(self, folder: Path, *, metadata: str) -> Path:
        """Make a distribution with the given metadata."""


@pytest.mark.parametrize(("metadata", "word"), CASES.values(), ids=CASES)
def test_check_fails_it_and_names_the_field(
    twine: Twine, workdir: Path, metadata: str, word: str
) -> None:
    """The verdict is FAILED and the finding names the field."""
    name = dists.make_wheel(workdir, metadata=metadata).name
    result = twine("check", name)
    assert result.code == 1
    assert f"Checking {name}: FAILED\n" in result.out
    assert word in result.out.lower().replace("_", "-")
    assert "Traceback" not in result.text


@pytest.mark.parametrize(
    ("metadata", "word"),
    [CASES[key] for key in ("unknown field", "bad version", "future metadata version")],
    ids=["unknown field", "bad version", "future metadata version"],
)
def test_upload_keeps_it_back(
    upload: Twine, index: ScriptedIndex, workdir: Path, metadata: str, word: str
) -> None:
    """Nothing is sent, and file and field are named."""
    good = dists.make_wheel(workdir, "good").name
    name = dists.make_sdist(workdir, metadata=metadata).name
    said = upload(good, name).failure("InvalidDistribution")
    assert name in said
    assert word in said.lower().replace("_", "-")
    assert index.requests == []


def test_every_fault_of_a_file_is_told(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """One error lists all faults, so that they are mended in one go."""
    metadata = dists.metadata_text(
        version="one", extra="Requires-Python: three\nWat-Field: x\n"
    )
    name = dists.make_wheel(workdir, metadata=metadata).name
    said = upload(name).failure("InvalidDistribution").lower()
    for word in ("version", "requires-python", "wat-field"):
        assert word in said.replace("_", "-")


def test_the_wrong_encoding_is_a_fault(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """Metadata is UTF-8; other bytes are an error and nothing is sent."""
    metadata = dists.metadata_text(extra="Summary: größer\n").encode("latin-1")
    name = dists.make_wheel(workdir, metadata=metadata).name
    assert name in upload(name).failure("InvalidDistribution")
    assert index.requests == []


@pytest.mark.parametrize("make", [dists.make_wheel, dists.make_sdist])
@pytest.mark.parametrize(
    "metadata",
    ["", "\n\n\n", "Name: pkg\nVersion: 1.0\n", "no header at all"],
    ids=["empty", "blank", "no Metadata-Version", "words"],
)
def test_what_is_no_metadata_is_refused(
    twine: Twine, workdir: Path, make: MakeWithMetadata, metadata: str
) -> None:
    """A metadata file without `Metadata-Version` is none."""
    name = make(workdir, metadata=metadata).name
    result = twine("check", name)
    assert result.code == 1
    assert "metadata" in result.out.lower()
    assert "Traceback" not in result.text


def test_a_future_version_may_be_sent_anyway(
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


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4"])
def test_every_older_version_is_taken(
    upload: Twine, index: ScriptedIndex, workdir: Path, version: str
) -> None:
    """Metadata of any published version is sent with that version."""
    kind = "text/plain" if version >= "2.1" else None
    metadata = dists.metadata_text(metadata_version=version, content_type=kind)
    upload(dists.make_wheel(workdir, metadata=metadata).name).success()
    assert index.uploads[0].value("metadata_version") == version
