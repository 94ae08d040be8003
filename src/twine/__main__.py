"""The only error boundary: an outcome becomes an exit status and one error line."""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .terminal.console import Console

# The exit status after Ctrl-C: 128 + SIGINT, as shells count.
INTERRUPTED = 130


def main() -> int:
    """Run the command line.

    Returns:
        The exit status: 0 for success, 1 for any failure, 130 after Ctrl-C.

    Raises:
        SystemExit: The command line is wrong (2), or asks only for help (0).
    """
    try:
        from .terminal import console  # here: Ctrl-C while they load counts, too

        return _run(sys.argv[1:], console.Console())
    except BrokenPipeError:
        return 1  # whoever read our output has gone, `| head` for example
    except KeyboardInterrupt:
        return INTERRUPTED  # pressed while starting, or again at the end
    finally:
        _drop_unread_output()
        # What is done is done: Ctrl-C while Python cleans up changes no exit status.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


def _run(argv: Sequence[str], console: Console) -> int:
    """Run a command, and print how it failed."""
    try:
        from . import cli

        try:
            failed = cli.parse(argv).run(console)
        except SystemExit:  # `--help`
            _flush()
            raise
        _flush()
        return int(bool(failed))
    except KeyboardInterrupt:
        console.ignore_write_errors = True
        console.print("")
        console.error("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as exc:  # noqa: BLE001 - the one place that catches all
        console.ignore_write_errors = True
        console.failure(exc)
    return 1


def _flush() -> None:
    """Write what argparse and plugins printed; what we print never waits.

    Raises:
        TwineException: It cannot be written.
    """
    from .terminal.console import raise_write_error

    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        pass
    except OSError as exc:
        raise_write_error(exc)


def _drop_unread_output() -> None:
    """Drop unwritten output without a reader: Python would complain of it at exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
