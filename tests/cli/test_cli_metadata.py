"""Metadata that does not validate is not sent, unless the user says so."""

from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.index import ScriptedIndex


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
