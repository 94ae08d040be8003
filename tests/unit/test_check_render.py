"""Findings as people, as programs and as GitHub Actions read them."""

import dataclasses
import datetime as dt
import json

import pytest

from twine import rules
from twine.check import render
from twine.check.inspect import FileReport, Inspection, Verdict
from twine.form.fields import FaultKind, MetadataFault
from twine.rules.model import Finding, Severity

WHEEL = "dist/tool-1.0-py3-none-any.whl"


def finding(
    severity: Severity, rule: str = "some-rule", message: str = "It is wrong."
) -> Finding:
    """Return a finding in the wheel."""
    return Finding(
        rule=rule,
        severity=severity,
        path=WHEEL,
        message=message,
        hint="Mend it.",
        link="https://example.org/",
    )


def report(
    *severities: Severity, strict: bool = False, path: str = WHEEL
) -> FileReport:
    """Return a report with a finding of each of these severities."""
    found = tuple(finding(severity) for severity in severities)
    return FileReport.from_findings(path, found, strict=strict)


@pytest.mark.parametrize(
    ("severities", "strict", "verdict", "style"),
    [
        ([], False, Verdict.PASSED, "green"),
        ([Severity.NOTE], True, Verdict.PASSED, "green"),
        (
            [Severity.NOTE, Severity.WARNING],
            False,
            Verdict.PASSED_WITH_WARNINGS,
            "yellow",
        ),
        ([Severity.WARNING], True, Verdict.FAILED_DUE_TO_WARNINGS, "red"),
        ([Severity.WARNING, Severity.ERROR], False, Verdict.FAILED, "red"),
    ],
)
def test_worst_finding_makes_the_verdict(
    severities: list[Severity], strict: bool, verdict: Verdict, style: str
) -> None:
    """Errors fail, warnings fail if that is wanted, notes never do."""
    one = report(*severities, strict=strict)
    assert one.verdict is verdict
    assert verdict.failed is (style == "red")
    assert render.style_of(verdict) == style


def test_findings_are_sorted_and_each_once() -> None:
    """The worst come first; a note stands below the error that matters."""
    one = report(Severity.NOTE, Severity.ERROR, Severity.NOTE)
    assert [found.severity for found in one.findings] == [Severity.ERROR, Severity.NOTE]


def test_the_summary_counts() -> None:
    """Files and findings are counted, in the plural where there are several."""
    one = report(Severity.ERROR)
    assert Inspection(files=(one,)).summary == "1 file: 0 passed, 1 failed, 1 finding"
    two = Inspection(files=(one, report(Severity.NOTE, Severity.WARNING)))
    assert two.summary == "2 files: 1 passed, 1 failed, 3 findings"
    assert two.failed


def test_findings_say_what_to_do() -> None:
    """What, how to mend it, where to read on; the last two once for each rule."""
    found = [
        finding(Severity.ERROR, message="One."),
        finding(Severity.ERROR, message="Two."),
        finding(Severity.NOTE, "other-rule"),
    ]
    assert list(render.render_findings(found)) == [
        (Severity.ERROR, "some-rule: One."),
        (Severity.ERROR, "some-rule: Two.\nMend it.\nhttps://example.org/"),
        (Severity.NOTE, "other-rule: It is wrong.\nMend it.\nhttps://example.org/"),
    ]


def test_finding_shows_the_place_in_a_value() -> None:
    """What is marked in a value stands below the message, and above what to do."""
    fault = MetadataFault(
        field="Requires-Dist", kind=FaultKind.INVALID, message="x", excerpt="a b\n  ^"
    )
    marked = dataclasses.replace(finding(Severity.ERROR), fault=fault)

    assert list(render.render_findings([marked])) == [
        (
            Severity.ERROR,
            "some-rule: It is wrong.\na b\n  ^\nMend it.\nhttps://example.org/",
        )
    ]


def test_preflight_prints_what_is_the_same_once() -> None:
    """Forty wheels with one fault are one line to read, not forty."""
    same = [
        dataclasses.replace(finding(Severity.ERROR), path=path)
        for path in ("a", "b\n", "c", "d", "e")
    ]
    grows = finding(Severity.ERROR, "platform-tag")
    reports = (
        *(FileReport.from_findings(one.path, [one], strict=False) for one in same),
        FileReport.from_findings(WHEEL, [grows], strict=False),
        report(Severity.NOTE),
    )

    end = "It is wrong.\nMend it.\nhttps://example.org/"
    assert list(render.render_preflight(Inspection(files=reports))) == [
        (f"a, b\\n, c and 2 more: some-rule: {end}", True),
        # PyPI may know this tag by now: a warning.
        (f"{WHEEL}: platform-tag: {end}", False),
    ]


