"""A dry run: everything that an upload does, but the sending."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..index.file_status import Absent, Different, FileStatus, Present, Same, Unknown
from ..terminal.text import format_size, pluralize, single_line
from .existing import settle_before_sending
from .outcome import Outcome, Result
from .schedule import Item, plan_phases

if TYPE_CHECKING:
    from ..package import PackageFile
    from ..repository import Repository
    from ..terminal.console import Console

logger = logging.getLogger(__name__)

# Characters of a field of the form that `--verbose` shows.
_LONGEST_VALUE = 200


def rehearse(
    repository: Repository,
    packages: Sequence[PackageFile],
    console: Console,
    *,
    skip_existing: bool = False,
    jobs: int = 1,
) -> Result:
    """Return what would become of each distribution if the index took it.

    Args:
        repository: The index; it is only asked what it has.
        packages: The distributions, wheels first.
        console: Where to tell.
        skip_existing: Whether a file that the index has already would be skipped.
        jobs: How many files would be sent at the same time.
    """
    if jobs > 1:
        phases = plan_phases([Item.of(package) for package in packages])
        packages = [packages[position] for phase in phases for position in phase]
    outcomes = []
    for package in packages:
        found = repository.fetch_file_status(package)
        outcome = Outcome(
            path=package.filename,
            status="would upload",
            size=package.size,
            sha256=package.sha2_digest,
            note=_describe(found),
        )
        if skip_existing:
            settled = settle_before_sending(outcome, found)
            if settled is not None and settled.status == "skipped":
                settled = dataclasses.replace(settled, status="would skip")
            outcome = settled or outcome
        outcomes.append(outcome)
        _print(console, package, outcome)
        for name, value in repository.form_of(package):
            text = value if isinstance(value, str) else value[0]
            logger.info("  %s: %s", name, _shorten(text))
    console.print(_summarize(outcomes))
    return Result(outcomes=outcomes)


def _describe(found: FileStatus) -> str | None:
    """Return what the index has of a file, where that is worth telling."""
    match found:
        case Absent():
            return None
        case Same():
            return "The index has this very file already."
        case Different():
            return f"The index has a file of this name already: {found.digests}."
        case Present():
            return "The index has a file of this name, and tells no SHA-256 of it."
        case Unknown():
            return f"Whether the index has it is not known: {found.reason}."


def _print(console: Console, package: PackageFile, outcome: Outcome) -> None:
    """Print what would become of one file, and what identifies it."""
    kind = {"would upload": "Would upload", "would skip": "Would skip"}
    label = kind.get(outcome.status, "Would refuse")
    console.print(f"{label} {package.filename} ({format_size(package.size)})")
    lines = [f"SHA-256: {package.sha2_digest}"]
    if package.blake2_256_digest:
        lines.append(f"BLAKE2b-256: {package.blake2_256_digest}")
    if package.gpg_signature is not None:
        lines.append(f"signature: {package.gpg_signature[0]}")
    if package.attestations is not None:
        lines.append(f"attestations: {len(package.attestations)}")
    if outcome.note and outcome.error is None:
        lines.append(outcome.note)
    for line in lines:
        console.print(f"  {line}")


def _shorten(text: str) -> str:
    line = single_line(text)
    if len(line) <= _LONGEST_VALUE:
        return line
    return f"{line[:_LONGEST_VALUE]} [...] ({len(text)} characters)"


def _summarize(outcomes: Sequence[Outcome]) -> str:
    parts = [
        f"{sum(outcome.status == status for outcome in outcomes)} {what}"
        for status, what in (
            ("would upload", "would be uploaded"),
            ("would skip", "would be skipped"),
            ("failed", "would be refused"),
        )
        if any(outcome.status == status for outcome in outcomes)
    ]
    files = pluralize(len(outcomes), "file")
    return f"Nothing was sent. Of {files}: {', '.join(parts)}."
