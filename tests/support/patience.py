"""Patience that costs no time."""

import threading

from twine.index.retry import RetryPolicy


class Clock(threading.Event):
    """A way to stop that notes how long it would have been waited for."""

    def __init__(self) -> None:
        """Begin without a wait."""
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Note the seconds, and return at once."""
        assert timeout is not None, "a wait without an end"
        self.waits.append(timeout)
        return self.is_set()


def hasty(retries: int = 4) -> tuple[RetryPolicy, list[float]]:
    """Return a policy that never really waits, and the list of its waits."""
    clock = Clock()
    return RetryPolicy(retries=retries, interrupted=clock), clock.waits
