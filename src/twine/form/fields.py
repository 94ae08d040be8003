"""The fields of the core metadata, and what may be wrong with one. Pure."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping

# Those that PyPI knows, whatever `packaging` does.
# PEP 241, 314, 345, 566, 643, 685, 639 and 794, in this order.
METADATA_VERSIONS = ("1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5")


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One field of the core metadata specification under its three names.

    Args:
        raw: Its name in :class:`packaging.metadata.RawMetadata`.
        header: Its name in the file.
        form: Its name in the upload form.
        since: The metadata version that introduced it.
        is_repeatable: Whether it may be sent several times.
    """

    raw: str
    header: str
    form: str
    since: str = "1.0"
    is_repeatable: bool = False


def _many(raw: str, header: str, form: str, since: str = "1.0") -> Field:
    return Field(raw, header, form, since, is_repeatable=True)


# Core metadata 2.5. The form's names are singular or plural as PyPI reads them; it
# ignores others, `import_names` for example, without an error.
FIELDS = (
    Field("metadata_version", "Metadata-Version", "metadata_version"),
    Field("name", "Name", "name"),
    Field("version", "Version", "version"),
    _many("dynamic", "Dynamic", "dynamic", "2.2"),
    _many("platforms", "Platform", "platform"),
    _many("supported_platforms", "Supported-Platform", "supported_platform", "1.1"),
    Field("summary", "Summary", "summary"),
    Field("description", "Description", "description"),
    Field(
        "description_content_type",
        "Description-Content-Type",
        "description_content_type",
        "2.1",
    ),
    Field("keywords", "Keywords", "keywords"),
    Field("home_page", "Home-page", "home_page"),
    Field("download_url", "Download-URL", "download_url", "1.1"),
    Field("author", "Author", "author"),
    Field("author_email", "Author-email", "author_email"),
    Field("maintainer", "Maintainer", "maintainer", "1.2"),
    Field("maintainer_email", "Maintainer-email", "maintainer_email", "1.2"),
    Field("license", "License", "license"),
    Field("license_expression", "License-Expression", "license_expression", "2.4"),
    _many("license_files", "License-File", "license_file", "2.4"),
    _many("classifiers", "Classifier", "classifiers", "1.1"),
    _many("requires_dist", "Requires-Dist", "requires_dist", "1.2"),
    Field("requires_python", "Requires-Python", "requires_python", "1.2"),
    _many("requires_external", "Requires-External", "requires_external", "1.2"),
    _many("project_urls", "Project-URL", "project_urls", "1.2"),
    _many("provides_extra", "Provides-Extra", "provides_extra", "2.1"),
    _many("provides_dist", "Provides-Dist", "provides_dist", "1.2"),
    _many("obsoletes_dist", "Obsoletes-Dist", "obsoletes_dist", "1.2"),
    _many("import_names", "Import-Name", "import_name", "2.5"),
    _many("import_namespaces", "Import-Namespace", "import_namespace", "2.5"),
    _many("requires", "Requires", "requires", "1.1"),
    _many("provides", "Provides", "provides", "1.1"),
    _many("obsoletes", "Obsoletes", "obsoletes", "1.1"),
)
BY_FORM_NAME = {field.form: field for field in FIELDS}
# Characters. Far beyond any real ones; packaging 26 takes minutes for more of them.
LONGEST_VALUES = {"description_content_type": 1000, "license_expression": 10_000}


class FaultKind(enum.Enum):
    """What is wrong with a field, or with the metadata as a whole."""

    MISSING = enum.auto()
    INVALID = enum.auto()
    REPEATED = enum.auto()
    UNKNOWN = enum.auto()
    TOO_LONG = enum.auto()
    TOO_NEW = enum.auto()
    NOT_UTF8 = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MetadataFault:
    """Something that makes core metadata invalid.

    Args:
        field: The header's name; ``None`` if it is about the file as a whole.
        kind: What is wrong.
        message: A sentence without its end, with the header's name in backticks.
        excerpt: The value, and below it a mark under the place that is wrong; empty if
            the place is not known.
    """

    field: str | None
    kind: FaultKind
    message: str
    excerpt: str = ""

    def __str__(self) -> str:
        return self.message


def describe_faults(
    filename: str, faults: Iterable[MetadataFault], header_break: str = ""
) -> str:
    """Return everything that is wrong with a file's metadata, a line for each.

    Where the headers end too early may be why, and comes last.
    """
    lines = [f"- {fault}" for fault in faults]
    if header_break:
        lines.append(header_break)
    return "\n".join([f"`{filename}` has invalid metadata:", *lines])


def hint_for_faults(
    metadata: Mapping[str, object], faults: Iterable[MetadataFault]
) -> str:
    """Return how to send a file whose metadata are invalid."""
    if any(fault.field == "Metadata-Version" for fault in faults):
        return (
            f"If metadata version {metadata['metadata_version']} is newer than "
            "this twine, `--no-validate` sends what it understands."
        )
    return (
        "`--no-validate` sends it nevertheless: some indexes accept what PyPI refuses."
    )
