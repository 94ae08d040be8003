"""An index that keeps what it is sent, and tells what it has."""

import hashlib
import html
import re
import threading
from collections.abc import Callable
from typing import Literal

from support.index import Answer, Reply, ScriptedIndex
from support.pki import ServerCertificate
from support.wire import Received

Listing = Literal["json", "html", "none"]


class StoringIndex(ScriptedIndex):
    """A scripted index with a memory: `/legacy/` stores, `/simple/NAME/` lists."""

    def __init__(
        self, *, tls: ServerCertificate | None = None, listing: Listing = "json"
    ) -> None:
        """Begin empty; `listing` is how the simple API answers, if there is one."""
        super().__init__(tls=tls)
        self.stored: dict[str, str] = {}
        """File names on the index, each with its SHA-256 in hexadecimal digits."""
        self.listing: Listing = listing
        self.exists = Answer(409, "It already exists")
        self._store = threading.Lock()

    @property
    def sent(self) -> list[str]:
        """The names of the files that arrived whole, stored or not."""
        return [request.files["content"][0] for request in self.uploads]

    @property
    def lookups(self) -> list[Received]:
        """The requests for a project's page."""
        return [request for request in self.requests if request.method == "GET"]

    def keep(self, request: Received) -> bool:
        """Store the file of a request; tell whether there was none of its name."""
        name, _, content = request.files["content"]
        digest = hashlib.sha256(content).hexdigest()
        assert request.value("sha256_digest") == digest
        with self._store:
            if name in self.stored:
                return False
            self.stored[name] = digest
        return True

    def keeping(self, answer: Answer) -> Callable[[Received], Answer]:
        """Return a reply that stores the file, and says `answer` all the same."""

        def reply(request: Received) -> Answer:
            self.keep(request)
            return answer

        return reply

    def spoil(self, name: str, reply: Reply, *, times: int | None = None) -> None:
        """Answer the uploads of the file called `name` with `reply`."""
        self.answer(
            lambda r: bool(r.parts) and r.files["content"][0] == name,
            reply,
            times=times,
        )

    def default_answer(self, request: Received) -> Answer:
        """Store or list."""
        if request.method == "POST":
            return Answer() if self.keep(request) else self.exists
        project = re.fullmatch(r"/simple/([^/]+)/", request.path)
        files = {
            name: digest
            for name, digest in self.stored.items()
            if project and name.lower().replace("_", "-").startswith(f"{project[1]}-")
        }
        if self.listing == "none" or not project:
            return Answer(404, "Not Found")
        return Answer.of_listing(files) if self.listing == "json" else _list_html(files)


def _list_html(files: dict[str, str]) -> Answer:
    links = "".join(
        f'<a href="../../files/{html.escape(name)}#sha256={files[name]}">{name}</a>'
        for name in files
    )
    page = f"<!DOCTYPE html><html><body><h1>Links for it</h1>{links}</body></html>"
    return Answer(headers={"Content-Type": "text/html"}, body=page.encode())
