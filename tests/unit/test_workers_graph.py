"""Several things side by side, each after what it waits for."""

import contextvars
import threading
import time
from collections.abc import Callable, Iterable, Mapping

import pytest

from twine.publish.workers import run_graph

VARIABLE = contextvars.ContextVar("VARIABLE", default="outside")
FREE: dict[int, list[int]] = {n: [] for n in range(6)}


def run(
    function: Callable[[int], bool],
    after: Mapping[int, Iterable[int]],
    jobs: int,
    may_start: Callable[[int, int], bool] = lambda node, running: True,
    interrupt: Callable[[], None] = lambda: None,
) -> None:
    """Run a graph."""
    run_graph(function, after, jobs=jobs, may_start=may_start, interrupt=interrupt)


@pytest.mark.parametrize("jobs", [1, 2, 8])
def test_nothing_begins_before_what_it_waits_for(jobs: int) -> None:
    """A diamond is done from the top."""
    done: list[int] = []

    def work(node: int) -> bool:
        time.sleep(0.02 if node == 1 else 0)
        done.append(node)
        return True

    run(work, {3: [1, 2], 1: [0], 2: [0], 0: []}, jobs)

    assert done[0] == 0
    assert set(done[1:3]) == {1, 2}
    assert done[3:] == [3]


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_smallest_begins_first(jobs: int) -> None:
    """Of those that could begin, the first in the user's order does."""
    begun: list[int] = []

    def work(node: int) -> bool:
        begun.append(node)
        time.sleep(0.01)
        return True

    run(work, {5: [], 2: [], 9: [], 0: [], 1: [0]}, jobs)

    assert begun[0] == 0
    if jobs == 1:
        assert begun == [0, 1, 2, 5, 9]


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_no_more_than_asked_for_run_at_once(jobs: int) -> None:
    """The number of jobs is a bound, and it is reached."""
    running, most = 0, 0
    lock = threading.Lock()

    def work(node: int) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.03)
        with lock:
            running -= 1
        return True

    run(work, FREE, jobs)

    assert most == jobs


def test_with_one_job_everything_is_done_here() -> None:
    """One at a time needs no thread, so Ctrl-C lands where the work is."""
    threads = set()

    def work(node: int) -> bool:
        threads.add(threading.current_thread())
        return True

    run(work, FREE, 1)

    assert threads == {threading.current_thread()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_false_ends_it(jobs: int) -> None:
    """What runs is waited for, and nothing else begins."""
    done: list[int] = []
    begun: list[int] = []

    def work(node: int) -> bool:
        begun.append(node)
        time.sleep(0.05 if node == 0 else 0)
        done.append(node)
        return node != 1

    run(work, FREE if jobs == 2 else {1: [], 2: [], 3: []}, jobs)

    assert begun == ([0, 1] if jobs == 2 else [1])
    assert sorted(done) == sorted(begun)


def test_who_may_not_start_waits() -> None:
    """What may not run beside others runs alone, and is never forgotten."""
    begun: list[int] = []
    beside: list[int] = []
    running = 0
    lock = threading.Lock()

    def may_start(node: int, running: int) -> bool:
        return False

    def work(node: int) -> bool:
        nonlocal running
        with lock:
            running += 1
            beside.append(running)
        begun.append(node)
        time.sleep(0.01)
        with lock:
            running -= 1
        return True

    run(work, FREE, 4, may_start)

    assert begun == list(FREE)
    assert set(beside) == {1}


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_callers_context_is_seen(jobs: int) -> None:
    """A context variable, the console's for example, is the caller's."""
    seen = []

    def work(node: int) -> bool:
        seen.append(VARIABLE.get())
        return True

    token = VARIABLE.set("inside")
    try:
        run(work, FREE, jobs)
    finally:
        VARIABLE.reset(token)

    assert seen == ["inside"] * len(FREE)


@pytest.mark.parametrize("jobs", [1, 4])
def test_nothing_to_do_is_done(jobs: int) -> None:
    """An empty graph ends at once."""
    run(lambda node: False, {}, jobs)


def test_an_interruption_makes_running_calls_end() -> None:
    """Ctrl-C is passed on, calls that run are told and waited for, no other begins."""
    stop = threading.Event()
    ended: list[int] = []

    def work(node: int) -> bool:
        if node == 0:
            raise KeyboardInterrupt
        assert stop.wait(10)
        ended.append(node)
        return True

    with pytest.raises(KeyboardInterrupt):
        run(work, FREE, 2, interrupt=stop.set)

    assert ended in ([], [1])
    assert stop.is_set()


def test_an_interruption_of_a_single_job_is_passed_on() -> None:
    """Ctrl-C ends the work at once."""
    begun: list[int] = []

    def work(node: int) -> bool:
        begun.append(node)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(work, FREE, 1)

    assert begun == [0]
