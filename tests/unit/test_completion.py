"""The scripts that complete command lines in shells."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from twine import cli, exceptions


def script(capsys: pytest.CaptureFixture[str], shell: str) -> str:
    """Return what `twine --print-completion` prints."""
    with pytest.raises(SystemExit) as stopped:
        cli.parse(["--print-completion", shell])
    assert stopped.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_has_commands_options_and_no_secret(
    shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What variables give for options is not what is completed."""
    monkeypatch.setenv("TWINE_PASSWORD", "a-password")
    monkeypatch.setenv("TWINE_USERNAME", "a-user")

    text = script(capsys, shell)

    for word in ("upload", "trusted-publishing", "always", "testpypi", "title-only"):
        assert word in text
    assert "a-password" not in text
    assert "a-user" not in text


def test_zsh_completes_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    """`*` means all arguments that are left."""
    text = script(capsys, "zsh")

    assert '"*:the files to upload' in text
    assert '"(*)' not in text


_ASK = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
$(complete -p twine | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("bash") is None, reason="has no bash"
)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["upl"], ["upload"]),
        (["upload", "--skip"], ["--skip-existing"]),
        (["upload", "--trusted-publishing", "a"], ["always", "auto"]),
        (["upload", "-r", ""], ["pypi", "testpypi"]),
        (["check", "--explain", "title"], ["title-only"]),
        (["upload", "a."], ["a.pem", "a.tar.gz", "a.whl"]),
        (["upload", "--quiet", "a.whl", "a.t"], ["a.tar.gz"]),
        (["register", "a.w"], ["a.whl"]),
        (["upload", "--cert", "a.p"], ["a.pem"]),
        (["--color", "n"], ["never"]),
    ],
    ids=" ".join,
)
def test_bash_completes(
    words: list[str],
    found: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Commands, options, choices, and files where a file is meant."""
    for name in ("a.whl", "a.tar.gz", "a.pem"):
        (tmp_path / name).touch()
    path = tmp_path / "script"
    path.write_text(script(capsys, "bash"))

    done = subprocess.run(
        ["bash", "-c", _ASK, "bash", path, "twine", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert sorted({line.rstrip() for line in done.stdout.splitlines()}) == found


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(exceptions.InvalidConfiguration, match="`shtab`") as caught:
        cli.parse(["--print-completion", "bash"])

    assert "twine[completion]" in str(caught.value)
