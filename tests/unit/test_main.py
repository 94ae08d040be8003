"""An outcome becomes an exit status and one error line."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
import requests

from support.secrets import PASSWORD, SECRET
from twine import __main__ as program
from twine import cli, exceptions
from twine.terminal.console import Console


def run(monkeypatch: pytest.MonkeyPatch, what: Callable[..., object]) -> int:
    """Run the program with one command; return its exit status."""

    class Invocation:
        def run(self, console: Console) -> object:
            return what(console)

    monkeypatch.setattr(cli, "parse", lambda argv: Invocation())
    return program.main()


def fail(error: BaseException) -> Callable[..., object]:
    """Return a command that fails."""

    def failing(*args: object) -> object:
        raise error

    return failing


@pytest.mark.parametrize(
    ("answer", "status"),
    [(None, 0), (False, 0), (0, 0), ("", 0), (True, 1), (3, 1), ("x", 1)],
)
def test_something_true_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, answer: object, status: int
) -> None:
    """A command fails by returning something true."""
    assert run(monkeypatch, lambda console: answer) == status


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            exceptions.InvalidDistribution("It is broken.", hint="Build it again."),
            "ERROR    InvalidDistribution: It is broken.\n         Build it again.\n",
        ),
        (requests.HTTPError("400 Bad"), "ERROR    HTTPError: 400 Bad\n"),
        (requests.ConnectionError("Gone."), "ERROR    ConnectionError: Gone.\n"),
        (requests.Timeout("Late."), "ERROR    Timeout: Late.\n"),
    ],
)
def test_a_failure_is_one_error(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    line: str,
) -> None:
    """Whatever a user, a file or an index can cause is told without a traceback."""
    assert run(monkeypatch, fail(error)) == 1
    assert capsys.readouterr().out == line


def test_a_fault_of_ours_says_where_to_report_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bug shows its traceback, without secrets, and asks for a report."""

    def bug(console: Console) -> None:
        console.hide(PASSWORD)
        raise ZeroDivisionError(f"by {PASSWORD}")

    assert run(monkeypatch, bug) == 1
    shown = capsys.readouterr().out
    assert "Traceback" in shown
    assert "ZeroDivisionError" in shown
    assert "report" in shown
    assert SECRET not in shown


def test_without_requests_no_error_is_one_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where requests was never imported, it is not imported to look at an error."""
    monkeypatch.delitem(sys.modules, "requests")

    assert run(monkeypatch, fail(ValueError("x"))) == 1
    assert "requests" not in sys.modules
    assert "fault of twine" in capsys.readouterr().out


def test_an_interruption_is_told_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends with the status that shells expect, and no traceback."""
    assert run(monkeypatch, fail(KeyboardInterrupt())) == 130
    assert capsys.readouterr().out == "\nERROR    Interrupted.\n"


def test_an_interruption_while_one_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C again, before the first was told of, changes nothing."""
    again = fail(KeyboardInterrupt())
    monkeypatch.setattr(Console, "error", again)

    assert run(monkeypatch, fail(KeyboardInterrupt())) == 130
    assert capsys.readouterr().out == "\n"


LOADING = """
class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == "twine.{module}":
            raise KeyboardInterrupt

sys.meta_path.insert(0, CtrlC())
"""
# What is registered before `main` runs is called after what `main` registers.
CLEANING_UP = "atexit.register(os.kill, os.getpid(), signal.SIGINT)"


@pytest.mark.skipif(sys.platform == "win32", reason="no signal to oneself there")
@pytest.mark.parametrize(
    ("when", "status", "out"),
    [
        (LOADING.format(module="terminal.console"), 130, b""),
        (LOADING.format(module="cli"), 130, b"\nERROR    Interrupted.\n"),
        (CLEANING_UP, 0, b"usage: twine"),
    ],
    ids=["starting", "loading", "cleanup"],
)
def test_an_interruption_at_the_edges(when: str, status: int, out: bytes) -> None:
    """Ctrl-C before the work is heard, Ctrl-C after it is not; neither is a fault."""
    program = f"""
import atexit, os, signal, sys
from twine.__main__ import main
{when}
sys.argv = ["twine", "--help"]
sys.exit(main())
"""
    argv = [sys.executable, "-c", program]
    done = subprocess.run(argv, check=False, capture_output=True)

    assert (done.returncode, done.stderr) == (status, b"")
    assert done.stdout.startswith(out)
    assert bool(done.stdout) is bool(out)


@pytest.fixture
def broken_pipe() -> Iterator[io.TextIOWrapper]:
    """Return a stream whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w")
    yield stream
    stream.close()


def test_a_reader_that_went_away_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, broken_pipe: io.TextIOWrapper
) -> None:
    """`twine ... | head` ends with a failure and without complaints at exit."""
    monkeypatch.setattr(sys, "stdout", broken_pipe)

    assert run(monkeypatch, lambda console: console.print("x")) == 1
    broken_pipe.write("what is left goes nowhere")
    broken_pipe.flush()


def test_a_fault_before_any_command_is_told_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reading the command line is within the one place that catches all."""
    failing = fail(exceptions.InvalidConfiguration("Odd."))
    monkeypatch.setattr(cli, "parse", lambda argv: failing())

    assert program.main() == 1
    assert capsys.readouterr().out == "ERROR    InvalidConfiguration: Odd.\n"
