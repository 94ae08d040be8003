"""Credentials from keyring, asked with a backend of our own."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.command import Result, Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, TOKEN, TOKEN_AUTH, USER
from support.terminal import OpenTerminal

# Answers from a JSON file, `known`: URL to [user name, password], and writes down
# what it was asked.
BACKEND = """
import json
import os
import pathlib
import subprocess
import sys
import time

from keyring.backend import KeyringBackend
from keyring.credentials import SimpleCredential

HERE = pathlib.Path(__file__).parent
KNOWN = json.loads((HERE / "known.json").read_text())


def begin():
    if "raises" in KNOWN:
        raise RuntimeError("the vault is locked")
    if "exits" in KNOWN:
        sys.exit(7)
    if "hangs" in KNOWN:
        time.sleep(600)
    if "prints" in KNOWN:
        print("enter CODE")
        subprocess.run([sys.executable, "-c", "print('from a helper')"], check=True)
    if "reads" in KNOWN:
        input("vault: ")


def note(*words):
    with (HERE / "asked.jsonl").open("a") as file:
        file.write(json.dumps(words) + "\\n")


class Backend(KeyringBackend):
    priority = 9

    def get_password(self, service, username):
        note("get_password", service, username)
        begin()
        name, password = KNOWN.get(service, [None, None])
        return password if name == username else None

    def get_credential(self, service, username):
        note("get_credential", service, username)
        begin()
        found = KNOWN.get(service)
        return SimpleCredential(*found) if found else None

    def set_password(self, service, username, password):
        raise NotImplementedError
