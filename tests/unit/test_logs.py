"""Where the records of the loggers `twine.*` go."""

import io
import logging
import threading
from collections.abc import Iterator

import pytest

from twine.terminal import logs
from twine.terminal.console import Console

TOP = logging.getLogger("twine")
logger = logging.getLogger("twine.of.tests")
SECRET = "a-secret-word"


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """Compare the logger with what it was before."""
    before = (TOP.level, TOP.propagate, list(TOP.handlers), TOP.disabled)
    yield
    assert (TOP.level, TOP.propagate, list(TOP.handlers), TOP.disabled) == before


def log() -> None:
    """Log one record of each kind."""
    logger.debug("debug")
    logger.info("it is %s", SECRET)
    logger.warning("one\ntwo")


def test_records_become_labelled_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """They pass the console's gate; only those who ask get level INFO."""
    console = Console()
    console.hide(SECRET)
    with logs.print_records(console):
        log()
    assert capsys.readouterr().out == "WARNING  one\n         two\n"
    with logs.print_records(console, verbose=True):
        log()

    assert capsys.readouterr().out == (
        "INFO     it is ********\nWARNING  one\n         two\n"
    )


@pytest.mark.parametrize("verbose", [False, True])
def test_a_quiet_console_prints_no_warning(
    capsys: pytest.CaptureFixture[str], verbose: bool
) -> None:
    """Only what is an error is printed there."""
    with logs.print_records(Console(quiet=True), verbose=verbose):
        log()
        logger.error("three")

    assert capsys.readouterr().out == "ERROR    three\n"


def test_the_root_logger_hears_nothing_meanwhile(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise a program's own handlers would print each line once more."""
    with logs.print_records(Console(to_stderr=True)):
        logger.warning("one")
    logger.warning("two")

    assert caplog.messages == ["two"]
    assert capsys.readouterr().err == "WARNING  one\n"


def test_a_nested_call_prints_each_record_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The innermost call says how: a plugin may call the command."""
    with logs.print_records(Console()):
        with logs.print_records(Console(), verbose=True):
            logger.info("inner")
        with logs.for_program(verbose=True):
            logger.info("a plugin's settings")
        logger.info("nobody wants this")
        logger.warning("outer")

    assert capsys.readouterr().out == (
        "INFO     inner\nINFO     a plugin's settings\nWARNING  outer\n"
    )


def test_records_of_worker_threads_are_printed_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A worker's record belongs to the call that runs."""
    with logs.print_records(Console()), logs.print_records(Console()):
        worker = threading.Thread(target=logger.warning, args=("at work",))
        worker.start()
        worker.join()

    assert capsys.readouterr().out == "WARNING  at work\n"


def test_calls_in_two_threads_keep_their_records_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each has its own level and stream; whoever ends last restores the logger."""
    both = threading.Barrier(2)

    def call(number: int) -> None:
        console = Console(to_stderr=bool(number))
        with logs.print_records(console, verbose=bool(number)):
            both.wait()
            logger.info("info %d", number)
            logger.warning("warning %d", number)
            both.wait()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    shown = capsys.readouterr()
    assert shown.out == "WARNING  warning 0\n"
    assert shown.err == "INFO     info 1\nWARNING  warning 1\n"


def test_a_disabled_logger_silences_all(
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`getLogger("twine").disabled = True` holds for every module, and any caller."""
    monkeypatch.setattr(TOP, "disabled", True)
    with logs.for_program(verbose=False):
        logger.warning("to a program")
    with logs.print_records(Console()):
        logger.warning("on the command line")

    assert caplog.messages == []
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(TOP, "disabled", False)
    with logs.for_program(verbose=False):
        logger.warning("again")
    assert caplog.messages == ["again"]


def test_a_program_gets_records_of_level_info_if_it_asks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """`Settings(verbose=True)` lets them pass, to the program's own handlers."""
    with logs.for_program(verbose=True):
        log()
    log()

    assert caplog.messages == [f"it is {SECRET}", "one\ntwo", "one\ntwo"]


def test_the_level_that_a_program_has_set_stays(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its handlers may want more than the command line prints."""
    heard = io.StringIO()
    own = logging.StreamHandler(heard)
    TOP.addHandler(own)
    TOP.setLevel(logging.DEBUG)
    with logs.print_records(Console()):
        logger.debug("debug")
    TOP.setLevel(logging.NOTSET)
    TOP.removeHandler(own)

    assert heard.getvalue() == "debug\n"
    assert capsys.readouterr().out == ""
