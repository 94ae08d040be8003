"""The system's keyring, which may be missing or broken, or never answer."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from ..terminal import prompts
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
        timeout: How many seconds it may take for an answer.
        attended: Whether a person may be there: then a default is generous.
    """

    def __init__(self, timeout: float | None = None, *, attended: bool = True) -> None:
        self._timeout = timeout
        self._attended = attended
        # Whether it was asked and took too long.
        self.timed_out = False

    def find_username(self, system: str) -> str | None:
        """Return the user name that the keyring has for an index.

        Args:
            system: The index's upload URL.
        """
        return self._find("username", lambda: _read_username(system))

    def find_password(self, system: str, username: str) -> str | None:
        """Return the password that the keyring has for an index and a user.

        Args:
            system: The index's upload URL.
            username: The user's name there.
        """
        return self._find("password", lambda: _read_password(system, username))

    def _find(self, what: str, read: Callable[[], object]) -> str | None:
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
        if isinstance(answer, BaseException):
            reason = str(answer).partition("\n")[0]
            name = type(answer).__name__
            logger.warning("The keyring cannot be used (%s: %s).", name, reason)
            return None
        text = answer
        if isinstance(answer, bytes):
            text = answer.decode(errors="surrogateescape")
        if text is None or (isinstance(text, str) and is_text(text)):
            return text
        name = type(answer).__name__
        logger.warning("The keyring has a %s that is not text (`%s`).", what, name)
        return None

    def _wait_for(self, read: Callable[[], object]) -> object:
        """Return what the keyring answers or raises; nothing if it takes too long.

        It is asked in a daemon thread, which does not keep the process from ending.
        """
        answers: list[object] = []
        thread = threading.Thread(
            target=lambda: answers.append(_answer(read)), daemon=True
        )
        timeout = self._timeout
        if timeout is None:
            attended = self._attended and prompts.can_ask()
            timeout = ATTENDED_TIMEOUT if attended else DEFAULT_TIMEOUT
        start = time.monotonic()
        noticed = False
        thread.start()
        while thread.is_alive() and (past := time.monotonic() - start) < timeout:
            thread.join(min(_WAIT, timeout - past))
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
            timeout,
        )
        return None


def _read_username(system: str) -> object:
    import keyring

    credential = keyring.get_credential(system, None)
    return None if credential is None else credential.username


def _read_password(system: str, username: str) -> object:
    import keyring

    return keyring.get_password(system, username)


def _answer(read: Callable[[], object]) -> object:
    """Return what the keyring answers or raises; without one there is no answer."""
    try:
        import keyring.errors
    except ImportError:
        return None
    except BaseException as exc:  # noqa: BLE001 - so may its import
        return exc
    try:
        return read()
    except keyring.errors.NoKeyringError:
        return None
    except BaseException as exc:  # noqa: BLE001 - a backend may even call `sys.exit`
        return exc
