"""The programs that are compared, and how one run of one of them is measured."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A run that takes longer than this has gone wrong.
LONGEST = 600.0
NAMES = ("ours", "7.0.0", "uv", "curl")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to send, and where.

    Args:
        url: The upload URL.
        files: The distributions.
        jobs: How many to send at the same time, for programs that can.
        ca: The CA certificate to trust, a PEM file.
    """

    url: str
    files: Sequence[Path]
    jobs: int = 1
    ca: Path | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one run of one program took.

    Args:
        seconds: From start to exit.
        cpu_seconds: Time of the processor, user and system; ``None`` where the system
            does not tell.
        megabytes: Memory at its peak; ``None`` where the system does not tell, or
            where it is less than can be measured.
    """

    seconds: float
    cpu_seconds: float | None
    megabytes: float | None


Command = Callable[[Task], list[str]]


def find_programs() -> dict[str, Command]:
    """Return the command lines of the programs that this machine has, by name.

    ``TWINE_REFERENCE`` names an environment with the PyPA's twine, as
    ``tox -e bench`` makes it.
    """
    programs: dict[str, Command] = {"ours": _ours}
    python = _reference()
    if python is not None:
        programs["7.0.0"] = lambda task: _twine(python, task)
    uv = find_uv()
    if uv is not None:
        programs["uv"] = lambda task: _uv(uv, task)
    curl = shutil.which("curl")
    if curl is not None:
        programs["curl"] = lambda task: _curl(curl, task)
    return programs


def find_checkers() -> dict[str, Command]:
    """Return the command lines of those programs that can check files, by name."""
    programs: dict[str, Command] = {"ours": lambda task: _check(sys.executable, task)}
    python = _reference()
    if python is not None:
        programs["7.0.0"] = lambda task: _check(python, task)
    return programs


def _reference() -> str | None:
    """Return the Python that has the PyPA's twine."""
    reference = os.environ.get("TWINE_REFERENCE")
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    return str(Path(reference, inside)) if reference else None


def find_uv() -> str | None:
    """Return uv: the one of this environment, or else the machine's."""
    here = str(Path(sys.executable).parent)
    return shutil.which("uv", path=here) or shutil.which("uv")


def _twine(python: str, task: Task) -> list[str]:
    options = ["--repository-url", task.url, "--username", "u", "--password", "secret"]
    if task.ca is not None:
        options += ["--cert", str(task.ca)]
    files = [str(file) for file in task.files]
    return [python, "-m", "twine", "upload", "--non-interactive", *options, *files]


def _check(python: str, task: Task) -> list[str]:
    return [python, "-m", "twine", "check", *(str(file) for file in task.files)]


def _ours(task: Task) -> list[str]:
    return [*_twine(sys.executable, task), "--jobs", str(task.jobs)]


# What preflight adds is the difference of these two.
PREFLIGHT: dict[str, Command] = {
    "ours": lambda task: [*_ours(task), "--preflight"],
    "without": lambda task: [*_ours(task), "--no-preflight"],
}


def _uv(uv: str, task: Task) -> list[str]:
    options = ["--publish-url", task.url, "--username", "u", "--password", "secret"]
    options += ["--trusted-publishing", "never", "--no-config", "--no-cache"]
    return [uv, "publish", *options, *(str(file) for file in task.files)]


def _curl(curl: str, task: Task) -> list[str]:
    """Return how curl sends nothing but the files: what any uploader has to do."""
    command = [curl, "--parallel", "--parallel-max", str(task.jobs)]
    if task.jobs == 1:
        command = [curl]
    for number, file in enumerate(task.files):
        command += ["--next"] if number else []
        command += ["--silent", "--show-error", "--fail", "--output", os.devnull]
        command += ["--user", "u:secret", "--form", ":action=file_upload"]
        command += ["--cacert", str(task.ca)] if task.ca is not None else []
        command += ["--form", f"content=@{file}", task.url]
    return command


def run(command: list[str], ca: Path | None, home: Path) -> Result:
    """Run a program to its end, and measure it.

    What a system tells about a child's memory may never be less than what this
    process had in use when it started it. That is why nothing large is imported
    here, and why it is measured of a child that does nothing, too.

    Args:
        command: The command line.
        ca: The CA certificate to trust.
        home: An empty folder.

    Raises:
        RuntimeError: The program failed, or did not end.
    """
    environment = {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "HOME": str(home),
        "NO_PROXY": "*",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    if ca is not None:
        environment["SSL_CERT_FILE"] = str(ca)
    least, _ = _wait(subprocess.Popen([sys.executable, "-I", "-S", "-c", ""]))
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        child = subprocess.Popen(
            command,
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        megabytes, cpu_seconds = _wait(child)
        seconds = time.perf_counter() - begun
        if child.returncode:
            said.seek(0)
            text = said.read().decode(errors="replace")
            raise RuntimeError(f"{' '.join(command[:4])} failed:\n{text}")
    if megabytes is None or least is None or megabytes <= least:
        megabytes = None
    return Result(seconds=seconds, cpu_seconds=cpu_seconds, megabytes=megabytes)


_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


def _wait(child: subprocess.Popen[bytes]) -> tuple[float | None, float | None]:
    """Wait for a child; return its peak memory in megabytes, and its CPU seconds."""
    if sys.platform == "win32":
        child.wait(LONGEST)
        return None, None
    watchdog = threading.Timer(LONGEST, child.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        _, status, usage = os.wait4(child.pid, 0)
    finally:
        watchdog.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    megabytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return megabytes, usage.ru_utime + usage.ru_stime


@contextlib.contextmanager
def index_server(delay: float, certificate: Path | None) -> Iterator[str]:
    """Run the index in a process of its own, and yield its upload URL.

    Args:
        delay: Seconds that it thinks about each file.
        certificate: The folder with ``server.pem`` and ``server.key``: it speaks TLS
            then.
    """
    command = [sys.executable, str(HERE / "index_server.py"), "--delay", str(delay)]
    scheme = "http"
    if certificate is not None:
        scheme = "https"
        pair = (certificate / "server.pem", certificate / "server.key")
        command += ["--tls", *(str(path) for path in pair)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            port = server.stdout.readline().strip() if server.stdout else ""
            yield f"{scheme}://127.0.0.1:{port}/legacy/"
        finally:
            server.kill()


def make_certificate(folder: Path) -> Path:
    """Make a throw-away authority and a certificate of it; return the authority's."""
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-m", "trustme", "-q", "-d", str(folder), "-i", "127.0.0.1"],
        check=True,
    )
    return folder / "client.pem"
