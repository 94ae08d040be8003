"""What a rule is, what it looks at, and what it finds. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from ..archives.model import Archive
from ..check.description import Renderer

# When the rules were last compared with the source of PyPI.
COMPARED = dt.date(2026, 8, 21)


class Severity(enum.IntEnum):
    """How bad a finding is; the worse, the higher."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        """Return the word for it."""
        return self.name.lower()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One distribution as the rules see it: the form that would be sent, and the file.

    Args:
        path: Its path.
        filename: The name it would be sent under.
        filetype: ``sdist`` or ``bdist_wheel``.
        size: Its size in bytes.
        form: The form's text fields in order; a repeated field is there repeatedly.
        archive: The archive.
        faults: What is wrong with its metadata as a whole, one sentence each; some of
            it does not show in the form, a field that does not exist for example.
        header_break: Where the metadata's headers end too early; empty if they do not.
        renderer: What renders its description; files of one run have it in common.
        sha256: How to learn its digest, hexadecimal: it takes time.
        attestations: Its attestations, as JSON values.
    """

    path: str
    filename: str
    filetype: str
    size: int
    form: tuple[tuple[str, str], ...]
    archive: Archive
    faults: tuple[str, ...] = ()
    header_break: str = ""
    renderer: Renderer = dataclasses.field(default_factory=Renderer, compare=False)
    sha256: Callable[[], str | None] = dataclasses.field(
        default=lambda: None, compare=False
    )
    attestations: Sequence[object] | None = None

    def all(self, field: str) -> list[str]:
        """Return every value of a form field."""
        return [value for name, value in self.form if name == field]

    def one(self, field: str) -> str:
        """Return the first value of a form field; empty if it is not sent."""
        return next(iter(self.all(field)), "")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a rule found.

    Args:
        rule: The rule's identifier.
        severity: How bad it is.
        path: The file.
        message: What is wrong: one sentence.
        hint: How to mend it.
        link: Where to read more.
    """

    rule: str
    severity: Severity
    path: str
    message: str
    hint: str
    link: str


Check = TypeVar("Check", bound=Callable[..., Iterator[object]])
Check_co = TypeVar("Check_co", bound=Callable[..., Iterator[object]], covariant=True)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Check_co]):
    """One check that PyPI makes, or that is wise to make before.

    Args:
        name: Its identifier, which never changes.
        severity: How bad it is to break it.
        summary: What it demands: one sentence.
        explanation: Why, with an example and the way out.
        gist: What PyPI says, so that it can be searched for; empty where it says
            nothing.
        hint: How to mend it: one sentence.
        link: Where to read more.
        compared: When it was last compared with PyPI's source.
        requires: The library without which it cannot be checked.
        grows: Whether PyPI may accept more by now than this release knows.
        check: Yields everything it finds. What it looks at is the matter of its kind:
            one file, all files of a run, or a file and what an index has.
    """

    name: str
    severity: Severity
    summary: str
    explanation: str
    gist: str
    hint: str
    link: str
    compared: dt.date
    requires: str | None
    grows: bool
    check: Check_co

    def make_finding(self, path: str, message: str) -> Finding:
        """Return what this rule has to say about a file."""
        return Finding(
            rule=self.name,
            severity=self.severity,
            path=path,
            message=message,
            hint=self.hint,
            link=self.link,
        )


# A rule on one file: it yields messages.
FileRule = Rule[Callable[[Subject], Iterator[str]]]


def rule(
    name: str,
    severity: Severity,
    *,
    gist: str = "",
    hint: str,
    link: str,
    compared: dt.date = COMPARED,
    requires: str | None = None,
    grows: bool = False,
) -> Callable[[Check], Rule[Check]]:
    """Make a rule of a function; its docstring is summary and explanation.

    Args:
        name: See :class:`Rule`, for this and the others.
        severity: See there.
        gist: See there.
        hint: See there.
        link: See there.
        compared: See there.
        requires: See there.
        grows: See there.
    """

    def make(check: Check) -> Rule[Check]:
        summary, _, explanation = inspect.cleandoc(check.__doc__ or "").partition("\n")
        return Rule(
            name=name,
            severity=severity,
            summary=summary,
            explanation=explanation.strip(),
            gist=gist,
            hint=hint,
            link=link,
            compared=compared,
            requires=requires,
            grows=grows,
            check=check,
        )

    return make
