"""What goes to the screen: colours, progress, widths and encodings."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import dists
from support.command import Twine, clean_environment, plain, twine_argv
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, USER
from support.terminal import OpenTerminal

LOGIN = ("-u", USER, "-p", PASSWORD)
needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="has no pty")


def test_off_a_terminal_nothing_is_coloured_or_drawn(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """A log file gets the status lines and nothing else."""
    result = upload(wheel)
    *lines, last = result.out.splitlines()
    assert lines == [
        f"Uploading distributions to {index.upload_url}",
        f"Uploading {wheel}",
    ]
    assert re.fullmatch(rf"Uploaded {wheel}: [0-9.]+ KB in [0-9.]+ s", last)
    assert result.err == ""


@needs_pty
@pytest.mark.parametrize("option", [(), ("--disable-progress-bar",)])
def test_a_terminal_gets_a_progress_bar(
    terminal: OpenTerminal,
    index: ScriptedIndex,
    workdir: Path,
    option: tuple[str, ...],
) -> None:
    """Progress shows on a terminal while a file is sent, unless switched off."""
    path = dists.make_wheel(workdir, payload=b"x" * 5_000_000)
    index.answer("/legacy/", Answer(wait=0.5))
    url = ("--repository-url", index.upload_url)
    code, shown = terminal("upload", *url, *LOGIN, *option, path.name).finish()
    assert code == 0
    assert f"Uploading {path.name}" in plain(shown)
    assert f"Uploaded {path.name}: 4.8 MB in " in plain(shown)
    assert ("%" in plain(shown)) is not bool(option)


def test_a_locale_without_the_character_never_crashes(
    twine_process: Twine, workdir: Path
) -> None:
    """Names and verdicts are escaped in the locale `C`, without UTF-8 mode too."""
    path = dists.make_wheel(workdir / "ключ ✓").relative_to(workdir)
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    said = twine_process("check", path, env={**env, "PYTHONIOENCODING": ""}).success()
    assert said.endswith(f"{path.name}: PASSED\n")


def test_a_bad_end_is_told_though_nobody_reads(
    index: ScriptedIndex, workdir: Path, release: list[str]
) -> None:
    """With `twine upload | head -1`, the table and the error are on stderr."""
    index.answer("/legacy/", Answer(200, "OK"), times=1)
    index.answer("/legacy/", Answer(400, "No tea"))
    with subprocess.Popen(
        twine_argv("upload", *LOGIN, "--repository-url", index.upload_url, *release),
        cwd=workdir,
        env=clean_environment(workdir, None),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr is not None
        code, told = running.wait(60), plain(running.stderr.read())

    assert code == 1, told
    assert "Known to be on the index: 1 of 4 files." in told
    assert "To publish the rest:" in told
    assert "ERROR    HTTPError: 400 No tea" in told
    assert "Traceback" not in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
def test_help_that_cannot_be_written_is_a_failure(workdir: Path, home: Path) -> None:
    """A full disk is told on standard error, and the status is no success."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            twine_argv("upload", "--help"),
            cwd=workdir,
            env=clean_environment(home, None),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("ERROR    TwineException: The output cannot be ")
    assert done.stderr.count("\n") == 1
