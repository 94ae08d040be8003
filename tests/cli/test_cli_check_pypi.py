"""`check --pypi`: the findings, how they are printed, and the exit status."""

import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

import pytest

from support import dists
from support.command import Result, Twine
from twine import rules

UNKNOWN = "Classifier: Nonsense :: All\n"


def document(result: Result) -> dict[str, Any]:
    """Return the one JSON document on standard output."""
    value = json.loads(result.out)
    assert isinstance(value, dict)
    return value


def test_sound_files_pass(twine: Twine, wheel: str, sdist: str) -> None:
    """Each file has its verdict, and a line counts them."""
    result = twine("check", "--pypi", "--disable", "pyproject-missing", wheel, sdist)

    lines = result.success().splitlines()
    assert f"Checking {wheel}: PASSED" in lines
    assert f"Checking {sdist}: PASSED" in lines
    assert lines[-1].startswith("2 files: 2 passed, 0 failed, ")


def test_all_findings_are_shown(twine: Twine, workdir: Path, wheel: str) -> None:
    """Findings stand below their file, the worst first, then there is a count."""
    text = dists.metadata_text("local", "1.0+mine", extra=UNKNOWN, description="")
    bad = dists.make_wheel(workdir, "local", "1.0+mine", metadata=text).name
    (workdir / f"{bad}.publish.attestation").write_text('{"version": 1}')
    result = twine("check", "--pypi", "*")

    assert result.code == 1
    shown = result.out
    order = [
        f"Checking {bad}: FAILED",
        "local-version: ",
        "description-missing: ",
        f"Checking {wheel}: PASSED",
        "2 files: 1 passed, 1 failed, ",
    ]
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    assert "classifier-unknown: " in shown
    assert "attestation-" in shown
    assert re.search(r"^ERROR    local-version: .*`1\.0\+mine`", shown, re.MULTILINE)
    assert "Traceback" not in result.text


def test_plain_check_knows_no_rules_of_pypi(twine: Twine, refused: str) -> None:
    """A file for a private index passes, whatever PyPI would say of it."""
    result = twine("check", "--strict", refused)

    result.success()
    assert result.out == f"Checking {refused}: PASSED\n"


def test_json_is_one_document(twine: Twine, wheel: str, refused: str) -> None:
    """Standard output is JSON and nothing else; text for people goes aside."""
    result = twine("check", "--format", "json", refused, wheel)

    assert result.code == 1
    value = document(result)
    assert value["failed"] is True
    assert [file["file"] for file in value["files"]] == [refused, wheel]
    assert [file["failed"] for file in value["files"]] == [True, False]
    assert [file["verdict"] for file in value["files"]] == ["FAILED", "PASSED"]
    found = value["files"][0]["findings"][0]
    assert set(found) == {"rule", "severity", "message", "hint", "link"}
    assert (found["rule"], found["severity"]) == ("local-version", "error")
    assert value["summary"].startswith("2 files: 1 passed, 1 failed, ")
    assert value["renderer"] == {
        name: importlib.metadata.version(name)
        for name in ("readme-renderer", "docutils")
    }
    assert "local-version" in result.err


@pytest.mark.parametrize(
    ("given", "code"), [((), 0), (("--strict",), 1), (("missing.whl",), 1)]
)
def test_json_without_a_distribution(
    twine: Twine, workdir: Path, given: tuple[str, ...], code: int
) -> None:
    """There is a document even when there is nothing to check."""
    (workdir / "pkg-1.0.whl.asc").touch()
    result = twine("check", "--format", "json", "pkg-1.0.whl.asc", *given)

    value = document(result)
    assert (value["files"], value["failed"]) == ([], bool(code))
    assert result.code == code
    assert (value["error"] is None) is (code == 0)
    assert "missing.whl" not in given or "missing.whl" in json.dumps(value["error"])
    assert "ERROR" in result.err


def test_annotations_of_github(twine: Twine, refused: str, doubtful: str) -> None:
    """Each finding, and an error, is one workflow command on standard output."""
    result = twine("check", "--format", "github", refused, doubtful)
    error = twine("check", "--format", "github", "missing.whl")

    assert (result.code, error.code) == (1, 1)
    lines = result.out.splitlines()
    command = r"::(error|warning|notice) file=[^:,]+,title=twine%3A [-\w]+::\S.*"
    assert lines
    assert all(re.fullmatch(command, line) for line in lines), lines
    start = f"::error file={refused},title=twine%3A local-version::"
    assert any(line.startswith(start) for line in lines)
    start = f"::warning file={doubtful},title=twine%3A wheel-tags::"
    assert any(line.startswith(start) for line in lines)
    assert re.fullmatch(r"::error title=twine::.*missing\.whl.*\n", error.out)


def test_disabled_rules_are_not_applied(twine: Twine, workdir: Path) -> None:
    """The option may be repeated, and the environment adds to it."""
    version = "1.0+mine"
    text = dists.metadata_text(version=version, extra=f"{UNKNOWN}Home-page: x\n")
    bad = dists.make_wheel(workdir, version=version, metadata=text).name
    given = ("check", "--pypi", "--disable", "local-version")
    both = "home-page, classifier-unknown"

    assert twine(*given, bad).code == 1
    twine(*given, bad, env={"TWINE_CHECK_DISABLE": both}).success()
    more = ("--disable", "home-page", "--disable=classifier-unknown")
    twine(*given, *more, bad).success()
    # The variable is for all runs: no mistake where no rule is applied.
    twine("check", bad, env={"TWINE_CHECK_DISABLE": "local-version"}).success()


@pytest.mark.parametrize(
    ("arguments", "env", "word"),
    [
        (("--pypi", "--disable", "no-such-rule", "x.whl"), "", "no-such-rule"),
        (("--pypi", "x.whl"), "local-version no-such-rule", "no-such-rule"),
        (("--explain", "no-such-rule"), "", "`no-such-rule`; see --list-rules"),
        (("--explain", "titel-only"), "", "(did you mean `title-only`?)"),
        (("--disable", "local-version", "x.whl"), "", "--pypi"),
        (("--pypi", "--index-url", "https://x.example/", "x.whl"), "", "--online"),
    ],
)
def test_options_that_would_be_ignored_are_usage_errors(
    twine: Twine, arguments: tuple[str, ...], env: str, word: str
) -> None:
    """A misspelled rule, or an option without the one it needs, exits with 2."""
    result = twine("check", *arguments, env={"TWINE_CHECK_DISABLE": env})

    assert result.code == 2
    assert word in result.text
    assert "Traceback" not in result.text


def test_explain_describes_a_rule(twine: Twine) -> None:
    """What it demands, the way out, and where to read on."""
    shown = twine("check", "--explain", "local-version").success()

    rule = next(rule for rule in rules.ALL_RULES if rule.name == "local-version")
    assert shown.startswith("local-version (error)\n")
    assert rule.summary.replace("``", "`") in shown
    assert f"What to do: {rule.hint}" in shown
    assert rule.link in shown


@pytest.mark.usefixtures("without_email_validator")
def test_missing_library_is_reported(twine: Twine, wheel: str) -> None:
    """A rule that cannot be asked is named, with what to install, unless disabled."""
    json_run = twine("check", "--pypi", "--format=json", wheel)
    disabled = twine("check", "--pypi", "--disable", "email-address", wheel)

    assert document(json_run)["unchecked"] == [
        {"rule": "email-address", "requires": "email-validator"}
    ]
    assert "Not checked: email-address. It needs email-validator: " in json_run.err
    assert "twine[pypi]" in json_run.err
    assert "Not checked" not in disabled.success()
