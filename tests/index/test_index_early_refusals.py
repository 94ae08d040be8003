"""An index that refuses while the body is still on its way: its words count."""

import sys
from pathlib import Path

import pytest

from support.index import Answer, Fault
from support.inprocess import publish, publish_one
from support.pki import Authority
from support.storing import StoringIndex
from twine.index.upload_error import UploadError

WORDS = b'{"message": "The limit for this project is 10 MB."}'
LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere a reset takes back what was said"
)


@pytest.mark.parametrize(
    ("fault", "tls"),
    [
        (Fault.EARLY, False),
        (Fault.EARLY, True),
        pytest.param(Fault.EARLY_RESET, False, marks=LINUX),
    ],
)
@pytest.mark.parametrize("status", [413, 403, 400])
def test_an_early_refusal_is_read(
    store: StoringIndex,
    tls_store: StoringIndex,
    authority: Authority,
    big_wheel: Path,
    fault: Fault,
    status: int,
    tls: bool,
) -> None:
    """What the server says before it closes is shown, and is final."""
    index = tls_store if tls else store
    answer = Answer(status, "No", {"Content-Type": "application/json"}, WORDS, fault)
    index.answer("/legacy/", answer)

    outcome = publish_one(index, big_wheel, cacert=str(authority.ca_file))

    assert (outcome.status, outcome.tries) == ("failed", 1)
    assert isinstance(outcome.error, UploadError)
    assert f"{status} No" in str(outcome.error)
    assert "The limit for this project is 10 MB." in str(outcome.error)
    assert index.stored == {}


@pytest.mark.parametrize("tls", [False, True])
def test_an_early_503_is_tried_again(
    store: StoringIndex,
    tls_store: StoringIndex,
    authority: Authority,
    big_wheel: Path,
    tls: bool,
) -> None:
    """An early answer that may pass is treated as any other."""
    index = tls_store if tls else store
    headers = {"Retry-After": "0"}
    index.answer("/legacy/", Answer(503, "Busy", headers, fault=Fault.EARLY), times=1)

    outcome = publish_one(index, big_wheel, cacert=str(authority.ca_file))

    assert (outcome.status, outcome.tries) == ("uploaded", 2)
    assert list(index.stored) == [big_wheel.name]


def test_the_next_file_is_sent_on_a_connection_of_its_own(
    store: StoringIndex, big_wheel: Path, wheel: Path
) -> None:
    """After an early refusal nothing of the body that was cut short is left over."""
    kept = Answer(413, "Too Large", body=b"Too large.", fault=Fault.EARLY)
    store.answer("/legacy/", kept, times=1)

    publication = publish(store, [big_wheel, wheel], keep_going=True)

    assert [o.status for o in publication.outcomes] == ["failed", "uploaded"]
    assert list(store.stored) == [wheel.name]
