"""What is wrong with the metadata of a file, as it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.metadata import RawMetadata

    from ..package import PackageFile
    from .fields import MetadataFault


def describe_faults(
    filename: str, faults: Iterable[MetadataFault], header_break: str = ""
) -> str:
    """Return everything that is wrong with a file's metadata, a line for each.

    Args:
        filename: Its path.
        faults: What is wrong.
        header_break: Where the headers end too early, which may be why.
    """
    lines = [f"- {fault}" for fault in faults]
    if header_break:
        lines.append(header_break)
    return "\n".join([f"`{filename}` has invalid metadata:", *lines])


def describe_header_breaks(packages: Iterable[PackageFile]) -> Iterator[str]:
    """Yield where metadata loses fields, once for all files that have the same."""
    paths: dict[str, list[str]] = {}
    for package in packages:
        paths.setdefault(package.header_break, []).append(package.filename)
    paths.pop("", None)
    for text, where in paths.items():
        yield f"{', '.join(where)}: {text}"


def hint_for_faults(metadata: RawMetadata, faults: Iterable[MetadataFault]) -> str:
    """Return how to send a file whose metadata are invalid."""
    if any(fault.field == "Metadata-Version" for fault in faults):
        return (
            f"If metadata version {metadata['metadata_version']} is newer than "
            "this twine, `--no-validate` sends what it understands."
        )
    return (
        "`--no-validate` sends it nevertheless: some indexes accept what PyPI refuses."
    )
