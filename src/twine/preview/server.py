"""Serve pages on loopback, and let a browser load one again when it has changed."""

from __future__ import annotations

import http.server
import os
import socketserver
import sys
import threading
import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Any

from .. import exceptions
from .page import Page

_ADDRESS = "127.0.0.1"
# A byte after the page shows whether the browser is still there.
_SECONDS_BETWEEN_BYTES = 1.0
_RELOAD = '<meta http-equiv="refresh" content="0{}">'


class PreviewServer(socketserver.ThreadingTCPServer):
    """Serves pages, and nothing else, to browsers on this computer.

    A page's answer stays open until the page changes, and ends with a ``meta`` element
    that reloads it: without scripts, and without losing the place of the reader.

    Args:
        port: The port; 0 for a free one.

    Raises:
        TwineException: The port cannot be used.
    """

    allow_reuse_address = os.name == "posix"  # elsewhere it takes what is in use
    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.pages: Mapping[str, Page] = {}
        self._changed = threading.Condition()
        try:
            super().__init__((_ADDRESS, port), _Handler)
        except OSError as exc:
            raise exceptions.TwineException(
                f"The port {port} cannot be used: {exc.strerror}.",
                hint="`--serve` without a number takes a free one.",
            ) from exc
        self.url = f"http://{_ADDRESS}:{self.server_address[1]}/"

    def url_of(self, page: Page) -> str:
        """Return the URL of a page."""
        return self.url + urllib.parse.quote(page.filename)

    def publish(self, pages: Iterable[Page]) -> None:
        """Serve these pages from now on, in place of those before."""
        with self._changed:
            self.pages = {f"/{urllib.parse.quote(one.filename)}": one for one in pages}
            self._changed.notify_all()

    def has_changed(self, pages: Mapping[str, Page]) -> bool:
        """Wait for a moment, and return whether there are other pages than these."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self.pages is not pages, _SECONDS_BETWEEN_BYTES
            )

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that a browser has closed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: PreviewServer

    def do_GET(self) -> None:
        # A page in the internet can give its own name this address (DNS rebinding).
        port = self.server.server_address[1]
        if self.headers["Host"] not in {f"{_ADDRESS}:{port}", f"localhost:{port}"}:
            self.send_error(421)
            return
        pages = self.server.pages
        if self.path == "/":
            self.send_response(302)
            self.send_header("Location", next(iter(pages)))
            self.end_headers()
        elif self.path in pages:
            self._send_page(pages)
        else:
            self.send_error(404)

    def _send_page(self, pages: Mapping[str, Page]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(pages[self.path].html.encode())
        while not self.server.has_changed(pages):
            self.wfile.write(b"\n")
        # The release may have another version now.
        elsewhere = "" if self.path in self.server.pages else "; url=/"
        self.wfile.write(_RELOAD.format(elsewhere).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing of each request."""
