"""Fixtures for tests that look at the command, and at the index, from outside."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from support.command import Argument, Twine, clean_environment, twine_argv
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.pki import Authority
from support.storing import StoringIndex
from support.terminal import OpenTerminal, Terminal
from twine.form import core_metadata as metadata
from twine.index import retry as retries

# What a shell runs in the background ignores Ctrl-C, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in every run, so that what fails is what was changed;
# `--hypothesis-profile search` looks further, at random.
hypothesis.settings.register_profile(
    "bounded",
    deadline=None,
    derandomize=True,
    max_examples=25,
    # Of the fixtures, only `tmp_path` is there to write to, always the same file.
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.register_profile(
    "search",
    parent=hypothesis.settings.get_profile("bounded"),
    database=None,
    derandomize=False,
    max_examples=3000,
    print_blob=True,
)
hypothesis.settings.load_profile("bounded")

_READ_BY_LIBRARIES = (
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NETRC",
    "NO_COLOR",
    "FORCE_COLOR",
    "TERM",
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "BUILDKITE",
    "CIRCLECI",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "GOOGLE_SERVICE_ACCOUNT_NAME",
    "PYPI_ID_TOKEN",
)


@pytest.fixture(autouse=True)
def _neutral_environment(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Give this process an empty home and keyring, and no variables for clients."""
    for name in os.environ:
        if name.startswith("TWINE_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in _READ_BY_LIBRARIES:
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    metadata._parse.cache_clear()


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for next to nothing before the second try, in this process."""
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.01)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return a certificate authority of our own."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return an empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def workdir(tmp_path: Path) -> Path:
    """Return the empty folder in which the command runs."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def index() -> Iterator[ScriptedIndex]:
    """Serve a scripted index over plain HTTP."""
    with ScriptedIndex() as server:
        yield server


@pytest.fixture
def store() -> Iterator[StoringIndex]:
    """Serve an index that stores and lists, over plain HTTP."""
    with StoringIndex() as server:
        yield server


@pytest.fixture
def tls_index(authority: Authority) -> Iterator[ScriptedIndex]:
    """Serve a scripted index over TLS, with a certificate of `authority`."""
    certificate = authority.issue("127.0.0.1", "localhost")
    with ScriptedIndex(tls=certificate) as server:
        yield server


@pytest.fixture
def pypi(authority: Authority) -> Iterator[FakePyPI]:
    """Play PyPI and TestPyPI; clients need the variables `pypi.env`."""
    with FakePyPI(authority) as server:
        yield server


@pytest.fixture
def twine(workdir: Path, home: Path) -> Twine:
    """Return the command, which runs within this process."""
    return Twine(cwd=workdir, home=home)


@pytest.fixture
def twine_process(workdir: Path, home: Path) -> Twine:
    """Return the command, which runs in a process, where one is needed."""
    return Twine(cwd=workdir, home=home, in_process=False)


@pytest.fixture
def terminal(workdir: Path, home: Path) -> Iterator[OpenTerminal]:
    """Return a function that runs the command in a pseudo-terminal."""
    with ExitStack() as stack:

        def start(
            *args: Argument, env: Mapping[str, str] | None = None, columns: int = 200
        ) -> Terminal:
            argv, environment = twine_argv(*args), clean_environment(home, env)
            run = Terminal(argv, cwd=workdir, env=environment, columns=columns)
            return stack.enter_context(run)

        yield start


@pytest.fixture
def write_pypirc(home: Path) -> Callable[[str], Path]:
    """Return a function that writes `~/.pypirc`."""

    def write(text: str) -> Path:
        path = home / ".pypirc"
        path.write_text(text, encoding="utf-8")
        return path

    return write
