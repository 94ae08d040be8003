"""Credentials from keyring, asked with a backend of our own."""

import json
from typing import Any

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import PASSWORD, TOKEN, TOKEN_AUTH, USER
from support.vault import Vault

VAULT = {"PYTHON_KEYRING_BACKEND": "support.vault.Vault"}


def test_keyring_beats_trusted_publishing(
    twine: Twine, pypi: FakePyPI, wheel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token in keyring is used though the CI could mint one."""
    url = "https://upload.pypi.org/legacy/"
    monkeypatch.setitem(Vault.known, url, ("__token__", TOKEN))
    twine("upload", wheel, env={**pypi.github_env, **VAULT}).success()
    assert pypi.uploads[0].auth == TOKEN_AUTH
    assert pypi.minted == []


def test_what_a_backend_prints_is_not_in_the_document(
    twine: Twine, index: ScriptedIndex, wheel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--format json` it goes to standard error."""

    def print_code(*args: object) -> str:
        print("enter CODE")
        return PASSWORD

    monkeypatch.setattr(Vault, "get_password", print_code)
    given = ("--repository-url", index.upload_url, "-u", USER, "--format", "json")
    result = twine("upload", *given, wheel, env=VAULT)
    assert json.loads(result.out)["files"][0]["status"] == "uploaded"
    assert "enter CODE" in result.err


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
