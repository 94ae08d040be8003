"""How often to try again, and how long to wait before."""

import random
from collections.abc import Callable, Iterator

import pytest
import requests

from support.answers import response
from support.patience import hasty
from support.secrets import PASSWORD
from twine.index.retry import LONGEST_WAIT, ONCE, RetryPolicy

pytestmark = pytest.mark.usefixtures("records_printed")


def sender(
    *outcomes: requests.Response | Exception,
) -> tuple[Callable[[], requests.Response], list[int]]:
    """Return a way to send that gives these outcomes, and the calls so far."""
    following: Iterator[requests.Response | Exception] = iter(outcomes)
    calls: list[int] = []

    def send() -> requests.Response:
        calls.append(len(calls) + 1)
        outcome = next(following)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return send, calls


@pytest.fixture(autouse=True)
def _short_waits() -> None:
    """Leave the waits as they are, in place of the fixture that shortens them."""


def test_waits_double_from_half_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without jitter the waits are 0.5, 1, 2, 4 seconds."""
    monkeypatch.setattr(random, "uniform", lambda low, high: 1.0)
    policy = RetryPolicy()

    assert [policy.wait_before(n) for n in range(2, 6)] == [0.5, 1.0, 2.0, 4.0]


def test_clients_that_failed_together_come_back_apart() -> None:
    """The wait before a try differs from call to call."""
    assert len({RetryPolicy().wait_before(2) for _ in range(20)}) > 1


@pytest.mark.parametrize(
    ("asked", "wait"),
    [(0.0, 0.0), (7.0, 7.0), (300.0, 300.0), (301.0, 300.0), (1e12, 300.0), (-5, 0.0)],
)
def test_what_the_index_asks_for_is_done_within_reason(
    asked: float, wait: float
) -> None:
    """Retry-After is obeyed to the second, up to five minutes."""
    assert RetryPolicy().wait_before(2, asked) == wait


def test_no_number_of_tries_waits_for_ever() -> None:
    """Even the thousandth wait has a bound."""
    assert RetryPolicy(retries=2000).wait_before(1000) <= LONGEST_WAIT


@pytest.mark.parametrize(("retries", "tries"), [(0, 1), (4, 5)])
def test_tries_count_the_first_one(retries: int, tries: int) -> None:
    """Four retries are five tries; none are one."""
    assert RetryPolicy(retries=retries).tries == tries


def test_a_pause_tells_which_try_why_and_how_long(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The user reads the reason, the count and the wait."""
    policy, waits = hasty()

    policy.pause(3, "The index is busy.\nA hint.", 7.0)

    shown = capsys.readouterr().out
    assert shown.startswith("WARNING  The index is busy.\n")
    assert "Try 3 of 5 follows in 7.0 s." in shown
    assert "A hint" not in shown
    assert waits == [7.0]


def test_nobody_waits_after_an_interruption() -> None:
    """Who wants to stop is not kept waiting."""
    policy = RetryPolicy()
    policy.interrupted.set()

    with pytest.raises(KeyboardInterrupt):
        policy.pause(2, "Busy.", 300.0)


@pytest.mark.parametrize("status", [200, 301, 400, 403, 404, 409])
def test_an_answer_that_says_something_is_final(status: int) -> None:
    """Only what may pass is tried again."""
    policy, waits = hasty()
    send, calls = sender(response(status))

    assert policy.persist(send).status_code == status
    assert (len(calls), waits) == (1, [])


def test_a_busy_index_is_asked_again(capsys: pytest.CaptureFixture[str]) -> None:
    """5xx, 429 and broken connections pass; Retry-After counts."""
    policy, waits = hasty()
    url = f"https://u:{PASSWORD}@index.example/"
    send, calls = sender(
        response(503, url=url, headers={"Retry-After": "9"}),
        requests.ConnectionError("It broke.\nA hint."),
        response(429),
        response(200),
    )

    assert policy.persist(send).status_code == 200
    assert len(calls) == 4
    assert waits[0] == 9.0
    assert waits[1] < waits[2]
    shown = capsys.readouterr().out
    assert "It broke." in shown
    assert "503 Reason" in shown
    assert PASSWORD not in shown


def test_the_last_try_is_what_counts() -> None:
    """After all tries the last answer or the last error comes back."""
    policy, waits = hasty(2)
    bad, _ = sender(response(500), response(502), response(503))
    worse, _ = sender(response(500), response(500), requests.ConnectionError("x"))

    assert policy.persist(bad).status_code == 503
    assert len(waits) == 2
    with pytest.raises(requests.ConnectionError):
        policy.persist(worse)


def test_what_cannot_pass_is_not_repeated() -> None:
    """A URL that is none is none the next time, too."""
    policy, waits = hasty()
    send, calls = sender(requests.exceptions.InvalidURL("x"))

    with pytest.raises(requests.exceptions.InvalidURL):
        policy.persist(send)
    assert (len(calls), waits) == (1, [])


def test_once_is_once() -> None:
    """What is not worth waiting for is asked a single time."""
    send, calls = sender(response(503), response(200))

    assert ONCE.persist(send).status_code == 503
    assert len(calls) == 1


def test_an_interruption_ends_persistence() -> None:
    """Ctrl-C during a wait is no answer."""
    policy, _ = hasty()
    policy.interrupted.set()
    send, calls = sender(response(503), response(200))

    with pytest.raises(KeyboardInterrupt):
        policy.persist(send)
    assert len(calls) == 1
