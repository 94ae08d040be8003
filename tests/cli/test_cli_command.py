"""The command line itself: commands, help, versions, usage errors, plugins."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.command import Twine
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, USER

COMMANDS = ("upload", "check", "register")


def test_version_names_ours_and_those_of_the_libraries(twine: Twine) -> None:
    """`--version` prints one line: our version, then each library's."""
    said = twine("--version").success()
    assert said.startswith("twine version 7.")
    assert said.count("\n") == 1
    for library in ("packaging", "requests", "readme-renderer", "rich", "id"):
        assert f"{library}: " in said


def test_the_script_and_the_module_are_the_same(
    twine_process: Twine, workdir: Path
) -> None:
    """`twine` beside the interpreter does what `python -m twine` does."""
    script = shutil.which("twine", path=str(Path(sys.executable).parent))
    assert script is not None
    done = subprocess.run(
        [script, "--version"], cwd=workdir, capture_output=True, text=True, check=True
    )
    assert done.stdout == twine_process("--version").success()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_reads_no_file(
    twine: Twine, home: Path, command: str
) -> None:
    """`COMMAND --help` works whatever `.pypirc` is."""
    (home / ".pypirc").mkdir()
    said = twine(command, "--help").success()
    assert said.startswith("usage: ")
    assert "--verbose" in said or command == "check"


@pytest.mark.parametrize("command", ["upload", "register"])
@pytest.mark.parametrize(
    "words",
    [
        ("-r", "--repository", "TWINE_REPOSITORY"),
        ("--repository-url", "TWINE_REPOSITORY_URL"),
        ("--attestations",),
        ("-s", "--sign"),
        ("--sign-with",),
        ("-i", "--identity"),
        ("-u", "--username", "TWINE_USERNAME"),
        ("-p", "--password", "TWINE_PASSWORD"),
        ("--non-interactive", "TWINE_NON_INTERACTIVE"),
        ("-c", "--comment"),
        ("--config-file", ".pypirc"),
        ("--skip-existing",),
        ("--cert", "TWINE_CERT"),
        ("--client-cert",),
        ("--verbose",),
        ("--disable-progress-bar",),
    ],
    ids=lambda words: words[0],
)
def test_help_tells_each_option_and_its_variable(
    twine: Twine, command: str, words: tuple[str, ...]
) -> None:
    """The help of `upload` and `register` names each option and its variable."""
    said = twine(command, "--help").success()
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("upload",),
        ("register",),
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


def test_long_options_may_be_abbreviated(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """`--repository-u`, `--user` and `--pass` mean what they begin."""
    url = index.upload_url
    given = ("--repository-u", url, "--user", USER, "--pass", PASSWORD, "--disable")
    twine("upload", *given, wheel).success()
    assert index.uploads[0].auth == BASIC_AUTH


def test_no_color_may_stand_before_the_command(twine: Twine, wheel: str) -> None:
    """`twine --no-color check FILE` works."""
    assert "PASSED" in twine("--no-color", "check", wheel).success()


def test_a_plugin_adds_a_command(twine_process: Twine, tmp_path: Path) -> None:
    """A third party's entry point in `twine.registered_commands` is a command."""
    plugins = tmp_path / "plugins"
    _write_plugin(plugins, "def main(args):\n    print('greeted', args)\n")
    environment = {"PYTHONPATH": str(plugins)}
    said = twine_process("greet", "--loud", "you", env=environment)
    assert said.success() == "greeted ['--loud', 'you']\n"
    listed = twine_process("--help", env=environment)
    assert "greet" in listed.success()


def test_a_truthy_result_of_a_plugin_is_a_failure(
    twine_process: Twine, tmp_path: Path
) -> None:
    """What a plugin's function returns becomes the exit status."""
    plugins = tmp_path / "plugins"
    _write_plugin(plugins, "def main(args):\n    return True\n")
    environment = {"PYTHONPATH": str(plugins)}
    assert twine_process("greet", env=environment).code == 1


def test_a_plugin_that_cannot_be_imported_hurts_only_itself(
    twine_process: Twine, tmp_path: Path, wheel: str
) -> None:
    """Other commands work beside a broken plugin, and its own names it."""
    plugins = tmp_path / "plugins"
    _write_plugin(plugins, "import there_is_no_such_module\n")
    environment = {"PYTHONPATH": str(plugins)}
    result = twine_process("check", wheel, env=environment)
    assert "PASSED" in result.success()
    result = twine_process("greet", env=environment)
    said = result.failure("InvalidConfiguration")
    assert "`greet` of `greeting` (`greeting:main`)" in said
    assert "there_is_no_such_module" in said


def _write_plugin(folder: Path, source: str) -> None:
    """Install a distribution with one command, `greet`, into `folder`."""
    info = folder / "greeting-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "greeting.py").write_text(source)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: greeting\nVersion: 1")
    (info / "entry_points.txt").write_text(
        "[twine.registered_commands]\ngreet = greeting:main\n"
    )
