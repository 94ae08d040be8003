"""The program that signs, and what happens without it."""

import os
import stat
import sys
from pathlib import Path

import pytest

from twine import exceptions
from twine.form import signing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fakes are shell scripts")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder in which programs are looked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, name: str, script: str) -> Path:
    """Put a program into a folder."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_gpg2_stands_in_for_gpg(programs: Path) -> None:
    """Where there is no gpg, gpg2 is run."""
    install(programs, "gpg2", f"echo gpg2 > {programs}/said")

    signing.run_gpg(("gpg", "-a"))

    assert (programs / "said").read_text() == "gpg2\n"


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("gpg", ("no program `gpg` or `gpg2`", "--sign-with")),
        ("sequoia", ("no program `sequoia` to",)),
        ("./plain", ("`./plain` cannot be run: ",)),
    ],
)
def test_a_program_that_cannot_run_is_told(
    programs: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    words: tuple[str, ...],
) -> None:
    """The error says what was looked for, and how to choose another one."""
    (programs / "plain").write_text("no program")
    monkeypatch.chdir(programs)

    with pytest.raises(exceptions.InvalidSigningExecutable) as caught:
        signing.run_gpg((program, "-a"))

    for word in words:
        assert word in str(caught.value)


def test_a_program_that_fails_is_told_with_its_status(programs: Path) -> None:
    """A wrong passphrase, for example, ends with the program's exit status."""
    install(programs, "gpg", "exit 42")

    with pytest.raises(exceptions.InvalidSigningConfiguration) as caught:
        signing.run_gpg(("gpg", "-a"))

    assert "42" in str(caught.value)
    assert sys.executable not in str(caught.value)


@pytest.mark.parametrize("to_stderr", [False, True])
def test_what_the_program_prints_may_go_to_standard_error(
    programs: Path, capfd: pytest.CaptureFixture[str], to_stderr: bool
) -> None:
    """A document on standard output has nothing of the signing program in it."""
    install(programs, "gpg", "echo noise")

    signing.run_gpg(("gpg", "-a"), to_stderr=to_stderr)

    assert capfd.readouterr() == (("", "noise\n") if to_stderr else ("noise\n", ""))
