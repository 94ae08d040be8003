"""Do several things side by side, and look at the results in order."""

from __future__ import annotations

import concurrent.futures
import contextvars
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Archives are read by C code that lets other threads run; more threads than cores
# gain nothing.
DEFAULT_JOBS = min(4, os.cpu_count() or 1)


def map_ordered(
    function: Callable[[Item], Result], items: Iterable[Item], *, jobs: int
) -> Iterator[Result | Exception]:
    """Call a function for each item.

    Args:
        function: What to do with one item.
        items: The items.
        jobs: How many to work on at a time.

    Yields:
        Results in the order of the items. An exception is a value here: what to do
        about it is decided when its turn has come.
    """
    items = list(items)

    def attempt(item: Item) -> Result | Exception:
        try:
            return function(item)
        except Exception as exc:  # noqa: BLE001 - raised again by the caller
            return exc

    if jobs == 1 or len(items) == 1:
        yield from map(attempt, items)
        return
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        # Each call sees the console of the caller.
        contexts = [contextvars.copy_context() for _ in items]
        yield from pool.map(
            lambda context, item: context.run(attempt, item), contexts, items
        )
