"""A real browser, and pages for it."""

import contextlib
import dataclasses
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.browser import Browser, Tab
from support.command import Twine


@dataclasses.dataclass(frozen=True, slots=True)
class Listener:
    """A server that never answers, and knows whether anybody came."""

    socket: socket.socket

    @property
    def url(self) -> str:
        """The beginning of URLs that lead here."""
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def was_asked(self, seconds: float = 0.0) -> bool:
        """Return whether somebody connected, or does so within some time."""
        self.socket.settimeout(seconds)
        with contextlib.suppress(BlockingIOError, TimeoutError):
            self.socket.accept()[0].close()
            return True
        return False


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start Chromium; Debian and others have it as the package `chromium`."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no `chromium` on PATH (Debian: apt install chromium)")
    with Browser(program, tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """Open an empty tab."""
    with browser.tab() as opened:
        yield opened


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Listen on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Listener(listening)


@pytest.fixture
def preview(twine: Twine, workdir: Path) -> Callable[..., str]:
    """Return a function that makes the page of some files, and returns its URL."""

    def make(*args: str) -> str:
        twine("preview", "-o", "pages", *args).success()
        (page,) = (workdir / "pages").iterdir()
        return page.as_uri()

    return make
