"""Every way in which a connection can fail, and what is reported then."""

from pathlib import Path

import pytest

from support.dists import sha256
from support.index import Answer, Fault
from support.inprocess import publish_one
from support.pki import Authority
from support.storing import Listing, StoringIndex

FAULTS = {
    "reset before the body": Answer(fault=Fault.RESET_BEFORE_BODY),
    "reset during the body": Answer(fault=Fault.RESET_DURING_BODY),
    "reset after the body": Answer(fault=Fault.RESET_AFTER_BODY),
    "closed before the body": Answer(fault=Fault.HANG_UP_BEFORE_BODY),
    "closed after the body": Answer(fault=Fault.HANG_UP_AFTER_BODY),
    "half an answer": Answer(body=b"stored" * 9, fault=Fault.HALF),
    "garbage": Answer(body=b"SSH-2.0-OpenSSH_9.9\r\n", fault=Fault.GARBAGE),
    "binary": Answer(body=b"\x00\xff\x00\xff", fault=Fault.GARBAGE),
    "half a status line": Answer(body=b"HTTP/1.1 2", fault=Fault.GARBAGE),
    "nothing but a line end": Answer(body=b"\r\n", fault=Fault.GARBAGE),
    "an endless line": Answer(body=b"HTTP/1.1 " + b"x" * 70000, fault=Fault.GARBAGE),
    "500": Answer(500, "Broken"),
    "502 with a page": Answer(502, "Bad Gateway", body=b"<html><h1>502</h1></html>"),
    "503": Answer(503, "Busy", {"Retry-After": "0"}),
    "504": Answer(504, "Gateway Timeout"),
    "520": Answer(520, "Unknown"),
    "408": Answer(408, "Timeout"),
    "425": Answer(425, "Too Early"),
    "429": Answer(429, "Slow Down", {"Retry-After": "0"}),
}
# After these an index may have stored the file.
KEPT = [
    name
    for name in FAULTS
    if "before" not in name
    and "during" not in name
    and name not in {"408", "425", "429"}
]


@pytest.mark.parametrize("listing", ["json", "none"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_is_survived(
    store: StoringIndex, wheel: Path, fault: str, listing: Listing
) -> None:
    """After one failure that stored nothing the file is sent again, and lands."""
    store.listing = listing
    store.answer("/legacy/", FAULTS[fault], times=1)

    outcome = publish_one(store, wheel)

    assert outcome.status == "uploaded"
    assert outcome.error is None
    assert outcome.tries == 2
    assert store.stored == {wheel.name: sha256(wheel)}
    assert outcome.sha256 == sha256(wheel)


@pytest.mark.parametrize("listing", ["json", "html"])
@pytest.mark.parametrize("fault", KEPT)
def test_a_file_that_landed_all_the_same_is_uploaded(
    store: StoringIndex, wheel: Path, fault: str, listing: Listing
) -> None:
    """What the index lists after a failure counts as uploaded, and is sent once."""
    store.listing = listing
    store.answer("/legacy/", store.keeping(FAULTS[fault]))

    outcome = publish_one(store, wheel)

    assert outcome.status == "uploaded"
    assert store.stored == {wheel.name: sha256(wheel)}
    assert store.sent == [wheel.name]


@pytest.mark.parametrize(
    "exists", [Answer(409, "It already exists"), Answer(400, "File already exists")]
)
@pytest.mark.parametrize("fault", KEPT)
def test_a_file_that_landed_unseen_is_uploaded(
    store: StoringIndex, wheel: Path, fault: str, exists: Answer
) -> None:
    """Without a listing, `already exists` after a doubtful try means uploaded."""
    store.listing = "none"
    store.exists = exists
    store.answer("/legacy/", store.keeping(FAULTS[fault]), times=1)

    outcome = publish_one(store, wheel)

    assert outcome.status == "uploaded"
    assert outcome.tries == 2
    assert store.sent == [wheel.name] * 2


TLS_FAULTS = [
    name
    for name in FAULTS
    if "reset" in name or "closed" in name or "half" in name or name == "garbage"
]


@pytest.mark.parametrize("fault", TLS_FAULTS)
def test_a_tls_connection_that_is_cut_is_survived(
    tls_store: StoringIndex, authority: Authority, wheel: Path, fault: str
) -> None:
    """A connection cut without the goodbye of TLS is as good as a broken one."""
    tls_store.answer("/legacy/", FAULTS[fault], times=1)

    outcome = publish_one(tls_store, wheel, cacert=str(authority.ca_file))

    assert (outcome.status, outcome.tries, outcome.error) == ("uploaded", 2, None)
    assert tls_store.stored == {wheel.name: sha256(wheel)}


@pytest.mark.parametrize(
    "fault",
    ["reset during the body", "closed before the body", "reset before the body"],
)
@pytest.mark.parametrize("tls", [False, True])
def test_a_body_larger_than_the_line_is_survived(
    store: StoringIndex,
    tls_store: StoringIndex,
    authority: Authority,
    big_wheel: Path,
    fault: str,
    tls: bool,
) -> None:
    """A cut in the middle of a large body is as good as any other."""
    index = tls_store if tls else store
    index.answer("/legacy/", FAULTS[fault], times=1)

    outcome = publish_one(index, big_wheel, cacert=str(authority.ca_file))

    assert (outcome.status, outcome.tries, outcome.error) == ("uploaded", 2, None)
    assert index.stored == {big_wheel.name: sha256(big_wheel)}
