"""`check`: the verdicts, what is found, and the exit status."""

import importlib.metadata
from pathlib import Path

import pytest

from support import dists
from support.command import Result, Twine

GOOD_RST = "Title\n=====\n\nSome *words*.\n"
BAD_RST = "Title\n=====\n\n.. unknown-directive::\n"
RST = "text/x-rst"


def verdicts(result: Result) -> list[str]:
    """Return the status lines."""
    return [line for line in result.out.splitlines() if line.startswith("Checking ")]


def make(
    workdir: Path,
    content_type: str | None,
    description: str,
    *,
    name: str = "pkg",
    extra: str = "",
) -> str:
    """Make a wheel with the given description and return its name."""
    metadata = dists.metadata_text(
        name, content_type=content_type, description=description, extra=extra
    )
    return dists.make_wheel(workdir, name, metadata=metadata).name


@pytest.mark.parametrize(
    ("content_type", "description"),
    [
        ("text/markdown; charset=UTF-8; variant=CommonMark", "# Title\n\n<b>any*thing"),
        ("text/plain", ".. unknown::\n"),
        ("text/x-rst; charset=UTF-8", GOOD_RST),
    ],
)
def test_sound_description_passes(
    twine: Twine, workdir: Path, content_type: str, description: str
) -> None:
    """Markdown and plain text always pass, reStructuredText if it renders."""
    name = make(workdir, content_type, description)
    result = twine("check", "--strict", name)
    result.success()
    assert result.out == f"Checking {name}: PASSED\n"


@pytest.mark.parametrize("option", [(), ("--pypi",)], ids=["", "--pypi"])
def test_a_quiet_check_prints_what_fails(
    twine: Twine, workdir: Path, broken_sdist: str, option: tuple[str, ...]
) -> None:
    """A file that passes gets no line, with warnings neither, and there is no total."""
    good, warned = make(workdir, "text/plain", "x"), make(workdir, None, "x", name="b")
    result = twine("check", "-q", *option, good, warned, broken_sdist)
    assert result.code == 1
    first, second, *_ = result.out.splitlines()
    assert first == f"Checking {broken_sdist}: FAILED"
    assert second.startswith("ERROR    ")
    assert result.out.count("Checking") == 1
    assert twine("check", "--quiet", *option, good).success() == ""


@pytest.mark.parametrize(
    ("content_type", "description", "words"),
    [
        (None, GOOD_RST, "description-content-type"),
        ("text/markdown", "UNKNOWN\n", "description"),
        (RST, "", "description"),
    ],
    ids=["no content type", "UNKNOWN", "empty"],
)
def test_missing_description_is_a_warning(
    twine: Twine, workdir: Path, content_type: str | None, description: str, words: str
) -> None:
    """A warning passes; with `--strict` it fails."""
    name = make(workdir, content_type, description)
    lenient = twine("check", name)
    assert lenient.code == 0
    assert verdicts(lenient) == [f"Checking {name}: PASSED with warnings"]
    assert len(lenient.warnings) == 1
    assert words in lenient.out.lower().replace("_", "-")
    strict = twine("check", "--strict", name)
    assert strict.code == 1
    assert verdicts(strict) == [f"Checking {name}: FAILED due to warnings"]


def test_description_that_does_not_render_fails(
    twine: Twine, workdir: Path, tmp_path: Path
) -> None:
    """Every problem is shown with its line, no included file, and the versions."""
    (tmp_path / "private.txt").write_text("my diary")
    name = make(
        workdir,
        RST,
        f"Title\n=====\n\n.. toctree::\n\n:ref:`a`\n\n"
        f".. include:: {tmp_path}/private.txt\n",
    )
    result = twine("check", name)
    assert result.code == 1
    assert verdicts(result) == [f"Checking {name}: FAILED"]
    assert '- line 4: error: Unknown directive type "toctree".' in result.out
    assert '- line 6: error: Unknown interpreted text role "ref".' in result.out
    assert "line 8" in result.out
    assert "diary" not in result.text
    for library in ("readme-renderer", "docutils"):
        assert f"{library} {importlib.metadata.version(library)}" in result.out


@pytest.mark.parametrize(
    ("options", "verdict", "code"),
    [
        ((), "PASSED with warnings", 0),
        (("--strict",), "FAILED due to warnings", 1),
        (("--pypi",), "FAILED", 1),
    ],
    ids=["", "strict", "pypi"],
)
def test_headers_that_break_off_are_shown(
    twine: Twine, workdir: Path, options: tuple[str, ...], verdict: str, code: int
) -> None:
    """The line is shown, and which fields the file loses by it."""
    broken_off = "Summary: \nDeployment of zebras\nRequires-Dist: requests\n"
    name = make(workdir, "text/markdown", "x", extra=broken_off)
    result = twine("check", *options, name)

    assert (verdicts(result), result.code) == ([f"Checking {name}: {verdict}"], code)
    assert "line 6, `Deployment of zebras`" in result.out
    assert "`Requires-Dist`" in result.out


def test_every_file_has_a_verdict(twine: Twine, workdir: Path, wheel: str) -> None:
    """One failure fails the run; signatures and attestations are not checked."""
    (workdir / f"{wheel}.asc").write_text("x")
    (workdir / f"{wheel}.publish.attestation").write_text("not JSON")
    warned = make(workdir, None, GOOD_RST, name="warned")
    bad = make(workdir, RST, BAD_RST, name="bad")
    result = twine("check", f"{wheel}*", f"./{warned}", bad)
    assert result.code == 1
    assert verdicts(result) == [
        f"Checking {wheel}: PASSED",
        f"Checking ./{warned}: PASSED with warnings",
        f"Checking {bad}: FAILED",
    ]


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_nothing_to_check_is_an_error_line(
    twine: Twine, workdir: Path, strict: tuple[str, ...], code: int
) -> None:
    """Without a distribution there is an error line, and a failure if strict."""
    (workdir / "pkg-1.0.tar.gz.asc").write_text("x")
    result = twine("check", *strict, "pkg-1.0.tar.gz.asc")
    assert result.code == code
    assert "ERROR" in result.out
    assert verdicts(result) == []


def test_check_needs_no_configuration(twine: Twine, home: Path, wheel: str) -> None:
    """`check` reads no `.pypirc` and asks for nothing."""
    (home / ".pypirc").mkdir()
    twine("check", wheel).success()
