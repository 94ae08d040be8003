"""Do several things side by side: the only thread pool."""

from __future__ import annotations

import concurrent.futures
import contextlib
import contextvars
import functools
import graphlib
import os
import queue
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
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
        about it is decided when its turn has come. Who closes this before its end
        waits for nothing.
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
    todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    results: list[concurrent.futures.Future[Result | Exception]] = []
    for item in items:
        results.append(concurrent.futures.Future())
        # Each call sees the console of the caller.
        call = functools.partial(contextvars.copy_context().run, attempt, item)
        todo.put(functools.partial(fulfil, results[-1], call))
    for _ in range(min(jobs, len(items))):
        # Nobody who presses Ctrl-C waits for the end of what these do.
        threading.Thread(target=_work, args=(todo,), daemon=True).start()
    try:
        for result in results:
            yield result.result()
    finally:
        while not todo.empty():
            with contextlib.suppress(queue.Empty):
                todo.get_nowait()


def fulfil(
    promise: concurrent.futures.Future[Result], call: Callable[[], Result]
) -> None:
    """Call a function, and let a future have what it returns or raises.

    Args:
        promise: The future.
        call: The function.
    """
    try:
        promise.set_result(call())
    except BaseException as exc:  # noqa: BLE001 - somebody waits for it
        promise.set_exception(exc)


def _work(todo: queue.SimpleQueue[Callable[[], None]]) -> None:
    """Do what there is to do."""
    with contextlib.suppress(queue.Empty):
        while True:
            todo.get_nowait()()


def run_graph(
    function: Callable[[int], bool],
    after: Mapping[int, Iterable[int]],
    *,
    jobs: int,
    may_start: Callable[[int, int], bool],
    interrupt: Callable[[], None],
) -> None:
    """Call a function for each node of a graph, as its predecessors are done.

    The first call that returns ``False`` ends it: what is running is waited for, and
    nothing else begins.

    Args:
        function: What to do for one node; whether to go on. It raises nothing but
            :exc:`KeyboardInterrupt`.
        after: The nodes, and what must be done before each. Of several nodes that
            could begin, the smallest does.
        jobs: How many to work on at a time.
        may_start: Whether a node may begin beside so many others.
        interrupt: How to make running calls end soon.

    Raises:
        KeyboardInterrupt: The user wants to stop; running calls have ended.
    """
    order = graphlib.TopologicalSorter(after)
    order.prepare()
    if jobs == 1:
        _run_one_by_one(function, order)
        return
    ready: list[int] = []
    running: dict[concurrent.futures.Future[bool], int] = {}
    go_on = True
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        try:
            while go_on and order.is_active():
                ready = sorted([*ready, *order.get_ready()])
                while ready and _may_begin(ready[0], len(running), jobs, may_start):
                    node = ready.pop(0)
                    context = contextvars.copy_context()
                    running[pool.submit(context.run, function, node)] = node
                for future in _first_done(running):
                    order.done(running.pop(future))
                    go_on = future.result() and go_on
            concurrent.futures.wait(running)
        except KeyboardInterrupt:
            interrupt()
            raise


def _run_one_by_one(
    function: Callable[[int], bool], order: graphlib.TopologicalSorter[int]
) -> None:
    ready: list[int] = []
    while order.is_active():
        ready = sorted([*ready, *order.get_ready()])
        node = ready.pop(0)
        if not function(node):
            return
        order.done(node)


def _may_begin(
    node: int, running: int, jobs: int, may_start: Callable[[int, int], bool]
) -> bool:
    """Return whether there is room for a node; the first one needs no leave."""
    return not running or (running < jobs and may_start(node, running))


def _first_done(
    running: Mapping[concurrent.futures.Future[bool], int],
) -> set[concurrent.futures.Future[bool]]:
    """Wait until something is done."""
    return concurrent.futures.wait(
        running, return_when=concurrent.futures.FIRST_COMPLETED
    ).done
