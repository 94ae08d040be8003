"""The JSON Schemas in the documentation, against which all documents are held."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from support.schemas import make_validator, read_schema
from twine.check.inspect import Verdict

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.rst"
FILE = {
    "file": "a",
    "status": "uploaded",
    "sha256": "0" * 64,
    "size": 1,
    "seconds": 0.5,
    "tries": 1,
    "url": None,
    "error": None,
    "in_doubt": False,
    "note": None,
}


@pytest.mark.parametrize(
    ("change", "is_valid"),
    [
        ({}, True),
        ({"error": {"type": "HTTPError", "status": 400, "message": "Bad"}}, True),
        ({"error": {"type": "HTTPError"}}, False),
        ({"status": "lost"}, False),
        ({"sha256": "0"}, False),
        ({"tries": "1"}, False),
        ({"one_more": 1}, False),
    ],
)
def test_document_is_held_against_its_schema(
    change: dict[str, Any], is_valid: bool
) -> None:
    """Missing keys, other keys and values of another kind are found in the tests."""
    document = {"index": None, "files": [FILE | change], "error": None}

    assert make_validator("upload").is_valid(document) == is_valid


def test_later_versions_may_have_more_keys() -> None:
    """A program that validates with the schema of today goes on to work."""
    document = {"index": None, "files": [FILE | {"one_more": 1}], "error": None}

    jsonschema.validate(document, read_schema("upload"))


@pytest.mark.parametrize("command", ["upload", "check"])
def test_keys_are_explained(command: str) -> None:
    """Each key that a schema names is on the page of JSON output."""
    text = PAGE.read_text(encoding="utf-8")
    schema = read_schema(command)

    for part in (schema, *schema["$defs"].values()):
        assert all(f"``{key}``" in text for key in part.get("properties", {}))


def test_verdicts_are_those_of_check() -> None:
    """The schema of `check` has the words that `check` uses."""
    verdicts = read_schema("check")["$defs"]["file"]["properties"]["verdict"]["enum"]

    assert set(verdicts) == {verdict.value for verdict in Verdict}
