"""Attestations are read as they are."""

import json
from pathlib import Path

import pytest

from twine import exceptions
from twine.form.attestations import read_attestations


def test_what_the_files_hold_comes_back_in_order(tmp_path: Path) -> None:
    """Each file's JSON is one item, in the order of the paths."""
    paths = []
    for number, text in enumerate(('{"version": 1}', "[]", '"ü"')):
        path = tmp_path / f"{number}.attestation"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))

    assert read_attestations(paths) == [{"version": 1}, [], "ü"]
    assert read_attestations([]) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xff",
        b"nonsense",
        b"[" * 100_000,
        b"1" * 5000,
        b"NaN",
        b"[1, -Infinity]",
        b"[" * 102 + b"]" * 102,
        b'{"a": ' * 101 + b"0" + b"}" * 101,
    ],
)
def test_what_is_not_json_is_named(tmp_path: Path, data: bytes) -> None:
    """A file that is no JSON, or no text, is one clear error."""
    path = tmp_path / "a.attestation"
    path.write_bytes(data)

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        read_attestations([str(path)])

    assert f"`{path}` is not JSON" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["[" * 100 + "]" * 100, '{"a": ' * 99 + "0" + "}" * 99]
)
def test_what_goes_deep_can_be_written_again(tmp_path: Path, text: str) -> None:
    """The limit is far from what the interpreter could not write."""
    path = tmp_path / "a.attestation"
    path.write_text(text)

    (found,) = read_attestations([str(path)])

    assert json.loads(json.dumps(found)) == found


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A file that is gone, and a folder, are told with the reason."""
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(exceptions.InvalidDistribution) as caught:
            read_attestations([str(path)])

        assert f"`{path}` cannot be read" in str(caught.value)
