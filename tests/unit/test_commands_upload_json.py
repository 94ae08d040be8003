"""What `twine upload --format json` prints, and how a run that ends badly is told."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from support import dists
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, SECRET, USER
from twine.commands import upload
from twine.package import PackageFile
from twine.repository import Repository


def arguments(index: ScriptedIndex, *more: str | Path) -> list[str]:
    """Return a command line for the scripted index."""
    login = ("--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD)
    return [*login, *(str(argument) for argument in more)]


def document(capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    """Return the document, and what was said aside."""
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err
    found: dict[str, Any] = json.loads(shown.out)
    return found, shown.err


def test_a_good_run_is_one_document(
    index: ScriptedIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Index and files are on standard output, everything else is not."""
    wheel = dists.make_wheel(tmp_path)

    assert upload.main(arguments(index, "--format", "json", wheel)) is False

    found, aside = document(capsys)
    assert found["index"] == index.upload_url
    assert found["error"] is None
    (file,) = found["files"]
    assert (file["file"], file["status"], file["tries"]) == (str(wheel), "uploaded", 1)
    assert file["size"] == wheel.stat().st_size
    assert f"Uploaded {wheel.name}" in aside


def test_a_refusal_is_in_the_document(
    index: ScriptedIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file and the server's words are there when the run fails."""
    index.answer("/legacy/", Answer(400, "Bad", body=b"No such project."))
    wheel, sdist = dists.make_wheel(tmp_path), dists.make_sdist(tmp_path)

    assert upload.main(arguments(index, "--format", "json", wheel, sdist)) is True

    found, aside = document(capsys)
    assert [file["status"] for file in found["files"]] == ["failed", "not tried"]
    assert found["error"]["status"] == 400
    assert "No such project." in found["error"]["message"]
    assert found["files"][0]["error"] == found["error"]
    assert "ERROR    HTTPError: 400" in aside


@pytest.mark.parametrize(
    "option", [("--config-file", "missing"), ("--identity", "me"), ()]
)
def test_an_early_failure_is_a_document(
    tmp_path: Path,
    option: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    nobody: None,
) -> None:
    """JSON is valid whatever goes wrong before the first byte."""
    path = tmp_path / "a-1.0.tar.gz"
    path.write_bytes(b"")

    failed = upload.main(["--format", "json", "-r", "x", *option, str(path)])

    found, aside = document(capsys)
    assert failed is True
    assert found["files"] == []
    assert found["error"]["message"]
    assert "ERROR" in aside


def test_an_interruption_is_in_the_document(
    index: ScriptedIndex,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After Ctrl-C the document is there, and the status is the shells' 130."""

    def interrupt(self: Repository, package: PackageFile) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Repository, "_upload", interrupt)
    wheel, sdist = dists.make_wheel(tmp_path), dists.make_sdist(tmp_path)

    with pytest.raises(SystemExit) as caught:
        upload.main(arguments(index, "--format", "json", wheel, sdist))

    assert caught.value.code == 130

    found, _ = document(capsys)
    assert [file["status"] for file in found["files"]] == ["failed", "not tried"]
    assert found["error"]["type"] == "KeyboardInterrupt"


def test_a_run_that_ends_badly_is_told_with_the_way_on(
    index: ScriptedIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table says what became of each file; a command sends the rest with all."""
    wheel, sdist = dists.make_wheel(tmp_path), dists.make_sdist(tmp_path)
    signature = tmp_path / f"{sdist.name}.asc"
    signature.write_bytes(b"signed")
    index.answer("/legacy/", Answer(), times=1)
    index.answer("/legacy/", Answer(403, "Forbidden"))

    with pytest.raises(Exception, match="403"):
        upload.main(arguments(index, "--retries", "0", sdist, signature, wheel))

    shown = capsys.readouterr().out
    assert SECRET not in shown
    assert f"uploaded   {wheel}" in shown
    assert f"failed     {sdist}: 403 Forbidden" in shown
    assert "1 of 2 files are on the index." in shown
    command = shlex.split(shown.splitlines()[-1])
    again = upload.make_parser().parse_args(command[2:])
    assert again.dists == [str(sdist), str(signature)]
    assert (again.repository_url, again.username, again.retries, again.password) == (
        index.upload_url,
        USER,
        0,
        None,
    )


def test_one_file_needs_no_table(
    index: ScriptedIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who sends a single file knows which one failed."""
    index.answer("/legacy/", Answer(403, "Forbidden"))

    with pytest.raises(Exception, match="403"):
        upload.main(arguments(index, dists.make_wheel(tmp_path)))

    assert "are on the index" not in capsys.readouterr().out
