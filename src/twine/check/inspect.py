"""Apply rules to distributions, and reach a verdict on each."""

from __future__ import annotations

import dataclasses
import enum
import importlib.metadata
import importlib.util
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from .. import rules
from ..package import describe_faults
from ..rules.description import NO_CONTENT_TYPE, TITLE_ONLY
from ..rules.model import Finding, Severity, Subject
from ..rules.names import stdlib_name
from ..rules.values import value
from ..terminal.text import pluralize
from .description import find_versions, render_versions


class Verdict(enum.Enum):
    """The verdict on a file, in the words that other programs look for."""

    PASSED = "PASSED"
    PASSED_WITH_WARNINGS = "PASSED with warnings"
    FAILED = "FAILED"
    FAILED_DUE_TO_WARNINGS = "FAILED due to warnings"

    @property
    def failed(self) -> bool:
        """Whether the file must not be published."""
        return self in {Verdict.FAILED, Verdict.FAILED_DUE_TO_WARNINGS}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IndexFindings:
    """What was found with the help of an index.

    Args:
        findings: What the rules found.
        problems: Why the index could not be asked for some of it.
        answered: The paths of the distributions that it could be asked about.
    """

    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    answered: frozenset[str] = frozenset()


# How to ask an index about distributions, leaving some rules out.
AskIndex = Callable[[Sequence[Subject], Collection[str]], IndexFindings]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What was found in one distribution.

    Args:
        path: Its path.
        findings: What was found, the worst first, each once.
        verdict: What that leads to.
    """

    path: str
    findings: tuple[Finding, ...]
    verdict: Verdict

    @classmethod
    def from_findings(
        cls, path: str, findings: Iterable[Finding], *, strict: bool
    ) -> FileReport:
        """Make a report; if strict, warnings fail the file."""
        ordered = sorted(dict.fromkeys(findings), key=lambda one: -one.severity)
        verdict = Verdict.PASSED
        if ordered and ordered[0].severity is Severity.ERROR:
            verdict = Verdict.FAILED
        elif ordered and ordered[0].severity is Severity.WARNING:
            verdict = Verdict.PASSED_WITH_WARNINGS
            if strict:
                verdict = Verdict.FAILED_DUE_TO_WARNINGS
        return cls(path=path, findings=tuple(ordered), verdict=verdict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found in several distributions.

    Args:
        files: The reports, in the order of the distributions.
        unchecked: Rules that could not be applied, with the library they need.
        problems: Why an index could not be asked.
        renderer: The libraries that rendered the descriptions, with their versions.
    """

    files: tuple[FileReport, ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    renderer: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether a file failed."""
        return any(report.verdict.failed for report in self.files)

    @property
    def summary(self) -> str:
        """How many files passed, in one line."""
        failed = sum(report.verdict.failed for report in self.files)
        findings = sum(len(report.findings) for report in self.files)
        return (
            f"{pluralize(len(self.files), 'file')}: {len(self.files) - failed} passed, "
            f"{failed} failed, {pluralize(findings, 'finding')}"
        )


def inspect(
    subjects: Iterable[Subject],
    *,
    strict: bool = False,
    disabled: Collection[str] = (),
    ask_index: AskIndex | None = None,
) -> Inspection:
    """Apply the rules of PyPI."""
    # Without an index nobody expects an answer from its rules.
    without = () if ask_index is not None else rules.INDEX_RULES
    unavailable = find_unavailable({*disabled, *without})
    leave_out = frozenset({*disabled, *unavailable})
    found: dict[str, list[Finding]] = {}
    usable: list[Subject] = []
    for subject in subjects:
        found[subject.path] = rules.check_file(subject, leave_out)
        # What could not be sent says nothing about the others.
        if value(subject, "name") and value(subject, "version"):
            usable.append(subject)
    for finding in rules.check_release(usable, leave_out):
        found[finding.path].append(finding)
    online = ask_index(usable, leave_out) if ask_index else IndexFindings()
    for path in online.answered:
        # The index knows whether the project is new: nothing is left to suppose.
        found[path] = [one for one in found[path] if one.rule != stdlib_name.name]
    for finding in online.findings:
        found[finding.path].append(finding)
    return Inspection(
        files=tuple(
            FileReport.from_findings(path, findings, strict=strict)
            for path, findings in found.items()
        ),
        unchecked=tuple(unavailable.items()),
        problems=online.problems,
        renderer=find_versions(),
    )


def inspect_basics(subject: Subject, *, strict: bool) -> FileReport:
    """Apply the three rules of twine 7.0.0: metadata, content type, description."""
    findings = (
        Finding(rule="", severity=severity, path=subject.path, message=message)
        for severity, message in _check_basics(subject)
    )
    return FileReport.from_findings(subject.path, findings, strict=strict)


def _check_basics(subject: Subject) -> Iterator[tuple[Severity, str]]:
    # Nothing need be wrong with it: an upload takes what can be read at all.
    if subject.not_checked:
        yield Severity.WARNING, subject.not_checked
        return
    fault = subject.unreadable
    if subject.faults:
        fault = describe_faults(subject.path, subject.faults, subject.header_break)
    if fault:
        yield Severity.ERROR, f"InvalidDistribution: {fault}"
        return
    if subject.header_break:
        yield Severity.WARNING, subject.header_break
    if not value(subject, "description_content_type"):
        yield Severity.WARNING, NO_CONTENT_TYPE
    if not value(subject, "description"):
        message = "The description is missing: the project's page will be empty."
        yield Severity.WARNING, message
    if subject.description.is_title_only:
        yield Severity.WARNING, TITLE_ONLY
    if subject.description.problems:
        # Other versions may decide otherwise, PyPI's as well.
        versions = render_versions(find_versions())
        message = (
            f"The description cannot be rendered as reStructuredText ({versions}):"
        )
        problems = (one.replace("\n", "\n  ") for one in subject.description.problems)
        yield Severity.ERROR, "".join([message, *(f"\n- {one}" for one in problems)])


def find_unavailable(disabled: Collection[str] = ()) -> dict[str, str]:
    """Return the rules that cannot be applied, with the library that each needs."""
    return {
        rule.name: rule.requires
        for rule in rules.ALL_RULES
        if rule.requires
        and rule.name not in disabled
        and not is_installed(rule.requires)
    }


def is_installed(library: str) -> bool:
    """Return whether a library is installed: ``readme-renderer[md]`` with its extra."""
    name, _, extra = library.rstrip("]").partition("[")
    return _is_module(name) and all(map(_is_module, extra_requirements(name, extra)))


def _is_module(library: str) -> bool:
    # All of these have the name of their module, with underscores.
    return importlib.util.find_spec(library.replace("-", "_")) is not None


def extra_requirements(library: str, extra: str) -> Iterator[str]:
    """Yield what an extra installs, which differs between releases of a library."""
    from packaging.requirements import Requirement

    if not extra:
        return
    # readme-renderer renders Markdown with `comrak`, older releases with `cmarkgfm`.
    for one in map(Requirement, importlib.metadata.requires(library) or ()):
        marker = one.marker
        if marker is None or marker.evaluate({"extra": ""}):
            continue  # it is installed without the extra
        if marker.evaluate({"extra": extra}):
            yield one.name
