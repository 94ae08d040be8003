"""Diagnostics: the records of the loggers ``twine.*``, and where they go.

Modules log to ``logging.getLogger(__name__)``; ``--verbose`` is level INFO. The
command line prints the records through its console for the length of one call. A
program that imports twine attaches handlers of its own, or none: then Python prints
warnings to standard error (:data:`logging.lastResort`).
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

from .console import Console

_TOP = logging.getLogger("twine")
_STYLES = {"INFO": "dim", "WARNING": "yellow", "ERROR": "red"}
_lock = threading.Lock()
# What the logger was before each of the calls that run now, the first at the bottom.
_before: list[tuple[int, bool]] = []


class ConsoleHandler(logging.Handler):
    """Print records of at least a level as labelled lines."""

    def __init__(self, console: Console, level: int) -> None:
        super().__init__(level)
        self.console = console
        self.thread = threading.get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether this is the one handler that prints a record."""
        # A logger looks at its own `disabled` only (CPython 3.14, `Logger.handle`).
        return _find_handler(record.thread) is self and not _TOP.disabled

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record; what the console raises ends the command."""
        label = record.levelname
        style = _STYLES.get(label, "")
        self.console.print_labelled(label, style, self.format(record))


def _find_handler(thread: int | None) -> ConsoleHandler | None:
    """Return the handler of a thread's innermost call; for workers, of the last one."""
    handlers = [one for one in _TOP.handlers if isinstance(one, ConsoleHandler)]
    own = [one for one in handlers if one.thread == thread]
    return next(reversed(own or handlers), None)


@contextlib.contextmanager
def _attached(level: int, handler: logging.Handler | None) -> Iterator[None]:
    """Let records of a level pass, and handle them, for the length of one call."""
    with _lock:
        _before.append((_TOP.level, _TOP.propagate))
        # A program's own handlers may want more than the command line prints.
        _TOP.setLevel(min(level, _TOP.level or level))
        if handler is not None:
            _TOP.addHandler(handler)
            # The root logger is the program's: it would print the same line again.
            _TOP.propagate = False
    try:
        yield
    finally:
        with _lock:
            if handler is not None:
                _TOP.removeHandler(handler)
            level, propagate = _before.pop()
            if not _before:  # other threads may still rely on what was set
                _TOP.setLevel(level)
                _TOP.propagate = propagate


def print_records(
    console: Console, *, verbose: bool = False
) -> contextlib.AbstractContextManager[None]:
    """Print what the loggers ``twine.*`` record, for the length of one call."""
    level = logging.INFO if verbose else logging.WARNING
    if console.quiet:
        level = logging.ERROR
    return _attached(level, ConsoleHandler(console, level))


def for_program(*, verbose: bool) -> contextlib.AbstractContextManager[None]:
    """Leave the records of one call to the handlers of the program that calls."""
    if _TOP.disabled:
        return _attached(logging.CRITICAL, logging.NullHandler())
    if not verbose:
        return contextlib.nullcontext()
    around = _find_handler(threading.get_ident())
    if around is not None:  # a plugin that uploads: its own `--verbose` counts
        return print_records(around.console, verbose=True)
    return _attached(logging.INFO, None)
