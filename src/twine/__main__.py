"""The only error boundary: an outcome becomes an exit status and one error line."""

from __future__ import annotations

import os
import sys
import traceback

from . import cli, console, exceptions

INTERRUPTED = 130  # 128 + SIGINT, as shells count


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
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except exceptions.TwineException as exc:
        screen.error(f"{type(exc).__name__}: {exc}")
    except Exception as exc:  # noqa: BLE001 - the one place that catches all
        if _is_from_requests(exc):
            screen.error(f"{type(exc).__name__}: {exc}")
        else:
            screen.error(traceback.format_exc())
            screen.error(
                f"{type(exc).__name__}: this is a fault of twine itself.\n"
                "Please report it, with the lines above, to the project that you "
                "have this twine from (see its README); it is not the PyPA's twine."
            )
    return 1


def _is_from_requests(error: Exception) -> bool:
    """Return whether the index or the network failed, without loading requests."""
    requests = sys.modules.get("requests")
    return requests is not None and isinstance(error, requests.RequestException)


if __name__ == "__main__":
    sys.exit(main())
