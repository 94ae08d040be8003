"""Everything that is to be said about distributions before they are published."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from .. import archives, exceptions, rules
from ..package import PackageFile, describe_faults
from ..publish import workers
from ..rules.description import NO_CONTENT_TYPE, TITLE_ONLY, parse_media_type
from ..rules.form import invalid_distribution, sum_up
from ..rules.limits import stdlib_name
from ..rules.model import Finding, Severity, Subject
from ..terminal.text import pluralize
from . import description as rendering
from . import subject as preflight
from .description import RST, Renderer


class Told(NamedTuple):
    """What an index told of some distributions.

    Args:
        findings: What the rules found in that.
        problems: Why it could not be asked for some of it.
        answered: The paths of the distributions that it could be asked about.
    """

    findings: list[Finding]
    problems: list[str]
    answered: set[str]


# How to ask an index about distributions, leaving some rules out.
Ask = Callable[[Sequence[Subject], Collection[str]], Told]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What is to be said about one distribution.

    Args:
        path: Its path.
        findings: What was found, the worst first.
        strict: Whether warnings fail it.
    """

    path: str
    findings: tuple[Finding, ...]
    strict: bool

    @property
    def worst(self) -> Severity | None:
        """The worst of the findings."""
        return max((finding.severity for finding in self.findings), default=None)

    @property
    def verdict(self) -> str:
        """The verdict, in the words that other programs look for."""
        return judge(self.worst, strict=self.strict)

    @property
    def failed(self) -> bool:
        """Whether the file must not be published."""
        return self.verdict.startswith("FAILED")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What is to be said about several distributions.

    Args:
        files: The reports, in the order of the distributions.
        unchecked: Rules that could not be asked, with the library they need.
        problems: Why an index could not be asked.
        renderer: The libraries that judged the descriptions, with their versions.
    """

    files: tuple[FileReport, ...]
    unchecked: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    renderer: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether a file failed."""
        return any(report.failed for report in self.files)

    @property
    def summary(self) -> str:
        """How many files passed, in one line."""
        failed = sum(report.failed for report in self.files)
        findings = sum(len(report.findings) for report in self.files)
        return (
            f"{pluralize(len(self.files), 'file')}: {len(self.files) - failed} passed, "
            f"{failed} failed, {pluralize(findings, 'finding')}"
        )


class _Request(NamedTuple):
    """How to look at a distribution.

    Args:
        leave_out: Identifiers of rules that are not asked.
        attestations: Paths of the attestations of each distribution.
        renderer: What renders their descriptions.
    """

    leave_out: frozenset[str]
    attestations: Mapping[str, Sequence[str]]
    renderer: Renderer


def judge(worst: Severity | None, *, strict: bool) -> str:
    """Return the verdict on a file, in the words that other programs look for.

    Args:
        worst: The worst of what was found.
        strict: Whether warnings fail a file.
    """
    match worst:
        case Severity.ERROR:
            return "FAILED"
        case Severity.WARNING:
            return "FAILED due to warnings" if strict else "PASSED with warnings"
        case _:
            return "PASSED"


def inspect_for_pypi(
    paths: Sequence[str],
    *,
    strict: bool = False,
    disabled: Collection[str] = (),
    jobs: int = workers.DEFAULT_JOBS,
    ask: Ask | None = None,
    attestations: Mapping[str, Sequence[str]] | None = None,
) -> Inspection:
    """Look at distributions as PyPI will.

    Args:
        paths: The distributions.
        strict: Whether warnings fail a file.
        disabled: Identifiers of rules that are not to be asked.
        jobs: How many distributions to look at at a time.
        ask: How to ask an index about them.
        attestations: Paths of the attestations of each, to be judged as well.
    """
    unavailable = preflight.find_unavailable(disabled)
    leave_out = {*disabled, *unavailable}
    unchecked = {
        name: library
        for name, library in unavailable.items()
        # Without an index nobody expects an answer from these.
        if ask is not None or name not in rules.INDEX_RULES
    }
    request = _Request(frozenset(leave_out), attestations or {}, Renderer())
    subjects, found = _look_at_all(paths, request, jobs=jobs)
    for finding in rules.check_release(subjects, leave_out):
        found[finding.path].append(finding)
    problems = [] if ask is None else _add(ask(subjects, leave_out), found)
    return Inspection(
        files=tuple(
            _report(path, findings, strict=strict) for path, findings in found.items()
        ),
        unchecked=tuple(unchecked.items()),
        problems=tuple(problems),
        renderer=rendering.find_versions(),
    )


def _look_at_all(
    paths: Sequence[str], request: _Request, *, jobs: int
) -> tuple[list[Subject], dict[str, list[Finding]]]:
    """Return the distributions as the rules see them, and what is found in each."""
    look = functools.partial(_look, request=request)
    subjects: list[Subject] = []
    found: dict[str, list[Finding]] = {}
    results = workers.map_ordered(look, paths, jobs=jobs)
    for path, result in zip(paths, results, strict=True):
        if isinstance(result, Exception):
            raise result
        subject, found[path] = result
        if subject is not None:
            subjects.append(subject)
    return subjects, found


