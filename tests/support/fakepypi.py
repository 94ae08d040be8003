"""A CONNECT proxy on loopback behind which PyPI, TestPyPI and a CI seem to live."""

import base64
import itertools
import json
import re
import socket
import time
import urllib.parse

from support.index import Answer, Reply, ScriptedIndex, wrap_tls
from support.pki import Authority
from support.secrets import SECRET
from support.wire import Received

PYPI_HOSTS = (
    "upload.pypi.org",
    "test.pypi.org",
    "pypi.org",
    "*.pypi.org",
    "pypi.python.org",
    "testpypi.python.org",
    "*.pypi.python.org",
    "private.example",  # with the same endpoints
)
_NOT_FOUND = Answer(404, "Not Found", body=b"404 Not Found")
GITHUB_TOKEN = f"ghs-{SECRET}-request"


def make_identity(number: int, audience: str) -> str:
    """Return what looks like the identity token (JWT) of a CI job."""
    head = {"alg": "RS256", "typ": "JWT", "kid": "1"}
    claims = {"aud": audience, "iss": "https://ci.invalid", "jti": number, "exp": 2**32}
    parts = [json.dumps(head), json.dumps(claims), f"{SECRET} signature {SECRET}"]
    encoded = [base64.urlsafe_b64encode(part.encode()) for part in parts]
    return b".".join(part.rstrip(b"=") for part in encoded).decode()


class ProxyIndex(ScriptedIndex):
    """A scripted index that also answers as any of `hosts` through a tunnel.

    `tunnels` holds the CONNECT requests; `Received.host` is the host played.
    """

    def __init__(self, authority: Authority, *hosts: str) -> None:
        """Listen as a proxy, with certificates for `hosts`."""
        super().__init__()
        self._certificate = authority.issue(*hosts)
        self.ca_file = authority.ca_file
        self.refusal: Answer | None = None
        """What to say to CONNECT instead of opening the tunnel."""

    @property
    def env(self) -> dict[str, str]:
        """The environment of a client that goes through this proxy."""
        return {
            "HTTPS_PROXY": self.url,
            "HTTP_PROXY": self.url,
            "NO_PROXY": "127.0.0.1,localhost",
            "TWINE_CERT": str(self.ca_file),
        }

    def _tunnel(self, connection: socket.socket, request: Received) -> None:
        self.tunnels.append(request)
        if self.refusal:
            connection.sendall(self.refusal.render())
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        # `connection` belongs to the caller, who closes it; the copy is ours.
        with wrap_tls(self._certificate, connection.dup()) as tunnel:
            tunnel.settimeout(connection.gettimeout())
            self._converse(tunnel, request.path.rpartition(":")[0])


class FakePyPI(ProxyIndex):
    """PyPI and TestPyPI, with the token exchange and the JSON simple API.

    The identity token of a CI comes from `/identity` on the plain side.
    """

    def __init__(self, authority: Authority) -> None:
        """Begin without any project."""
        super().__init__(authority, *PYPI_HOSTS)
        self.existing: dict[str, str] = {}
        """File names on the index, each with its SHA-256 in hexadecimal digits."""
        self.lifetime: float | None = 900
        """Seconds until a minted token expires; None to say nothing about it."""
        self.identities: list[str] = []
        self.minted: list[str] = []
        self.burned: list[str] = []
        self._number = itertools.count(1)

    @property
    def github_env(self) -> dict[str, str]:
        """The environment of a GitHub job that may ask for an identity token."""
        return self.env | {
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": GITHUB_TOKEN,
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/identity?job=1",
        }

    def default_answer(self, request: Received) -> Answer:
        """Play the part of the host and path asked for."""
        path = request.path.partition("?")[0]
        answers: dict[tuple[str, str], Reply] = {
            ("GET", "/identity"): self._identify,
            ("GET", "/_/oidc/audience"): self._name_audience,
            ("POST", "/_/oidc/mint-token"): self._mint,
            ("POST", "/_/oidc/burn-token"): self._burn,
            ("POST", "/legacy/"): Answer(),
        }
        reply = answers.get((request.method, path))
        if reply is not None:
            return reply if isinstance(reply, Answer) else reply(request)
        if request.method == "POST":
            return Answer(405, "Method Not Allowed", {"Allow": "GET, HEAD"})
        project = re.fullmatch(r"/simple/([^/]+)/", path)
        return self._list_project(project[1]) if project else _NOT_FOUND

    def _identify(self, request: Received) -> Answer:
        query = urllib.parse.parse_qs(request.path.partition("?")[2])
        token = make_identity(next(self._number), query["audience"][0])
        self.identities.append(token)
        return Answer.of_json({"value": token})

    def _name_audience(self, request: Received) -> Answer:
        testing = request.host.startswith("test.")
        return Answer.of_json({"audience": "testpypi" if testing else "pypi"})

    def _list_project(self, project: str) -> Answer:
        files = {
            name: digest
            for name, digest in self.existing.items()
            if re.sub(r"[-_.]+", "-", name).lower().startswith(f"{project}-")
        }
        return Answer.of_listing(files) if files else _NOT_FOUND

    def _burn(self, request: Received) -> Answer:
        self.burned.append(request.json["token"])
        return Answer.of_json({"message": "Accepted", "errors": []}, 202, "Accepted")

    def _mint(self, request: Received) -> Answer:
        identity = request.json["token"]
        if identity not in self.identities:
            error = {"code": "invalid-reuse-token", "description": "used before"}
            return Answer.of_json(
                {"message": "Token request failed", "errors": [error]}, 422, "Refused"
            )
        self.identities.remove(identity)
        token = f"pypi-{SECRET}-minted-{len(self.minted) + 1}"
        self.minted.append(token)
        answer = {"success": True, "token": token}
        if self.lifetime is not None:
            answer["expires"] = int(time.time() + self.lifetime)
        return Answer.of_json(answer)
