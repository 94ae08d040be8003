"""Hold what the command prints as JSON against the schemas in the documentation."""

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema

_FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schemas"


@functools.cache
def read_schema(command: str) -> Any:
    """Return the schema of a command's document."""
    return json.loads((_FOLDER / f"{command}.json").read_text(encoding="utf-8"))


@functools.cache
def make_validator(command: str) -> jsonschema.Draft202012Validator:
    """Return what validates documents of a command, with no key that is not named.

    The schema itself allows others: a later version may have more.
    """
    schema = _without_other_keys(read_schema(command))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _without_other_keys(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_other_keys(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _without_other_keys(value) for key, value in schema.items()}
    return {"additionalProperties": False, **closed} if "required" in schema else closed


def validate_document(args: Sequence[str], out: str) -> None:
    """Validate the one document of a run with `--format json`.

    Args:
        args: The arguments of the run, the command first.
        out: What is on standard output.
    """
    make_validator(args[0]).validate(json.loads(out))
