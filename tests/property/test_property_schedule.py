"""Whatever is published, nothing overtakes what it depends on."""

import graphlib
import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from twine.publish.schedule import Item, Pace, plan
from twine.publish.workers import run_graph

ITEMS = st.lists(
    st.builds(
        Item,
        project=st.sampled_from("abc"),
        version=st.sampled_from("12"),
        is_wheel=st.booleans(),
    ),
    max_size=14,
)
WHEELS_FIRST = ITEMS.map(lambda items: sorted(items, key=lambda i: not i.is_wheel))


def ancestors(after: dict[int, set[int]], node: int) -> set[int]:
    """Return everything that a node waits for, directly or not."""
    found: set[int] = set()
    waiting = [node]
    while waiting:
        for before in after[waiting.pop()] - found:
            found.add(before)
            waiting.append(before)
    return found


@given(WHEELS_FIRST)
def test_a_plan_is_an_order(items: list[Item]) -> None:
    """Each file waits only for files before it in the list, so there is no circle."""
    after = plan(items)

    assert list(after) == list(range(len(items)))
    assert all(before < node for node, befores in after.items() for before in befores)
    assert len(list(graphlib.TopologicalSorter(after).static_order())) == len(items)


@given(WHEELS_FIRST)
def test_pioneers_go_alone(items: list[Item]) -> None:
    """The first of a project, then the first of a release, precedes its siblings."""
    after = plan(items)

    for node, item in enumerate(items):
        before = ancestors(after, node)
        same_project = [n for n, o in enumerate(items) if o.project == item.project]
        same_release = [n for n, o in enumerate(items) if o.release == item.release]
        assert same_project[0] in before | {node}
        assert same_release[0] in before | {node}


@given(WHEELS_FIRST)
def test_an_sdist_follows_all_its_wheels(items: list[Item]) -> None:
    """Nobody who installs meanwhile gets an sdist for want of a wheel."""
    after = plan(items)

    for node, item in enumerate(items):
        wheels = {
            n for n, o in enumerate(items) if o.release == item.release and o.is_wheel
        }
        assert item.is_wheel or wheels <= ancestors(after, node)


@given(WHEELS_FIRST)
def test_strangers_do_not_wait_for_each_other(items: list[Item]) -> None:
    """Files wait for their own project only."""
    after = plan(items)

    for node, befores in after.items():
        assert {items[n].project for n in befores} <= {items[node].project}


@settings(max_examples=settings().max_examples // 4)
@given(WHEELS_FIRST, st.integers(1, 4))
def test_a_run_keeps_to_the_plan(items: list[Item], jobs: int) -> None:
    """Every file is done once, after all that it waits for."""
    after = plan(items)
    done: list[int] = []
    lock = threading.Lock()

    def work(node: int) -> bool:
        with lock:
            assert after[node] <= set(done)
        with lock:
            done.append(node)
        return True

    run_graph(
        work, after, jobs=jobs, may_start=lambda n, r: True, interrupt=lambda: None
    )

    assert sorted(done) == list(after)


@given(
    st.integers(0, 10**12), st.floats(0, 10**6), st.integers(0, 10**12), st.integers(0)
)
def test_more_company_never_makes_more_room(
    sent: int, seconds: float, size: int, running: int
) -> None:
    """What may not go beside a few may not go beside more."""
    pace = Pace(sent=sent, seconds=seconds)

    assert pace.allows(size, running) or not pace.allows(size, running + 1)
    assert pace.allows(size, running) or not pace.allows(size + 1, running)
