"""Fixtures for tests that import twine as other programs do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring.core
import pytest

from support.index import ScriptedIndex
from support.secrets import PASSWORD, USER
from support.vault import Vault
from twine.settings import Settings


@pytest.fixture(autouse=True)
def _in_workdir(workdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own."""
    monkeypatch.chdir(workdir)


@pytest.fixture
def use_keyring(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    """Return a function that puts one URL, user name and password in the keyring."""

    def use(url: str, username: str, password: str) -> None:
        monkeypatch.setitem(Vault.known, url, (username, password))
        vault = Vault()  # type: ignore[no-untyped-call]
        monkeypatch.setattr(keyring.core, "_keyring_backend", vault)

    return use


@pytest.fixture
def make_settings(index: ScriptedIndex) -> Callable[..., Settings]:
    """Return a function that makes settings with credentials for `index`."""

    def make(**keywords: Any) -> Settings:
        defaults: dict[str, Any] = {
            "repository_url": index.upload_url,
            "username": USER,
            "password": PASSWORD,
            "disable_progress_bar": True,
        }
        return Settings(**(defaults | keywords))

    return make
