"""The only error boundary: an outcome becomes an exit status and one error line."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence

from . import exceptions


def main() -> int:
    """Run the command line.

    Returns:
        The exit status: 0 for success, 1 for any failure, 130 after Ctrl-C.

    Raises:
        SystemExit: The command line is wrong (2), or asks only for help (0).
    """
    try:
        return _run(sys.argv[1:])
    except BrokenPipeError:
        return 1  # whoever read our output has gone, `| head` for example
    except KeyboardInterrupt:
        return exceptions.INTERRUPTED  # pressed again while the first was told of
    finally:
        _forget_unread()
        # What is done is done: Ctrl-C while Python cleans up changes no exit status.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


def _run(argv: Sequence[str]) -> int:
    from . import cli
    from .terminal import console  # here: Ctrl-C is heard while they load, too

    screen = console.current()
    try:
        with _all_written():
            invocation = cli.parse(argv)
            with console.session(color=invocation.color) as screen:
                return int(bool(invocation.run()))
    except KeyboardInterrupt:
        screen.steadfast = True
        screen.say("")
        screen.error("Interrupted.")
        return exceptions.INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as exc:  # noqa: BLE001 - the one place that catches all
        screen.steadfast = True
        screen.failure(exc)
    return 1


@contextlib.contextmanager
def _all_written() -> Iterator[None]:
    """Do not end well before the last of the output is written.

    What argparse and plugins print may still be waiting; ours never does.

    Raises:
        TwineException: It cannot be written, though somebody reads.
    """
    try:
        yield
    except SystemExit:
        _flush()
        raise
    _flush()


def _flush() -> None:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        pass
    except OSError as exc:
        text = f"The output cannot be written: {exc.strerror}."
        raise exceptions.TwineException(text) from exc


def _forget_unread() -> None:
    """Drop what nobody will read: Python would complain of it once more at exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
