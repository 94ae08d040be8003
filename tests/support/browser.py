"""A headless Chromium, driven by the DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import itertools
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from websockets.sync.client import ClientConnection, connect

_PATIENCE = 30.0
# Nothing of the browser's own that would ask a server.
_OPTIONS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-gpu",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-default-browser-check",
    "--no-first-run",
    "--remote-debugging-port=0",
)


class Tab:
    """One page in the browser, and the events that it has sent so far."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._session: dict[str, str] = {}
        self.events: list[dict[str, Any]] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        found = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": found["sessionId"]}
        for domain in ("Page", "Network", "Runtime", "Log", "Accessibility"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Give the browser an order, and return its answer."""
        number = next(self._numbers)
        order = {"id": number, "method": method, "params": parameters, **self._session}
        self._connection.send(json.dumps(order))
        while True:
            message = json.loads(self._connection.recv(timeout=_PATIENCE))
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result
            self.events.append(message)

    def open(self, url: str, *, width: int = 1280, dark: bool = False) -> None:
        """Load a page in a window of some width, and forget earlier events."""
        self.resize(width)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        self.events.clear()
        self.send("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete'")

    def resize(self, width: int, height: int = 800) -> None:
        """Give the window another size."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in JavaScript."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until an expression in JavaScript is true."""
        end = time.monotonic() + _PATIENCE
        while not self.evaluate(expression):
            assert time.monotonic() < end, expression
            time.sleep(0.05)

    def sent(self, method: str) -> list[dict[str, Any]]:
        """Return the events of one name, since a page was opened."""
        return [one["params"] for one in self.events if one["method"] == method]

    def complaints(self) -> list[str]:
        """Return what stands in the console."""
        entries = [one["entry"]["text"] for one in self.sent("Log.entryAdded")]
        thrown = map(json.dumps, self.sent("Runtime.exceptionThrown"))
        return [*entries, *thrown]

    def requests(self) -> list[str]:
        """Return the URLs that were asked for, the page's own among them."""
        events = self.sent("Network.requestWillBeSent")
        return [event["request"]["url"] for event in events]

    def unnamed(self) -> list[str]:
        """Return what a screen reader would read without a name."""
        nodes = self.send("Accessibility.getFullAXTree")["nodes"]
        wanted = {"checkbox", "image", "link", "navigation", "region", "textbox"}
        return [
            f"{node['role']['value']} {node.get('properties')}"
            for node in nodes
            if not node["ignored"]
            and node["role"]["value"] in wanted
            and not node.get("name", {}).get("value", "").strip()
        ]

    def screenshot(self, path: Path, *, whole: bool = False) -> None:
        """Write a picture of the page, or of all of it."""
        data = self.send("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))


class Browser:
    """A process of Chromium with a profile of its own.

    Args:
        program: Its path.
        profile: An empty folder.
    """

    def __init__(self, program: str, profile: Path) -> None:
        options = [*_OPTIONS, f"--user-data-dir={profile}"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # in a container: root cannot have one
        self._process = subprocess.Popen(
            [program, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port_file = profile / "DevToolsActivePort"
        end = time.monotonic() + _PATIENCE
        while not (port_file.exists() and "\n" in port_file.read_text()):
            assert self._process.poll() is None, "Chromium does not start"
            assert time.monotonic() < end, "Chromium does not listen"
            time.sleep(0.05)
        port, path = port_file.read_text().split()
        self._url = f"ws://127.0.0.1:{port}{path}"

    @contextmanager
    def tab(self) -> Iterator[Tab]:
        """Open a tab."""
        with connect(self._url, max_size=None, proxy=None) as connection:
            yield Tab(connection)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(_PATIENCE)
