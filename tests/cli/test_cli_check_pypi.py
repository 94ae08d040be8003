"""`check --pypi`: the findings, how they are printed, and the exit status."""

import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

import pytest

from support import dists
from support.blind import hide
from support.command import Result, Twine
from twine import rules

UNKNOWN = "Classifier: Nonsense :: All\n"


def make(folder: Path, name: str = "pkg", extra: str = "", **fields: Any) -> str:
    """Make a wheel with more header lines and return its file name."""
    text = dists.metadata_text(name, extra=extra, **fields)
    return dists.make_wheel(folder, name, metadata=text).name


@pytest.fixture
def refused(workdir: Path) -> str:
    """Make a wheel of a local version: PyPI refuses it."""
    return dists.make_wheel(workdir, "local", "1.0+mine").name


@pytest.fixture
def doubtful(workdir: Path) -> str:
    """Make a wheel that PyPI may refuse: its tags are others than its name's."""
    path = dists.make_wheel(workdir, "doubtful")
    return path.rename(workdir / "doubtful-1.0-py2.py3-none-any.whl").name


def document(result: Result) -> dict[str, Any]:
    """Return the one JSON document on standard output."""
    value = json.loads(result.out)
    assert isinstance(value, dict)
    return value


def test_a_sound_file_passes(twine: Twine, wheel: str, sdist: str) -> None:
    """Each file has its verdict, and a line counts them."""
    result = twine("check", "--pypi", "--disable", "pyproject-missing", wheel, sdist)

    lines = result.success().splitlines()
    assert f"Checking {wheel}: PASSED" in lines
    assert f"Checking {sdist}: PASSED" in lines
    assert lines[-1].startswith("2 files: 2 passed, 0 failed, ")


def test_every_finding_of_every_file_is_shown(
    twine: Twine, workdir: Path, wheel: str
) -> None:
    """Findings stand below their file, the worst first, then there is a count."""
    bad = dists.make_wheel(
        workdir,
        "local",
        "1.0+mine",
        metadata=dists.metadata_text(
            "local", "1.0+mine", extra=UNKNOWN, description=""
        ),
    ).name
    result = twine("check", "--pypi", bad, wheel)

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
    assert "`Nonsense :: All`" in shown
    assert re.search(r"^ERROR    local-version: .*`1\.0\+mine`", shown, re.MULTILINE)
    assert "Traceback" not in result.text


def test_verdicts_without_pypi_are_the_old_ones(twine: Twine, refused: str) -> None:
    """A file for a private index passes, however PyPI thinks of it."""
    for strict in ((), ("--strict",)):
        result = twine("check", *strict, refused)

        result.success()
        assert result.out == f"Checking {refused}: PASSED\n"


def test_warnings_fail_when_strict(twine: Twine, doubtful: str) -> None:
    """A warning passes; with --strict it fails."""
    lenient = twine("check", "--pypi", doubtful)
    strict = twine("check", "--pypi", "--strict", doubtful)

    assert (lenient.code, strict.code) == (0, 1)
    assert f"Checking {doubtful}: PASSED with warnings\n" in lenient.out
    assert f"Checking {doubtful}: FAILED due to warnings\n" in strict.out
    assert "WARNING  wheel-tags: " in lenient.out


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
    assert "local-version" in result.err


def test_the_renderer_is_named(twine: Twine, workdir: Path) -> None:
    """In JSON always, and for people where it decides something."""
    good = make(workdir, "good")
    bad = make(workdir, "bad", description=":a:`b`\n", content_type="text/x-rst")
    versions = {
        name: importlib.metadata.version(name)
        for name in ("readme-renderer", "docutils")
    }
    words = ", ".join(f"{name} {version}" for name, version in versions.items())

    assert document(twine("check", "--format", "json", good))["renderer"] == versions
    assert words not in twine("check", "--pypi", good).text
    assert f"rendered with {words}." in twine("check", "--pypi", bad).out


def test_a_missing_name_is_told_as_such(twine: Twine, workdir: Path) -> None:
    """Nobody who forgot the name is told to choose another one."""
    text = dists.metadata_text().replace("Name: pkg\n", "")
    out = twine("check", "--pypi", dists.make_wheel(workdir, metadata=text).name).out

    assert "`Name` is missing." in out
    assert "nother name" not in out


@pytest.mark.parametrize("strict", [(), ("--strict",)], ids=["", "strict"])
def test_json_without_a_distribution(
    twine: Twine, workdir: Path, strict: tuple[str, ...]
) -> None:
    """There is a document even when there is nothing to check."""
    (workdir / "pkg-1.0.whl.asc").touch()
    result = twine("check", "--format", "json", *strict, "pkg-1.0.whl.asc")

    value = document(result)
    assert (value["files"], bool(value["error"])) == ([], bool(strict))
    assert (value["failed"], result.code) == (bool(strict), len(strict))
    assert "ERROR" in result.err


def test_attestations_among_the_files_are_judged(twine: Twine, workdir: Path) -> None:
    """`check --pypi dist/*` looks at all that would be published."""
    wheel = dists.make_wheel(workdir)
    (workdir / f"{wheel.name}.publish.attestation").write_text('{"version": 1}')

    result = twine("check", "--pypi", "*")

    assert "attestation-malformed" in result.out
    assert result.code == 1


