"""Metadata that does not validate: `check` fails it, `upload` keeps it back."""

from pathlib import Path

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
