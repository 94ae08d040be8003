"""Fixtures for tests that import twine as other programs do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.backends.null
import pytest

from support.index import ScriptedIndex
from support.secrets import PASSWORD, USER
from twine.settings import Settings


class Drawer(keyring.backend.KeyringBackend):
    """A keyring that holds one user name and one password for one URL."""

    priority = 1

    def __init__(self, url: str, username: str, password: str) -> None:
        """Put the credentials in."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.held = (url, username, password)

    def get_password(self, service: str, username: str) -> str | None:
        """Return the password if both names are right."""
        return self.held[2] if (service, username) == self.held[:2] else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Refuse to store anything."""
        raise NotImplementedError

    def get_credential(self, service: str, username: str | None) -> Any:
        """Return what is held for this service."""
        url, name, password = self.held
        if service != url:
            return None
        return keyring.credentials.SimpleCredential(name, password)


@pytest.fixture(autouse=True)
def _own_home(home: Path, workdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process a home folder of its own, and no keyring."""
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(workdir)
    empty = keyring.backends.null.Keyring()  # type: ignore[no-untyped-call]
    keyring.set_keyring(empty)


@pytest.fixture
def use_keyring() -> Callable[[str, str, str], None]:
    """Return a function that puts one URL, user name and password in the keyring."""

    def use(url: str, username: str, password: str) -> None:
        keyring.set_keyring(Drawer(url, username, password))

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