def test_errors_have_the_format_that_was_asked_for(twine: Twine) -> None:
    """A file that is not there is told on standard output too."""
    as_json = twine("check", "--format", "json", "missing.whl")
    as_annotation = twine("check", "--format", "github", "missing.whl")

    assert (as_json.code, as_annotation.code) == (1, 1)
    value = document(as_json)
    assert value["failed"] is True
    assert "missing.whl" in json.dumps(value["error"])
    assert re.fullmatch(r"::error title=twine::.*missing\.whl.*\n", as_annotation.out)
    assert "ERROR    InvalidDistribution: " in as_json.err


def test_an_index_is_only_for_asking(twine: Twine, wheel: str) -> None:
    """--index-url without --online would be ignored: that is told."""
    result = twine("check", "--pypi", "--index-url", "https://x.example/", wheel)

    assert result.code == 2
    assert "--online" in result.text


def test_annotations_of_github(twine: Twine, refused: str, doubtful: str) -> None:
    """Each finding is one workflow command on standard output."""
    result = twine("check", "--format", "github", refused, doubtful)

    assert result.code == 1
    lines = result.out.splitlines()
    command = r"::(error|warning|notice) file=[^:,]+,title=twine%3A [-\w]+::\S.*"
    assert lines
    assert all(re.fullmatch(command, line) for line in lines), lines
    start = f"::error file={refused},title=twine%3A local-version::"
    assert any(line.startswith(start) for line in lines)
    start = f"::warning file={doubtful},title=twine%3A wheel-tags::"
    assert any(line.startswith(start) for line in lines)


def test_rules_can_be_left_out(twine: Twine, workdir: Path) -> None:
    """The option may be repeated, and the environment adds to it."""
    version = "1.0+mine"
    text = dists.metadata_text(version=version, extra=f"{UNKNOWN}Home-page: x\n")
    bad = dists.make_wheel(workdir, version=version, metadata=text).name
    given = ("check", "--pypi", "--disable", "local-version")
    both = "home-page, classifier-unknown"

    assert twine(*given, bad).code == 1
    twine(*given, bad, env={"TWINE_CHECK_DISABLE": both}).success()
    twine(
        *given, "--disable", "home-page", "--disable=classifier-unknown", bad
    ).success()


@pytest.mark.parametrize("way", ["option", "environment", "explain"])
def test_an_unknown_rule_is_a_wrong_command(twine: Twine, wheel: str, way: str) -> None:
    """A misspelled identifier must not go unnoticed."""
    if way == "option":
        result = twine("check", "--pypi", "--disable", "no-such-rule", wheel)
    elif way == "explain":
        result = twine("check", "--explain", "no-such-rule")
    else:
        env = {"TWINE_CHECK_DISABLE": "local-version no-such-rule"}
        result = twine("check", "--pypi", wheel, env=env)

    assert result.code == 2
    assert "no-such-rule" in result.text
    assert "Traceback" not in result.text


def test_rules_are_left_out_where_there_are_rules(twine: Twine, wheel: str) -> None:
    """--disable alone would be ignored: that is told. The variable is for all runs."""
    result = twine("check", "--disable", "local-version", wheel)

    assert result.code == 2
    assert "--pypi" in result.text
    twine("check", wheel, env={"TWINE_CHECK_DISABLE": "local-version"}).success()


def test_all_rules_are_listed(twine: Twine) -> None:
    """A line for each: identifier, severity, when compared, what it means."""
    lines = twine("check", "--list-rules").success().splitlines()

    shown = [re.split(r"\s{2,}", line, maxsplit=3) for line in lines]
    assert {name for name, *_ in shown} == {rule.name for rule in rules.ALL_RULES}
    assert {severity for _, severity, *_ in shown} == {"error", "warning", "note"}
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", date) for _, _, date, _ in shown)


def test_a_rule_is_explained(twine: Twine) -> None:
    """What it demands, an example, the way out, and where to read on."""
    shown = twine("check", "--explain", "local-version").success()

    rule = next(rule for rule in rules.ALL_RULES if rule.name == "local-version")
    assert shown.startswith("local-version (error)\n")
    assert rule.summary.replace("``", "`") in shown
    assert f"What to do: {rule.hint}" in shown
    assert rule.link in shown


@pytest.mark.parametrize(
    ("library", "module"),
    [
        ("stdlib-list", "stdlib_list"),
        ("email-validator", "email_validator"),
        ("readme-renderer[md]", "comrak"),
    ],
)
def test_a_missing_library_is_told(
    twine_process: Twine, wheel: str, tmp_path: Path, library: str, module: str
) -> None:
    """A rule that cannot be asked is named, with what to install."""
    env = hide(tmp_path / "blind", module)
    wanted = {rule.name for rule in rules.ALL_RULES if rule.requires == library}
    wanted -= rules.INDEX_RULES  # no index is asked
    text = twine_process("check", "--pypi", wheel, env=env)
    value = document(twine_process("check", "--pypi", "--format=json", wheel, env=env))

    shown = text.success()
    assert wanted
    assert {entry["rule"] for entry in value["unchecked"]} == wanted
    assert {entry["requires"] for entry in value["unchecked"]} == {library}
    for name in wanted:
        assert f"Not checked: {name}. It needs {library}: " in shown
    assert "twine[pypi]" in shown


def test_a_disabled_rule_needs_no_library(
    twine_process: Twine, wheel: str, tmp_path: Path
) -> None:
    """What nobody wants to be asked is not missed."""
    env = hide(tmp_path / "blind", "email_validator")
    result = twine_process(
        "check", "--pypi", "--disable", "email-address", wheel, env=env
    )

    assert "Not checked" not in result.success()
