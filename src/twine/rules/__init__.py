"""What PyPI accepts: small pure rules, each with an identifier that never changes.

The rules look at the very form that an upload would send, and at the archive as
:mod:`twine.archives` read it. They know nothing of files, networks or clocks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence

# Rules of one severity speak in the order in which their modules are imported.
# isort: off
from .form import invalid_distribution
from . import addresses, lists, description, names, platforms  # noqa: F401
from . import packing, contents, metafiles, attestations  # noqa: F401
from . import releases, indexed  # noqa: F401

# isort: on
from .model import (
    FileCheck,
    Finding,
    IndexCheck,
    ProjectOnIndex,
    ReleaseCheck,
    Rule,
    Severity,
    Subject,
    file_rule,
    index_rule,
    release_rule,
)

AnyRule = Rule[FileCheck] | Rule[ReleaseCheck] | Rule[IndexCheck]
ALL_RULES: tuple[AnyRule, ...] = (
    *file_rule.rules,
    *release_rule.rules,
    *index_rule.rules,
)
# The identifiers of the rules that need to know what an index has.
INDEX_RULES = frozenset(rule.name for rule in index_rule.rules)


def check_file(subject: Subject, leave_out: Collection[str] = ()) -> list[Finding]:
    """Return what the rules find in one distribution.

    ``invalid-distribution`` comes last, for what no error of another rule is about.
    """
    found: list[Finding] = []
    # Of a file whose very name is no distribution's there is nothing else to say.
    rules = file_rule.rules if subject.filetype else ()
    for rule in rules:
        if rule.name not in leave_out and rule is not invalid_distribution:
            found += [
                rule.make_finding(subject.path, one) for one in rule.check(subject)
            ]
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    fields = {finding.fault.field for finding in errors if finding.fault}
    rest = dataclasses.replace(
        subject,
        faults=tuple(one for one in subject.faults if one.field not in fields),
        # What is wrong with an archive explains why there is no metadata in it.
        unreadable="" if errors else subject.unreadable,
    )
    if (rule := invalid_distribution).name not in leave_out:
        found += [rule.make_finding(subject.path, one) for one in rule.check(rest)]
    return found


def check_release(
    subjects: Sequence[Subject], leave_out: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what the rules find in several distributions seen together."""
    for rule in release_rule.rules:
        if rule.name not in leave_out:
            for subject, message in rule.check(subjects):
                yield rule.make_finding(subject.path, message)


def check_against(
    subject: Subject, project: ProjectOnIndex, leave_out: Collection[str] = ()
) -> Iterator[Finding]:
    """Yield what the rules find in one distribution when its project is known."""
    for rule in index_rule.rules:
        if rule.name not in leave_out:
            for message in rule.check(subject, project):
                yield rule.make_finding(subject.path, message)
