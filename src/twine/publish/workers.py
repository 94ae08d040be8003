"""Do several things side by side, for ``check``."""

from __future__ import annotations

import concurrent.futures
import contextvars
import os
from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Archives are read by C code that lets other threads run; more threads than cores
# gain nothing.
DEFAULT_JOBS = min(4, os.cpu_count() or 1)


def map_ordered(
    function: Callable[[Item], Result], items: Iterable[Item], *, jobs: int
) -> Generator[Result | Exception, None, None]:
    """Call a function for each item.

    Args:
        function: What to do with one item.
        items: The items.
        jobs: How many to work on at a time.

    Yields:
        Results in the order of the items. An exception is a value here: what to do
        about it is decided when its turn has come.
    """

    def attempt(item: Item) -> Result | Exception:
        try:
            return function(item)
        except Exception as exc:  # noqa: BLE001 - raised again by the caller
            return exc

    executor = concurrent.futures.ThreadPoolExecutor(jobs)
    try:
        for future in [
            executor.submit(contextvars.copy_context().run, attempt, item)
            for item in items
        ]:
            yield future.result()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
