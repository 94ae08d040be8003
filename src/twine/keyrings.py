"""The system's keyring, which may be missing or broken."""

from __future__ import annotations

from collections.abc import Callable

from . import console


def find_username(system: str) -> str | None:
    """Return the user name that the keyring has for an index.

    Args:
        system: The index's upload URL.
    """

    def ask() -> str | None:
        import keyring

        credential = keyring.get_credential(system, None)
        return None if credential is None else credential.username

    return _answer(ask)


def find_password(system: str, username: str) -> str | None:
    """Return the password that the keyring has for an index and a user.

    Args:
        system: The index's upload URL.
        username: The user's name there.
    """

    def ask() -> str | None:
        import keyring

        return keyring.get_password(system, username)

    return _answer(ask)


def _answer(ask: Callable[[], str | None]) -> str | None:
    """Ask the keyring; one that is missing or broken has no answer.

    Args:
        ask: How to ask.
    """
    try:
        import keyring.errors
    except ImportError:
        return None
    try:
        answer = ask()
    except keyring.errors.NoKeyringError:
        return None
    except Exception as exc:  # noqa: BLE001 - a backend may raise anything
        reason = str(exc).partition("\n")[0]
        console.current().warning(
            f"The keyring cannot be used ({type(exc).__name__}: {reason})."
        )
        return None
    return None if answer is None else str(answer)
