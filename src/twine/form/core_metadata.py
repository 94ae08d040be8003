"""Core metadata: the bytes of ``METADATA`` or ``PKG-INFO``, and the upload form.

``packaging`` parses and validates; what it finds becomes values with words for it.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

from .fields import (
    FIELDS,
    LONGEST_VALUES,
    METADATA_VERSIONS,
    FaultKind,
    MetadataFault,
)
from .headers import find_header_break, has_header, unfold

if TYPE_CHECKING:
    from packaging.metadata import RawMetadata

FormValue = str | list[str] | dict[str, str] | tuple[str, bytes]

_BY_HEADER = {field.header.lower(): field for field in FIELDS}
_EXCERPT = re.compile(r".{1,100}\n *~*\^")
# Far beyond any real ones: `email` makes an object of each line, 60 bytes and more.
_MOST_LINES = 250_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CoreMetadata:
    """What a metadata file says.

    Args:
        raw: The fields that could be read, as ``packaging`` names them.
        faults: Everything that is wrong with them.
        header_break: Which line ends the headers before a blank line does, and what
            that loses; empty if there is no such line.
    """

    raw: RawMetadata
    faults: tuple[MetadataFault, ...]
    header_break: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether there are at least the fields without which nothing can be sent."""
        return {"metadata_version", "name", "version"} <= self.raw.keys()


def parse_metadata(data: bytes) -> CoreMetadata:
    """Parse and validate a metadata file: headers in UTF-8 (core metadata 2.5)."""
    # The wheels of one release usually have the very same metadata.
    parsed = _parse(data)
    return dataclasses.replace(parsed, raw=copy.deepcopy(parsed.raw))


@functools.lru_cache(maxsize=2)
def _parse(data: bytes) -> CoreMetadata:
    from packaging.metadata import parse_email

    lines = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    if lines > _MOST_LINES:
        message = f"there are more than {_MOST_LINES} lines"
        fault = MetadataFault(field=None, kind=FaultKind.TOO_LONG, message=message)
        return CoreMetadata(raw={}, faults=(fault,))
    raw, unparsed = parse_email(data)
    _unfold(raw, is_header=has_header(data, "description"))
    if _older_than_license_files(raw.get("metadata_version")):
        # setuptools wrote License-File long before metadata 2.4 defined it.
        raw.pop("license_files", None)
        unparsed.pop("license-file", None)
    faults = (
        *_unparsed_faults(unparsed),
        *_drop_too_long(raw),
        *_value_faults(raw, unparsed),
        *_drop_unknown(raw),
    )
    return CoreMetadata(raw=raw, faults=faults, header_break=find_header_break(data))


def _unfold(raw: RawMetadata, *, is_header: bool) -> None:
    """Unfold the values of headers; the description may be the body instead."""
    values = cast("dict[str, object]", raw)
    for name, value in values.items():
        if isinstance(value, str) and (name != "description" or is_header):
            values[name] = unfold(value)


def _older_than_license_files(version: str | None) -> bool:
    # Python refuses to convert thousands of digits (CVE-2020-10735).
    found = re.fullmatch(r"(\d{1,3})\.(\d{1,3})", version or "")
    return found is not None and (int(found[1]), int(found[2])) < (2, 4)


def _fault(header: str, kind: FaultKind, problem: str) -> MetadataFault:
    return MetadataFault(field=header, kind=kind, message=f"`{header}` {problem}")


def _unparsed_faults(unparsed: Mapping[str, list[str]]) -> Iterator[MetadataFault]:
    """Explain the headers that ``packaging`` would not read."""
    for name, values in unparsed.items():
        field = _BY_HEADER.get(name.lower())
        if field is None:
            problem = "is not a field of the core metadata"
            yield _fault(name.title(), FaultKind.UNKNOWN, problem)
        # packaging 26 gives up the whole field for one label that is there twice.
        elif field.raw == "project_urls" and len(values) > len(
            {value.partition(",")[0].strip() for value in values}
        ):
            problem = "gives the same label twice"
            yield _fault(field.header, FaultKind.REPEATED, problem)
        elif len(values) > 1 and not field.is_repeatable:
            problem = "is given more than once"
            yield _fault(field.header, FaultKind.REPEATED, problem)
        else:
            # packaging 26 decodes each header by itself.
            yield _fault(field.header, FaultKind.NOT_UTF8, "is not UTF-8 text")


def _drop_too_long(raw: RawMetadata) -> list[MetadataFault]:
    """Drop the values that are too long to be validated; return them as faults."""
    values = cast("dict[str, str]", raw)
    faults = []
    for field in FIELDS:
        most = LONGEST_VALUES.get(field.raw)
        if most is not None and len(values.get(field.raw, "")) > most:
            del values[field.raw]
            problem = f"has more than {most} characters"
            faults.append(_fault(field.header, FaultKind.TOO_LONG, problem))
    return faults


