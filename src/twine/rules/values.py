"""The form as PyPI reads it, what its values may be, and how to show them. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from ..form.fields import BY_FORM_NAME, FIELDS, LONGEST_VALUES, Field

if TYPE_CHECKING:
    from packaging.metadata import RawMetadata

    from .model import Subject

CORE_METADATA = "https://packaging.python.org/specifications/core-metadata/"
# PyPI keeps a list of its own, whatever `packaging` knows.
METADATA_VERSIONS = ("1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5")
# PyPI's server fails on a content type that ends in a parameter with `*` and no value:
# an IndexError in `email` of the standard library, which packaging 26.3 catches.
_STARRED = re.compile(r";\s*[^\s;=*]+(\*[0-9]+)?\*$")
# Only `\n` counts for PyPI; packaging 26.3 refuses any line break.
_OTHER_LINE_BREAKS = re.compile(r"[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
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
    return [_split_url(text) for text in values(subject, "project_urls")]


def _split_url(text: str) -> tuple[str, str]:
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


@functools.lru_cache(maxsize=16)
def find_invalid_values(form: Form) -> tuple[InvalidValue, ...]:
    """Return what PyPI's ``packaging`` finds in the metadata, value by value.

    Name and metadata version have rules of their own, and so has the age of a field.

    Args:
        form: The form's text fields.
    """
    raw = {
        field.raw: _make_raw(field, found)
        for field in FIELDS
        if field.raw not in {"metadata_version", "name"}
        and (found := _values(form, field.form))
    }
    faults = [*_stricter(raw), *_too_long(raw)]
    for fault in faults:
        raw.pop(fault.field.raw, None)
    return (*faults, *(_single_faults(raw) if _find_reason(raw) else ()))


def _stricter(raw: Mapping[str, object]) -> Iterator[InvalidValue]:
    """Find what PyPI refuses, or fails on, whichever ``packaging`` is installed."""
    if "version" not in raw:
        yield InvalidValue(BY_FORM_NAME["version"], "", "it is missing")
    content_type = str(raw.get("description_content_type", ""))
    # packaging 26.3 takes any spelling, 26.2 just this one.
    charset = re.search(r';\s*charset\s*=\s*"?(utf-8)\b', content_type, re.IGNORECASE)
    reason = ""
    if _STARRED.search(content_type):
        reason = "a parameter without a value makes PyPI's server fail"
    elif charset and charset[1] != "UTF-8":
        reason = "the charset must be spelled `UTF-8`"
    if reason:
        field = BY_FORM_NAME["description_content_type"]
        yield InvalidValue(field, content_type, reason)
    for item in cast("list[str]", raw.get("dynamic", [])):
        if item.lower() == "dynamic":
            yield InvalidValue(BY_FORM_NAME["dynamic"], item, "it names itself")
    for name in ("provides_dist", "obsoletes_dist"):
        for item in cast("list[str]", raw.get(name, [])):
            if fault := requirement_fault(item):
                yield InvalidValue(BY_FORM_NAME[name], item, fault)


BY_URL = "it is given by its URL"


def requirement_fault(text: str) -> str:
    """Return why PyPI would not take a requirement; empty if it would."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return BY_URL if Requirement(text).url else ""
    except (InvalidRequirement, ValueError, SyntaxError) as exc:
        # packaging 26 lets a few errors of its parser through.
        return _first_line(exc)


def _too_long(raw: Mapping[str, object]) -> Iterator[InvalidValue]:
    """Find the values that are too long to be validated."""
    for field in FIELDS:
        found, most = raw.get(field.raw), LONGEST_VALUES.get(field.raw)
        if isinstance(found, str) and most is not None and len(found) > most:
            yield InvalidValue(field, found, f"it has more than {most} characters")


def _make_raw(field: Field, found: list[str]) -> object:
    """Return a field's values as ``packaging`` takes them."""
    match field.raw:
        case "project_urls":
            return dict(_split_url(text) for text in found)
        case "keywords":
            return [word.strip() for word in found[0].split(",")]
        case "summary":
            return _OTHER_LINE_BREAKS.sub(" ", found[0])
        case _:
            return found if field.is_repeatable else found[0]


def _single_faults(raw: Mapping[str, object]) -> Iterator[InvalidValue]:
    """Look at every value alone: ``packaging`` names only the first of a field."""
    for field in FIELDS:
        whole = raw.get(field.raw)
        items = whole if isinstance(whole, list) and field.is_repeatable else [whole]
        for item in items if whole is not None else ():
            single = [item] if items is whole else item
            if reason := _find_reason({field.raw: single}):
                yield InvalidValue(field, str(item), reason)


def _find_reason(raw: Mapping[str, object]) -> str:
    """Return what ``packaging`` says of some fields; empty if it takes them."""
    from packaging.metadata import ExceptionGroup, Metadata

    whole = {"metadata_version": METADATA_VERSIONS[-1], "name": "x", "version": "1"}
    try:
        Metadata.from_raw(cast("RawMetadata", {**whole, **raw}), validate=True)
    except ExceptionGroup as group:
        error = group.exceptions[0]
        return _first_line(error.__cause__ or error)
    except Exception as exc:  # noqa: BLE001 - bad values make packaging stumble
        return f"`packaging` fails on it with {type(exc).__name__}"
    return ""


def _first_line(error: BaseException) -> str:
    return " ".join(str(error).partition("\n")[0].split()).rstrip(".")
