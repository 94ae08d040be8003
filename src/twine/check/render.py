"""Findings as text, as JSON and as annotations of GitHub Actions. Pure."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from ..rules import ALL_RULES, AnyRule
from ..rules.model import Finding, Severity
from .description import render_versions
from .inspect import FileReport, Inspection, Verdict

# How many files a finding names that they have in common.
_NAMED = 3
# Rules whose verdict may be another one with other versions of the renderer.
_BY_RENDERER = {"description-rendering", "description-markdown", "title-only"}
EXTRA = "pip install 'twine[pypi]'"
_STYLES = {Verdict.PASSED: "green", Verdict.PASSED_WITH_WARNINGS: "yellow"}


def style_of(verdict: Verdict) -> str:
    """Return the colour of a verdict."""
    return _STYLES.get(verdict, "red")


def render_findings(findings: Sequence[Finding]) -> Iterator[tuple[Severity, str]]:
    """Yield findings for people: what, where in a value, and what to do about it.

    What to do comes once for all findings of a rule that follow each other.
    """
    for number, finding in enumerate(findings, 1):
        lines = [f"{finding.rule}: {finding.message}"]
        if finding.fault and finding.fault.excerpt:
            lines.append(finding.fault.excerpt)
        # Ten bad classifiers have one hint.
        if number == len(findings) or findings[number].rule != finding.rule:
            lines += [finding.hint, finding.link]
        yield finding.severity, "\n".join(lines)


def render_preflight(inspection: Inspection) -> Iterator[tuple[str, bool]]:
    """Yield what an upload prints of findings, and whether PyPI is sure to refuse.

    Those that are the same in several files are printed once.
    """
    # PyPI may have learned something since this release was made.
    growing = {rule.name for rule in ALL_RULES if rule.grows}
    for finding, found in merge_findings(inspection.files).items():
        if finding.severity is Severity.NOTE:
            continue
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        where = ", ".join(found[:_NAMED]) + more
        lines = [f"{where}: {finding.rule}: {finding.message}"]
        text = "\n".join([*lines, finding.hint, finding.link])
        is_error = finding.severity is Severity.ERROR
        yield text, is_error and finding.rule not in growing


def merge_findings(reports: Iterable[FileReport]) -> dict[Finding, list[str]]:
    """Return findings with the files that have them, so that each is there once.

    A file's name of two lines is shown on one: it must not look like two findings.
    """
    paths: dict[Finding, list[str]] = {}
    for report in reports:
        for finding in report.findings:
            same = dataclasses.replace(finding, path="")
            paths.setdefault(same, []).append(finding.path.replace("\n", r"\n"))
    return paths


def render_missing_library(rule: str, library: str) -> str:
    """Return why a rule could not be applied, and what to do about it."""
    return f"Not checked: {rule}. It needs {library}: {EXTRA}"


def render_unchecked(inspection: Inspection) -> Iterator[str]:
    """Yield a line for everything that could not be checked."""
    for name, library in inspection.unchecked:
        yield render_missing_library(name, library)
    yield from inspection.problems
    rules = {finding.rule for report in inspection.files for finding in report.findings}
    if rules & _BY_RENDERER:
        yield f"Descriptions were rendered with {render_versions(inspection.renderer)}."


def describe_inspection(inspection: Inspection) -> dict[str, object]:
    """Return everything as a value for JSON."""
    return {
        "files": [
            {
                "file": report.path,
                "verdict": report.verdict.value,
                "failed": report.verdict.failed,
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
        "renderer": dict(inspection.renderer),
        "failed": inspection.failed,
        "summary": inspection.summary,
    }


def render_annotations(
    inspection: Inspection, error: BaseException | None = None
) -> Iterator[str]:
    """Yield a workflow command of GitHub Actions for each finding, or for an error.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    if error is not None:
        yield f"::error title=twine::{_data(str(error) or 'Interrupted.')}"
    for line in render_unchecked(inspection):
        yield f"::notice title=twine::{_data(line)}"
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning"}
    for report in inspection.files:
        for finding in report.findings:
            kind = kinds.get(finding.severity, "notice")
            file = _property(report.path)
            title = _property(f"twine: {finding.rule}")
            text = "\n".join(filter(None, [finding.message, finding.hint]))
            yield f"::{kind} file={file},title={title}::{_data(text)}"


def _data(text: str) -> str:
    # As `escapeData` of https://github.com/actions/toolkit does.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def render_list(rules: tuple[AnyRule, ...]) -> Iterator[str]:
    """Yield one line for each rule."""
    width = max(len(rule.name) for rule in rules)
    for rule in sorted(rules, key=lambda rule: (-rule.severity, rule.name)):
        yield (
            f"{rule.name:<{width}}  {rule.severity!s:<7}  {rule.compared}  "
            f"{_plain(rule.summary)}"
        )


def render_explanation(rule: AnyRule) -> Iterator[str]:
    """Yield everything that is known of one rule."""
    yield f"{rule.name} ({rule.severity})"
    yield ""
    yield _plain(rule.summary)
    yield ""
    for paragraph in _plain(rule.explanation).split("\n\n"):
        verbatim = paragraph.startswith((" ", "\t"))
        yield paragraph if verbatim else _wrap(paragraph)
        yield ""
    if rule.pypi_message:
        yield f"In PyPI's message: {rule.pypi_message}"
    yield f"What to do: {rule.hint}"
    yield f"More: {rule.link}"
    yield f"Compared with PyPI's source: {rule.compared}"
    if rule.requires:
        yield f"Needs {rule.requires}: {EXTRA}"


def _plain(text: str) -> str:
    """Return the text of a docstring, with code marked as everywhere on the screen."""
    return text.replace("``", "`")


def _wrap(paragraph: str) -> str:
    """Break a paragraph into lines, but no name or option at its hyphens."""
    return textwrap.fill(paragraph, 79, break_on_hyphens=False, break_long_words=False)
