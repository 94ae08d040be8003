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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .console import Console

_TOP = logging.getLogger("twine")
_STYLES = {"INFO": "dim", "WARNING": "yellow", "ERROR": "red"}


class ConsoleHandler(logging.Handler):
    """Print records as labelled lines, through the console's gate.

    Args:
        console: Where to print; ``None`` for nowhere.
    """

    def __init__(self, console: Console | None) -> None:
        super().__init__()
        self._console = console
        self._thread = threading.get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record belongs to the call that this handler serves.

        Of several calls at once each prints what its own thread logs; a worker
        thread's record is printed by the call that began last, and only once.
        """
        own = [one for one in _handlers() if one._thread == record.thread]
        if (own or _handlers())[-1:] != [self]:
            return False
        # The loggers below do not inherit `disabled` (CPython: `Logger.callHandlers`).
        return record.levelno >= _calls.level(self._thread) and not _TOP.disabled

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record.

        Raises:
            BrokenPipeError: The reader of the output has gone.
            TwineException: The output cannot be written.
        """
        label = record.levelname
        if self._console is not None:
            style = _STYLES.get(label, "")
            self._console.print_labelled(label, style, self.format(record))


def _handlers() -> list[ConsoleHandler]:
    return [one for one in _TOP.handlers if isinstance(one, ConsoleHandler)]


class _Calls:
    """The calls that run now: a process has one logger ``twine`` for all of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Of each call its thread, and the least level that it wants.
        self._levels: list[tuple[int, int]] = []
        self._before = (logging.NOTSET, True)

    @contextlib.contextmanager
    def run(self, level: int, handler: ConsoleHandler | None = None) -> Iterator[None]:
        """Let records of a level pass for the length of one call.

        Args:
            level: The least level to let through.
            handler: What prints them; the program's own handlers if not given.
        """
        call = (threading.get_ident(), level)
        with self._lock:
            if not self._levels:
                self._before = (_TOP.level, _TOP.propagate)
            self._levels.append(call)
            if handler is not None:
                _TOP.addHandler(handler)
            self._adjust()
        try:
            yield
        finally:
            with self._lock:
                self._levels.remove(call)
                if handler is not None:
                    _TOP.removeHandler(handler)
                self._adjust()

    def level(self, thread: int) -> int:
        """Return the least level that the calls of a thread want."""
        wanted = [level for one, level in self._levels if one == thread]
        return min(wanted, default=logging.WARNING)  # it may be ending just now

    def _adjust(self) -> None:
        level, propagate = self._before
        wanted = [level for _, level in self._levels]
        # A program's own handlers may want more than the command line prints.
        _TOP.setLevel(min([*wanted, level or logging.CRITICAL]) if wanted else level)
        # The root logger is the program's: it would print the same line again.
        _TOP.propagate = propagate and not _handlers()


_calls = _Calls()


def print_records(
    console: Console | None, *, verbose: bool = False
) -> contextlib.AbstractContextManager[None]:
    """Print what the loggers ``twine.*`` record, for the length of one call.

    Args:
        console: Where to print; ``None`` for nowhere.
        verbose: Whether to print records of level INFO, too.
    """
    level = logging.INFO if verbose else logging.WARNING
    return _calls.run(level, ConsoleHandler(console))


def for_program(*, verbose: bool) -> contextlib.AbstractContextManager[None]:
    """Leave the records of one call to the handlers of the program that calls.

    Args:
        verbose: Whether records of level INFO pass.
    """
    if _TOP.disabled:
        return print_records(None)
    if verbose:
        return _calls.run(logging.INFO)
    return contextlib.nullcontext()
