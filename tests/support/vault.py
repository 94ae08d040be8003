"""A keyring backend of the tests."""

from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.credentials import Credential, SimpleCredential


class Vault(KeyringBackend):
    """A keyring with what is in `known`: user name and password by URL."""

    priority = 9
    known: ClassVar[dict[str, tuple[str, str]]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return the password if it is this user's."""
        name, password = self.known.get(service, (None, None))
        return password if name == username else None

    def get_credential(self, service: str, username: str | None) -> Credential | None:
        """Return what is held for this service."""
        found = self.known.get(service)
        return SimpleCredential(*found) if found else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Refuse to store anything."""
        raise NotImplementedError
