"""Run one scenario with ours and with the PyPA's twine, and see what both did."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.command import Twine, clean_environment, plain
from support.dists import make_sdist, make_wheel
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.pki import Authority
from support.secrets import PASSWORD, USER
from support.terminal import Terminal
from support.wire import Received

WHEEL = "pkg-1.0-py3-none-any.whl"
SDIST = "pkg-1.0.tar.gz"
UPLOAD = ("upload", "--disable-progress-bar")
TO = (*UPLOAD, "--repository-url", "{url}/legacy/")
LOGIN = ("-u", USER, "-p", PASSWORD)

_STATUS_LINE = re.compile(
    r"^(?:Uploading|Signing|Registering|Checking) .*|^View at:|^https://\S+/project/\S+"
    r"|(?<=^WARNING  )Skipping .* because it appears to already exist",
    re.MULTILINE,
)
_ERROR = re.compile(r"\bERROR +(\w+): ")
Wire = tuple[str, str | None, Mapping[str, Sequence[str]], Mapping[str, object]]


def _nothing(index: ScriptedIndex) -> None:
    """Leave the index as it is: it accepts everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is typed, in which folder, against which index.

    In texts, `{url}` is the index (a private one, or the proxy of PyPI), `{ca}` the
    certificate authority, `{client}` a client certificate.
    """

    argv: tuple[str, ...]
    files: Callable[[Path], object] = make_wheel
    pypirc: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    script: Callable[[ScriptedIndex], object] = _nothing
    typed: tuple[tuple[str, str], ...] = ()
    """What to wait for on a terminal, and what to type then."""
    pypi: bool = False
    github: bool = False
    tls: bool = False
    ask_client: bool = False


def upload(*argv: str, **given: Any) -> Scenario:
    """Return an upload to a private index with credentials, of a wheel by default."""
    return Scenario(argv=(*TO, *LOGIN, *(argv or (WHEEL,))), **given)


def make_both(folder: Path) -> tuple[Path, Path]:
    """Make a wheel and an sdist of one release."""
    return make_wheel(folder), make_sdist(folder)


def wheel_with(metadata: str | bytes) -> Callable[[Path], Path]:
    """Return a function that makes a wheel with this core metadata."""
    return lambda folder: make_wheel(folder, metadata=metadata)


def file_with(name: str, content: bytes = b"") -> Callable[[Path], object]:
    """Return a function that writes one file."""
    return lambda folder: (folder / name).write_bytes(content)


def python_of(folder: Path) -> Path:
    """Return the Python of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one program did, as a user and a server see it."""

    code: int
    error: str | None
    """The name of the exception that the first error line gives."""
    status_lines: tuple[str, ...]
    requests: tuple[Wire, ...]
    text: str = field(compare=False, repr=False)

    @property
    def crashed(self) -> bool:
        """Whether a traceback was shown."""
        return "Traceback (most recent call last)" in self.text

    @property
    def uploads(self) -> tuple[Wire, ...]:
        """The requests that sent a form."""
        return tuple(wire for wire in self.requests if wire[2] or wire[3])

    @property
    def ending(self) -> tuple[int, str | None, int]:
        """Exit status, name of the error, and number of forms sent."""
        return self.code, self.error, len(self.uploads)

    @property
    def credentials(self) -> list[str | None]:
        """The Basic credentials of each upload."""
        return [wire[1] for wire in self.uploads]

    def values(self, name: str) -> Sequence[str]:
        """Return the values of a field of the only upload."""
        [wire] = self.uploads
        return wire[2].get(name, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two programs."""

    folder: Path
    authority: Authority
    python: Path | None = None
    """The one that runs the PyPA's twine; None for ours."""

    def run(self, scenario: Scenario, files: Path) -> Outcome:
        """Run a scenario on a copy of `files`, against a fresh index."""
        home, work = self.folder / "home", self.folder / "work"
        home.mkdir(parents=True)
        shutil.copytree(files, work)
        client = self.authority.write_client_certificate(self.folder / "client.pem")
        with ExitStack() as stack:
            index = stack.enter_context(self._index(scenario))
            scenario.script(index)

            def fill(text: str) -> str:
                text = text.replace("{url}", index.url)
                text = text.replace("{address}", f"127.0.0.1:{index.port}")
                text = text.replace("{client}", str(client))
                return text.replace("{ca}", str(self.authority.ca_file))

            if scenario.pypirc is not None:
                path = home / ".pypirc"
                path.write_text(fill(scenario.pypirc), encoding="utf-8")
            env = {"COLUMNS": "1000", **_pypi_environment(scenario, index)}
            env |= {name: fill(value) for name, value in scenario.env.items()}
            argv = list(map(fill, scenario.argv))
            code, text = self._run(argv, scenario, home, work, env)
            received = list(index.requests)
            text = text.replace(f"127.0.0.1:{index.port}", "INDEX")
        return _outcome(code, text, received)

    def _run(
        self,
        argv: Sequence[str],
        scenario: Scenario,
        home: Path,
        work: Path,
        env: Mapping[str, str],
    ) -> tuple[int, str]:
        """Run a command line; ours in this process, which is 20 times as fast."""
        command = [str(self.python or sys.executable), "-m", "twine", *argv]
        environment = clean_environment(home, env)
        if scenario.typed:
            with Terminal(command, cwd=work, env=environment) as terminal:
                for question, answer in scenario.typed:
                    terminal.expect(question)
                    terminal.type_line(answer)
                code, screen = terminal.finish()
            return code, plain(screen)
        if self.python is None:
            # A backend of the test's own is only found by `python -m`.
            in_process = "PYTHON_KEYRING_BACKEND" not in env
            ours = Twine(cwd=work, home=home, in_process=in_process)(*argv, env=env)
            return ours.code, plain(ours.text)
        done = subprocess.run(
            command,
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
        text = (done.stdout + done.stderr).decode("utf-8", "backslashreplace")
        return done.returncode, plain(text).replace("\r\n", "\n")

    def _index(self, scenario: Scenario) -> ScriptedIndex:
        if scenario.pypi:
            return FakePyPI(self.authority)
        if scenario.tls:
            certificate = self.authority.issue(
                "127.0.0.1", ask_client=scenario.ask_client
            )
            return ScriptedIndex(tls=certificate)
        return ScriptedIndex()


def _pypi_environment(scenario: Scenario, index: ScriptedIndex) -> dict[str, str]:
    if not isinstance(index, FakePyPI):
        return {}
    env = index.github_env if scenario.github else index.env
    # The reference exchanges tokens without heed to `--cert` and `TWINE_CERT`.
    return {**env, "REQUESTS_CA_BUNDLE": str(index.ca_file)}


def _outcome(code: int, text: str, received: Sequence[Received]) -> Outcome:
    lines = [found[0].rstrip() for found in _STATUS_LINE.finditer(text)]
    error = _ERROR.search(text)
    return Outcome(
        code=code,
        error=error[1] if error else None,
        status_lines=tuple(line for line in lines if "%" not in line),
        requests=tuple(_wire(request) for request in received),
        text=text,
    )


def _wire(request: Received) -> Wire:
    fields: dict[str, list[str]] = {}
    for name, value in request.fields:
        fields.setdefault(name, []).append(value)
    # The port is another one each time.
    host = re.sub(r":\d+$", "", request.host)
    where = f"{request.method} {request.scheme}://{host}{request.path}"
    return where, request.auth, fields, dict(request.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The two programs, ours first."""

    ours: Side
    theirs: Side

    def run(self, scenario: Scenario) -> tuple[Outcome, Outcome]:
        """Run a scenario with both; ours must not crash (nor show a secret)."""
        # Made once: two archives of the same files differ in their dates.
        files = self.ours.folder.with_name("files")
        files.mkdir()
        scenario.files(files)
        theirs = self.theirs.run(scenario, files)
        ours = self.ours.run(scenario, files)
        assert not ours.crashed, ours.text
        return ours, theirs

    def assert_same(self, scenario: Scenario, *parts: str) -> Outcome:
        """Run a scenario with both, which must do the same; return what ours did.

        Args:
            scenario: what to run
            parts: attributes of `Outcome` that count; by default all of them
        """
        ours, theirs = self.run(scenario)
        assert not theirs.crashed, theirs.text
        said = f"OURS\n{ours.text}\nTHEIRS\n{theirs.text}"
        for part in parts:
            assert getattr(ours, part) == getattr(theirs, part), said
        assert parts or ours == theirs, said
        return ours
