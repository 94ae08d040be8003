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

Sequences = (list, tuple)


def _upload_argv(index: ScriptedIndex, *paths: Path) -> list[str]:
    return [
        *("upload", "--disable-progress-bar", "--repository-url", index.upload_url),
        *("-u", USER, "-p", PASSWORD),
        *map(str, paths),
    ]


def test_version_is_that_of_the_installed_distribution() -> None:
    """`twine.__version__` is what `pip` shows."""
    assert twine.__version__ == importlib.metadata.version("twine")


def test_title_names_the_program() -> None:
    """`twine.__title__` is the name that user agents and reports show."""
    assert twine.__title__ == "twine"


@pytest.mark.parametrize("sequence", Sequences)
def test_dispatch_takes_any_sequence(
    sequence: Callable[[list[str]], list[str]], index: ScriptedIndex, workdir: Path
) -> None:
    """A list and a tuple of arguments run the same command."""
    argv = sequence(_upload_argv(index, make_wheel(workdir)))
    assert not twine.cli.dispatch(argv)
    assert [request.auth for request in index.uploads] == [BASIC_AUTH]


def test_dispatch_leaves_the_arguments_alone(
    index: ScriptedIndex, workdir: Path
) -> None:
    """The caller's list is the same after the call."""
    argv = _upload_argv(index, make_wheel(workdir))
    before = list(argv)
    twine.cli.dispatch(argv)
    assert argv == before


def test_dispatch_returns_truth_when_check_fails(workdir: Path) -> None:
    """A failed check is seen in what `dispatch` returns, without an exception."""
    bad = make_wheel(
        workdir,
        metadata=metadata_text(content_type="text/x-rst", description="A\n==\n\n``\n"),
    )
    assert twine.cli.dispatch(["check", str(bad)])


def test_dispatch_returns_no_truth_when_check_passes(workdir: Path) -> None:
    """A good file gives a false value, which programs pass to `sys.exit`."""
    assert not twine.cli.dispatch(["check", str(make_wheel(workdir))])


def test_dispatch_raises_what_went_wrong(index: ScriptedIndex, workdir: Path) -> None:
    """Failures reach the caller as exceptions, not as exit statuses."""
    with pytest.raises(twine.exceptions.InvalidDistribution, match=r"absent\.whl"):
        twine.cli.dispatch(_upload_argv(index, workdir / "absent.whl"))
    assert index.requests == []


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


def test_main_returns_0_after_success(
    index: ScriptedIndex, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The console script's function reads `sys.argv`."""
    argv = _upload_argv(index, make_wheel(workdir))
    monkeypatch.setattr(sys, "argv", ["twine", *argv])
    assert not twine.__main__.main()
    assert len(index.uploads) == 1


def test_main_returns_1_after_an_error(
    workdir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error is one line on standard output, and no exception."""
    monkeypatch.setattr(sys, "argv", ["twine", "upload", "absent.whl"])
    assert twine.__main__.main() == 1
    assert "InvalidDistribution: " in capsys.readouterr().out


def test_main_returns_1_when_check_fails(
    workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `check` found becomes an exit status."""
    (workdir / "pkg-1.0.tar.gz").write_bytes(b"")
    monkeypatch.setattr(sys, "argv", ["twine", "check", "pkg-1.0.tar.gz"])
    assert int(twine.__main__.main()) == 1
