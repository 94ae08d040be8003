"""`twine check`, called as a function."""

import json
from pathlib import Path

import pytest

from support import dists
from twine import exceptions, inspection
from twine.commands import check


def wheel(
    folder: Path,
    description: str = "Some *words*.\n",
    content_type: str | None = "text/markdown",
    name: str = "pkg",
) -> str:
    """Make a wheel with a description and return its path."""
    text = dists.metadata_text(name, description=description, content_type=content_type)
    return str(dists.make_wheel(folder, name, metadata=text))


@pytest.mark.parametrize(
    ("description", "content_type"),
    [
        ("# Fine\n", "text/markdown"),
        ("Fine\n====\n\nWords.\n", "text/x-rst"),
        ("Fine\n====\n\nWords.\n", "text/x-rst; charset=UTF-8"),
        ("not\n=\n*even* `rst\n", "text/plain"),
        ("unclosed ``literal\n", "text/markdown; charset=UTF-8; variant=GFM"),
    ],
)
def test_a_sound_description_passes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    description: str,
    content_type: str,
) -> None:
    """Markdown and plain text never fail; sound reStructuredText passes."""
    path = wheel(tmp_path, description, content_type)

    assert not check.check([path])
    assert capsys.readouterr().out == f"Checking {path}: PASSED\n"


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("description", "content_type", "words"),
    [
        ("Fine words.\n", None, ["`Description-Content-Type`"]),
        ("", "text/markdown", ["description is missing"]),
        ("UNKNOWN\n\n", "text/markdown", ["description is missing"]),
        ("", None, ["`Description-Content-Type`", "description is missing"]),
    ],
)
def test_what_is_missing_is_a_warning(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    description: str,
    content_type: str | None,
    words: list[str],
    strict: bool,
) -> None:
    """Warnings fail a file only with --strict."""
    path = wheel(tmp_path, description, content_type)

    assert check.check([path], strict=strict) is strict
    verdict, *rest = capsys.readouterr().out.splitlines()
    wanted = "FAILED due to warnings" if strict else "PASSED with warnings"
    assert verdict == f"Checking {path}: {wanted}"
    assert all(word in "\n".join(rest) for word in words)
    assert all(line.startswith("WARNING ") for line in rest)


@pytest.mark.parametrize("content_type", [None, "text/x-rst", "TEXT/X-RST"])
def test_what_would_not_render_fails_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content_type: str | None
) -> None:
    """Broken reStructuredText is told with the line and what is wrong there."""
    path = wheel(tmp_path, "Fine\n\nTitle\n==\n\n.. broken::\n", content_type)

    assert check.check([path])
    shown = capsys.readouterr().out
    assert f"Checking {path}: FAILED\n" in shown
    assert "line 4: warning: " in shown or "line 6: error: " in shown


def test_all_files_get_their_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken file is told with its reason, and the ones after it are read."""
    broken = tmp_path / "broken-1.0.tar.gz"
    broken.write_bytes(b"")
    good, other = wheel(tmp_path), str(dists.make_sdist(tmp_path, "other"))

    assert check.check([str(broken), other, good])
    shown = capsys.readouterr().out
    assert f"Checking {broken}: FAILED" in shown
    assert "ERROR    InvalidDistribution: " in shown
    assert f"Checking {good}: PASSED" in shown
    assert f"Checking {other}: PASSED" in shown


def test_invalid_metadata_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every fault of the metadata is told."""
    text = dists.metadata_text(extra="Flavour: sweet\nRequires-Python: new\n")

    assert check.check([str(dists.make_wheel(tmp_path, metadata=text))])
    shown = capsys.readouterr().out
    assert "`Flavour`" in shown
    assert "`Requires-Python`" in shown


@pytest.mark.parametrize("strict", [False, True])
def test_nothing_to_check_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], strict: bool
) -> None:
    """Signatures and attestations alone: an error line, a failure if strict."""
    names = ["a.whl.asc", "a.whl.publish.attestation"]
    for name in names:
        (tmp_path / name).touch()

    paths = [str(tmp_path / name) for name in names]
    assert check.check(paths, strict=strict) is strict
    assert capsys.readouterr().out.startswith("ERROR ")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """A path that does not exist stops the command."""
    with pytest.raises(exceptions.InvalidDistribution):
        check.check([str(tmp_path / "missing.whl")])


@pytest.mark.parametrize(("arguments", "failed"), [([], False), (["--strict"], True)])
def test_the_command_line_is_read(
    tmp_path: Path, arguments: list[str], failed: bool
) -> None:
    """The command takes files and --strict, and returns whether one failed."""
    path = wheel(tmp_path, "")

    assert bool(check.main([*arguments, path])) is failed


def test_help_reads_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    """`twine check --help` explains itself and stops."""
    with pytest.raises(SystemExit) as stopped:
        check.main(["--help"])

    assert stopped.value.code == 0
    assert "--strict" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["json", "github"])
def test_ctrl_c_leaves_what_a_program_can_read(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    """Standard output has the document or the annotation, and nothing else."""

    def interrupted(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(inspection, "inspect_for_pypi", interrupted)
    with pytest.raises(SystemExit) as caught:
        check.main(["--format", kind, wheel(tmp_path)])

    shown = capsys.readouterr()
    assert caught.value.code == 130
    assert "Interrupted" in shown.err
    if kind == "json":
        assert json.loads(shown.out)["failed"] is True
    else:
        assert shown.out == "::error title=twine::Interrupted.\n"
