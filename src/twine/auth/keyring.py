"""The system's keyring, which may be missing or broken, or never answer."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from ..terminal import console
from ..terminal.text import is_text

# Seconds. A person may have to find a window and type a passphrase into it.
DEFAULT_TIMEOUT = 60.0
ATTENDED_TIMEOUT = 300.0
# After so many seconds somebody may wonder what is going on.
_NOTICE_AFTER = 10.0
# On Windows Ctrl-C is heard between two waits only.
_WAIT = 0.1
_STANDARD_ERROR = 2
# While it is asked, the streams of the process are others; programs use threads.
_one_at_a_time = threading.Lock()


class Keyring:
    """The keyring that the library ``keyring`` finds, held at arm's length.

    Whatever it does, short of an answer, is a warning, and the next source is asked.

    Args:
        timeout: How many seconds it may take for an answer.
        attended: Whether a person may be there: then a default is generous.
    """

    def __init__(self, timeout: float | None = None, *, attended: bool = True) -> None:
        self._timeout = timeout
        self._attended = attended
        # Whether it was asked and took too long.
        self.silent = False

    def find_username(self, system: str) -> str | None:
        """Return the user name that the keyring has for an index.

        Args:
            system: The index's upload URL.
        """

        def ask() -> object:
            import keyring

            credential = keyring.get_credential(system, None)
            return None if credential is None else credential.username

        return self._find("username", ask)

    def find_password(self, system: str, username: str) -> str | None:
        """Return the password that the keyring has for an index and a user.

        Args:
            system: The index's upload URL.
            username: The user's name there.
        """

        def ask() -> object:
            import keyring

            return keyring.get_password(system, username)

        return self._find("password", ask)

    def _find(self, what: str, ask: Callable[[], object]) -> str | None:
        """Return the keyring's answer to a question, if it is text.

        Raises:
            KeyboardInterrupt: The user stopped it.
        """
        if self.silent:  # another question would only take as long again
            return None
        console.current().info(f"Asking the keyring for the {what} ...")
        with _one_at_a_time, _unharmed_terminal(), _subprocess_output_aside():
            answer = self._wait_for(ask)
        if isinstance(answer, KeyboardInterrupt):
            raise answer
        if isinstance(answer, BaseException):
            reason = str(answer).partition("\n")[0]
            _warn(f"cannot be used ({type(answer).__name__}: {reason})")
            return None
        text = answer
        if isinstance(answer, bytes):
            text = answer.decode(errors="surrogateescape")
        if text is None or (isinstance(text, str) and is_text(text)):
            return text
        _warn(f"has a {what} that is not text (`{type(answer).__name__}`)")
        return None

    def _wait_for(self, ask: Callable[[], object]) -> object:
        """Return what the keyring answers or raises; nothing if it takes too long.

        It is asked in a daemon thread, which does not keep the process from ending.
        """
        answers: list[object] = []

        def run(stdin: TextIO) -> None:  # noqa: ARG001 - the reference that is wanted
            answers.append(_answer(ask))

        timeout = self._timeout
        if timeout is None:
            attended = self._attended and console.can_ask()
            timeout = ATTENDED_TIMEOUT if attended else DEFAULT_TIMEOUT
        start = time.monotonic()
        noticed = False
        with console.lend_input() as stdin:
            thread = threading.Thread(target=run, args=(stdin,), daemon=True)
            thread.start()
            while thread.is_alive() and (past := time.monotonic() - start) < timeout:
                thread.join(min(_WAIT, timeout - past))
                if past > _NOTICE_AFTER and not noticed:
                    noticed = True
                    _warn("has not answered yet; maybe it waits in another window")
        if answers:
            return answers[0]
        self.silent = True
        _warn(
            f"gave no answer within {timeout:g} seconds, and is not asked again",
            "To do without it, set "
            "`PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring`; to wait longer, "
            "use `--timeout`.",
        )
        return None


def _answer(ask: Callable[[], object]) -> object:
    """Return what the keyring answers or raises; without one there is no answer."""
    try:
        import keyring.errors
    except ImportError:
        return None
    except BaseException as exc:  # noqa: BLE001 - so may its import
        return exc
    try:
        return ask()
    except keyring.errors.NoKeyringError:
        return None
    except BaseException as exc:  # noqa: BLE001 - a backend may even call `sys.exit`
        return exc


@contextlib.contextmanager
def _unharmed_terminal() -> Iterator[None]:
    """Undo what was done to the terminal.

    A thread that is left behind in :func:`getpass.getpass` leaves it without echo.
    """
    try:
        import termios

        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except (ImportError, OSError):  # on Windows, in CI
        yield
        return
    mode = termios.tcgetattr(terminal)
    try:
        yield
    finally:
        # A process in the background is stopped for setting it, changed or not.
        with contextlib.suppress(termios.error):  # it may have been closed
            if termios.tcgetattr(terminal) != mode:
                termios.tcsetattr(terminal, termios.TCSADRAIN, mode)
        os.close(terminal)


@contextlib.contextmanager
def _subprocess_output_aside() -> Iterator[None]:
    """Let processes that a backend starts write to standard error.

    Only where standard output is for a document. Python's own ``sys.stdout`` leads to
    standard error then, but other processes inherit the file descriptor.
    """
    out = console.current().out
    if out is None:
        yield
        return
    try:
        number = out.fileno()
        saved = os.dup(number)
    except OSError:  # no file, or closed
        yield
        return
    try:
        with contextlib.suppress(OSError):  # standard error may be closed, too
            os.dup2(_STANDARD_ERROR, number)
        yield
    finally:
        os.dup2(saved, number)
        os.close(saved)


def _warn(what: str, *hint: str) -> None:
    console.current().warning("\n".join((f"The keyring {what}.", *hint)))
