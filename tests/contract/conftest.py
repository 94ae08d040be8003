"""Fixtures for tests that import twine as other programs do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.null
import pytest

from support.index import ScriptedIndex
from support.secrets import PASSWORD, USER
from support.vault import Vault
from twine.settings import Settings


@pytest.fixture(autouse=True)
def _own_home(home: Path, workdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process a home folder of its own, and no keyring."""
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(workdir)
    empty = keyring.backends.null.Keyring()  # type: ignore[no-untyped-call]
    keyring.set_keyring(empty)


@pytest.fixture
def use_keyring(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    """Return a function that puts one URL, user name and password in the keyring."""

    def use(url: str, username: str, password: str) -> None:
        monkeypatch.setitem(Vault.known, url, (username, password))
        keyring.set_keyring(Vault())  # type: ignore[no-untyped-call]

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
