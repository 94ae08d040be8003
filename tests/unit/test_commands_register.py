"""`twine register`, and what both sending commands share."""

from pathlib import Path

import pytest
import requests

from support import dists
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, USER
from twine import exceptions
from twine.commands import (
    _find_dists,
    _group_wheel_files_first,
    _split_inputs,
    register,
    upload,
)
from twine.settings import Settings


@pytest.fixture
def settings(index: ScriptedIndex) -> Settings:
    """Return settings for the scripted index."""
    return Settings(repository_url=index.upload_url, username=USER, password=PASSWORD)


def test_the_command_lines_are_read(index: ScriptedIndex, tmp_path: Path) -> None:
    """Both commands take the same options and their files."""
    path = str(dists.make_wheel(tmp_path))
    options = ["--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD]

    upload.main([*options, "-c", "words", path])
    register.main([*options, path])

    first, second = index.requests
    assert first.value("comment") == "words"
    assert second.value(":action") == "submit"


@pytest.mark.parametrize("command", [upload, register])
def test_help_reads_no_file(
    command: object, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` explains the options and stops."""
    main = getattr(command, "main")  # noqa: B009 - two modules

    with pytest.raises(SystemExit) as stopped:
        main(["--help"])

    assert stopped.value.code == 0
    assert "TWINE_PASSWORD" in capsys.readouterr().out


def test_a_project_is_registered(
    index: ScriptedIndex,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The metadata is sent without the file, and what happens is announced."""
    wheel = dists.make_wheel(tmp_path)

    register.register(settings, str(wheel))

    assert index.requests[0].files == {}
    assert capsys.readouterr().out.splitlines() == [
        f"Registering package to {index.upload_url}",
        f"Registering {wheel.name}",
    ]


def test_a_missing_file_is_not_registered(
    index: ScriptedIndex, settings: Settings, tmp_path: Path
) -> None:
    """The file must be there."""
    with pytest.raises(exceptions.PackageNotFound) as caught:
        register.register(settings, str(tmp_path / "missing.whl"))

    assert "missing.whl" in str(caught.value)
    assert index.requests == []


def test_a_refused_registration_is_an_error(
    index: ScriptedIndex, settings: Settings, tmp_path: Path
) -> None:
    """An index that says no makes an HTTPError."""
    index.answer("/legacy/", Answer(410, "Gone"))

    with pytest.raises(requests.HTTPError, match="410 Gone"):
        register.register(settings, str(dists.make_wheel(tmp_path)))


def test_a_refusal_holds_no_secret(
    index: ScriptedIndex, settings: Settings, tmp_path: Path
) -> None:
    """A program may log what it catches, whatever the index sent back."""
    index.answer("/legacy/", Answer(400, "Bad", body=f"not {PASSWORD}".encode()))

    with pytest.raises(requests.HTTPError) as caught:
        register.register(settings, str(dists.make_wheel(tmp_path)))

    assert "not ********" in str(caught.value)


def test_old_hosts_are_refused_by_both(tmp_path: Path) -> None:
    """Nothing is read or sent for a host that PyPI has given up."""
    settings = Settings(repository_url="https://pypi.python.org/pypi")

    with pytest.raises(exceptions.UploadToDeprecatedPyPIDetected):
        upload.upload(settings, [])
    with pytest.raises(exceptions.UploadToDeprecatedPyPIDetected):
        register.register(settings, "missing")


def test_the_old_names_of_helpers_stay(tmp_path: Path) -> None:
    """Programs import the helpers of all commands under these names."""
    path = str(dists.make_wheel(tmp_path))

    assert _find_dists([path]) == [path]
    assert _group_wheel_files_first(["a.zip", "b.whl"]) == ["b.whl", "a.zip"]
    assert _split_inputs([path]).dists == [path]
