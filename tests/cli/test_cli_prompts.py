"""Prompts in a real terminal, and what happens without one."""

import sys
from pathlib import Path

import pytest

from support.command import Twine, plain
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, USER
from support.terminal import OpenTerminal

needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="has no pty")


@needs_pty
def test_both_are_asked_for(
    terminal: OpenTerminal, index: ScriptedIndex, wheel: str
) -> None:
    """User name and password are asked for; the password does not show."""
    screen = terminal("upload", "--repository-url", index.upload_url, wheel)
    screen.expect("Enter your username: ")
    screen.type_line(USER)
    screen.expect("Enter your password: ")
    screen.type_line(PASSWORD)
    code, shown = screen.finish()
    assert code == 0, shown
    assert USER in shown
    assert index.uploads[0].auth == BASIC_AUTH


@needs_pty
def test_files_are_read_before_anything_is_asked(
    terminal: OpenTerminal, index: ScriptedIndex, wheel: str, broken_sdist: str
) -> None:
    """A broken file is told of before the user has typed a password."""
    given = ("--repository-url", index.upload_url)
    code, shown = terminal("upload", *given, wheel, broken_sdist).finish()
    assert code == 1
    assert "InvalidDistribution" in plain(shown)
    assert "Enter your" not in shown
    assert index.requests == []


@needs_pty
def test_control_c_at_a_prompt_ends_quietly(
    terminal: OpenTerminal, index: ScriptedIndex, wheel: str
) -> None:
    """An interrupted prompt is exit status 130 and one line; nothing is sent."""
    given = ("--repository-url", index.upload_url, "-u", USER)
    screen = terminal("upload", *given, wheel)
    screen.expect("Enter your password: ")
    screen.type_keys(b"\x03")
    code, shown = screen.finish()
    assert code == 130
    assert plain(shown).endswith("\nERROR    Interrupted.\n")
    assert "Traceback" not in shown
    assert index.requests == []


@pytest.mark.parametrize(
    ("given", "missing"), [((), "username"), (("-u", USER), "password")]
)
def test_without_a_terminal_nothing_is_asked(
    twine: Twine,
    index: ScriptedIndex,
    wheel: str,
    given: tuple[str, ...],
    missing: str,
) -> None:
    """Off a terminal a missing credential is an error that tells how to give it."""
    url = ("--repository-url", index.upload_url)
    piped = f"{USER}\n{PASSWORD}\n"
    said = twine("upload", *url, *given, wheel, stdin=piped).failure("NonInteractive")
    assert missing in said.lower().replace("user name", "username")
    assert f"TWINE_{missing.upper()}" in said
    assert index.requests == []


@needs_pty
def test_a_password_that_worked_may_be_kept(
    terminal: OpenTerminal, index: ScriptedIndex, wheel: str, workdir: Path
) -> None:
    """After the upload one question offers that, and the next run asks nothing."""
    (workdir / "drawer.py").write_text(
        "import pathlib\nfrom keyring.backend import KeyringBackend\n"
        "class Drawer(KeyringBackend):\n"
        "    priority = 9\n"
        "    def get_password(self, service, username):\n"
        "        entry = pathlib.Path('drawer')\n"
        "        return entry.read_text() if entry.exists() else None\n"
        "    def set_password(self, service, username, password):\n"
        "        pathlib.Path('drawer').write_text(password)\n"
    )
    env = {"PYTHONPATH": str(workdir), "PYTHON_KEYRING_BACKEND": "drawer.Drawer"}
    given = ("upload", "--repository-url", index.upload_url, "-u", USER, wheel)
    screen = terminal(*given, env=env)
    screen.expect("Enter your password: ")
    screen.type_line(PASSWORD)
    screen.expect("in the keyring? [y/N] ")
    assert index.uploads[0].auth == BASIC_AUTH
    screen.type_line("y")
    assert screen.finish()[0] == 0

    code, shown = terminal(*given, env=env).finish()

    assert (code, "[y/N]" in shown, "Enter" in shown) == (0, False, False)
    assert index.uploads[1].auth == BASIC_AUTH
