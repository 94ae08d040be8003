"""What is loaded, and when: a command that needs little is quick."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support import dists
from support.command import clean_environment
from support.index import ScriptedIndex

HEAVY = {
    "dataclasses",
    "docutils",
    "importlib.metadata",
    "jinja2",
    "keyring",
    "packaging",
    "packaging.metadata",
    "readme_renderer",
    "requests",
    "rich",
    "urllib3",
}
NETWORK = {"keyring", "requests", "rich", "urllib3"}
_SCRIPT = """
import json, sys
from twine.__main__ import main
try:
    status = main()
except SystemExit as stopped:
    status = stopped.code
print(json.dumps([status, sorted(sys.modules)]))
"""


def loaded(folder: Path, *argv: str) -> set[str]:
    """Return the heavy modules that a successful command loads."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *argv],
        cwd=folder,
        env=clean_environment(folder, None),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=True,
    )
    status, modules = json.loads(done.stdout.splitlines()[-1])
    assert not status, done.stdout
    return HEAVY.intersection(modules)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_nothing_heavy(tmp_path: Path, option: str) -> None:
    """They need no library, and of Python's own what knows installed packages."""
    assert loaded(tmp_path, option) == {"importlib.metadata"}


@pytest.mark.parametrize("command", ["check", "preview", "upload", "register"])
def test_help_of_a_command_loads_little(tmp_path: Path, command: str) -> None:
    """`twine COMMAND --help` needs neither network nor renderer nor keyring."""
    assert loaded(tmp_path, command, "--help") == set()


def test_check_needs_no_network(tmp_path: Path) -> None:
    """`twine check` on Markdown loads neither requests nor keyring nor docutils."""
    dists.make_wheel(tmp_path)

    found = loaded(tmp_path, "check", "pkg-1.0-py3-none-any.whl")

    assert found.isdisjoint({*NETWORK, "docutils", "jinja2", "readme_renderer"})


def test_upload_loads_nothing_for_a_screen(tmp_path: Path) -> None:
    """Off a terminal there are no progress lines, and rich is not needed."""
    dists.make_wheel(tmp_path)

    with ScriptedIndex() as index:
        login = ("-u", "me", "-p", "a-password", "--repository-url", index.upload_url)
        found = loaded(tmp_path, "upload", *login, "pkg-1.0-py3-none-any.whl")

    assert "requests" in found
    assert found.isdisjoint({"docutils", "keyring", "readme_renderer", "rich"})


def test_check_of_restructuredtext_loads_the_renderer(tmp_path: Path) -> None:
    """That takes docutils and what cleans HTML, and no network either."""
    text = dists.metadata_text(content_type="text/x-rst")
    dists.make_wheel(tmp_path, metadata=text)

    found = loaded(tmp_path, "check", "pkg-1.0-py3-none-any.whl")

    assert found >= {"docutils", "packaging.metadata", "readme_renderer"}
    assert found.isdisjoint({*NETWORK, "jinja2"})