def test_what_was_not_checked_is_told() -> None:
    """The library that is missing is named, and what an index did not tell."""
    seen = Inspection(
        files=(),
        unchecked=(("email-address", "email-validator"),),
        problems=("`https://index.example/` told nothing about `x`: why",),
    )
    first, second = render.render_unchecked(seen)
    assert first.startswith("Not checked: email-address. It needs email-validator: ")
    assert first.endswith("'twine[pypi]'")
    assert second == seen.problems[0]


def test_everything_is_in_the_json() -> None:
    """A program gets what people get."""
    seen = Inspection(
        files=(report(Severity.WARNING),),
        unchecked=(("a-b", "lib"),),
        problems=("why",),
        renderer={"readme-renderer": "46.0"},
    )
    value = json.loads(json.dumps(render.describe_inspection(seen)))
    assert value == {
        "files": [
            {
                "file": WHEEL,
                "verdict": "PASSED with warnings",
                "failed": False,
                "findings": [
                    {
                        "rule": "some-rule",
                        "severity": "warning",
                        "message": "It is wrong.",
                        "hint": "Mend it.",
                        "link": "https://example.org/",
                    }
                ],
            }
        ],
        "unchecked": [{"rule": "a-b", "requires": "lib"}],
        "unasked": ["why"],
        "renderer": {"readme-renderer": "46.0"},
        "failed": False,
        "summary": "1 file: 1 passed, 0 failed, 1 finding",
    }


@pytest.mark.parametrize(
    ("severity", "kind"),
    [
        (Severity.ERROR, "error"),
        (Severity.WARNING, "warning"),
        (Severity.NOTE, "notice"),
    ],
)
def test_annotations_cannot_be_broken_out_of(severity: Severity, kind: str) -> None:
    """What could end a property or a command is escaped, as GitHub wants."""
    found = finding(severity, message="100%\r\n::error::no")
    odd = FileReport.from_findings("a:b,c%\n.whl", [found], strict=False)
    (line,) = render.render_annotations(Inspection(files=(odd,)))
    assert line == (
        f"::{kind} file=a%3Ab%2Cc%25%0A.whl,title=twine%3A some-rule::"
        "100%25%0D%0A::error::no%0AMend it."
    )


def test_an_error_is_an_annotation() -> None:
    """Where there is nothing to look at, GitHub shows why."""
    error = ValueError("No file.\nLook again.")
    (line,) = render.render_annotations(Inspection(files=()), error)
    assert line == "::error title=twine::No file.%0ALook again."


def test_the_list_of_rules_is_a_table() -> None:
    """The worst come first; columns are aligned."""
    lines = list(render.render_list(rules.ALL_RULES))
    severities = [line.split()[1] for line in lines]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    columns = map(str.index, lines, severities)
    assert len(set(columns)) == 1
    assert all(dt.date.fromisoformat(line.split()[2]) for line in lines)


@pytest.mark.parametrize("rule", rules.ALL_RULES, ids=lambda rule: rule.name)
def test_explanations_fit_the_screen(rule: rules.AnyRule) -> None:
    """Prose is wrapped; examples, links and PyPI's words stay as they are."""
    lines = "\n".join(render.render_explanation(rule)).splitlines()
    summary = rule.summary.replace("``", "`")
    assert lines[:4] == [f"{rule.name} ({rule.severity})", "", summary, ""]
    assert f"What to do: {rule.hint}" in lines
    assert f"More: {rule.link}" in lines
    assert (f"In PyPI's message: {rule.pypi_message}" in lines) is bool(
        rule.pypi_message
    )
    assert any(line.startswith("Needs ") for line in lines) is bool(rule.requires)
    prose = lines[4 : lines.index(f"What to do: {rule.hint}") - bool(rule.pypi_message)]
    assert " ".join(prose).split() == rule.explanation.replace("``", "`").split()
    assert max(map(len, prose)) < 80
