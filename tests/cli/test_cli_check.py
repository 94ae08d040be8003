"""`check`: the verdicts, what is found, and the exit status."""

import importlib.metadata
from pathlib import Path

import pytest

from support import dists
from support.command import Result, Twine

GOOD_RST = "Title\n=====\n\nSome *words*.\n"
BAD_RST = "Title\n=====\n\n.. unknown-directive::\n"


def verdicts(result: Result) -> list[str]:
    """Return the status lines."""
    return [line for line in result.out.splitlines() if line.startswith("Checking ")]


def make(
    workdir: Path,
    content_type: str | None,
    description: str,
    *,
    name: str = "pkg",
    metadata_version: str = "2.1",
    extra: str = "",
) -> str:
    """Make a wheel with the given description and return its name."""
    metadata = dists.metadata_text(
        name,
        metadata_version=metadata_version,
        content_type=content_type,
        description=description,
        extra=extra,
    )
    return dists.make_wheel(workdir, name, metadata=metadata).name


@pytest.mark.parametrize("strict", [(), ("--strict",)], ids=["", "strict"])
@pytest.mark.parametrize(
    ("content_type", "description"),
    [
        ("text/markdown", "# Title\n\n<b>any*thing"),
        ("text/markdown; charset=UTF-8; variant=CommonMark", "words"),
        ("text/plain", ".. unknown::\n"),
        ("text/x-rst", GOOD_RST),
        ("text/x-rst; charset=UTF-8", GOOD_RST),
    ],
)
def test_a_sound_description_passes(
    twine: Twine,
    workdir: Path,
    strict: tuple[str, ...],
    content_type: str,
    description: str,
) -> None:
    """Markdown and plain text always pass, reStructuredText if it renders."""
    name = make(workdir, content_type, description)
    result = twine("check", *strict, name)
    result.success()
    assert result.out == f"Checking {name}: PASSED\n"


@pytest.mark.parametrize(
    ("content_type", "description", "words"),
    [
        (None, GOOD_RST, "long_description_content_type|Description-Content-Type"),
        ("text/markdown", "", "description"),
        ("text/markdown", "UNKNOWN\n", "description"),
        ("text/x-rst", "", "description"),
    ],
    ids=["no content type", "empty", "UNKNOWN", "empty reStructuredText"],
)
def test_what_is_missing_is_warned_of(
    twine: Twine, workdir: Path, content_type: str | None, description: str, words: str
) -> None:
    """A warning passes; with `--strict` it fails."""
    name = make(workdir, content_type, description)
    lenient = twine("check", name)
    assert lenient.code == 0
    assert verdicts(lenient) == [f"Checking {name}: PASSED with warnings"]
    assert len(lenient.warnings) == 1
    assert any(word.lower() in lenient.out.lower() for word in words.split("|"))
    strict = twine("check", "--strict", name)
    assert strict.code == 1
    assert verdicts(strict) == [f"Checking {name}: FAILED due to warnings"]


@pytest.mark.parametrize(
    ("description", "line"),
    [
        (BAD_RST, 4),
        ("Title\n=====\n\n`broken <\n", 4),
        ("one\n\ntwo\n\n.. raw:: html\n\n   <b>x</b>\n", 5),
        ("one\n\n.. include:: /etc/passwd\n", 3),
        ("============\nTitle\n=====\n\ntext\n", 1),
        ("A long title\n=====\n\ntext\n", 2),
    ],
    ids=["directive", "reference", "raw", "include", "severe", "short underline"],
)
def test_a_description_that_would_not_render_fails_with_its_line(
    twine: Twine, workdir: Path, description: str, line: int
) -> None:
    """What PyPI would not render fails, with the number of the line."""
    name = make(workdir, "text/x-rst", description)
    result = twine("check", name)
    assert result.code == 1
    assert verdicts(result) == [f"Checking {name}: FAILED"]
    assert f"line {line}" in result.out
    assert "Traceback" not in result.text


def test_all_problems_of_a_description_are_told_with_the_versions(
    twine: Twine, workdir: Path
) -> None:
    """Other versions of the renderer may judge otherwise, so they are named."""
    text = "Title\n=====\n\n.. toctree::\n\nMore\n:ref:`a`\n"
    out = twine("check", make(workdir, "text/x-rst", text)).out

    assert '- line 4: error: Unknown directive type "toctree".' in out
    assert '- line 6: error: Unknown interpreted text role "ref".' in out
    for library in ("readme-renderer", "docutils"):
        assert f"{library} {importlib.metadata.version(library)}" in out


