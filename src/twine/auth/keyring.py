"""The system's keyring, which may be missing or broken, or never answer.

It runs in a thread of this process, not in a process of its own: programs put a
backend of theirs in place with ``keyring.set_keyring``, and the start of another
Python takes longer than most answers. A backend that ends the process cannot be
survived so.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from .. import exceptions
from ..config.known_indexes import TOKEN_PREFIX, TOKEN_USERNAME
from ..terminal import prompts
from ..terminal.text import is_text

logger = logging.getLogger(__name__)

# Seconds. A person may have to find a window and type a passphrase into it.
DEFAULT_TIMEOUT = 30.0
ATTENDED_TIMEOUT = 300.0
# After so many seconds a person may wonder what is going on.
_NOTICE_AFTER = 10.0
# Windows delivers Ctrl-C between two waits only (https://bugs.python.org/issue35935).
_WAIT = 0.1


def _read(system: str, username: str, keyring: Any) -> object:
    return keyring.get_password(system, username)


class Keyring:
    """What the library ``keyring`` finds; all but an answer is a warning.

    Args:
        mode: "auto", "off" if it is not to be asked, "required" if it must answer.
        timeout: How many seconds it may take for an answer, if that was said.
        attended: Whether a person may be there to unlock it.
    """

    def __init__(
        self,
        mode: str = "auto",
        *,
        timeout: float | None = None,
        attended: bool = False,
    ) -> None:
        default = ATTENDED_TIMEOUT if attended else DEFAULT_TIMEOUT
        self._timeout = default if timeout is None else timeout
        self.mode = mode
        self._backend: str | None = None
        # Why it is of no use, the rest of a sentence; it is asked no more after that.
        self.problem: str | None = None

    def find_username(self, system: str) -> str | None:
        """Return the user name that the keyring has for an upload URL."""

        def read(keyring: Any) -> object:
            credential = keyring.get_credential(system, None)
            # Some backends return any entry of a service, a token's too.
            if credential is None or str(credential.username).startswith("pypi_token:"):
                return None
            return credential.username

        return self._find("username", read)

    def find_password(self, system: str, username: str) -> str | None:
        """Return the password that the keyring has for an upload URL and a user."""
        return self._find("password", functools.partial(_read, system, username))

    def find_token(self, system: str, project: str, user: str | None) -> str | None:
        """Return the API token that the keyring has for an upload URL.

        Args:
            system: The upload URL.
            project: The project whose token is wanted, by its normalized name.
            user: The user whose token is wanted otherwise.
        """
        names = [f"pypi_token:project:{project}"]
        if user not in {None, TOKEN_USERNAME}:
            names.append(f"pypi_token:user:{user}")
        for name in names:
            read = functools.partial(_read, system, name)
            answer = self._find(f"token `{name}`", read)
            if answer is not None:
                # Some backends answer for every user name, those that log in to an
                # index (keyrings.google-artifactregistry-auth) among them.
                return answer if answer.startswith(TOKEN_PREFIX) else None
        return None

    def refuse_if_required(self, what: str, system: str) -> None:
        """Allow nobody else to be asked, if that was said.

        Args:
            what: The credential that the keyring did not have.
            system: The upload URL.

        Raises:
            InvalidConfiguration: The keyring should have had it.
        """
        if self.mode != "required":
            return
        raise exceptions.InvalidConfiguration(
            f"The keyring {self.problem or f'has no {what} for `{system}`'}, and "
            "`--keyring required` allows no other source.",
            hint=f"Store it with `keyring set {system} USERNAME`.",
        )

    def offer_to_keep(self, system: str, username: str, password: str) -> None:
        """Ask the person at the terminal whether to store a password, and do so.

        Args:
            system: The upload URL.
            username: The user name that goes with it.
            password: The password or token.
        """

        def is_recommended(keyring: Any) -> bool:
            # As `keyring.core.recommended`: others store in plain text, or not at all.
            return bool(keyring.get_keyring().priority >= 1)

        def store(keyring: Any) -> object:
            return keyring.set_password(system, username, password)

        question = f"Store the password for {system} in the keyring? [y/N] "
        # The upload has ended, and well: nothing said here can change that.
        no_answer = EOFError, KeyboardInterrupt, exceptions.InvalidConfiguration
        with contextlib.suppress(*no_answer):
            if self._ask(is_recommended) is True:
                answer = prompts.ask(question).strip().lower()
                if answer in {"y", "yes"}:
                    self._ask(store)

    def _find(self, what: str, read: Callable[[Any], object]) -> str | None:
        """Return the keyring's answer to a question, if it is text.

        Raises:
            KeyboardInterrupt: The user stopped it.
        """
        if self.mode != "off" and self.problem is None:
            logger.info("Asking the keyring for the %s ...", what)
        answer = self._ask(read)
        text = answer
        # Backends of other packages do not always return `str`, as keyring's API says.
        if isinstance(answer, bytes):
            text = answer.decode(errors="surrogateescape")
        if text is None or (isinstance(text, str) and is_text(text)):
            return text
        name = type(answer).__name__
        logger.warning("The keyring has a %s that is not text (`%s`).", what, name)
        return None

    def _ask(self, question: Callable[[Any], object]) -> object:
        """Return the keyring's answer to a question; a failure is a warning.

        Raises:
            KeyboardInterrupt: The user stopped it.
        """
        # Another question would take as long again, or open another window.
        if self.mode == "off" or self.problem is not None:
            return None
        answer = self._wait_for(question)
        if isinstance(answer, KeyboardInterrupt):
            raise answer
        if isinstance(answer, BaseException):
            reason = str(answer).partition("\n")[0]
            self.problem = f"cannot be used ({type(answer).__name__}: {reason})"
            logger.warning("The keyring %s.", self.problem)
            return None
        return answer

    def _wait_for(self, question: Callable[[Any], object]) -> object:
        """Return what the keyring answers or raises; nothing if it takes too long."""
        answers: list[object] = []
        # A daemon, unlike the threads of `concurrent.futures`, lets the process end.
        thread = threading.Thread(
            target=lambda: answers.append(self._answer(question)), daemon=True
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
        self.problem = f"gave no answer within {self._timeout:g} seconds"
        logger.warning(
            "The keyring %s, and is not asked again.\n"
            "To do without it, use `--keyring off`; to wait longer, use `--timeout`.",
            self.problem,
        )
        return None

    def _answer(self, question: Callable[[Any], object]) -> object:
        """Return what the keyring answers or raises; without one there is no answer."""
        try:
            import keyring
            import keyring.errors
        except ImportError:
            self.problem = "is not installed (the package `keyring`)"
            return None
        except BaseException as exc:  # noqa: BLE001 - so may its import
            return exc
        if self._backend is None and logger.isEnabledFor(logging.INFO):
            # Whatever is wrong with it, the question will show as well.
            with contextlib.suppress(Exception):
                self._backend = str(keyring.get_keyring())
                logger.info("Its backend is `%s`.", self._backend)
        try:
            return question(keyring)
        except keyring.errors.NoKeyringError:
            self.problem = "has no backend"
            return None
        except BaseException as exc:  # noqa: BLE001 - a backend may even call `sys.exit`
            return exc
