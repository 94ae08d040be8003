"""The command line itself: commands, help, versions, usage errors, plugins."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.command import Twine


def test_version_names_ours_and_those_of_the_libraries(
    twine_process: Twine, workdir: Path
) -> None:
    """`--version` prints one line, as a script and as a module."""
    said = twine_process("--version").success()
    assert said.startswith("twine version 7.")
    assert said.count("\n") == 1
    for library in ("packaging", "requests", "readme-renderer", "rich", "id"):
        assert f"{library}: " in said
    script = shutil.which("twine", path=str(Path(sys.executable).parent))
    assert script is not None
    done = subprocess.run(
        [script, "--version"], cwd=workdir, capture_output=True, text=True, check=True
    )
    assert done.stdout == said


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("upload", ("--repository-url", "TWINE_REPOSITORY_URL", "--client-cert")),
        ("register", ("--username", "TWINE_PASSWORD", "--verbose")),
        ("check", ("--strict", "--pypi")),
    ],
)
def test_help_of_a_command_reads_no_file(
    twine: Twine, home: Path, command: str, options: tuple[str, ...]
) -> None:
    """`COMMAND --help` names options and variables whatever `.pypirc` is."""
    (home / ".pypirc").mkdir()
    said = twine(command, "--help").success()
    assert said.startswith("usage: ")
    for option in options:
        assert option in said


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("upload",),
        ("check",),
        ("upload", "--no-such-option", "x.whl"),
        ("upload", "--username"),
        ("register", "a.whl", "b.whl"),
        ("check", "--strict", "--repository", "x", "y.whl"),
    ],
    ids=" ".join,
)
def test_usage_errors_exit_with_2(twine: Twine, arguments: tuple[str, ...]) -> None:
    """A command line that cannot be understood exits 2 and shows the usage."""
    result = twine(*arguments)
    assert result.code == 2
    assert "usage: twine" in result.text
    assert "Traceback" not in result.text


def write_plugin(folder: Path, source: str) -> dict[str, str]:
    """Install a distribution with one command, `greet`; return the environment."""
    info = folder / "greeting-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "greeting.py").write_text(source)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: greeting\nVersion: 1\n"
        "Summary: Say \x1b[1m\u201chi\u201d\n",
        encoding="utf-8",
    )
    (info / "entry_points.txt").write_text(
        "[twine.registered_commands]\ngreet = greeting:main\n"
    )
    return {"PYTHONPATH": str(folder)}


def test_plugin_adds_a_command(twine_process: Twine, tmp_path: Path) -> None:
    """An entry point in `twine.registered_commands` is a command.

    What its function returns becomes the exit status.
    """
    source = "def main(args):\n    print('greeted', args)\n    return len(args) > 1\n"
    env = write_plugin(tmp_path / "plugins", source)
    assert twine_process("greet", "you", env=env).success() == "greeted ['you']\n"
    assert twine_process("greet", "--loud", "you", env=env).code == 1
    shown = twine_process("--help", env={**env, "PYTHONIOENCODING": "cp437"}).success()
    assert "  greet     Say \\u201chi\\u201d\n" in shown
