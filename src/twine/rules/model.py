"""What a rule is, what it looks at, and what it finds. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from ..archives.model import Archive
from ..form.fields import MetadataFault

# When the rules were last compared with the source of PyPI.
COMPARED = dt.date(2026, 8, 21)


# Of integers, so that `max()` of the findings decides on a file.
class Severity(enum.IntEnum):
    """How bad a finding is; the worse, the higher."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What became of a description when it was rendered.

    Args:
        problems: Why PyPI would not render it, one text for each problem; the lines
            after the first quote the description. Empty if it would.
        is_title_only: Whether there is nothing but titles in it, so that it depends on
            the version of readme-renderer whether PyPI renders it. That is no problem.
        relative_links: The links and images without a server, in order, each once.
        html: What it was rendered to; empty if it was not.
    """

    problems: tuple[str, ...] = ()
    is_title_only: bool = False
    relative_links: tuple[str, ...] = ()
    html: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One distribution as the rules see it: the form that would be sent, and the file.

    Args:
        path: Its path.
        filename: The name it would be sent under.
        filetype: ``sdist`` or ``bdist_wheel``; empty if it is no distribution file.
        size: Its size in bytes.
        form: The text fields of the form, in order; empty if the metadata cannot be
            read.
        archive: What is in the file.
        unreadable: Why the metadata cannot be read; empty if it can.
        not_checked: Why the metadata were not looked into: an upload would send them.
        faults: What is wrong with the metadata; some of it does not show in the form,
            a field that does not exist for example.
        header_break: Where the metadata's headers end too early; empty if they do not.
        description: What became of its description.
        sha256: Computes its digest, hexadecimal, which takes time; ``None`` if it
            cannot be known.
        attestations: Its attestations, as JSON values; ``None`` if there are none.
        unreadable_attestation: Why an attestation cannot be read.
    """

    path: str
    filename: str
    filetype: str
    size: int
    form: tuple[tuple[str, str], ...] = ()
    archive: Archive
    unreadable: str = ""
    not_checked: str = ""
    faults: tuple[MetadataFault, ...] = ()
    header_break: str = ""
    description: Rendered = Rendered()
    # Not compared: two functions are never equal.
    sha256: Callable[[], str | None] = dataclasses.field(
        default=lambda: None, compare=False
    )
    attestations: tuple[object, ...] | None = None
    unreadable_attestation: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOnIndex:
    """What an index has of one project.

    Args:
        exists: Whether it knows the project at all.
        status: The project's status: ``active``, ``archived`` or ``quarantined``.
        digests: SHA-256 digests by file name; ``None`` where the index has none.
        uploaded: When files were uploaded, by file name, where the index says so.
        now: The time of asking.
    """

    exists: bool
    status: str = "active"
    digests: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    uploaded: Mapping[str, dt.datetime] = dataclasses.field(default_factory=dict)
    now: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a rule found.

    Args:
        rule: The rule's identifier; empty if it is one of twine 7.0.0, which had none.
        severity: How bad it is.
        path: The file.
        message: What is wrong: one sentence.
        hint: How to mend it; empty for a finding of no rule.
        link: Where to read more.
        fault: What is wrong with a field of the metadata, if it is that.
    """

    rule: str
    severity: Severity
    path: str
    message: str
    hint: str = ""
    link: str = ""
    fault: MetadataFault | None = None


# A sentence, or what is wrong with a field of the metadata.
FileCheck = Callable[[Subject], Iterator[str | MetadataFault]]
ReleaseCheck = Callable[[Sequence[Subject]], Iterator[tuple[Subject, str]]]
IndexCheck = Callable[[Subject, ProjectOnIndex], Iterator[str]]
Check = TypeVar("Check", bound=Callable[..., Iterator[object]])
# Covariant, so that rules of all kinds can be in one tuple.
Check_co = TypeVar("Check_co", bound=Callable[..., Iterator[object]], covariant=True)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Check_co]):
    """One check that PyPI makes, or that is wise to make before.

    Args:
        name: Its identifier, which never changes.
        severity: How bad it is to break it.
        summary: What it demands: one sentence.
        explanation: Why, with an example and the way out.
        pypi_message: What PyPI says, so that it can be searched for; empty where it
            says nothing.
        hint: How to mend it: one sentence.
        link: Where to read more.
        compared: When it was last compared with PyPI's source.
        requires: The library without which it cannot be checked.
        grows: Whether PyPI may accept more by now than this release knows.
        check: Yields everything it finds. What it looks at depends on its kind:
            one file, all files of a run, or a file and what an index has.
    """

    name: str
    severity: Severity
    summary: str
    explanation: str
    pypi_message: str
    hint: str
    link: str
    compared: dt.date
    requires: str | None
    grows: bool
    check: Check_co

    def make_finding(self, path: str, problem: str | MetadataFault) -> Finding:
        """Return what this rule found in a file."""
        fault = problem if isinstance(problem, MetadataFault) else None
        return Finding(
            rule=self.name,
            severity=self.severity,
            path=path,
            message=f"{fault}." if fault else str(problem),
            hint=self.hint,
            link=self.link,
            fault=fault,
        )


class RuleSet(Generic[Check]):
    """Rules of one kind, in the order of their definition: called, it decorates one."""

    def __init__(self) -> None:
        self.rules: list[Rule[Check]] = []

    def __call__(
        self,
        *,
        severity: Severity = Severity.ERROR,
        pypi_message: str = "",
        hint: str,
        link: str,
        requires: str | None = None,
        grows: bool = False,
    ) -> Callable[[Check], Rule[Check]]:
        """Make a rule of a function: its name with hyphens is the identifier.

        Its docstring is summary and explanation. See :class:`Rule` for the arguments.
        """

        def decorate(check: Check) -> Rule[Check]:
            summary, _, text = inspect.cleandoc(check.__doc__ or "").partition("\n")
            rule = Rule(
                name=check.__name__.replace("_", "-"),
                severity=severity,
                summary=summary,
                explanation=text.strip(),
                pypi_message=pypi_message,
                hint=hint,
                link=link,
                compared=COMPARED,
                requires=requires,
                grows=grows,
                check=check,
            )
            self.rules.append(rule)
            return rule

        return decorate


file_rule: RuleSet[FileCheck] = RuleSet()
release_rule: RuleSet[ReleaseCheck] = RuleSet()
index_rule: RuleSet[IndexCheck] = RuleSet()
