"""Findings as text, as JSON and as annotations of GitHub Actions. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from .inspection import FileReport, Inspection
from .rules import AnyRule
from .rules.model import Finding, Severity

EXTRA = "pip install 'twine[pypi]'"
_STYLES = {None: "green", Severity.NOTE: "green", Severity.WARNING: "yellow"}


def style_of(report: FileReport) -> str:
    """Return the colour of a verdict."""
    return "red" if report.failed else _STYLES.get(report.worst, "yellow")


def render_finding(finding: Finding) -> str:
    """Return a finding for people: what, and what to do about it."""
    lines = [f"{finding.rule}: {finding.message}", finding.hint, finding.link]
    return "\n".join(line for line in lines if line)


def render_unchecked(inspection: Inspection) -> Iterator[str]:
    """Yield a line for each rule that could not be asked."""
    for name, library in inspection.unchecked:
        yield f"Not checked: {name}. It needs {library}: {EXTRA}"
    for problem in inspection.problems:
        yield f"Not asked: {problem}"


def describe(inspection: Inspection) -> dict[str, object]:
    """Return everything as a value for JSON."""
    return {
        "files": [
            {
                "file": report.path,
                "verdict": report.verdict,
                "failed": report.failed,
                "findings": [
                    {
                        "rule": finding.rule,
                        "severity": str(finding.severity),
                        "message": finding.message,
                        "hint": finding.hint,
                        "link": finding.link,
                    }
                    for finding in report.findings
                ],
            }
            for report in inspection.files
        ],
        "unchecked": [
            {"rule": name, "requires": library}
            for name, library in inspection.unchecked
        ],
        "unasked": list(inspection.problems),
        "failed": inspection.failed,
        "summary": inspection.summary,
    }


def render_annotations(
    inspection: Inspection, error: Exception | None = None
) -> Iterator[str]:
    """Yield a workflow command of GitHub Actions for each finding.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions

    Args:
        inspection: What was found.
        error: Why there is nothing to tell, if so.
    """
    if error is not None:
        yield f"::error title=twine::{_data(str(error))}"
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning"}
    for report in inspection.files:
        for finding in report.findings:
            kind = kinds.get(finding.severity, "notice")
            file = _property(report.path)
            title = _property(f"twine: {finding.rule}")
            text = "\n".join(filter(None, [finding.message, finding.hint]))
            yield f"::{kind} file={file},title={title}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def render_list(rules: tuple[AnyRule, ...]) -> Iterator[str]:
    """Yield one line for each rule."""
    width = max(len(rule.name) for rule in rules)
    for rule in sorted(rules, key=lambda rule: (-rule.severity, rule.name)):
        yield (
            f"{rule.name:<{width}}  {rule.severity!s:<7}  {rule.compared}  "
            f"{rule.summary}"
        )


def render_explanation(rule: AnyRule) -> Iterator[str]:
    """Yield everything that is known of one rule."""
    yield f"{rule.name} ({rule.severity})"
    yield ""
    yield rule.summary
    yield ""
    for paragraph in rule.explanation.split("\n\n"):
        verbatim = paragraph.startswith((" ", "\t"))
        yield paragraph if verbatim else textwrap.fill(paragraph, 79)
        yield ""
    if rule.gist:
        yield f"PyPI says: {rule.gist}"
    yield f"What to do: {rule.hint}"
    yield f"More: {rule.link}"
    yield f"Compared with PyPI's source: {rule.compared}"
    if rule.requires:
        yield f"Needs {rule.requires}: {EXTRA}"