def _add(told: Told, found: dict[str, list[Finding]]) -> list[str]:
    """Add what an index told to what was found; return what it did not tell."""
    for path in told.answered:
        # The index knows whether the project is new: nothing is left to suppose.
        found[path] = [one for one in found[path] if one.rule != stdlib_name.name]
    for finding in told.findings:
        found[finding.path].append(finding)
    return told.problems


def _look(path: str, request: _Request) -> tuple[Subject | None, list[Finding]]:
    """Return one distribution as the rules see it, and all that is found in it.

    Of one that cannot be sent there is nothing for rules that compare several.
    """
    # It speaks last, of what the others left unsaid.
    leave_out = {*request.leave_out, invalid_distribution.name}
    subject: Subject | None = None
    unsaid: list[str] = []
    try:
        package, faults = PackageFile.read(path, for_rules=True)
        unsaid += _attest(package, request.attestations.get(path, ()))
        subject, findings = preflight.examine(
            package, leave_out, renderer=request.renderer, faults=faults
        )
    except exceptions.InvalidDistribution as exc:
        findings, faults = _blame(path, leave_out, request.renderer)
        # Of what is too large to be looked into a warning tells.
        is_told = bool(faults) or isinstance(exc, archives.NotCheckedError)
        is_told = is_told or _has_error(findings)
        unsaid = [] if is_told else [str(exc)]
    faults = _untold(faults, findings)
    if faults:
        unsaid.append(sum_up(faults))
    if invalid_distribution.name not in request.leave_out:
        findings += [invalid_distribution.make_finding(path, one) for one in unsaid]
    return subject, findings


def _attest(package: PackageFile, paths: Sequence[str]) -> list[str]:
    """Add attestations as an upload would; return why they cannot be read."""
    try:
        if paths:
            package.add_attestations([*paths])
    except exceptions.InvalidDistribution as exc:
        return [str(exc)]
    return []


def _has_error(findings: Sequence[Finding]) -> bool:
    return any(one.severity is Severity.ERROR for one in findings)


def _untold(faults: Sequence[str], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the faults of the metadata that no error speaks of.

    An error speaks of a fault if it names the field that the fault begins with.
    """
    told = " ".join(one.message for one in findings if one.severity is Severity.ERROR)
    return tuple(
        fault
        for fault in faults
        if not fault.startswith("`") or fault[: fault.index("`", 1) + 1] not in told
    )


def _blame(
    path: str, leave_out: Collection[str], renderer: Renderer
) -> tuple[list[Finding], tuple[str, ...]]:
    """Return what is found in a file that cannot be sent, and its metadata's faults."""
    try:
        return preflight.examine_unusable(path, leave_out, renderer=renderer)
    except (exceptions.InvalidDistribution, OSError):
        return [], ()


def _report(path: str, findings: Sequence[Finding], *, strict: bool) -> FileReport:
    ordered = sorted(dict.fromkeys(findings), key=lambda finding: -finding.severity)
    return FileReport(path=path, findings=tuple(ordered), strict=strict)


def check_file(path: str, renderer: Renderer) -> list[tuple[Severity, str]]:
    """Return what ``twine check`` always said about one distribution.

    Args:
        path: The distribution.
        renderer: What renders its description.

    Returns:
        How bad it is, and what it is, for everything that is wrong.
    """
    try:
        package, faults = PackageFile.read(path, for_check=True)
        if faults:
            raise exceptions.InvalidDistribution(
                describe_faults(path, faults, package.header_break)
            )
    except archives.NotCheckedError as exc:
        return [(Severity.WARNING, str(exc))]
    except exceptions.InvalidDistribution as exc:
        return [(Severity.ERROR, f"{type(exc).__name__}: {exc}")]
    found: list[tuple[Severity, str]] = []
    if package.header_break:
        found.append((Severity.WARNING, package.header_break))
    description = package.metadata.get("description") or ""
    content_type = package.metadata.get("description_content_type")
    if content_type is None:
        found.append((Severity.WARNING, NO_CONTENT_TYPE))
    if not description or description.rstrip() == "UNKNOWN":
        message = "The description is missing: the project's page will be empty."
        found.append((Severity.WARNING, message))
    elif content_type is None or parse_media_type(content_type) == RST:
        found += _check_rst(renderer.render(RST, description))
    return found


def _check_rst(rendered: rendering.Rendered) -> Iterator[tuple[Severity, str]]:
    """Yield what is to be said of a description in reStructuredText."""
    if rendered.is_title_only:
        yield Severity.WARNING, TITLE_ONLY
    if rendered.problems:
        # Other versions may judge otherwise, PyPI's as well.
        versions = rendering.list_versions(rendering.find_versions())
        message = (
            f"The description cannot be rendered as reStructuredText ({versions}):"
        )
        lines = ("\n- " + one.replace("\n", "\n  ") for one in rendered.problems)
        yield Severity.ERROR, message + "".join(lines)
