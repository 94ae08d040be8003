"""What programs call to run a whole command: version, dispatch, main."""

import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import twine
import twine.__main__
import twine.cli
from support.dists import make_wheel, metadata_text
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, USER


def _upload_argv(index: ScriptedIndex, *paths: Path) -> list[str]:
    return [
        *("upload", "--disable-progress-bar", "--repository-url", index.upload_url),
        *("-u", USER, "-p", PASSWORD),
        *map(str, paths),
    ]


def test_version_is_that_of_the_installed_distribution() -> None:
    """`twine.__version__` is what `pip` shows, `twine.__title__` the program."""
    assert twine.__version__ == importlib.metadata.version("twine")
    assert twine.__title__ == "twine"


@pytest.mark.parametrize("sequence", [list, tuple])
def test_dispatch_takes_any_sequence(
    sequence: Callable[[list[str]], list[str]], index: ScriptedIndex, workdir: Path
) -> None:
    """A list and a tuple of arguments run the same command, and are not changed."""
    argv = sequence(_upload_argv(index, make_wheel(workdir)))
    before = sequence(argv)
    assert not twine.cli.dispatch(argv)
    assert [request.auth for request in index.uploads] == [BASIC_AUTH]
    assert argv == before


def test_dispatch_returns_whether_check_fails(workdir: Path) -> None:
    """A failed check is a true value, which programs pass to `sys.exit`."""
    bad = metadata_text(content_type="text/x-rst", description="A\n==\n\n``\n")
    assert twine.cli.dispatch(["check", str(make_wheel(workdir, metadata=bad))])
    assert not twine.cli.dispatch(["check", str(make_wheel(workdir))])


def test_dispatch_of_a_wrong_command_line_exits_with_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An unknown command ends as argparse ends it."""
    with pytest.raises(SystemExit) as exit_:
        twine.cli.dispatch(["frobnicate"])
    assert exit_.value.code == 2
    assert "frobnicate" in capsys.readouterr().err


def test_configure_output_leaves_the_output_usable(
    workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program may call it, as it always could, and status lines still come."""
    wheel = make_wheel(workdir)
    twine.cli.configure_output()
    twine.cli.dispatch(["check", str(wheel)])
    assert f"Checking {wheel}: PASSED" in capsys.readouterr().out


def test_dep_versions_names_what_is_installed() -> None:
    """The list of dependencies is that of the versions in use."""
    found = dict(twine.cli.list_dependencies_and_versions())
    assert found["requests"] == importlib.metadata.version("requests")
    assert f"requests: {found['requests']}" in twine.cli.dep_versions()


def test_main_reads_the_command_line_and_returns_the_status(
    workdir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The console script's function: 0, or 1 after a failed check or an error line."""
    wheel = make_wheel(workdir).name
    (workdir / "pkg-1.0.tar.gz").write_bytes(b"")
    for name, status in ((wheel, 0), ("pkg-1.0.tar.gz", 1), ("absent.whl", 1)):
        monkeypatch.setattr(sys, "argv", ["twine", "check", name])
        assert int(twine.__main__.main() or 0) == status
    assert "InvalidDistribution: " in capsys.readouterr().out
