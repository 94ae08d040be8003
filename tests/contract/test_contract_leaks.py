"""Nothing of one call is left for the next, nor for the program around it."""

import logging
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

import twine.__main__
import twine.cli
from support.dists import make_wheel
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, SECRET, TOKEN, USER
from twine.settings import Settings

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


def _without_durations(said: str) -> str:
    return re.sub(r"\bin \d+\.\d s\b", "in N s", said)


def test_importing_changes_nothing_around(workdir: Path) -> None:
    """Loggers, warnings, signals, streams and environment are as before."""
    assert _run(_LOOK + _COMPARE, workdir).strip() == "unchanged"


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


def test_other_loggers_stay_silent(
    index: ScriptedIndex, workdir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The root logger of the program around gets no warning and no error of ours."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    argv = _argv(index, make_wheel(workdir), "--verbose", "-u", USER, "-p", PASSWORD)
    twine.cli.dispatch(argv)
    assert (root.level, list(root.handlers)) == before
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def test_warning_filters_stay(index: ScriptedIndex, workdir: Path) -> None:
    """What the program wants to do with warnings is its own business."""
    before = list(warnings.filters)
    twine.cli.dispatch(_argv(index, make_wheel(workdir), "-u", USER, "-p", PASSWORD))
    assert list(warnings.filters) == before


def test_verbose_does_not_leak(
    index: ScriptedIndex, workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plain call after a verbose one says as little as a plain call before it."""
    wheel = make_wheel(workdir)
    plain = _argv(index, wheel, "-u", USER, "-p", PASSWORD)
    said = []
    for argv in (plain, [*plain[:1], "--verbose", *plain[1:]], plain):
        twine.cli.dispatch(argv)
        said.append(_without_durations(capsys.readouterr().out))
    assert said[0] == said[2]
    assert len(said[1]) > len(said[0])


def test_verbose_of_a_failed_call_does_not_leak(
    index: ScriptedIndex, workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A call that ends in an exception leaves nothing behind either."""
    wheel = make_wheel(workdir)
    plain = _argv(index, wheel, "-u", USER, "-p", PASSWORD)
    twine.cli.dispatch(plain)
    before = _without_durations(capsys.readouterr().out)
    index.answer("/legacy/", Answer(400, "Bad Request"), times=1)
    with pytest.raises(requests.HTTPError):
        twine.cli.dispatch([*plain[:1], "--verbose", *plain[1:]])
    capsys.readouterr()
    twine.cli.dispatch(plain)
    assert _without_durations(capsys.readouterr().out) == before


def test_no_color_does_not_leak(
    workdir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forced colour is there again after a call without."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    make_wheel(workdir)
    argv = ["check", "pkg-1.0-py3-none-any.whl"]
    colored = []
    for call in (argv, ["--no-color", *argv], argv):
        twine.cli.dispatch(call)
        colored.append("\x1b[" in capsys.readouterr().out)
    assert colored == [True, False, True]


def test_variables_are_read_at_each_call(
    index: ScriptedIndex, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed `TWINE_` variables hold from the next call on, removed ones do not."""
    argv = _argv(index, make_wheel(workdir), "--non-interactive")
    for user in ("first", "second"):
        monkeypatch.setenv("TWINE_USERNAME", user)
        monkeypatch.setenv("TWINE_PASSWORD", f"{SECRET}-{user}")
        twine.cli.dispatch(argv)
    monkeypatch.delenv("TWINE_PASSWORD")
    with pytest.raises(twine.exceptions.NonInteractive):
        twine.cli.dispatch(argv)
    assert [request.auth for request in index.uploads] == [
        f"first:{SECRET}-first",
        f"second:{SECRET}-second",
    ]


def test_pypirc_is_read_at_each_call(
    index: ScriptedIndex, workdir: Path, home: Path
) -> None:
    """An edited file holds from the next call on."""
    wheel = str(make_wheel(workdir))
    for user in ("first", "second"):
        (home / ".pypirc").write_text(
            "[distutils]\nindex-servers = mine\n[mine]\n"
            f"repository = {index.upload_url}\nusername = {user}\npassword = word\n"
        )
        twine.cli.dispatch(["upload", "--disable-progress-bar", "-r", "mine", wheel])
    assert [r.auth for r in index.uploads] == ["first:word", "second:word"]


def test_keyring_is_asked_at_each_call(
    index: ScriptedIndex, workdir: Path, use_keyring: Callable[[str, str, str], None]
) -> None:
    """A password changed in the keyring is the one that is sent next."""
    argv = _argv(index, make_wheel(workdir))
    for user in ("first", "second"):
        use_keyring(index.upload_url, user, f"{SECRET}-{user}")
        twine.cli.dispatch(argv)
    assert [request.auth for request in index.uploads] == [
        f"first:{SECRET}-first",
        f"second:{SECRET}-second",
    ]


def test_listings_are_fetched_at_each_call(
    pypi: FakePyPI, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that came to the index between two calls is skipped by the second."""
    for name, value in pypi.env.items():
        monkeypatch.setenv(name, value)
    wheel = make_wheel(workdir)
    argv = ["upload", "--skip-existing", "--disable-progress-bar", "-p", TOKEN]
    twine.cli.dispatch([*argv, str(wheel)])
    assert len(pypi.uploads) == 1
    pypi.existing[wheel.name] = "0" * 64
    twine.cli.dispatch([*argv, str(wheel)])
    assert len(pypi.uploads) == 1


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


def test_two_settings_do_not_share_anything(index: ScriptedIndex) -> None:
    """Two indexes side by side keep their own configuration."""
    one = Settings(repository_url="https://a:b@one.example/", comment="one")
    two = Settings(repository_url="https://c:d@two.example/", comment="two")
    one.repository_config["username"] = "changed"
    assert (one.comment, two.comment) == ("one", "two")
    assert (two.username, two.password) == ("c", "d")


def test_secrets_of_one_call_do_not_mask_words_of_the_next(
    index: ScriptedIndex, workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A password that is an ordinary word is hidden in its own call only."""
    argv = _argv(index, make_wheel(workdir, "ordinary"), "-u", USER)
    twine.cli.dispatch([*argv[:-1], "-p", "ordinary", argv[-1]])
    capsys.readouterr()
    twine.cli.dispatch(["check", "ordinary-1.0-py3-none-any.whl"])
    assert "Checking ordinary-1.0-py3-none-any.whl" in capsys.readouterr().out
