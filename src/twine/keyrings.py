"""The system's keyring, which may be missing or broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import console


def ask(question: Callable[[Any], Any]) -> str | None:
    """Ask the keyring; one that is missing or broken has no answer.

    Args:
        question: What to ask the module ``keyring``.
    """
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        answer = question(keyring)
    except (keyring.errors.NoKeyringError, AttributeError):
        return None  # no backend, or one without such an entry
    except Exception as exc:  # noqa: BLE001 - a backend may raise anything
        reason = str(exc).partition("\n")[0]
        console.current().warning(
            f"The keyring cannot be used ({type(exc).__name__}: {reason})."
        )
        return None
    return None if answer is None else str(answer)
