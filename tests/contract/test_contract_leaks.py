"""Nothing of one call is left for the next, nor for the program around it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import twine.__main__
import twine.cli
from support.dists import make_wheel
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import PASSWORD, SECRET, USER

# What a program that embeds twine can notice, taken before and after.
_LOOK = """
# What these change when they are imported is their own business.
import keyring, readme_renderer.rst, requests, rich.console
import logging, os, signal, socket, sys, warnings
def look():
    root = logging.getLogger()
    return (
        root.level, list(root.handlers), list(root.filters), logging.root.disabled,
        logging.raiseExceptions, logging.getLoggerClass(), root.manager.disable,
        list(warnings.filters), warnings.showwarning, sys.excepthook, sys.stdout,
        sys.stderr, sys.argv[:], dict(os.environ), os.getcwd(),
        signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM),
        socket.getdefaulttimeout(), sys.getrecursionlimit(),
    )
before = look()
import twine.cli, twine.__main__, twine.utils, twine.auth, twine.package
import twine.commands.upload, twine.commands.check, twine.commands.register
import twine.settings, twine.repository, twine.wheel, twine.sdist
"""
_COMPARE = """
after = look()
for old, new in zip(before, after):
    assert old == new, (old, new)
print("unchanged")
"""


def _run(script: str, folder: Path, *argv: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *argv],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _argv(index: ScriptedIndex, path: Path, *more: str) -> list[str]:
    return [
        *("upload", "--disable-progress-bar", "--repository-url", index.upload_url),
        *more,
        str(path),
    ]


def test_calling_changes_nothing_around(workdir: Path, index: ScriptedIndex) -> None:
    """A verbose upload, a check and a failure leave the process as it was."""
    wheel = make_wheel(workdir)
    script = (
        f"{_LOOK}\nargv = sys.argv[1:]\ntwine.cli.configure_output()\n"
        "twine.cli.dispatch(argv)\ntwine.cli.dispatch(['check', argv[-1]])\n"
        "try: twine.cli.dispatch(['--no-color', 'upload', 'absent.whl'])\n"
        f"except twine.exceptions.InvalidDistribution: pass\n{_COMPARE}"
    )
    argv = _argv(index, wheel, "--verbose", "-u", USER, "-p", PASSWORD)
    assert _run(script, workdir, *argv).endswith("unchanged\n")
    assert len(index.uploads) == 1


@pytest.mark.parametrize("source", ["variables", "file", "keyring"])
def test_credentials_are_read_at_each_call(
    source: str,
    index: ScriptedIndex,
    workdir: Path,
    write_pypirc: Callable[[str], Path],
    use_keyring: Callable[[str, str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What changes between two calls holds from the second on."""
    argv = _argv(index, make_wheel(workdir), "--non-interactive")
    for user in ("first", "second"):
        if source == "variables":
            monkeypatch.setenv("TWINE_USERNAME", user)
            monkeypatch.setenv("TWINE_PASSWORD", SECRET)
        elif source == "file":
            write_pypirc(
                "[distutils]\nindex-servers = mine\n[mine]\nrepository = "
                f"{index.upload_url}\nusername = {user}\npassword = {SECRET}\n"
            )
        else:
            use_keyring(index.upload_url, user, SECRET)
        twine.cli.dispatch(argv)
    assert [r.auth for r in index.uploads] == [f"first:{SECRET}", f"second:{SECRET}"]


def test_tokens_are_minted_for_each_call(
    pypi: FakePyPI, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token of one call, which may belong to another project, ends with it."""
    for name, value in pypi.github_env.items():
        monkeypatch.setenv(name, value)
    # The identity service of this CI is not behind TLS; the CA is for PyPI.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pypi.ca_file))
    argv = ["upload", "--disable-progress-bar", str(make_wheel(workdir))]
    for _ in range(2):
        twine.cli.dispatch(argv)
    assert [r.auth for r in pypi.uploads] == [
        f"__token__:pypi-{SECRET}-minted-1",
        f"__token__:pypi-{SECRET}-minted-2",
    ]


def test_secrets_of_one_call_do_not_mask_words_of_the_next(
    index: ScriptedIndex, workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A password that is an ordinary word is hidden in its own call only."""
    argv = _argv(index, make_wheel(workdir, "ordinary"), "-u", USER)
    twine.cli.dispatch([*argv[:-1], "-p", "ordinary", argv[-1]])
    capsys.readouterr()
    twine.cli.dispatch(["check", "ordinary-1.0-py3-none-any.whl"])
    assert "Checking ordinary-1.0-py3-none-any.whl" in capsys.readouterr().out
