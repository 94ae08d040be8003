"""Proxies that die, and proxies that refuse."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from support import dists
from support.fakepypi import FakePyPI
from support.index import Answer, Fault
from support.inprocess import publish_one
from support.pki import Authority
from support.wire import Received
from twine.publish.outcome import Outcome

PYPI = "https://upload.pypi.org/legacy/"
COME_BACK = {"Retry-After": "0"}


class FrailProxy(FakePyPI):
    """A proxy that dies at its first tunnels."""

    deaths = 0
    greets = False

    def _tunnel(self, connection: socket.socket, request: Received) -> None:
        if len(self.tunnels) >= self.deaths:
            return super()._tunnel(connection, request)
        self.tunnels.append(request)
        if self.greets:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            connection.recv(1000)
        return None


@pytest.fixture
def proxy(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FrailProxy]:
    """Serve PyPI behind a proxy that everything goes through."""
    with FrailProxy(authority) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        yield server


def send(proxy: FakePyPI, path: Path, **options: object) -> Outcome:
    """Publish a file through the proxy."""
    given = {"repository_url": PYPI, "cacert": str(proxy.ca_file), **options}
    return publish_one(proxy, path, **given)


@pytest.mark.parametrize("greets", [False, True], ids=["at once", "in the greeting"])
def test_a_proxy_that_dies_is_tried_again(
    proxy: FrailProxy, wheel: Path, greets: bool
) -> None:
    """A proxy that cuts one tunnel may well open the next."""
    proxy.deaths, proxy.greets = 1, greets

    outcome = send(proxy, wheel)

    assert (outcome.status, outcome.tries) == ("uploaded", 2)
    assert len(proxy.uploads) == 1


@pytest.mark.parametrize(
    "fault", [Fault.RESET_DURING_BODY, Fault.RESET_AFTER_BODY, Fault.HANG_UP_AFTER_BODY]
)
def test_a_tunnel_that_is_cut_is_survived(
    proxy: FrailProxy, wheel: Path, fault: Fault
) -> None:
    """A proxy that dies in the middle leaves a doubt; PyPI is asked, then retried."""
    proxy.answer("/legacy/", Answer(fault=fault), times=1)

    outcome = send(proxy, wheel)

    assert (outcome.status, outcome.tries) == ("uploaded", 2)
    assert [r.path for r in proxy.requests if r.method == "GET"] == ["/simple/pkg/"]


@pytest.mark.parametrize("status", [407, 403])
def test_a_proxy_that_refuses_is_final(
    proxy: FrailProxy, wheel: Path, status: int
) -> None:
    """A proxy that says no is asked once, and quoted."""
    proxy.refusal = Answer(status, "Refused by Policy")

    outcome = send(proxy, wheel)

    assert (outcome.status, outcome.tries) == ("failed", 1)
    assert isinstance(outcome.error, requests.exceptions.ProxyError)
    assert f"{status} Refused by Policy" in str(outcome.error)
    assert len(proxy.tunnels) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_proxy_without_a_way_is_tried_again(
    proxy: FrailProxy, wheel: Path, status: int
) -> None:
    """A proxy that cannot reach the index now may reach it later."""
    proxy.refusal = Answer(status, "No way there")

    outcome = send(proxy, wheel, retries=1)

    assert (outcome.status, outcome.tries) == ("failed", 2)
    assert len(proxy.tunnels) == 2


def test_the_look_up_before_an_upload_is_patient(
    proxy: FrailProxy, wheel: Path
) -> None:
    """`--skip-existing` asks again after 503, and skips what is there."""
    proxy.existing[wheel.name] = dists.sha256(wheel)
    proxy.answer("/simple/pkg/", Answer(503, "Busy", COME_BACK), times=2)

    outcome = send(proxy, wheel, skip_existing=True)

    assert outcome.status == "skipped"
    assert proxy.uploads == []
    assert len(proxy.requests) == 3
