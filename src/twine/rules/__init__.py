"""What PyPI accepts: small pure rules, each with an identifier that never changes.

The rules judge two things: the very form that an upload would send, and the archive
as :mod:`twine.archives` read it. They know nothing of files, networks or clocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from ..archives.model import Archive, Fault
from . import (
    attesting,
    contents,
    description,
    form,
    indexed,
    limits,
    names,
    packing,
    releases,
)
from .form import metadata_header_broken
from .indexed import IndexRule, OnIndex
from .model import FileRule, Finding, Severity, Subject
from .releases import ReleaseRule

__all__ = (
    "ALL_RULES",
    "INDEX_RULES",
    "AnyRule",
    "Archive",
    "Fault",
    "FileRule",
    "Finding",
    "OnIndex",
    "Severity",
    "Subject",
    "check_against",
    "check_archive",
    "check_file",
    "check_release",
    "metadata_header_broken",
)

FILE_RULES: tuple[FileRule, ...] = (
    *form.RULES,
    *description.RULES,
    *names.RULES,
    *packing.RULES,
    *contents.RULES,
    *attesting.RULES,
)
# Those that say something of a file whose metadata cannot be read.
ARCHIVE_RULES: tuple[FileRule, ...] = (
    names.wheel_file_name,
    limits.file_size,
    limits.file_size_limit,
    *packing.RULES,
    *contents.RULES,
)
# The identifiers of the rules that need to know what an index has.
INDEX_RULES = frozenset(rule.name for rule in indexed.RULES)
AnyRule = FileRule | ReleaseRule | IndexRule
ALL_RULES: tuple[AnyRule, ...] = (
    *FILE_RULES,
    *releases.RULES,
    *indexed.RULES,
)
_TOO_DEEP = "Something in this file is nested too deeply to be checked."
Found = TypeVar("Found")


def _unless_too_deep(
    found: Iterable[Found], otherwise: Sequence[Found]
) -> Iterator[Found]:
    """Yield what a rule finds, and something else once the stack has no room left.

    The libraries that read values go down one level for each bracket. No other
    exception is caught: it would be a fault of ours.
    """
    try:
        yield from found
    except RecursionError:
        yield from otherwise


def check_file(subject: Subject, leave_out: Collection[str] = ()) -> Iterator[Finding]:
    """Return what the rules find in one distribution.

    Args:
        subject: The distribution.
        leave_out: Identifiers of rules that are not asked.
    """
    return _check(FILE_RULES, subject, leave_out)


def check_archive(
    subject: Subject, leave_out: Collection[str] = ()
) -> Iterator[Finding]:
    """Return what the rules find that need no metadata.

    Args:
        subject: The distribution.
        leave_out: Identifiers of rules that are not asked.
    """
    return _check(ARCHIVE_RULES, subject, leave_out)


def _check(
    asked: Sequence[FileRule], subject: Subject, leave_out: Collection[str]
) -> Iterator[Finding]:
    for rule in asked:
        if rule.name not in leave_out:
            for message in _unless_too_deep(rule.check(subject), [_TOO_DEEP]):
                yield rule.make_finding(subject.path, message)


def check_release(
    subjects: Sequence[Subject], leave_out: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what the rules find in several distributions seen together.

    Args:
        subjects: The distributions.
        leave_out: Identifiers of rules that are not asked.
    """
    for rule in releases.RULES:
        if rule.name not in leave_out:
            otherwise = [releases.About(one, _TOO_DEEP) for one in subjects[:1]]
            for subject, message in _unless_too_deep(rule.check(subjects), otherwise):
                yield rule.make_finding(subject.path, message)


def check_against(
    subject: Subject, there: OnIndex, leave_out: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what the rules find in one distribution when the index is known.

    Args:
        subject: The distribution.
        there: What the index has of its project.
        leave_out: Identifiers of rules that are not asked.
    """
    for rule in indexed.RULES:
        if rule.name not in leave_out:
            found = rule.check(subject, there)
            for message in _unless_too_deep(found, [_TOO_DEEP]):
                yield rule.make_finding(subject.path, message)
