"""The only place that writes to the screen, and asks there.

Everything printed passes one gate (:meth:`Console.clean`): secrets are masked,
control characters made visible, and what the output's encoding lacks replaced.
Colour, cursor movement and progress bars are for terminals; anywhere else a line
is written as it is, and nothing is ever wrapped.
"""

from __future__ import annotations

import contextlib
import contextvars
import getpass
import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    import rich.console

MASK = "********"
_URL_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]*(?:@[^/\s@]*)*@")
# What could make a terminal lie: C0 and C1 controls apart from tab and newline, the
# marks that reorder text (Unicode's Bidi_Control), and its other line separators.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_INDENT = " " * 9
# A shorter secret would also mask innocent words of every message.
_SHORTEST_SECRET = 6


def _spell(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


class Console:
    """Where lines go, and how they may look there.

    Args:
        color: Whether colour may be used; ``None`` lets the environment and the
            terminal decide.
        verbose: Whether to print what :meth:`info` is told.
        secrets: Texts to mask, shared between nested consoles.
    """

    def __init__(
        self,
        *,
        color: bool | None = None,
        verbose: bool = False,
        secrets: set[str] | None = None,
    ) -> None:
        self.color = color
        self.verbose = verbose
        self._secrets = set() if secrets is None else secrets

    def nested(self, *, color: bool | None, verbose: bool | None) -> Console:
        """Return a console for one call: it inherits what is not given."""
        return Console(
            color=self.color if color is None else color,
            verbose=self.verbose if verbose is None else verbose,
            secrets=self._secrets,
        )

    def hide(self, *secrets: str | None) -> None:
        """Mask these texts in everything that is printed from now on."""
        self._secrets.update(s for s in secrets if s and len(s) >= _SHORTEST_SECRET)

    def clean(self, text: str) -> str:
        """Return the text as it may be shown: no secret, no control character."""
        text = _URL_CREDENTIALS.sub(f"{MASK}@", text)
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        text = _CONTROL.sub(_spell, text)
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        return text.encode(encoding, "backslashreplace").decode(encoding)

    def say(self, text: str, *, style: str = "", last: str = "") -> None:
        """Print one line.

        Args:
            text: The line.
            style: How `last` looks where colour is allowed (a rich style).
            last: The end of the line that carries the style.
        """
        text, last = self.clean(text), self.clean(last)
        stream = sys.stdout
        if not wants_color(stream, self.color):
            stream.write(f"{text}{last}\n")
            stream.flush()
            return
        from rich.text import Text

        line = Text(text)
        line.append(last, style)
        _rich_console(stream).print(line, soft_wrap=True)

    def label(self, label: str, style: str, text: str) -> None:
        """Print a labelled message; its further lines are indented below it."""
        first, *rest = text.splitlines() or [""]
        text = self.clean("\n".join([first, *(_INDENT + line for line in rest)]))
        stream = sys.stdout
        if not wants_color(stream, self.color):
            stream.write(f"{label:<8} {text}\n")
            stream.flush()
            return
        from rich.text import Text

        line = Text(f"{label:<8}", style)
        line.append(f" {text}", "default")
        _rich_console(stream).print(line, soft_wrap=True)

    def info(self, text: str) -> None:
        """Print what is going on, for those who asked with ``--verbose``."""
        if self.verbose:
            self.label("INFO", "dim", text)

    def warning(self, text: str) -> None:
        """Print something that the user should know; the run goes on."""
        self.label("WARNING", "yellow", text)

    def error(self, text: str) -> None:
        """Print why something failed."""
        self.label("ERROR", "red", text)

    @contextlib.contextmanager
    def progress(
        self, label: str, total: int, *, enabled: bool = True
    ) -> Iterator[Callable[[int], None]]:
        """Show how far one upload has come, on a terminal.

        Args:
            label: What is being sent.
            total: Its size in bytes.
            enabled: Whether the user wants a bar at all.

        Yields:
            A function to be told how many bytes are done.
        """
        if not (enabled and _moves_cursor(sys.stdout)):
            yield lambda done: None
            return
        import rich.progress

        bar = rich.progress.Progress(
            rich.progress.TextColumn("{task.description}", markup=False),
            rich.progress.BarColumn(),
            rich.progress.TaskProgressColumn(),
            rich.progress.DownloadColumn(),
            rich.progress.TransferSpeedColumn(),
            rich.progress.TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            console=_rich_console(
                sys.stdout, no_color=not wants_color(sys.stdout, self.color)
            ),
        )
        with bar:
            task = bar.add_task(self.clean(label), total=total)
            yield lambda done: bar.update(task, completed=done)


def wants_color(stream: TextIO, color: bool | None) -> bool:
    """Return whether to use colour on a stream.

    ``--no-color`` wins, then ``NO_COLOR`` (no-color.org), ``FORCE_COLOR``
    (force-color.org), ``TERM=dumb``, and then whether the stream is a terminal.

    Args:
        stream: Where the text goes.
        color: What the user asked for, or ``None``.
    """
    if color is not None:
        return color
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return _moves_cursor(stream)


def _moves_cursor(stream: TextIO) -> bool:
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def _rich_console(stream: TextIO, *, no_color: bool = False) -> rich.console.Console:
    from rich.console import Console as RichConsole

    return RichConsole(
        file=stream,
        force_terminal=True,
        no_color=no_color,
        highlight=False,
        markup=False,
        emoji=False,
    )


_current: contextvars.ContextVar[Console | None] = contextvars.ContextVar(
    "twine_console", default=None
)


def current() -> Console:
    """Return the console of the running call, or a plain one outside of any."""
    return _current.get() or Console()


@contextlib.contextmanager
def session(
    *, color: bool | None = None, verbose: bool | None = None
) -> Iterator[Console]:
    """Make a console current for the length of one call.

    Args:
        color: ``False`` for ``--no-color``; ``None`` keeps what holds outside.
        verbose: Whether ``INFO`` lines are printed; ``None`` keeps likewise.
    """
    console = current().nested(color=color, verbose=verbose)
    token = _current.set(console)
    try:
        yield console
    finally:
        _current.reset(token)


def can_ask() -> bool:
    """Return whether a person sits at a terminal and can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(prompt: str) -> str:
    """Ask for one line, with echo.

    Raises:
        EOFError: The terminal was closed instead of an answer.
    """
    if sys.stdout.isatty():
        return input(prompt)
    # The question must be seen even where standard output goes to a file.
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return input()


def ask_secret(prompt: str) -> str:
    """Ask for one line without showing what is typed.

    Raises:
        EOFError: The terminal was closed instead of an answer.
    """
    return getpass.getpass(prompt)
