"""Servers that keep one waiting, ask for patience, or cannot be reached."""

from pathlib import Path
from typing import Any

import pytest
import urllib3.util.connection

from support.index import Answer, Fault, ScriptedIndex, unused_port
from support.inprocess import publish_one
from support.pki import Authority
from support.storing import StoringIndex
from twine.publish.outcome import Outcome


@pytest.mark.parametrize("tls", [False, True])
def test_an_answer_that_never_comes_is_not_waited_for(
    store: StoringIndex,
    tls_store: StoringIndex,
    authority: Authority,
    wheel: Path,
    tls: bool,
) -> None:
    """After the timeout the file is sent again."""
    index = tls_store if tls else store
    index.answer("/legacy/", Answer(fault=Fault.SILENCE), times=1)

    outcome = publish_one(index, wheel, timeout=0.3, cacert=str(authority.ca_file))

    assert (outcome.status, outcome.tries) == ("uploaded", 2)


@pytest.mark.parametrize("tls", [False, True])
def test_a_server_that_stops_reading_is_not_waited_for(
    store: StoringIndex,
    tls_store: StoringIndex,
    authority: Authority,
    big_wheel: Path,
    tls: bool,
) -> None:
    """Without progress while sending the file is sent again after the timeout."""
    index = tls_store if tls else store
    index.answer("/legacy/", Answer(fault=Fault.STALL), times=1)

    outcome = publish_one(index, big_wheel, timeout=1, cacert=str(authority.ca_file))

    assert (outcome.status, outcome.tries) == ("uploaded", 2)


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "1"},
        {
            "Retry-After": "Mon, 01 Jan 2001 00:00:01 GMT",
            "Date": "Mon, 01 Jan 2001 00:00:00 GMT",
        },
    ],
    ids=["seconds", "date by its own clock"],
)
def test_retry_after_is_obeyed(
    store: StoringIndex,
    wheel: Path,
    headers: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """429 with a wait, in seconds or as a date, delays the next try by it."""
    store.answer("/legacy/", Answer(429, "Too Many Requests", headers), times=1)

    outcome = publish_one(store, wheel)

    assert (outcome.status, outcome.tries) == ("uploaded", 2)
    assert "follows in 1.0 s." in capsys.readouterr().out
    # 429 says that nothing was stored: there is no reason to ask.
    assert store.lookups == []


def test_no_retries_means_one_try(
    store: StoringIndex, wheel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `--retries 0` a failure that may pass ends it, and nothing is waited for."""
    store.answer("/legacy/", Answer(503, "Busy", {"Retry-After": "60"}))

    outcome = publish_one(store, wheel, retries=0)

    assert (outcome.status, outcome.tries) == ("failed", 1)
    assert "503" in str(outcome.error)
    assert store.sent == [wheel.name]
    assert "Try 2" not in capsys.readouterr().out


def unreachable(wheel: Path, url: str, **options: Any) -> Outcome:
    """Publish to where nobody is."""
    with ScriptedIndex() as index:
        given = {"repository_url": url, "retries": 1, **options}
        outcome = publish_one(index, wheel, **given)
        assert index.requests == []
    return outcome


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_refused_connection_is_tried_again(wheel: Path, jobs: int) -> None:
    """A port on which nobody listens may soon have somebody; then it is told."""
    port = unused_port()
    url = f"http://127.0.0.1:{port}/legacy/"

    outcome = unreachable(wheel, url, jobs=jobs)

    assert (outcome.status, outcome.tries) == ("failed", 2)
    assert f"127.0.0.1:{port}" in str(outcome.error)
    assert "refuses" in str(outcome.error)


def test_a_server_that_comes_up_gets_the_file(
    wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is started between two tries gets the file."""
    index = StoringIndex()
    host, port = index.url.removeprefix("http://").split(":")
    elsewhere = unused_port()
    tries: list[object] = []
    connect = urllib3.util.connection.create_connection

    def connect_late(address: tuple[str, int], *args: Any, **options: Any) -> Any:
        tries.append(address)
        late = address if len(tries) > 1 else (host, elsewhere)
        return connect(late, *args, **options)

    with index:
        monkeypatch.setattr(urllib3.util.connection, "create_connection", connect_late)
        outcome = publish_one(index, wheel, retries=1)
    assert (outcome.status, outcome.tries) == ("uploaded", 2)
    assert tries == [(host, int(port))] * 2


def test_a_certificate_that_nobody_trusts_is_final(
    tls_store: StoringIndex, wheel: Path
) -> None:
    """Waiting makes no certificate trustworthy: one try, and nothing is sent."""
    outcome = publish_one(tls_store, wheel)

    assert (outcome.status, outcome.tries) == ("failed", 1)
    assert "not trusted" in str(outcome.error)
    assert tls_store.requests == []


def test_http_on_a_tls_port_is_reported(tls_store: StoringIndex, wheel: Path) -> None:
    """`http://` for a server that speaks TLS ends in an error."""
    url = tls_store.upload_url.replace("https:", "http:")

    outcome = publish_one(tls_store, wheel, repository_url=url, retries=1)

    assert outcome.status == "failed"
    assert tls_store.stored == {}
