"""The form as PyPI reads it, and the words to show what is in it. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from ..form.core_metadata import FIELDS, LONGEST, Field

if TYPE_CHECKING:
    from packaging.metadata import RawMetadata

    from .model import Subject

CORE_METADATA = "https://packaging.python.org/specifications/core-metadata/"
# PyPI keeps a list of its own, whatever `packaging` knows.
METADATA_VERSIONS = ("1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5")
# The form's name of every field that may be sent repeatedly.
REPEATABLE = frozenset({
    "platform", "supported_platform", "classifiers", "requires", "provides",
    "obsoletes", "requires_dist", "provides_dist", "obsoletes_dist",
    "requires_external", "project_urls", "provides_extra", "dynamic", "license_file",
    "import_name", "import_namespace",
})  # fmt: skip
# A parameter that ends in `*` and has no value, at the very end.
_STARRED = re.compile(r";\s*[^\s;=*]+(\*[0-9]+)?\*$")
_SHOWN = 120

Form = tuple[tuple[str, str], ...]


class InvalidValue(NamedTuple):
    """One value that the specification of its field does not allow.

    Args:
        field: The field.
        value: The value; empty if it is missing.
        reason: Why.
    """

    field: Field
    value: str
    reason: str


def values(subject: Subject, field: str) -> list[str]:
    """Return the values of a field that PyPI would see.

    It drops a field whose last value is the word ``UNKNOWN``, and one whose only
    value is empty; it spells NUL bytes out.

    Args:
        subject: The distribution.
        field: The form's name of the field.
    """
    return _values(subject.form, field)


def _values(form: Form, field: str) -> list[str]:
    found = [value for name, value in form if name == field]
    if not found or found[-1].strip() == "UNKNOWN" or found == [""]:
        return []
    return [value.replace("\0", "\\x00") for value in found]


def value(subject: Subject, field: str) -> str:
    """Return the one value of a field that PyPI would see; empty if there is none."""
    return next(iter(values(subject, field)), "")


def project_urls(subject: Subject) -> list[tuple[str, str]]:
    """Return the labels and addresses among the project's URLs."""
    return [_url(text) for text in values(subject, "project_urls")]


def _url(text: str) -> tuple[str, str]:
    label, _, url = text.partition(",")
    return label.strip(), url.strip()


def show(text: str) -> str:
    """Return a value as a message shows it: between backticks, on one line, short."""
    line = " ".join(text.split())
    if len(line) > _SHOWN:
        line = f"{line[: _SHOWN - 1]}…"
    return f"`{line}`"


def show_some(names: Iterable[str], limit: int = 5) -> str:
    """Return a few of many names as a message shows them."""
    ordered = sorted(names)
    shown = ", ".join(show(name) for name in ordered[:limit])
    more = len(ordered) - limit
    return f"{shown} and {more} more" if more > 0 else shown


def content_type_crashes(text: str) -> bool:
    """Return whether the e-mail library that PyPI runs on fails on a content type."""
    return _STARRED.search(text) is not None


@functools.lru_cache(maxsize=16)
def invalid_values(form: Form) -> tuple[InvalidValue, ...]:
    """Return what ``packaging`` finds in the metadata, value by value.

    Name and metadata version have rules of their own, and so has the age of a field.

    Args:
        form: The form's text fields.
    """
    raw = {
        field.raw: _raw(field.form, found)
        for field in FIELDS
        if field.raw not in {"metadata_version", "name"}
        and (found := _values(form, field.form))
    }
    faults = [*_missing_version(raw), *_too_long(raw)]
    for fault in faults:
        raw.pop(fault.field.raw, None)
    content_type = raw.get("description_content_type")
    if isinstance(content_type, str) and content_type_crashes(content_type):
        del raw["description_content_type"]
    if _reason(raw):
        faults += _single_faults(raw)
    return (*faults, *_charset(raw.get("description_content_type")))


def _missing_version(raw: Mapping[str, object]) -> Iterator[InvalidValue]:
    if "version" not in raw:
        field = next(field for field in FIELDS if field.raw == "version")
        yield InvalidValue(field, "", "it is missing")


def _too_long(raw: Mapping[str, object]) -> Iterator[InvalidValue]:
    """Find the values that are too long to be looked at."""
    for field in FIELDS:
        found, most = raw.get(field.raw), LONGEST.get(field.raw)
        if isinstance(found, str) and most is not None and len(found) > most:
            yield InvalidValue(field, found, f"it has more than {most} characters")


def _raw(form_name: str, found: list[str]) -> object:
    """Return a field's values the way ``packaging`` takes them."""
    if form_name == "project_urls":
        return dict(_url(text) for text in found)
    if form_name == "keywords":
        return [word.strip() for word in found[0].split(",")]
    if form_name == "summary":
        # Only the newline counts for PyPI; newer versions of packaging are stricter.
        return re.sub(r"[\r\v\f\x1c-\x1e\x85\u2028\u2029]", " ", found[0])
    return found if form_name in REPEATABLE else found[0]


def _single_faults(raw: Mapping[str, object]) -> Iterator[InvalidValue]:
    """Look at every value alone: ``packaging`` names only the first of a field."""
    for field in FIELDS:
        whole = raw.get(field.raw)
        if isinstance(whole, list) and field.form in REPEATABLE:
            for item in whole:
                if reason := _reason({field.raw: [item]}):
                    yield InvalidValue(field, str(item), reason)
        elif whole is not None and (reason := _reason({field.raw: whole})):
            yield InvalidValue(field, str(whole), reason)


def _reason(raw: Mapping[str, object]) -> str:
    """Return what ``packaging`` says of some fields; empty if it is content."""
    from packaging.metadata import ExceptionGroup, Metadata

    whole = {"metadata_version": METADATA_VERSIONS[-1], "name": "x", "version": "1"}
    try:
        Metadata.from_raw(cast("RawMetadata", {**whole, **raw}), validate=True)
    except ExceptionGroup as group:
        error = group.exceptions[0]
        text = str(error.__cause__ or error)
        return " ".join(text.partition("\n")[0].split()).rstrip(".")
    except Exception as exc:  # noqa: BLE001 - bad values make packaging stumble
        return f"`packaging` fails on it with {type(exc).__name__}"
    return ""


def _charset(content_type: object) -> Iterator[InvalidValue]:
    """Insist on the spelling ``UTF-8``: newer versions of packaging do not."""
    if not isinstance(content_type, str):
        return
    found = re.search(r';\s*charset\s*=\s*"?([^\s;"]*)', content_type, re.IGNORECASE)
    if found and found[1].upper() == "UTF-8" and found[1] != "UTF-8":
        field = next(field for field in FIELDS if field.form.endswith("content_type"))
        yield InvalidValue(field, content_type, "the charset must be spelled `UTF-8`")
