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
import io
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NoReturn, TextIO

from .. import exceptions
from . import redaction
from .text import is_text

if TYPE_CHECKING:
    from . import progress

MASK = redaction.MASK
# What could make a terminal lie: C0 and C1 controls apart from tab and newline, the
# marks that reorder text (Unicode's Bidi_Control), and its other line separators.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_INDENT = " " * 9


def _spell(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _fitting(text: str, stream: TextIO) -> str:
    """Return the text with escapes for what the stream's encoding lacks."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _refuse(error: OSError) -> NoReturn:
    """Raise the error for output that cannot be written, unless nobody reads it."""
    if isinstance(error, BrokenPipeError):
        raise error
    text = f"The output cannot be written: {error.strerror}."
    raise exceptions.TwineException(text) from error


class Console:
    """Where lines go, and how they may look there.

    Args:
        color: Whether colour may be used; ``None`` lets the environment and the
            terminal decide.
        verbose: Whether to print what :meth:`info` is told.
        aside: Whether to print to standard error, because standard output is for
            a document.
        steadfast: Whether to go on when lines cannot be written any more, because
            whoever read them has gone for example: on standard error, or without.
        secrets: Texts to mask, shared between nested consoles.
        out: Where documents go; standard output if not given.
    """

    def __init__(
        self,
        *,
        color: bool | None = None,
        verbose: bool = False,
        aside: bool = False,
        steadfast: bool = False,
        secrets: set[str] | None = None,
        out: TextIO | None = None,
    ) -> None:
        self.color = color
        self.verbose = verbose
        self.aside = aside
        self.steadfast = steadfast
        self._board: progress.Board | None = None
        self.secrets = set() if secrets is None else secrets
        self.out = out

    @property
    def stream(self) -> TextIO:
        """Where lines go at this moment."""
        # A program may lack either: one without a window, or `>&-` in a shell.
        return (not self.aside and sys.stdout) or sys.stderr or io.StringIO()

    def hide(self, *secrets: str | None) -> None:
        """Mask these texts in everything that is printed from now on."""
        least = redaction.SHORTEST_SECRET
        self.secrets.update(s for s in secrets if s and len(s) >= least)

    def redact(self, text: str) -> str:
        """Return the text without secrets."""
        text = redaction.mask_tokens(redaction.mask_urls(text))
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text

    def clean(self, text: str) -> str:
        """Return the text as it may be shown: no secret, no control character."""
        return _fitting(_CONTROL.sub(_spell, self.redact(text)), self.stream)

    def say(self, text: str, *, style: str = "", last: str = "") -> None:
        """Print one line.

        Args:
            text: The line.
            style: How `last` looks where colour is allowed (a rich style).
            last: The end of the line that carries the style.
        """
        self._print((text, ""), (last, style))

    def label(self, label: str, style: str, text: str) -> None:
        """Print a labelled message; its further lines are indented below it."""
        first, *rest = text.splitlines() or [""]
        message = "\n".join([first, *(_INDENT + line for line in rest)])
        self._print((f"{label:<8}", style), (f" {message}", ""))

    def _print(self, *parts: tuple[str, str]) -> None:
        """Print one line made of texts and their styles, if need be elsewhere."""
        aside = self.aside
        try:
            self._write(*parts)
        except OSError as exc:
            if not self.steadfast:
                _refuse(exc)
            if not aside:
                self.aside = True
                self._print(*parts)

    def _write(self, *parts: tuple[str, str]) -> None:
        clean = [(self.clean(text), style) for text, style in parts]
        stream = self.stream
        colored = wants_color(stream, self.color)
        if not colored and self._board is None:
            stream.write("".join(text for text, _ in clean) + "\n")
            stream.flush()
            return
        from . import rich_screen

        # Above the progress lines, if there are any.
        screen = self._board.screen if self._board else rich_screen.make_screen(stream)
        rich_screen.print_styled(screen, clean)

    def put(self, line: str) -> None:
        """Print a line for programs to standard output, without secrets."""
        self._put(_CONTROL.sub(_spell, self.redact(line)))

    def document(self, data: object) -> None:
        """Print a JSON document to standard output, whole and without secrets."""
        import json

        self._put(json.dumps(self._without_secrets(data), indent=2))

    def _put(self, text: str) -> None:
        out = self.out or sys.stdout
        if out is None:
            raise exceptions.TwineException("There is no standard output to write to.")
        try:
            out.write(f"{_fitting(text, out)}\n")
            out.flush()
        except OSError as exc:
            _refuse(exc)

    def _without_secrets(self, data: object) -> object:
        match data:
            case str():
                return self.redact(data)
            case dict():
                return {
                    key: self._without_secrets(value) for key, value in data.items()
                }
            case list():
                return [self._without_secrets(item) for item in data]
            case _:
                return data

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

    def failure(self, error: Exception) -> None:
        """Print why a command failed; a fault of ours shows where it happened."""
        requests = sys.modules.get("requests")
        from_requests = requests is not None and isinstance(
            error, requests.RequestException
        )
        text = str(error)
        if not isinstance(error, exceptions.TwineException) and not from_requests:
            self.error("".join(traceback.format_exception(error)))
            text = (
                "this is a fault of twine itself.\n"
                "Please report it, with the lines above, to the project that you "
                "have this twine from (see its README); it is not the PyPA's twine."
            )
        self.error(f"{type(error).__name__}: {text}")

    @contextlib.contextmanager
    def board(
        self, *, files: int, size: int, enabled: bool = True
    ) -> Iterator[progress.Board | None]:
        """Keep progress lines at the bottom of a terminal.

        Args:
            files: How many files will be sent.
            size: Their size together, in bytes.
            enabled: Whether the user wants to see progress at all.

        Yields:
            The lines; ``None`` where there are none.
        """
        if self._board is not None:
            yield self._board
            return
        if not (enabled and _moves_cursor(self.stream)):
            yield None
            return
        from . import progress, rich_screen

        colored = wants_color(self.stream, self.color)
        screen = rich_screen.make_screen(self.stream, no_color=not colored)
        with progress.Board(screen, files, size) as board:
            self._board = board
            try:
                yield board
            finally:
                self._board = None

    @contextlib.contextmanager
    def progress(
        self, label: str, size: int, *, path: str = "", enabled: bool = True
    ) -> Iterator[Callable[[int], None]]:
        """Show how far one upload has come, on a terminal.

        Args:
            label: What is being sent.
            size: Its size in bytes.
            path: What tells it from another file of the same name.
            enabled: Whether the user wants to see progress at all.

        Yields:
            A function to be told how many bytes are done.
        """
        with self.board(files=1, size=size, enabled=enabled) as board:
            if board is None:
                yield lambda done: None
                return
            with board.line(self.clean(label), size, path) as report:
                yield report


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


_current: contextvars.ContextVar[Console | None] = contextvars.ContextVar(
    "twine_console", default=None
)


def current() -> Console:
    """Return the console of the running call, or a plain one outside of any."""
    return _current.get() or Console()


@contextlib.contextmanager
def session(
    *,
    color: bool | None = None,
    verbose: bool | None = None,
    aside: bool | None = None,
    steadfast: bool | None = None,
) -> Iterator[Console]:
    """Make a console current for the length of one call.

    Args:
        color: ``False`` for ``--no-color``; ``None`` keeps what holds outside.
        verbose: Whether ``INFO`` lines are printed; ``None`` keeps likewise.
        aside: Whether lines go to standard error; ``None`` keeps likewise.
        steadfast: Whether lines that cannot be written are no reason to stop;
            ``None`` keeps likewise.
    """
    outer = current()
    if _current.get() and {color, verbose, aside, steadfast} == {None}:
        yield outer
        return
    console = Console(
        color=outer.color if color is None else color,
        verbose=outer.verbose if verbose is None else verbose,
        aside=outer.aside if aside is None else aside,
        steadfast=outer.steadfast if steadfast is None else steadfast,
        secrets=outer.secrets,
        out=outer.out or (sys.stdout if aside else None),
    )
    token = _current.set(console)
    with contextlib.ExitStack() as stack:
        stack.callback(_current.reset, token)
        if aside and sys.stdout is not None:
            # What a keyring or a plugin prints must not get into the document.
            stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        yield console


@contextlib.contextmanager
def lend_input() -> Iterator[TextIO]:
    """Let foreign code read from standard input, but not by our own object.

    A thread that is left behind within :func:`input` keeps locks (CPython 3.11): that
    of the object, and our own end would abort with "could not acquire lock for
    <stdin>"; or, with file descriptor 0, that of ``PyOS_Readline``, and our own
    questions would wait for it. The thread must hold a reference to what is yielded.

    Yields:
        What it reads from: nothing where nobody can be asked.
    """
    before = sys.stdin
    lent: TextIO = io.StringIO()
    if can_ask():
        with contextlib.suppress(OSError):  # no file, in IDLE for instance
            lent = os.fdopen(os.dup(before.fileno()), encoding=before.encoding)
    sys.stdin = lent
    try:
        yield lent
    finally:
        sys.stdin = before


def can_ask() -> bool:
    """Return whether a person sits at a terminal and can be asked."""
    # Python itself asks nothing without standard error.
    return bool(sys.stdin and sys.stderr) and sys.stdin.isatty()


def ask(prompt: str) -> str:
    """Ask for one line, with echo.

    Raises:
        EOFError: The terminal was closed instead of an answer.
        InvalidConfiguration: The answer is not text.
    """
    if current().stream is sys.stdout and sys.stdout.isatty():
        return _typed(lambda: input(prompt))
    # The question must be seen even where standard output goes to a file.
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return _typed(input)


def ask_secret(prompt: str) -> str:
    """Ask for one line without showing what is typed.

    Raises:
        EOFError: The terminal was closed instead of an answer.
        InvalidConfiguration: The answer is not text.
    """
    return _typed(lambda: getpass.getpass(prompt))


def _typed(ask: Callable[[], str]) -> str:
    """Return what was typed, if it is text."""
    with contextlib.suppress(UnicodeDecodeError):
        answer = ask()
        if is_text(answer):
            return answer
    raise exceptions.InvalidConfiguration(
        "What was typed is not text in the encoding that is expected here.",
        hint="Let the terminal use the encoding of the locale: most likely UTF-8.",
    )