def _value_faults(
    raw: RawMetadata, unparsed: Mapping[str, object]
) -> list[MetadataFault]:
    """Let ``packaging`` validate, and return all that it finds, value by value.

    What is wrong with the fields that it would not read is known.
    """
    least = {key: raw.get(key) for key in ("metadata_version", "name", "version")}
    faults: dict[MetadataFault, None] = {}
    for fault in _validate(raw):
        field = _BY_HEADER.get((fault.field or "").lower())
        values = cast("Mapping[str, object]", raw).get(field.raw) if field else None
        if field is None or not (field.is_repeatable and isinstance(values, list)):
            faults[fault] = None
            continue
        # packaging 26 names but the first of a field's values.
        for value in values:
            single = cast("RawMetadata", {**least, field.raw: [value]})
            again = (one for one in _validate(single) if one.field == fault.field)
            faults.update(dict.fromkeys(again))
    # packaging 26 looks at the fields in the order of a set.
    found = sorted(faults, key=str)
    return [one for one in found if (one.field or "").lower() not in unparsed]


def _validate(raw: RawMetadata) -> list[MetadataFault]:
    from packaging.metadata import ExceptionGroup, Metadata

    try:
        Metadata.from_raw(raw, validate=True)
    except ExceptionGroup as group:
        return [_explain(error, raw) for error in group.exceptions]
    except Exception as exc:  # noqa: BLE001 - bad values make packaging stumble
        message = f"a value cannot be validated ({type(exc).__name__}: {exc})"
        return [MetadataFault(field=None, kind=FaultKind.INVALID, message=message)]
    return []


def _drop_unknown(raw: RawMetadata) -> list[MetadataFault]:
    """Drop the fields that only a newer ``packaging`` knows; return them as faults."""
    values = cast("dict[str, object]", raw)
    unknown = sorted(values.keys() - {field.raw for field in FIELDS})
    for name in unknown:
        del values[name]
    problem = (
        "is a field that this twine does not know, and cannot send; "
        "`twine upload --no-validate` leaves it out"
    )
    return [_fault(name, FaultKind.UNKNOWN, problem) for name in unknown]


def _explain(error: Exception, raw: RawMetadata) -> MetadataFault:
    """Return what ``packaging`` found, and why, on one line."""
    name: str = getattr(error, "field", "")
    known = _BY_HEADER.get(name.lower())
    if known is not None and known.raw not in raw:
        return _fault(known.header, FaultKind.MISSING, "is missing")
    message = str(error)
    excerpt = ""
    # `InvalidMetadata` names the value; what is wrong with it stands in the cause, and
    # for a requirement (packaging 22 and later) where: the value, with carets below.
    if error.__cause__ is not None:
        reason, _, excerpt = str(error.__cause__).partition("\n")
        message = f"{message}: {reason}"
    header = known.header if known else name
    stated = str(raw.get("metadata_version"))
    is_too_new = (
        known is not None
        and stated in METADATA_VERSIONS[: METADATA_VERSIONS.index(known.since)]
    )
    return MetadataFault(
        field=header or None,
        kind=FaultKind.TOO_NEW if is_too_new else FaultKind.INVALID,
        message=f"`{header}`: {message}" if header else message,
        # On a line that is wrapped, or in other company, the carets would mislead.
        excerpt=textwrap.dedent(excerpt) if _EXCERPT.fullmatch(excerpt) else "",
    )


def text_fields(raw: RawMetadata) -> tuple[tuple[str, str], ...]:
    """Return the text fields of the form that an upload makes of the metadata."""
    values = form_values(raw)
    if "name" in raw:
        values["name"] = safe_name(raw["name"])
    parts = form_parts(values)
    return tuple((name, value) for name, value in parts if isinstance(value, str))


def form_values(raw: RawMetadata) -> dict[str, FormValue]:
    """Return the metadata under the names of the upload form.

    Raises:
        KeyError: There is a field that :data:`FIELDS` does not know; those of
            :func:`parse_metadata` have none.
    """
    names = {field.raw: field.form for field in FIELDS}
    values = cast("Mapping[str, FormValue]", raw)
    return {names[key]: value for key, value in values.items()}


def form_parts(
    values: Mapping[str, FormValue | None],
) -> list[tuple[str, str | tuple[str, bytes]]]:
    """Return the parts of the form in order; what is ``None`` is not sent."""
    return [part for key, value in values.items() for part in _parts(key, value)]


def _parts(
    key: str, value: FormValue | None
) -> Iterable[tuple[str, str | tuple[str, bytes]]]:
    match value:
        case None:
            return []
        case str() | tuple():
            return [(key, value)]
        case dict():
            return [(key, f"{label}, {url}") for label, url in value.items()]
        # packaging splits them at commas; the form has them in one field.
        case list() if key == "keywords":
            return [(key, ", ".join(value))]
        case _:
            return [(key, item) for item in value]


def safe_name(name: str) -> str:
    """Return a project's name as the form spells it.

    Every run of characters other than letters, digits and ``.`` becomes one ``-``.
    PyPI shows a project under the name that was sent last.
    """
    # As `safe_name` of `pkg_resources` in setuptools.
    return re.sub(r"[^A-Za-z0-9.]+", "-", name)
