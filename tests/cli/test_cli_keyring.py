"""Credentials from keyring, asked with a backend of our own."""

import json
import sys
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from keyring.backend import KeyringBackend
from keyring.credentials import Credential, SimpleCredential

from support.command import Result, Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, TOKEN, TOKEN_AUTH, USER


class Vault(KeyringBackend):
    """A keyring that notes what it is asked; `known` is URL to name and password."""

    priority = 9
    known: ClassVar[dict[str, tuple[str, str]]] = {}
    asked: ClassVar[list[tuple[str | None, ...]]] = []
    env: ClassVar = {"PYTHON_KEYRING_BACKEND": "vault.Vault"}

    def get_password(self, service: str, username: str) -> str | None:
        """Return the password if it is this user's."""
        self.asked.append(("get_password", service, username))
        name, password = self.known.get(service, (None, None))
        return password if name == username else None

    def get_credential(self, service: str, username: str | None) -> Credential | None:
        """Return what is held for this service."""
        self.asked.append(("get_credential", service, username))
        found = self.known.get(service)
        return SimpleCredential(*found) if found else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Refuse to store anything."""
        raise NotImplementedError


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> type[Vault]:
    """Return an empty vault, which keyring finds where `Vault.env` holds."""
    monkeypatch.setitem(sys.modules, "vault", sys.modules[__name__])
    monkeypatch.setattr(Vault, "known", {})
    monkeypatch.setattr(Vault, "asked", [])
    return Vault


Ask = Callable[..., Result]


@pytest.fixture
def ask(twine: Twine, index: ScriptedIndex, vault: type[Vault], wheel: str) -> Ask:
    """Return a function that uploads to the scripted index with the vault."""

    def run(*args: str) -> Result:
        url = ("--repository-url", index.upload_url)
        return twine("upload", *url, *args, wheel, env=vault.env)

    return run


def test_both_come_from_keyring(
    ask: Ask, index: ScriptedIndex, vault: type[Vault]
) -> None:
    """User name and password of an index are found under its upload URL."""
    vault.known[index.upload_url] = (USER, PASSWORD)
    ask().success()
    assert index.uploads[0].auth == BASIC_AUTH
    assert ("get_credential", index.upload_url, None) in vault.asked


def test_keyring_beats_trusted_publishing(
    twine: Twine, pypi: FakePyPI, vault: type[Vault], wheel: str
) -> None:
    """A token in keyring is used though the CI could mint one."""
    vault.known["https://upload.pypi.org/legacy/"] = ("__token__", TOKEN)
    twine("upload", wheel, env={**pypi.github_env, **vault.env}).success()
    assert pypi.uploads[0].auth == TOKEN_AUTH
    assert pypi.minted == []


def test_what_a_backend_prints_is_not_in_the_document(
    ask: Ask,
    index: ScriptedIndex,
    vault: type[Vault],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With `--format json` it goes to standard error."""

    def print_code(*args: object) -> str:
        print("enter CODE")
        return PASSWORD

    monkeypatch.setattr(vault, "get_password", print_code)
    result = ask("-u", USER, "--format", "json")
    assert json.loads(result.out)["files"][0]["status"] == "uploaded"
    assert result.err.count("enter CODE") == 1


def test_a_backend_that_is_not_there_earns_one_warning(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """A keyring without a usable backend is no reason to crash, and is told."""
    given = ("--repository-url", index.upload_url, "-u", USER)
    env = {"PYTHON_KEYRING_BACKEND": "no.such.Backend"}
    result = twine("upload", *given, wheel, env=env)
    result.failure("NonInteractive")
    (warning,) = result.warnings
    assert "The keyring cannot be used" in warning


def test_keyring_is_imported_only_when_asked(
    upload: Twine, index: ScriptedIndex, wheel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With credentials at hand, keyring may be as broken as it likes."""
    import builtins

    def refuse(name: str, *args: Any, **options: Any) -> Any:
        assert name.partition(".")[0] != "keyring"
        return real(name, *args, **options)

    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", refuse)
    upload(wheel).success()
    assert len(index.uploads) == 1
