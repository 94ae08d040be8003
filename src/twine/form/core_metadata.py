"""Core metadata: the bytes of ``METADATA`` or ``PKG-INFO``, and the upload form.

``packaging`` parses and validates; here is the table that says under which name
each field travels, and the words for what is wrong.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

from .headers import find_header_break, has_header, header_lines, unfold

if TYPE_CHECKING:
    from packaging.metadata import RawMetadata

FormValue = str | list[str] | dict[str, str] | tuple[str, bytes]


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One field of the core metadata specification under its three names.

    Args:
        raw: Its name in :class:`packaging.metadata.RawMetadata`.
        header: Its name in the file.
        form: Its name in the upload form.
    """

    raw: str
    header: str
    form: str


# Core metadata 2.5. The form's names are singular or plural as PyPI reads them;
# it ignores `import_names`, for example, without a word.
FIELDS = (
    Field("metadata_version", "Metadata-Version", "metadata_version"),
    Field("name", "Name", "name"),
    Field("version", "Version", "version"),
    Field("dynamic", "Dynamic", "dynamic"),
    Field("platforms", "Platform", "platform"),
    Field("supported_platforms", "Supported-Platform", "supported_platform"),
    Field("summary", "Summary", "summary"),
    Field("description", "Description", "description"),
    Field(
        "description_content_type",
        "Description-Content-Type",
        "description_content_type",
    ),
    Field("keywords", "Keywords", "keywords"),
    Field("home_page", "Home-page", "home_page"),
    Field("download_url", "Download-URL", "download_url"),
    Field("author", "Author", "author"),
    Field("author_email", "Author-email", "author_email"),
    Field("maintainer", "Maintainer", "maintainer"),
    Field("maintainer_email", "Maintainer-email", "maintainer_email"),
    Field("license", "License", "license"),
    Field("license_expression", "License-Expression", "license_expression"),
    Field("license_files", "License-File", "license_file"),
    Field("classifiers", "Classifier", "classifiers"),
    Field("requires_dist", "Requires-Dist", "requires_dist"),
    Field("requires_python", "Requires-Python", "requires_python"),
    Field("requires_external", "Requires-External", "requires_external"),
    Field("project_urls", "Project-URL", "project_urls"),
    Field("provides_extra", "Provides-Extra", "provides_extra"),
    Field("provides_dist", "Provides-Dist", "provides_dist"),
    Field("obsoletes_dist", "Obsoletes-Dist", "obsoletes_dist"),
    Field("import_names", "Import-Name", "import_name"),
    Field("import_namespaces", "Import-Namespace", "import_namespace"),
    Field("requires", "Requires", "requires"),
    Field("provides", "Provides", "provides"),
    Field("obsoletes", "Obsoletes", "obsoletes"),
)
_BY_HEADER = {field.header.lower(): field for field in FIELDS}
# How the fault of a field ends that has one value and is given several.
REPEATED = (" is given more than once", " gives the same label twice")
# Far beyond any real ones. To read more of them takes minutes, or much memory.
_MOST_FIELDS = 500
_MOST_LINES = 250_000
LONGEST = {"description_content_type": 1000, "license_expression": 10_000}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CoreMetadata:
    """What a metadata file says.

    Args:
        raw: The fields that could be read, as ``packaging`` names them.
        faults: Everything that is wrong with them, one sentence each.
        header_break: Which line ends the headers before a blank line does, and what
            that loses; empty if there is no such line.
    """

    raw: RawMetadata
    faults: tuple[str, ...]
    header_break: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether there are at least the fields without which nothing can be sent."""
        return {"metadata_version", "name", "version"} <= self.raw.keys()


def parse_metadata(data: bytes) -> CoreMetadata:
    """Parse and validate a metadata file.

    Args:
        data: The whole file, RFC 822 headers in UTF-8 (core metadata 2.5).
    """
    # The wheels of one release usually have the very same metadata.
    parsed = _parse(data)
    return dataclasses.replace(parsed, raw=copy.deepcopy(parsed.raw))


@functools.lru_cache(maxsize=2)
def _parse(data: bytes) -> CoreMetadata:
    from packaging.metadata import parse_email

    fault = _find_excess(data)
    if fault is not None:
        return CoreMetadata(raw={}, faults=(fault,))
    raw, unparsed = parse_email(data)
    _unfold(raw, is_header=has_header(data, "description"))
    if _older_than_license_files(raw.get("metadata_version")):
        # setuptools wrote License-File long before metadata 2.4 defined it.
        raw.pop("license_files", None)
        unparsed.pop("license-file", None)
    faults = (
        *_faults_of_unparsed(unparsed, is_text=_is_utf8(data)),
        *_drop_too_long(raw),
        *_faults_of_values(raw, unparsed),
    )
    return CoreMetadata(
        raw=raw,
        faults=(*faults, *_drop_unknown(raw)),
        header_break=_describe_header_break(data),
    )


def _find_excess(data: bytes) -> str | None:
    """Return of what there is more than anybody reads."""
    if data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n") > _MOST_LINES:
        return f"there are more than {_MOST_LINES} lines"
    names: set[bytes] = set()
    for line in header_lines(data):
        if not line.startswith((b" ", b"\t")):
            names.add(line.partition(b":")[0].lower())
        if len(names) > _MOST_FIELDS:
            return f"there are more than {_MOST_FIELDS} different fields"
    return None


def _describe_header_break(data: bytes) -> str:
    """Return which line ends the headers too early, and what the file loses by it."""
    found = find_header_break(data)
    if found is None:
        return ""
    lost = [f"`{_BY_HEADER[one].header}`" for one in found.lost if one in _BY_HEADER]
    return (
        f"The headers of the metadata end at line {found.line}, `{found.text}`, which "
        "is no header: all that follows is read as the description."
    ) + (f" Lost are {', '.join(lost)}." if lost else "")


def _unfold(raw: RawMetadata, *, is_header: bool) -> None:
    """Take away what folding put in front of the lines of values.

    Args:
        raw: The fields.
        is_header: Whether the description is that of a header, not the body.
    """
    values = cast("dict[str, object]", raw)
    for name, value in values.items():
        if isinstance(value, str) and (name != "description" or is_header):
            values[name] = unfold(value)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _older_than_license_files(version: str | None) -> bool:
    found = re.fullmatch(r"(\d{1,3})\.(\d{1,3})", version or "")
    return found is not None and (int(found[1]), int(found[2])) < (2, 4)


def _faults_of_unparsed(
    unparsed: Mapping[str, list[str]], *, is_text: bool
) -> Iterator[str]:
    """Explain the headers that ``packaging`` would not read.

    Args:
        unparsed: Their values by name.
        is_text: Whether the whole file is UTF-8.
    """
    for header, values in unparsed.items():
        field = _BY_HEADER.get(header.lower())
        if field is None:
            yield f"`{header.title()}` is not a field of the core metadata"
        elif field.raw == "description":
            yield "the description is given twice, or is not UTF-8 text"
        elif field.raw == "project_urls" and _have_one_label(values):
            yield f"`{field.header}`{REPEATED[1]}"
        elif len(values) > 1 and (is_text or "".join(values).isascii()):
            yield f"`{field.header}`{REPEATED[0]}"
        else:
            yield f"`{field.header}` is not UTF-8 text"


def _have_one_label(urls: list[str]) -> bool:
    """Return whether two project URLs have the same label."""
    labels = {url.partition(",")[0].strip() for url in urls}
    return len(labels) < len(urls)


def _drop_too_long(raw: RawMetadata) -> list[str]:
    """Drop the values that are too long to be looked at; return them as faults."""
    values = cast("dict[str, str]", raw)
    faults = []
    for field in FIELDS:
        most = LONGEST.get(field.raw)
        if most is not None and len(values.get(field.raw, "")) > most:
            del values[field.raw]
            faults.append(f"`{field.header}` has more than {most} characters")
    return faults


def _faults_of_values(raw: RawMetadata, unparsed: Mapping[str, object]) -> list[str]:
    """Let ``packaging`` validate, and return all that it finds, field by field.

    Args:
        raw: The fields that could be read.
        unparsed: Those that could not; what is wrong with them is known.
    """
    from packaging.metadata import ExceptionGroup, Metadata

    try:
        Metadata.from_raw(raw, validate=True)
    except ExceptionGroup as group:
        # packaging looks at the fields in the order of a set.
        return sorted(
            _fault(error, raw)
            for error in group.exceptions
            if getattr(error, "field", "") not in unparsed
        )
    except Exception as exc:  # noqa: BLE001 - bad values make packaging stumble
        return [f"a value cannot be validated ({type(exc).__name__}: {exc})"]
    return []


def _drop_unknown(raw: RawMetadata) -> list[str]:
    """Drop the fields that only a newer ``packaging`` knows; return them as faults."""
    values = cast("dict[str, object]", raw)
    unknown = sorted(values.keys() - {field.raw for field in FIELDS})
    for name in unknown:
        del values[name]
    return [
        f"`{name}` is a field that this twine does not know, and cannot send; "
        "`twine upload --no-validate` leaves it out"
        for name in unknown
    ]


def _fault(error: Exception, raw: RawMetadata) -> str:
    """Return what ``packaging`` found, and why, as one line."""
    field: str = getattr(error, "field", "")
    known = _BY_HEADER.get(field.lower())
    if known is not None and known.raw not in raw:
        return f"`{known.header}` is missing"
    message = str(error)
    if error.__cause__ is not None:
        message = f"{message}: {str(error.__cause__).partition(chr(10))[0]}"
    return f"`{known.header if known else field}`: {message}" if field else message


def form_values(raw: RawMetadata) -> dict[str, FormValue]:
    """Return the metadata under the names of the upload form.

    Args:
        raw: Fields as ``packaging`` names them.

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
    """Return the form as a list of parts, in order, repeated fields repeated.

    Args:
        values: Fields under the form's names; ``None`` stands for a field that is
            not sent.
    """
    return [part for key, value in values.items() for part in _parts(key, value)]


def _parts(
    key: str, value: FormValue | None
) -> Iterable[tuple[str, str | tuple[str, bytes]]]:
    match value:
        case None:
            return []
        case str():
            return [(key, value)]
        case tuple():
            return [(key, value)]
        case dict():
            return [(key, f"{label}, {url}") for label, url in value.items()]
        case list() if key == "keywords":
            return [(key, ", ".join(value))]
        case _:
            return [(key, item) for item in value]


def safe_name(name: str) -> str:
    """Return a project's name as the form spells it.

    Every run of characters other than letters, digits and ``.`` becomes one ``-``.
    PyPI shows a project under the name that was sent last.
    """
    return re.sub(r"[^A-Za-z0-9.]+", "-", name)
