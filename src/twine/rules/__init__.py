"""What PyPI accepts: small pure rules, each with an identifier that never changes.

The rules judge two things: the very form that an upload would send, and the archive
as :mod:`twine.archives` read it. They know nothing of files, networks or clocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from . import (
    attesting,
    contents,
    description,
    form,
    framing,
    indexed,
    names,
    releases,
)
from .indexed import IndexRule, OnIndex
from .model import Archive, Fault, Finding, Rule, Severity, Subject
from .releases import ReleaseRule

__all__ = (
    "ALL_RULES",
    "AnyRule",
    "Archive",
    "Fault",
    "Finding",
    "OnIndex",
    "Rule",
    "Severity",
    "Subject",
    "check_against",
    "check_file",
    "check_release",
)

FILE_RULES: tuple[Rule, ...] = (
    *form.RULES,
    *description.RULES,
    *names.RULES,
    *framing.RULES,
    *contents.RULES,
    *attesting.RULES,
)
AnyRule = Rule | ReleaseRule | IndexRule
ALL_RULES: tuple[AnyRule, ...] = (
    *FILE_RULES,
    *releases.RULES,
    *indexed.RULES,
)


def check_file(subject: Subject, leave_out: Collection[str] = ()) -> Iterator[Finding]:
    """Yield what the rules find in one distribution.

    Args:
        subject: The distribution.
        leave_out: Identifiers of rules that are not asked.
    """
    for rule in FILE_RULES:
        if rule.name not in leave_out:
            yield from rule.findings(subject)


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
            yield from rule.findings(subjects)


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
            yield from rule.findings(subject, there)
