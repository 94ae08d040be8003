"""Mistakes that show in the arguments of `twine upload` and `twine register`."""

import json
from pathlib import Path
from types import ModuleType

import pytest

from support import dists
from support.index import ScriptedIndex
from support.secrets import PASSWORD, SECRET, USER
from twine import exceptions
from twine.commands import inputs, register, upload
from twine.package import PackageFile
from twine.settings import Settings
from twine.terminal.console import Console


def arguments(index: ScriptedIndex, *more: str | Path) -> list[str]:
    """Return a command line for the scripted index."""
    login = ("--repository-url", index.upload_url, "-u", USER)
    return [*login, *(str(argument) for argument in more)]


@pytest.mark.parametrize("name", ["testpypi", "private"])
def test_an_index_among_the_files_is_told(home: Path, name: str) -> None:
    """Indexes are those that are known, and those of `.pypirc`."""
    (home / ".pypirc").write_text(
        "[distutils]\nindex-servers = private\n[private]\nrepository = x\n"
    )

    with pytest.raises(exceptions.InvalidDistribution, match=f"`-r {name}`"):
        inputs.find_files([name], Settings())


def test_a_broken_file_hides_no_missing_one(home: Path) -> None:
    """A `.pypirc` that nobody needs is not what is wrong."""
    (home / ".pypirc").write_text("no section")

    with pytest.raises(exceptions.InvalidDistribution, match="no file `private`"):
        inputs.find_files(["private"], Settings())


@pytest.mark.parametrize(
    ("command", "option", "words"),
    [
        (upload, "-p", "The password"),
        (register, "-p", "The password"),
        (upload, "-c", "The comment"),
    ],
)
def test_a_value_that_is_a_distribution_is_told(
    command: ModuleType,
    option: str,
    words: str,
    index: ScriptedIndex,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`-p $UNSET dist/*` takes the first file for the password, and leaves it out."""
    wheel, sdist = dists.make_wheel(tmp_path), dists.make_sdist(tmp_path)

    command.main(arguments(index, "-p", PASSWORD, option, wheel, sdist))

    first, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("WARNING")
    assert f"{words} is the name of a distribution: `{wheel}`" in first


@pytest.mark.parametrize("name", ["missing.whl", "folder.whl", "secret.txt"])
def test_other_passwords_are_not_told(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A warning is for the name of a distribution that is there."""
    (tmp_path / "folder.whl").mkdir()
    (tmp_path / "secret.txt").touch()

    parsed = upload.make_parser().parse_args(["-p", str(tmp_path / name), "x"])
    inputs.hide_secrets([], parsed, Console())

    assert caplog.messages == []


def test_a_document_stays_alone_on_standard_output(
    index: ScriptedIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--format json` the warning goes to standard error."""
    wheel, sdist = dists.make_wheel(tmp_path), dists.make_sdist(tmp_path)

    upload.main(arguments(index, "-p", wheel, "--format", "json", sdist))

    shown = capsys.readouterr()
    assert json.loads(shown.out)["error"] is None
    assert "name of a distribution" in shown.err


def test_several_versions_of_a_project_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Project and versions are named; the same version may be spelled in two ways."""
    paths = [
        dists.make_wheel(tmp_path, version="1.0"),
        dists.make_wheel(tmp_path, version="1.1"),
        dists.make_sdist(tmp_path, version="1.1"),
        dists.make_wheel(tmp_path, "other", version="1.0"),
        dists.make_sdist(tmp_path, "other", version="1.0.0"),
    ]

    inputs.warn_of_versions(PackageFile.from_filename(str(p), None) for p in paths)

    shown = caplog.text
    assert "`pkg` are of 2 versions: 1.0, 1.1." in shown
    assert "other" not in shown


def test_old_versions_are_told_before_anything_is_sent(
    index: ScriptedIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The upload goes on."""
    paths = [dists.make_wheel(tmp_path, version=v) for v in ("1.0", "1.1")]

    upload.main(arguments(index, "-p", PASSWORD, *paths))

    shown = capsys.readouterr().out
    assert shown.index("2 versions") < shown.index("Uploading pkg-1.0")
    assert shown.count("versions") == 1
    assert len(index.uploads) == 2
    assert SECRET not in shown
