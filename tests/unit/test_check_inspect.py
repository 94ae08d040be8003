"""Rules applied to files: what is found, and what is not said twice."""

import importlib.util
from pathlib import Path

import pytest

from support import dists
from twine.check.inspect import (
    FileReport,
    Verdict,
    find_unavailable,
    inspect,
    inspect_basics,
)
from twine.check.subject import read_metadata, read_subject


def check(path: Path, *disabled: str) -> FileReport:
    """Return what is found in one file."""
    (report,) = inspect([read_subject(str(path))], disabled=disabled).files
    return report


def rules_in(report: FileReport) -> list[str]:
    """Return the rules that found something in a file."""
    return [finding.rule for finding in report.findings]


def test_fault_that_no_rule_is_about(tmp_path: Path) -> None:
    """A fault that does not show in the form fails, once."""
    text = dists.metadata_text(extra="Licence: MIT\n")
    report = check(dists.make_wheel(tmp_path, metadata=text))
    assert rules_in(report) == ["invalid-distribution"]
    assert "`Licence` is not a field" in report.findings[0].message


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        ("Requires-Python: new\n", {"invalid-value"}),
        ("License-Expression: MIT\n", {"field-too-new"}),
    ],
)
def test_fault_that_a_rule_is_about(
    tmp_path: Path, extra: str, found: set[str]
) -> None:
    """A fault is not told a second time, unless its rule is disabled."""
    text = dists.metadata_text(extra=f"{extra}Classifier: Nonsense :: All\n")
    path = dists.make_wheel(tmp_path, metadata=text)

    assert set(rules_in(check(path))) == {"classifier-unknown", *found}
    assert "invalid-distribution" in rules_in(check(path, *found))


@pytest.mark.parametrize("field", ["Name", "Version"])
def test_missing_field_hides_nothing(tmp_path: Path, field: str) -> None:
    """What else is wrong with the metadata and the archive is told, too."""
    text = dists.metadata_text(extra="Classifier: Nonsense :: All\n")
    lines = [line for line in text.splitlines(True) if not line.startswith(f"{field}:")]
    path = dists.make_wheel(tmp_path, metadata="".join(lines))
    path.write_bytes(path.read_bytes() + b"trailing")

    report = check(path)

    assert "classifier-unknown" in rules_in(report)
    assert "zip-framing" in rules_in(report)
    assert any(one.fault and one.fault.field == field for one in report.findings), (
        report
    )


def test_archive_explains_why_there_is_no_metadata(tmp_path: Path) -> None:
    """What is wrong with the archive is told; the rest only if that is disabled."""
    path = dists.make_wheel(tmp_path)
    path.write_bytes(path.read_bytes()[:-30])
    assert rules_in(check(path)) == ["not-a-zip"]
    assert rules_in(check(path, "not-a-zip")) == ["invalid-distribution"]


def test_wheel_with_an_odd_name(tmp_path: Path) -> None:
    """What keeps the metadata from being found is not told in other words."""
    path = dists.make_wheel(tmp_path).rename(tmp_path / "pkg.whl")
    assert rules_in(check(path)) == ["wheel-file-name"]


def test_file_too_large_whatever_is_in_it(tmp_path: Path) -> None:
    """Its size is known even if nothing else can be read."""
    path = tmp_path / "pkg-1.0-py3-none-any.whl"
    with path.open("wb") as file:
        file.truncate(2**30 + 1)
    assert set(rules_in(check(path))) == {"not-a-zip", "file-size-limit"}


def test_file_that_is_no_distribution(tmp_path: Path) -> None:
    """There is nothing to say but that."""
    path = tmp_path / "notes\t.txt"
    path.write_text("x")
    report = check(path)
    assert rules_in(report) == ["invalid-distribution"]
    assert report.verdict is Verdict.FAILED


def test_unreadable_attestation_fails(tmp_path: Path) -> None:
    """It is told beside what else is wrong."""
    text = dists.metadata_text(extra="Classifier: Nonsense :: All\n")
    path, attestation = dists.make_wheel(tmp_path, metadata=text), tmp_path / "a"
    attestation.write_text("no JSON")
    subject = read_subject(str(path), [str(attestation)])
    (report,) = inspect([subject]).files
    assert rules_in(report) == ["classifier-unknown", "invalid-distribution"]


def test_basics_of_a_file(tmp_path: Path) -> None:
    """Without `--pypi` there are three rules, those of twine 7.0.0."""
    text = dists.metadata_text(version="1.0+x", description="", content_type=None)
    path = str(dists.make_wheel(tmp_path, version="1.0+x", metadata=text))
    report = inspect_basics(read_metadata(path), strict=True)
    assert report.verdict is Verdict.FAILED_DUE_TO_WARNINGS
    assert [one.message for one in report.findings] == [
        (
            "`Description-Content-Type` is missing: the description is read as "
            "reStructuredText."
        ),
        "The description is missing: the project's page will be empty.",
    ]


@pytest.mark.parametrize("missing", [True, False])
def test_markdown_rule_needs_what_the_extra_installs(
    monkeypatch: pytest.MonkeyPatch, *, missing: bool
) -> None:
    """Without what `readme-renderer[md]` installs, the rule is not checked."""
    find_spec, asked = importlib.util.find_spec, []

    def find(name: str) -> object:
        asked.append(name)
        return None if missing and name in {"comrak", "cmarkgfm"} else find_spec(name)

    monkeypatch.setattr("importlib.util.find_spec", find)
    unavailable = find_unavailable(["email-address"])

    assert {"comrak", "cmarkgfm"} & set(asked)
    assert ("description-markdown" in unavailable) is missing
    assert "description-rendering" not in unavailable
    assert "email_validator" not in asked