"""


class Vault:
    """A folder with the backend, what it knows and what it was asked."""

    def __init__(self, folder: Path) -> None:
        """Write the backend into `folder`."""
        folder.mkdir()
        self.folder = folder
        (folder / "vault_backend.py").write_text(BACKEND)
        self.knows({})

    def knows(self, known: dict[str, Any]) -> None:
        """Set what the backend knows."""
        (self.folder / "known.json").write_text(json.dumps(known))

    @property
    def asked(self) -> list[list[str | None]]:
        """What the backend was asked, in order."""
        path = self.folder / "asked.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def env(self) -> dict[str, str]:
        """The variables that make keyring use the backend."""
        return {
            "PYTHONPATH": str(self.folder),
            "PYTHON_KEYRING_BACKEND": "vault_backend.Backend",
        }


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """Return an empty vault."""
    return Vault(tmp_path / "vault")


Ask = Callable[..., Result]


@pytest.fixture
def ask(twine: Twine, index: ScriptedIndex, vault: Vault, wheel: str) -> Ask:
    """Return a function that uploads to the scripted index with the vault."""

    def run(*args: str) -> Result:
        url = ("--repository-url", index.upload_url)
        return twine("upload", *url, *args, wheel, env=vault.env)

    return run


def test_both_come_from_keyring(ask: Ask, index: ScriptedIndex, vault: Vault) -> None:
    """User name and password of an index are found under its upload URL."""
    vault.knows({index.upload_url: [USER, PASSWORD]})
    ask().success()
    assert index.uploads[0].auth == BASIC_AUTH
    assert ["get_credential", index.upload_url, None] in vault.asked


def test_the_password_belongs_to_the_name(
    ask: Ask, index: ScriptedIndex, vault: Vault
) -> None:
    """With a user name given, its password is looked up."""
    vault.knows({index.upload_url: [USER, PASSWORD]})
    ask("-u", USER).success()
    assert index.uploads[0].auth == BASIC_AUTH
    assert vault.asked == [["get_password", index.upload_url, USER]]


def test_pypis_token_comes_from_keyring(
    twine: Twine, pypi: FakePyPI, vault: Vault, wheel: str
) -> None:
    """On PyPI keyring is asked for the password of `__token__`."""
    url = "https://upload.pypi.org/legacy/"
    vault.knows({url: ["__token__", TOKEN]})
    twine("upload", wheel, env={**pypi.env, **vault.env}).success()
    assert pypi.uploads[0].auth == TOKEN_AUTH
    assert vault.asked == [["get_password", url, "__token__"]]


def test_keyring_beats_trusted_publishing(
    twine: Twine, pypi: FakePyPI, vault: Vault, wheel: str
) -> None:
    """A token in keyring is used though the CI could mint one."""
    vault.knows({"https://upload.pypi.org/legacy/": ["__token__", TOKEN]})
    twine("upload", wheel, env={**pypi.github_env, **vault.env}).success()
    assert pypi.uploads[0].auth == TOKEN_AUTH
    assert pypi.minted == []


def test_keyring_is_not_asked_for_what_is_known(
    ask: Ask, index: ScriptedIndex, vault: Vault
) -> None:
    """Options come first, and then nobody looks into the vault."""
    vault.knows({index.upload_url: ["other", f"other-{SECRET}"]})
    ask("-u", USER, "-p", PASSWORD).success()
    assert index.uploads[0].auth == BASIC_AUTH
    assert vault.asked == []


def test_pypirc_beats_keyring(
    ask: Ask, index: ScriptedIndex, vault: Vault, write_pypirc: Callable[[str], Path]
) -> None:
    """Credentials in `.pypirc` come before keyring."""
    write_pypirc(
        "[distutils]\nindex-servers = mine\n[mine]\n"
        f"repository = {index.upload_url}\nusername = {USER}\npassword = {PASSWORD}\n"
    )
    vault.knows({index.upload_url: ["other", f"other-{SECRET}"]})
    ask().success()
    assert index.uploads[0].auth == BASIC_AUTH
    assert vault.asked == []


def test_an_empty_vault_is_passed_over(
    ask: Ask, index: ScriptedIndex, vault: Vault
) -> None:
    """A password that keyring does not know is looked for elsewhere."""
    ask("-u", USER).failure("NonInteractive")
    assert vault.asked == [["get_password", index.upload_url, USER]]
    assert index.requests == []


def test_a_backend_that_raises_earns_one_warning(
    ask: Ask, index: ScriptedIndex, vault: Vault
) -> None:
    """A broken vault is warned of in one line, and the next source is asked."""
    vault.knows({"raises": True})
    result = ask("-u", USER)
    result.failure("NonInteractive")
    (warning,) = result.warnings
    assert "keyring" in warning.lower()
    assert index.requests == []


def test_a_backend_that_exits_earns_one_warning(
    ask: Ask, index: ScriptedIndex, vault: Vault
) -> None:
    """A backend cannot end the run in silence, with a status of its own."""
    vault.knows({"exits": True})
    result = ask("-u", USER)
    result.failure("NonInteractive")
    (warning,) = result.warnings
    assert "keyring" in warning
    assert index.requests == []


def test_a_backend_that_never_answers_is_left_behind(
    ask: Ask, index: ScriptedIndex, vault: Vault
) -> None:
    """The run ends though the backend does not, and names it as the reason."""
    vault.knows({"hangs": True})
    result = ask("-u", USER, "--timeout", "0.1", "--verbose")
    said = result.failure("NonInteractive")
    assert "the keyring gave no answer" in said
    (warning,) = result.warnings
    assert "no answer within 0.1 seconds" in warning
    assert "Asking the keyring" in result.out.partition(warning)[0]


def test_what_a_backend_prints_is_not_in_the_document(
    ask: Ask, index: ScriptedIndex, vault: Vault
) -> None:
    """With `--format json` it goes to standard error, that of its helpers too."""
    vault.knows({"prints": True, index.upload_url: [USER, PASSWORD]})
    result = ask("--format", "json")
    assert json.loads(result.out)["files"][0]["status"] == "uploaded"
    assert result.err.count("enter CODE") == 2
    assert result.err.count("from a helper") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="has no pty")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_backend_that_still_reads_does_not_disturb_the_end(
    terminal: OpenTerminal, index: ScriptedIndex, vault: Vault, wheel: str, form: str
) -> None:
    """Ctrl-C while a backend waits for the terminal ends the run as ever."""
    vault.knows({"reads": True})
    given = ("--repository-url", index.upload_url, "-u", USER, "--format", form)
    screen = terminal("upload", *given, wheel, env=vault.env)
    screen.expect("vault: ")
    screen.type_keys(b"\x03")
    code, shown = screen.finish()
    assert code == 130, shown
    assert "Fatal" not in shown


@pytest.mark.parametrize(
    "backend", ["no.such.Backend", "keyring.backends.null.NoSuchBackend"]
)
def test_a_backend_that_is_not_there_earns_one_warning(
    twine: Twine, index: ScriptedIndex, wheel: str, backend: str
) -> None:
    """A keyring without a usable backend is no reason to crash, and is told."""
    given = ("--repository-url", index.upload_url, "-u", USER)
    env = {"PYTHON_KEYRING_BACKEND": backend}
    result = twine("upload", *given, wheel, env=env)
    result.failure("NonInteractive")
    (warning,) = result.warnings
    assert "The keyring cannot be used" in warning


def test_without_keyring_the_next_source_is_asked(
    twine: Twine, index: ScriptedIndex, wheel: str, tmp_path: Path
) -> None:
    """Where keyring is not installed, nothing is said about it."""
    folder = tmp_path / "hides"
    folder.mkdir()
    (folder / "keyring.py").write_text("raise ImportError('not installed')\n")
    given = ("--repository-url", index.upload_url, "-u", USER)
    result = twine("upload", *given, wheel, env={"PYTHONPATH": str(folder)})
    result.failure("NonInteractive")
    assert result.warnings == []


def test_keyring_is_imported_only_when_asked(
    upload: Twine, index: ScriptedIndex, wheel: str, tmp_path: Path
) -> None:
    """With credentials at hand, keyring may be as broken as it likes."""
    folder = tmp_path / "hides"
    folder.mkdir()
    (folder / "keyring.py").write_text("raise SystemExit('imported')\n")
    upload(wheel, env={"PYTHONPATH": str(folder)}).success()
    assert len(index.uploads) == 1


def test_an_import_that_fails_earns_one_warning(
    twine: Twine, index: ScriptedIndex, wheel: str, tmp_path: Path
) -> None:
    """A keyring that is installed and broken is told, whatever its import does."""
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "keyring.py").write_text("raise SystemExit('imported')\n")
    given = ("--repository-url", index.upload_url, "-u", USER)
    result = twine("upload", *given, wheel, env={"PYTHONPATH": str(folder)})
    result.failure("NonInteractive")
    (warning,) = result.warnings
    assert "The keyring cannot be used (SystemExit: imported)" in warning
