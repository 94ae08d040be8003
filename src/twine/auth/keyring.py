"""The system's keyring, which may be missing or broken, or never answer."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from ..terminal.text import is_text

logger = logging.getLogger(__name__)

# Seconds. A person may have to find a window and type a passphrase into it.
DEFAULT_TIMEOUT = 60.0
ATTENDED_TIMEOUT = 300.0
# After so many seconds a person may wonder what is going on.
_NOTICE_AFTER = 10.0
# Windows delivers Ctrl-C between two waits only (https://bugs.python.org/issue35935).
_WAIT = 0.1


class Keyring:
    """What the library ``keyring`` finds; all but an answer is a warning.

    Args:
        timeout: How many seconds it may take for an answer, if that was said.
        attended: Whether a person may be there to unlock it.
    """

    def __init__(self, timeout: float | None, *, attended: bool) -> None:
        default = ATTENDED_TIMEOUT if attended else DEFAULT_TIMEOUT
        self._timeout = default if timeout is None else timeout
        # Whether it was asked and took too long.
        self.timed_out = False

    def find_username(self, system: str) -> str | None:
        """Return the user name that the keyring has for an upload URL."""

        def read(keyring: Any) -> object:
            credential = keyring.get_credential(system, None)
            return None if credential is None else credential.username

        return self._find("username", read)

    def find_password(self, system: str, username: str) -> str | None:
        """Return the password that the keyring has for an upload URL and a user."""
        return self._find(
            "password", lambda keyring: keyring.get_password(system, username)
        )

    def _find(self, what: str, read: Callable[[Any], object]) -> str | None:
        """Return the keyring's answer to a question, if it is text.

        Raises:
            KeyboardInterrupt: The user stopped it.
        """
        if self.timed_out:  # another question would only take as long again
            return None
        logger.info("Asking the keyring for the %s ...", what)
        answer = self._wait_for(read)
        if isinstance(answer, KeyboardInterrupt):
            raise answer
        name = type(answer).__name__
        if isinstance(answer, BaseException):
            reason = str(answer).partition("\n")[0]
            logger.warning("The keyring cannot be used (%s: %s).", name, reason)
            return None
        text = answer
        # Backends of other packages do not always return `str`, as keyring's API says.
        if isinstance(answer, bytes):
            text = answer.decode(errors="surrogateescape")
        if text is None or (isinstance(text, str) and is_text(text)):
            return text
        logger.warning("The keyring has a %s that is not text (`%s`).", what, name)
        return None

    def _wait_for(self, read: Callable[[Any], object]) -> object:
        """Return what the keyring answers or raises; nothing if it takes too long."""
        answers: list[object] = []
        # A daemon, unlike the threads of `concurrent.futures`, lets the process end.
        thread = threading.Thread(
            target=lambda: answers.append(_answer(read)), daemon=True
        )
        start = time.monotonic()
        noticed = False
        thread.start()
        while thread.is_alive() and (past := time.monotonic() - start) < self._timeout:
            thread.join(min(_WAIT, self._timeout - past))
            if past > _NOTICE_AFTER and not noticed:
                noticed = True
                logger.warning(
                    "The keyring has not answered yet; maybe it waits in another "
                    "window."
                )
        if answers:
            return answers[0]
        self.timed_out = True
        logger.warning(
            "The keyring gave no answer within %g seconds, and is not asked again.\n"
            "To do without it, set "
            "`PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring`; to wait longer, "
            "use `--timeout`.",
            self._timeout,
        )
        return None


def _answer(read: Callable[[Any], object]) -> object:
    """Return what the keyring answers or raises; without one there is no answer."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    except BaseException as exc:  # noqa: BLE001 - so may its import
        return exc
    try:
        return read(keyring)
    except keyring.errors.NoKeyringError:
        return None
    except BaseException as exc:  # noqa: BLE001 - a backend may even call `sys.exit`
        return exc
