"""Everything that is to be said about distributions before they are published."""

from __future__ import annotations

import dataclasses
import email.message
import functools
import io
import re
from collections.abc import Callable, Collection, Iterator, Sequence

from . import exceptions, preflight, workers
from .package import PackageFile, describe_faults
from .rules.model import Finding, Severity, Subject

# Findings, problems, and the paths of the distributions that the index knows about.
Ask = Callable[[Sequence[Subject]], tuple[list[Finding], list[str], set[str]]]

# A message of docutils: `<string>:12: (WARNING/2) Title underline too short.`
_DOCUTILS = re.compile(r"^<string>:(?P<line>\d*): \((?P<level>\w+)/\d\) ")


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
        match self.worst:
            case Severity.ERROR:
                return "FAILED"
            case Severity.WARNING:
                return (
                    "FAILED due to warnings" if self.strict else "PASSED with warnings"
                )
            case _:
                return "PASSED"

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
    """

    files: tuple[FileReport, ...]
    unchecked: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()

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
            f"{_count(len(self.files), 'file')}: {len(self.files) - failed} passed, "
            f"{failed} failed, {_count(findings, 'finding')}"
        )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def inspect(paths: Sequence[str], *, strict: bool = False) -> Inspection:
    """Look at distributions as ``twine check`` always did.

    Args:
        paths: The distributions.
        strict: Whether warnings fail a file.
    """
    return Inspection(
        files=tuple(_report(path, check_file(path), strict=strict) for path in paths)
    )


def inspect_for_pypi(
    paths: Sequence[str],
    *,
    strict: bool = False,
    disabled: Collection[str] = (),
    jobs: int = workers.DEFAULT_JOBS,
    ask: Ask | None = None,
) -> Inspection:
    """Look at distributions as PyPI will.

    Args:
        paths: The distributions.
        strict: Whether warnings fail a file.
        disabled: Identifiers of rules that are not to be asked.
        jobs: How many distributions to look at at a time.
        ask: How to ask an index about them.
    """
    found: dict[str, list[Finding]] = {path: [] for path in paths}
    faulty: dict[str, tuple[str, ...]] = {}
    packages = []
    for path, result in zip(
        paths, workers.map_ordered(PackageFile.read, paths, jobs=jobs), strict=True
    ):
        if isinstance(result, Exception):
            found[path].append(_unreadable(path, result))
            continue
        package, faults = result
        packages.append(package)
        faulty[path] = faults
        found[path] += _check_description_fields(package)
    judgement = preflight.judge(packages, disabled=disabled, jobs=jobs)
    for finding in judgement.findings:
        found[finding.path].append(finding)
    for path, faults in faulty.items():
        found[path] += list(_check_faults(path, faults, found[path]))
    problems = [] if ask is None else _ask(ask, judgement.subjects, found)
    return Inspection(
        files=tuple(
            _report(path, _without_repetition(findings), strict=strict)
            for path, findings in found.items()
        ),
        unchecked=judgement.unchecked,
        problems=tuple(problems),
    )


def _ask(
    ask: Ask, subjects: Sequence[Subject], found: dict[str, list[Finding]]
) -> list[str]:
    """Add what an index has to say; return why it could not be asked."""
    further, problems, answered = ask(subjects)
    for path in answered:
        # The index knows whether the project is new: nothing is left to suppose.
        found[path] = [one for one in found[path] if one.rule != "stdlib-name"]
    for finding in further:
        found[finding.path].append(finding)
    return problems


def _check_faults(
    path: str, faults: tuple[str, ...], found: Sequence[Finding]
) -> Iterator[Finding]:
    """Yield the faults of the metadata if no rule found anything against them.

    PyPI never sees some of them, a field that does not exist for example; the file
    fails all the same.
    """
    if faults and all(finding.severity is not Severity.ERROR for finding in found):
        error = exceptions.InvalidDistribution(describe_faults(path, faults))
        yield _unreadable(path, error)


def _unreadable(path: str, error: Exception) -> Finding:
    """Return the finding for a file that no rule can judge.

    Raises:
        Exception: It is a fault of ours.
    """
    if not isinstance(error, exceptions.InvalidDistribution):
        raise error
    return _finding(
        "invalid-distribution",
        Severity.ERROR,
        path,
        f"{type(error).__name__}: {error}",
    )


def _report(path: str, findings: Sequence[Finding], *, strict: bool) -> FileReport:
    ordered = sorted(findings, key=lambda finding: -finding.severity)
    return FileReport(path=path, findings=tuple(ordered), strict=strict)


def _without_repetition(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, of the same rule and message the worst only."""
    worst: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        # A missing description is one thing, however it was noticed.
        key = (finding.rule, "" if finding.rule in _ONCE else finding.message)
        if key not in worst or worst[key].severity < finding.severity:
            worst[key] = finding
    return list(worst.values())


_ONCE = frozenset({"description-missing", "description-rendering"})


def check_file(path: str) -> list[Finding]:
    """Return what ``twine check`` always said about one distribution."""
    try:
        package, faults = PackageFile.read(path)
        if faults:
            raise exceptions.InvalidDistribution(describe_faults(path, faults))
    except exceptions.InvalidDistribution as exc:
        return [_unreadable(path, exc)]
    findings = list(_check_description_fields(package))
    description = package.metadata.get("description")
    content_type = package.metadata.get("description_content_type")
    if not _is_missing(description) and _media_type(content_type) == "text/x-rst":
        problems = render_problems(description or "")
        if problems:
            findings.append(
                _finding(
                    "description-rendering",
                    Severity.ERROR,
                    path,
                    "The description cannot be rendered as reStructuredText:\n"
                    + "\n".join(problems),
                )
            )
    return findings


def _check_description_fields(package: PackageFile) -> Iterator[Finding]:
    path = package.filename
    if package.metadata.get("description_content_type") is None:
        yield _finding(
            "content-type-missing",
            Severity.WARNING,
            path,
            "`Description-Content-Type` is missing: the description is read as "
            "reStructuredText.",
        )
    if _is_missing(package.metadata.get("description")):
        yield _finding(
            "description-missing",
            Severity.WARNING,
            path,
            "The description is missing: the project's page will be empty.",
        )


def _finding(rule: str, severity: Severity, path: str, message: str) -> Finding:
    return Finding(
        rule=rule, severity=severity, path=path, message=message, hint="", link=""
    )


def _is_missing(description: str | None) -> bool:
    return description is None or description.strip() in {"", "UNKNOWN"}


def _media_type(content_type: str | None) -> str:
    if content_type is None:
        return "text/x-rst"
    message = email.message.Message()
    message["content-type"] = content_type
    return message.get_content_type()


@functools.lru_cache(maxsize=4)
def render_problems(description: str) -> tuple[str, ...]:
    """Return why reStructuredText would not be rendered; empty if it would.

    The wheels of one release usually have the very same description.

    Args:
        description: The text.
    """
    # Rendering needs docutils, which takes its time to load.
    from readme_renderer import rst

    stream = io.StringIO()
    try:
        if rst.render(description, stream=stream) is not None:
            return ()
    except Exception as exc:  # noqa: BLE001 - docutils trips over deep nesting
        return (f"- the renderer fails on it ({type(exc).__name__})",)
    problems = []
    for line in stream.getvalue().splitlines():
        found = _DOCUTILS.match(line)
        if found is None:
            problems.append(f"  {line}".rstrip())
            continue
        where = f"line {found['line']}: " if found["line"] else ""
        problems.append(f"- {where}{found['level'].lower()}: {line[found.end() :]}")
    return tuple(problems) or ("- nothing is left to show",)