@pytest.mark.parametrize("options", [(), ("--pypi",)], ids=["", "pypi"])
def test_titles_alone_are_warned_of(
    twine: Twine, workdir: Path, options: tuple[str, ...]
) -> None:
    """Whether PyPI renders them depends on its version, so the versions are named."""
    name = make(workdir, "text/x-rst", "Title\n=====\n")
    result = twine("check", *options, name)

    assert result.code == 0
    assert verdicts(result) == [f"Checking {name}: PASSED with warnings"]
    assert "45.0" in result.out
    assert "46.0" in result.out


@pytest.mark.parametrize("options", [(), ("--pypi",)], ids=["", "pypi"])
def test_docutils_configuration_in_the_folder_is_not_read(
    twine: Twine, workdir: Path, options: tuple[str, ...]
) -> None:
    """The verdict is that of PyPI, which does not see it."""
    names = [
        make(workdir, "text/x-rst", text, name=name)
        for name, text in (("good", GOOD_RST), ("bad", BAD_RST))
    ]
    (workdir / "docutils.conf").write_text("[general]\nhalt_level: 5\n")
    passed, failed = verdicts(twine("check", *options, *names))
    assert (passed[-6:], failed[-6:]) == ("PASSED", "FAILED")

    (workdir / "docutils.conf").write_text("general]\n")
    passed, failed = verdicts(twine("check", *options, *names))
    assert (passed[-6:], failed[-6:]) == ("PASSED", "FAILED")


BROKEN_OFF = "Summary: \nDeployment of zebras\nRequires-Dist: requests\n"


@pytest.mark.parametrize(
    ("options", "verdict", "code"),
    [
        ((), "PASSED with warnings", 0),
        (("--strict",), "FAILED due to warnings", 1),
        (("--pypi",), "FAILED", 1),
    ],
    ids=["", "strict", "pypi"],
)
def test_headers_that_break_off_are_told(
    twine: Twine, workdir: Path, options: tuple[str, ...], verdict: str, code: int
) -> None:
    """The line is told, and what the file loses by it."""
    name = make(workdir, "text/markdown", "x", extra=BROKEN_OFF)
    result = twine("check", *options, name)

    assert (verdicts(result), result.code) == ([f"Checking {name}: {verdict}"], code)
    assert "line 6, `Deployment of zebras`" in result.out
    assert "`Requires-Dist`" in result.out


def test_headers_that_break_off_before_the_version(twine: Twine, workdir: Path) -> None:
    """Why a field is missing that stands in the file is told with that."""
    text = "Metadata-Version: 2.1\nName: pkg\nand more\nVersion: 1.0\n\n"
    name = dists.make_wheel(workdir, metadata=text).name
    result = twine("check", name)

    assert verdicts(result) == [f"Checking {name}: FAILED"]
    assert "`Version`" in result.out
    assert "line 3, `and more`" in result.out


def test_an_included_file_never_shows(
    twine: Twine, workdir: Path, tmp_path: Path
) -> None:
    """A description cannot make `check` read a file of the user's disk."""
    (tmp_path / "private.txt").write_text("my diary")
    text = f"one\n\n.. include:: {tmp_path}/private.txt\n"
    result = twine("check", make(workdir, "text/x-rst", text))
    assert "diary" not in result.text


def test_every_file_gets_its_verdict(twine: Twine, workdir: Path) -> None:
    """Files are judged one by one, and one failure fails the run."""
    good = make(workdir, "text/markdown", "x", name="a")
    warned = make(workdir, None, GOOD_RST, name="b")
    bad = make(workdir, "text/x-rst", BAD_RST, name="c")
    result = twine("check", good, warned, bad)
    assert result.code == 1
    assert verdicts(result) == [
        f"Checking {good}: PASSED",
        f"Checking {warned}: PASSED with warnings",
        f"Checking {bad}: FAILED",
    ]


@pytest.mark.parametrize("path", ["dist/*", "./dist/*.whl", "dist"])
def test_the_path_is_shown_as_it_was_found(
    twine: Twine, workdir: Path, path: str
) -> None:
    """Status lines name the path, not only the file."""
    found = dists.make_wheel(workdir / "dist").name
    result = twine("check", path)
    if path == "dist":
        assert result.code == 1
    else:
        result.success()
        assert f"dist/{found}: PASSED\n" in result.out.replace("\\", "/")


def test_signatures_and_attestations_are_no_distributions(
    twine: Twine, workdir: Path, wheel: str
) -> None:
    """What accompanies a distribution is not judged."""
    (workdir / f"{wheel}.asc").write_text("x")
    (workdir / f"{wheel}.publish.attestation").write_text("not JSON")
    result = twine("check", "*")
    result.success()
    assert verdicts(result) == [f"Checking {wheel}: PASSED"]


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_nothing_to_check_is_told(
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
