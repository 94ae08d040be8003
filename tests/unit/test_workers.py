"""Several things side by side, and their results in order."""

import contextvars
import threading
import time

import pytest

from twine.publish.workers import map_ordered

VARIABLE = contextvars.ContextVar("VARIABLE", default="outside")


@pytest.mark.parametrize("jobs", [1, 2, 8])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    """The first result belongs to the first item, even if it takes longest."""

    def work(number: int) -> int:
        time.sleep(0.02 if number == 0 else 0)
        return number * 10

    assert list(map_ordered(work, range(5), jobs=jobs)) == [0, 10, 20, 30, 40]


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_exception_is_a_value(jobs: int) -> None:
    """What fails stands in its own place, and the others are done as well."""

    def work(number: int) -> int:
        if number == 1:
            raise ValueError("the second")
        return number

    first, second, third = map_ordered(work, [0, 1, 2], jobs=jobs)

    assert (first, third) == (0, 2)
    assert isinstance(second, ValueError)


def test_items_are_worked_on_side_by_side() -> None:
    """With two jobs, two items meet; alone, each would wait in vain."""
    barrier = threading.Barrier(2, timeout=10)

    def meet(number: int) -> bool:
        barrier.wait()
        return True

    assert list(map_ordered(meet, [1, 2], jobs=2)) == [True, True]


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_callers_context_is_seen(jobs: int) -> None:
    """A context variable, the console's for example, is the caller's."""
    token = VARIABLE.set("inside")
    try:
        seen = list(map_ordered(lambda _: VARIABLE.get(), [1, 2, 3], jobs=jobs))
    finally:
        VARIABLE.reset(token)

    assert seen == ["inside"] * 3
