"""Attestations are read as they are."""

from pathlib import Path

import pytest

from twine import exceptions
from twine.form.signing import read_attestations


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xff",
        b"nonsense",
        b"[" * 100_000,
        b"1" * 5000,
    ],
)
def test_what_is_not_json_is_named(tmp_path: Path, data: bytes) -> None:
    """A file that is no JSON, or no text, is one clear error."""
    path = tmp_path / "a.attestation"
    path.write_bytes(data)

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        read_attestations([str(path)])

    assert f"`{path}` is not JSON" in str(caught.value)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A file that is gone, and a folder, are told with the reason."""
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(exceptions.InvalidDistribution) as caught:
            read_attestations([str(path)])

        assert f"`{path}` cannot be read" in str(caught.value)
