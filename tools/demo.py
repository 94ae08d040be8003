"""Show the whole way once: build, check, upload, install from the index.

Run it with `tox -e demo`. It builds this project, starts a real pypiserver on
loopback that asks for a password, publishes to it with the `twine` just built
and installs that `twine` from there with pip. Every command is printed before it
runs, and the first one that fails ends the demo with exit status 1.
"""

import base64
import hashlib
import json
import os
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SECONDS_FOR_ALL = 600
SECONDS_TO_START = 30
USERNAME = "demo"


class DemoFailed(Exception):
    """Say which step went wrong."""


class Stage:
    """Run commands in one folder, in plain sight, until the time is up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._deadline = time.monotonic() + SECONDS_FOR_ALL

    def run(
        self,
        command: Sequence[str],
        environment: Mapping[str, str | None] | None = None,
        shown: str = "",
    ) -> str:
        """Print a command, run it, and print what it says.

        Args:
            command: The program and its arguments.
            environment: Variables to set, or with `None` to take away.
            shown: What to print in place of `command`.

        Returns:
            The command's output, its errors included.

        Raises:
            DemoFailed: The command failed, or had no time left.
        """
        print(f"$ {shown or shlex.join(command)}", flush=True)
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=changed_environment(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                timeout=max(1.0, self._deadline - time.monotonic()),
                check=False,
            )
        except subprocess.TimeoutExpired as exc:
            raise DemoFailed(f"No time left for this command: {exc}") from exc
        print(done.stdout.rstrip() + "\n" if done.stdout.strip() else "", flush=True)
        if done.returncode != 0:
            raise DemoFailed(f"The last command exited with {done.returncode}.")
        return done.stdout


def changed_environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """Return the environment of a command, with `changes` made to ours."""
    # Loopback is never asked through a proxy.
    wanted = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    wanted["PYTHONIOENCODING"] = "utf-8"
    return {
        name: value
        for name, value in {**wanted, **changes}.items()
        if value is not None
    }


def without_pip_settings() -> dict[str, str | None]:
    """Return what makes pip forget every index but the one on its command line."""
    changes: dict[str, str | None] = {
        name: None for name in os.environ if name.upper().startswith("PIP_")
    }
    return {**changes, "PIP_CONFIG_FILE": os.devnull}


def without_twine_settings() -> dict[str, str | None]:
    """Return what makes twine forget the settings of the person at the keyboard."""
    return {name: None for name in os.environ if name.upper().startswith("TWINE_")}


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_index(folder: Path, password: str) -> Iterator[str]:
    """Run a pypiserver that takes uploads from `demo` with this password.

    Args:
        folder: Where it keeps its files.
        password: What `demo` has to say.

    Yields:
        Its address.

    Raises:
        DemoFailed: It did not answer in time.
    """
    packages = folder / "packages"
    packages.mkdir()
    users = folder / "users"
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    users.write_text(f"{USERNAME}:{{SHA}}{base64.b64encode(digest).decode()}\n")
    port = free_port()
    command = ["pypiserver", "run", "--interface", "127.0.0.1", "--port", str(port)]
    command += ["--passwords", "users", "--authenticate", "update"]
    command += ["--hash-algo", "sha256", "--disable-fallback", "packages"]
    print(f"$ python -m {shlex.join(command)} &\n", flush=True)
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(server, port, folder / "server.log")
            yield f"http://127.0.0.1:{port}/"
        finally:
            stop(server)


def wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return once the server takes connections.

    Raises:
        DemoFailed: It ended, or the wait did.
    """
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    said = log.read_text(encoding="utf-8", errors="replace")
    raise DemoFailed(f"pypiserver does not answer; it said:\n{said}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server, politely at first."""
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(10)


def own_program(name: str) -> str:
    """Return the path of a program of this environment."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise DemoFailed(f"This environment has no `{name}`: run `tox -e demo`.")
    return found


def build(stage: Stage) -> Path:
    """Build sdist and wheel into `dist`, and return the wheel."""
    options = ["--no-isolation", "--outdir", str(stage.folder / "dist")]
    stage.run(
        [sys.executable, "-m", "build", *options, str(PROJECT)],
        shown="python -m build --no-isolation --outdir dist .",
    )
    (wheel,) = (stage.folder / "dist").glob("*.whl")
    return wheel


def publish(stage: Stage, index: str, password: str) -> None:
    """Check what was built, then upload it, told where to by the environment."""
    twine = own_program("twine")
    nothing_else = without_twine_settings()
    stage.run(
        [twine, "check", "--strict", "dist/*"],
        nothing_else,
        shown="twine check --strict dist/*",
    )
    settings = {"TWINE_REPOSITORY_URL": index, "TWINE_USERNAME": USERNAME}
    said = shlex.join(f"{name}={value}" for name, value in settings.items())
    stage.run(
        [twine, "upload", "dist/*"],
        {**nothing_else, **settings, "TWINE_PASSWORD": password},
        shown=f"{said} TWINE_PASSWORD=******** twine upload dist/*",
    )


def install(stage: Stage, index: str, wheel: Path) -> str:
    """Install the uploaded twine into a fresh environment.

    Args:
        stage: Where the environment is made.
        index: The address of the index, the only one that pip may ask.
        wheel: What was uploaded.

    Returns:
        The installed version.

    Raises:
        DemoFailed: pip did not get the very file that was uploaded.
    """
    version = wheel.name.split("-")[1]
    fresh = stage.folder / "fresh"
    # pip learned --report late; the one inside an old Python may lack it.
    make = ["-m", "venv", "--upgrade-deps", "fresh"]
    stage.run([sys.executable, *make], shown=shlex.join(["python", *make]))
    scripts = fresh / ("Scripts" if os.name == "nt" else "bin")
    python = str(scripts / "python")
    source = ["--no-deps", "--no-cache-dir", "--index-url", f"{index}simple/"]
    what = ["install", *source, "--report", "report.json", f"twine=={version}"]
    stage.run(
        [python, "-m", "pip", *what],
        without_pip_settings(),
        shown=shlex.join(["fresh/bin/python", "-m", "pip", *what]),
    )
    check_report(stage.folder / "report.json", index, wheel)

    # twine is there; all that is left for the usual index is what twine needs.
    needs = ["install", "-qq", f"twine=={version}"]
    stage.run(
        [python, "-m", "pip", *needs],
        shown=shlex.join(["fresh/bin/python", "-m", "pip", *needs]),
    )
    stage.run([str(scripts / "twine"), "--version"], shown="fresh/bin/twine --version")
    ask = "import importlib.metadata; print(importlib.metadata.version('twine'))"
    said = stage.run([python, "-c", ask], shown=f'fresh/bin/python -c "{ask}"')
    return said.strip()


def check_report(report: Path, index: str, wheel: Path) -> None:
    """Hold pip's own account against what was uploaded.

    Raises:
        DemoFailed: Another address, or other bytes.
    """
    (installed,) = json.loads(report.read_text(encoding="utf-8"))["install"]
    url = installed["download_info"]["url"]
    got = installed["download_info"]["archive_info"]["hashes"]["sha256"]
    built = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if not url.startswith(index) or got != built:
        raise DemoFailed(f"pip installed {url} ({got}), not the upload ({built}).")
    print(f"pip got {url}\nwith the SHA-256 of the wheel built above: {got}\n")


def main() -> int:
    """Run the demo and return its exit status."""
    password = secrets.token_urlsafe()
    # Windows may hold a file of the server a moment longer than the server lives.
    with tempfile.TemporaryDirectory(
        prefix="twine-demo-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name).resolve()
        stage = Stage(folder)
        try:
            wheel = build(stage)
            with running_index(folder, password) as index:
                publish(stage, index, password)
                version = install(stage, index, wheel)
        except DemoFailed as exc:
            print(f"The demo failed. {exc}", flush=True)
            return 1
    print(f"Installed from {index}: twine {version}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
