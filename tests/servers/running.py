"""Start real package indexes on loopback, and stop them again.

Each server is a process of its own, started from the environment that runs the
tests, on a free port of 127.0.0.1, with its data in a temporary folder. It never
asks another index: pypiserver's fallback to PyPI is off, devpi-server has no mirror.
"""

import base64
import hashlib
import html
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urldefrag, urljoin

import requests

from support.command import clean_environment
from support.index import unused_port
from support.secrets import SECRET

STARTED_WITHIN: Final = 60.0  # seconds; devpi-server needs five on an idle machine
STOPPED_WITHIN: Final = 10.0
ANSWERED_WITHIN: Final = 10.0

USERNAME: Final = "alice"
# Signs that mean something in URLs, INI files and shells: each way of handing the
# password over has to bring exactly these characters to the server.
PASSWORD: Final = f"p%40{SECRET}: w/rd?#"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateIndex:
    """Name the addresses of one index of a running server."""

    kind: str
    upload_url: str
    simple_url: str
    username: str = USERNAME
    password: str = PASSWORD

    def stored(self, project: str) -> dict[str, bytes]:
        """Fetch every file of `project` that the index lists, by file name.

        The files are taken from the simple page (PEP 503), as an installer does; a
        project that the index does not know has no files.
        """
        with requests.Session() as session:
            session.trust_env = False
            page_url = f"{self.simple_url}{project}/"
            page = session.get(page_url, timeout=ANSWERED_WITHIN)
            if page.status_code == requests.codes.not_found:
                return {}
            page.raise_for_status()
            files: dict[str, bytes] = {}
            for link in re.findall(r'<a [^>]*?href="([^"]+)"', page.text):
                url = urldefrag(urljoin(page_url, html.unescape(link))).url
                answer = session.get(url, timeout=ANSWERED_WITHIN)
                answer.raise_for_status()
                files[unquote(url.rpartition("/")[2])] = answer.content
            return files


@contextmanager
def pypiserver(folder: Path) -> Iterator[PrivateIndex]:
    """Run a pypiserver that wants a password for uploads and none for downloads."""
    packages = folder / "packages"
    packages.mkdir()
    passwords = folder / "htpasswd"
    passwords.write_text(f"{USERNAME}:{_htpasswd_hash(PASSWORD)}\n", encoding="ascii")
    command = [sys.executable, "-m", "pypiserver", "run", "--interface", "127.0.0.1"]
    command += ["--passwords", str(passwords), "--authenticate", "update"]
    command += ["--disable-fallback", "--backend", "simple-dir", "--server", "wsgiref"]
    command += ["--hash-algo", "sha256", str(packages)]
    with _serving(command, "/health", folder) as url:
        yield PrivateIndex(
            kind="pypiserver", upload_url=f"{url}/", simple_url=f"{url}/simple/"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Devpi:
    """Name the two kinds of index that a devpi-server offers."""

    fixed: PrivateIndex  # "non-volatile": a file, once there, is never replaced
    loose: PrivateIndex  # "volatile": the last upload of a file wins


@contextmanager
def devpi(folder: Path) -> Iterator[Devpi]:
    """Run a devpi-server with one user, a non-volatile and a volatile index."""
    data = ["--serverdir", str(folder / "data")]
    scripts = Path(sysconfig.get_path("scripts"))
    subprocess.run(
        [str(scripts / "devpi-init"), *data, "--no-root-pypi", "--root-passwd", "root"],
        check=True,
        capture_output=True,
        timeout=STARTED_WITHIN,
        env=clean_environment(folder, None),
    )
    command = [str(scripts / "devpi-server"), *data, "--host", "127.0.0.1"]
    command += ["--threads", "4", "--offline-mode"]
    with _serving(command, "/+api", folder) as url, requests.Session() as session:
        session.trust_env = False
        user = {"password": PASSWORD, "email": "alice@example.org"}
        _put(session, f"{url}/{USERNAME}", user)
        session.auth = (USERNAME, PASSWORD)
        made = []
        for name in ("fixed", "loose"):
            stage = {"type": "stage", "bases": [], "volatile": name == "loose"}
            here = f"{url}/{USERNAME}/{name}"
            _put(session, here, stage)
            made.append(
                PrivateIndex(
                    kind="devpi", upload_url=f"{here}/", simple_url=f"{here}/+simple/"
                )
            )
        yield Devpi(fixed=made[0], loose=made[1])


def _put(session: requests.Session, url: str, value: Mapping[str, object]) -> None:
    session.put(url, json=value, timeout=ANSWERED_WITHIN).raise_for_status()


def _htpasswd_hash(password: str) -> str:
    """Return Apache's `{SHA}` form, which needs nothing beyond the standard library."""
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    return "{SHA}" + base64.b64encode(digest).decode("ascii")


@contextmanager
def _serving(command: Sequence[str], probe: str, folder: Path) -> Iterator[str]:
    """Start `command` with a `--port`, and yield its URL once `probe` answers 200."""
    log = folder / "server.log"
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    with _process([*command, "--port", str(port)], log, folder) as process:
        if not _answers(url + probe, process):
            written = log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{command} does not serve {url}; it wrote:\n{written}")
        yield url


@contextmanager
def _process(
    command: Sequence[str], log: Path, folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=clean_environment(folder, None),
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until `url` answers 200; give up when `process` ends or time is over."""
    deadline = time.monotonic() + STARTED_WITHIN
    with requests.Session() as session:
        session.trust_env = False
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if session.get(url, timeout=ANSWERED_WITHIN).ok:
                    return True
            except requests.RequestException:
                time.sleep(0.1)
    return False
