"""Everything that is found in several files, called as a function."""

import os
from pathlib import Path

import pytest

from support import dists
from twine import archives
from twine.check import inspect as inspection
from twine.check import subject as preflight
from twine.check.description import Renderer
from twine.rules import Severity


def rules_in(report: inspection.FileReport) -> list[str]:
    """Return the rules that found something in a file."""
    return [finding.rule for finding in report.findings]


def test_a_file_that_vanishes_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that is still running removes a file: the others have their verdict."""
    gone, kept = (str(dists.make_wheel(tmp_path, name)) for name in ("gone", "kept"))
    read = archives.read_archive

    def remove_first(path: str, filetype: str) -> archives.Reading:
        Path(gone).unlink(missing_ok=True)
        return read(path, filetype)

    monkeypatch.setattr(archives, "read_archive", remove_first)
    found = inspection.inspect_for_pypi([gone, kept], jobs=1)

    assert [report.path for report in found.files] == [gone, kept]
    assert rules_in(found.files[0]) == ["invalid-distribution"]
    assert f"`{gone}` cannot be read" in found.files[0].findings[0].message
    assert not found.files[1].failed


def test_invalid_metadata_fails(tmp_path: Path) -> None:
    """A fault that does not show in the form fails, once."""
    text = dists.metadata_text(extra="Licence: MIT\n")
    path = str(dists.make_wheel(tmp_path, metadata=text))
    (report,) = inspection.inspect_for_pypi([path]).files
    assert rules_in(report) == ["invalid-distribution"]
    assert "`Licence` is not a field" in report.findings[0].message
    ((severity, _),) = inspection.check_file(path, Renderer())
    assert severity is Severity.ERROR


def test_a_rule_that_says_it_better_speaks_alone(tmp_path: Path) -> None:
    """What a rule finds is not told a second time as invalid metadata."""
    text = dists.metadata_text(version="1.x!")
    path = str(dists.make_wheel(tmp_path, metadata=text))
    (report,) = inspection.inspect_for_pypi([path]).files
    assert report.failed
    assert "invalid-distribution" not in rules_in(report)


def test_a_fault_is_told_beside_other_errors(tmp_path: Path) -> None:
    """A field given twice does not show in the form, and is not forgotten."""
    text = dists.metadata_text(
        extra="Summary: One\nSummary: Two\nClassifier: Nonsense :: All\n"
    )
    path = str(dists.make_wheel(tmp_path, metadata=text))
    (report,) = inspection.inspect_for_pypi([path]).files
    assert set(rules_in(report)) == {"classifier-unknown", "repeated-field"}
    assert any("`Summary`" in one.message for one in report.findings)
    (report,) = inspection.inspect_for_pypi([path], disabled=["repeated-field"]).files
    assert set(rules_in(report)) == {"classifier-unknown", "invalid-distribution"}


@pytest.mark.parametrize("field", ["Name", "Version"])
def test_a_missing_field_hides_nothing(tmp_path: Path, field: str) -> None:
    """What else is wrong with the metadata and the archive is told, too."""
    text = dists.metadata_text(extra="Classifier: Nonsense :: All\n")
    lines = [line for line in text.splitlines(True) if not line.startswith(f"{field}:")]
    path = dists.make_wheel(tmp_path, metadata="".join(lines))
    path.write_bytes(path.read_bytes() + b"trailing")

    (report,) = inspection.inspect_for_pypi([str(path)]).files

    assert {"classifier-unknown", "zip-trailing-data"} <= {*rules_in(report)}
    assert any(f"`{field}`" in one.message for one in report.findings), report


def test_a_wheel_with_an_odd_name_is_told_by_its_rule(tmp_path: Path) -> None:
    """What keeps the metadata from being found is not told in other words."""
    path = dists.make_wheel(tmp_path).rename(tmp_path / "pkg.whl")

    (report,) = inspection.inspect_for_pypi([str(path)]).files

    assert rules_in(report) == ["wheel-file-name"]


def test_a_file_too_large_is_told_whatever_is_in_it(tmp_path: Path) -> None:
    """Its size is known even if nothing else can be read."""
    path = tmp_path / "pkg-1.0-py3-none-any.whl"
    with path.open("wb") as file:
        file.truncate(2**30 + 1)

    (report,) = inspection.inspect_for_pypi([str(path)]).files

    assert set(rules_in(report)) == {"not-a-zip", "file-size-limit"}


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """A pipe would never end."""
    path = tmp_path / "pkg-1.0.tar.gz"
    os.mkfifo(path)

    (report,) = inspection.inspect_for_pypi([str(path)]).files

    assert rules_in(report) == ["invalid-distribution"]
    assert "not a file" in report.findings[0].message


@pytest.mark.parametrize(
    ("content", "rule"),
    [("no JSON", "invalid-distribution"), ("{}", "attestation-malformed")],
)
def test_attestations_are_judged_if_given(
    tmp_path: Path, content: str, rule: str
) -> None:
    """They are looked at as an upload with ``--attestations`` would send them."""
    path = str(dists.make_wheel(tmp_path))
    attestation = tmp_path / "some.attestation"
    attestation.write_text(content)

    (report,) = inspection.inspect_for_pypi(
        [path], attestations={path: [str(attestation)]}
    ).files

    assert rule in rules_in(report)
    assert report.failed


def test_an_archive_without_metadata_is_looked_at(tmp_path: Path) -> None:
    """What is wrong with the archive explains why there is no metadata."""
    path = dists.make_wheel(tmp_path)
    path.write_bytes(path.read_bytes()[:-30])
    (report,) = inspection.inspect_for_pypi([str(path)]).files
    assert rules_in(report) == ["not-a-zip"]
    (report,) = inspection.inspect_for_pypi([str(path)], disabled=["not-a-zip"]).files
    assert rules_in(report) == ["invalid-distribution"]


def test_the_worst_finding_comes_first(tmp_path: Path) -> None:
    """A note stands below the error that matters."""
    text = dists.metadata_text(version="1.0+x", description="", content_type=None)
    path = str(dists.make_wheel(tmp_path, version="1.0+x", metadata=text))
    (report,) = inspection.inspect_for_pypi([path]).files
    assert rules_in(report) == ["local-version", "description-missing"]


def test_a_fault_of_ours_is_no_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not the file's fault is raised, not blamed on the file."""

    def broken(*given: object, **named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(preflight, "examine", broken)
    with pytest.raises(ZeroDivisionError):
        inspection.inspect_for_pypi([str(dists.make_wheel(tmp_path))])
