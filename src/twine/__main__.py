"""The only error boundary: an outcome becomes an exit status and one error line."""

from __future__ import annotations

import os
import sys

from . import cli, console, exceptions


def main() -> int:
    """Run the command line.

    Returns:
        The exit status: 0 for success, 1 for any failure, 130 after Ctrl-C.

    Raises:
        SystemExit: The command line is wrong (2), or asks only for help (0).
    """
    try:
        invocation = cli.parse(sys.argv[1:])
        with console.session(color=invocation.color) as screen:
            return _run(invocation, screen)
    except BrokenPipeError:
        # Whoever read our output has gone, `| head` for example; Python would
        # complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(invocation: cli.Invocation, screen: console.Console) -> int:
    try:
        return int(bool(invocation.run()))
    except KeyboardInterrupt:
        screen.say("")
        screen.error("Interrupted.")
        return exceptions.INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as exc:  # noqa: BLE001 - the one place that catches all
        screen.failure(exc)
    return 1


if __name__ == "__main__":
    sys.exit(main())
