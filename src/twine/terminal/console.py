"""Where status lines, results and documents are printed.

Everything printed passes one gate (:meth:`Console.sanitize`): secrets are masked,
control characters made visible, and what the output's encoding lacks replaced.
Colour, cursor movement and progress bars are for terminals; anywhere else a line
is written as it is, and nothing is ever wrapped.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NoReturn, TextIO

from .. import exceptions
from . import redaction
from .color import moves_cursor, wants_color
from .text import escape_controls, fit_encoding

if TYPE_CHECKING:
    from . import rich_screen

_INDENT = " " * 9
_BUG_REPORT = (
    "this is a fault of twine itself.\n"
    "Please report it, with the lines above, to the project that you have this twine "
    "from (see its README); it is not the PyPA's twine."
)


def default() -> Console:
    """Return a console for programs that make our objects without one."""
    return Console()


class Console:
    """Standard output, or standard error, for the length of one call.

    Args:
        color: Whether colour may be used; ``None`` lets the environment and the
            terminal decide.
        to_stderr: Whether to print to standard error, because standard output is
            for a document.
        quiet: Whether to print nothing but errors, and what is always printed.
        ignore_write_errors: Whether to go on when lines cannot be written any more,
            because whoever read them has gone for example: on standard error, or
            without.
    """

    def __init__(
        self,
        *,
        color: bool | None = None,
        to_stderr: bool = False,
        quiet: bool = False,
        ignore_write_errors: bool = False,
    ) -> None:
        self.color = color
        self.to_stderr = to_stderr
        self.quiet = quiet
        self.ignore_write_errors = ignore_write_errors
        self._secrets: set[str] = set()
        self._display: rich_screen.ProgressDisplay | rich_screen.WaitingDisplay | None
        self._display = None
        # Standard output as it was before it was reserved for a document.
        self._reserved: TextIO | None = None

    @property
    def stream(self) -> TextIO:
        """Where lines go at this moment."""
        # A program may lack either: one without a window, or `>&-` in a shell.
        return (not self.to_stderr and sys.stdout) or sys.stderr or io.StringIO()

    @contextlib.contextmanager
    def reserve_stdout(self) -> Iterator[None]:
        """Keep standard output for a document; from now on lines go to standard error.

        Within, what a keyring or a plugin prints goes there as well.
        """
        self.to_stderr = True
        if sys.stdout is None:
            yield
            return
        self._reserved = sys.stdout
        with contextlib.redirect_stdout(sys.stderr):
            yield

    def hide(self, *secrets: str | None) -> None:
        """Mask these texts in everything that is printed from now on."""
        least = redaction.SHORTEST_SECRET
        self._secrets.update(s for s in secrets if s and len(s) >= least)

    def mask_in_github_log(self, secret: str) -> None:
        """Let GitHub Actions mask a text in the log of the job, whoever prints it.

        Args:
            secret: Printable ASCII. It is written as it is, but not into the log.
        """
        # A line that begins so is a command to the runner, on either stream.
        self.write_raw(f"::add-mask::{secret}")

    def write_raw(self, line: str) -> None:
        """Write a line for whatever shows the log, as it is, if it can be written."""
        with contextlib.suppress(OSError):
            self.stream.write(f"{line}\n")
            self.stream.flush()

    def redact(self, text: str) -> str:
        """Return the text without secrets."""
        text = redaction.mask_tokens(redaction.mask_urls(text))
        # A secret may begin with another one. Worker threads may add some meanwhile.
        for secret in sorted(self._secrets.copy(), key=len, reverse=True):
            text = text.replace(secret, redaction.MASK)
        return text

    def sanitize(self, text: str) -> str:
        """Return the text as it may be shown: no secret, no control character."""
        encoding: str | None = getattr(self.stream, "encoding", None)
        return fit_encoding(escape_controls(self.redact(text)), encoding)

    def print(
        self, text: str, *, suffix: str = "", style: str = "", always: bool = False
    ) -> None:
        """Print one line.

        Args:
            text: The line.
            suffix: The end of the line, which carries the style.
            style: How the suffix looks where colour is allowed (a rich style).
            always: Whether to print it even if the console is quiet.
        """
        if always or not self.quiet:
            self._print_parts((text, ""), (suffix, style))

    def print_labelled(self, label: str, style: str, text: str) -> None:
        """Print a labelled message; its further lines are indented below it."""
        first, *rest = text.splitlines() or [""]
        message = "\n".join([first, *((_INDENT + line).rstrip() for line in rest)])
        self._print_parts((f"{label:<8}", style), (f" {message}", ""))

    def error(self, text: str) -> None:
        """Print why something failed."""
        self.print_labelled("ERROR", "red", text)

    def failure(self, error: Exception) -> None:
        """Print why a command failed; a fault of ours shows where it happened."""
        requests = sys.modules.get("requests")  # not loaded if nothing was sent
        from_requests = requests is not None and isinstance(
            error, requests.RequestException
        )
        text = str(error)
        if not isinstance(error, exceptions.TwineException) and not from_requests:
            import traceback

            self.error("".join(traceback.format_exception(error)))
            text = _BUG_REPORT
        self.error(f"{type(error).__name__}: {text}")

    def _print_parts(self, *parts: tuple[str, str]) -> None:
        """Print one line made of texts and their styles, if need be elsewhere."""
        to_stderr = self.to_stderr
        try:
            self._write(*parts)
        except OSError as exc:
            if not self.ignore_write_errors:
                raise_write_error(exc)
            if not to_stderr:
                self.to_stderr = True
                self._print_parts(*parts)

    def _write(self, *parts: tuple[str, str]) -> None:
        sanitized = [(self.sanitize(text), style) for text, style in parts]
        stream = self.stream
        if self._display is None and not wants_color(stream, self.color):
            stream.write("".join(text for text, _ in sanitized) + "\n")
            stream.flush()
            return
        from . import rich_screen

        # Above the progress lines, if there are any.
        display = self._display
        screen = display.screen if display else rich_screen.Screen(stream)
        screen.print_parts(sanitized)

    def write_line(self, line: str) -> None:
        """Print a line for programs to standard output, without secrets."""
        self._write_document(escape_controls(self.redact(line)))

    def write_json(self, data: object) -> None:
        """Print a JSON document to standard output, whole and without secrets."""
        import json

        self._write_document(
            json.dumps(redaction.redact_values(data, self.redact), indent=2)
        )

    def _write_document(self, text: str) -> None:
        out = self._reserved or sys.stdout
        if out is None:
            raise exceptions.TwineException("There is no standard output to write to.")
        try:
            out.write(f"{fit_encoding(text, out.encoding)}\n")
            out.flush()
        except OSError as exc:
            raise_write_error(exc)

    @contextlib.contextmanager
    def progress_display(
        self, *, files: int, size: int, enabled: bool = True
    ) -> Iterator[rich_screen.ProgressDisplay | None]:
        """Keep progress lines at the bottom of a terminal for some files.

        Their size is that of all together, in bytes.

        Yields:
            The lines; ``None`` where there are none.
        """
        draws = enabled and not self.quiet and moves_cursor(self.stream)
        if self._display is None and not draws:  # and so rich is not loaded
            yield None
            return
        from . import rich_screen

        if isinstance(self._display, rich_screen.ProgressDisplay):
            yield self._display  # two of them would overwrite each other
            return
        display = rich_screen.ProgressDisplay(self._make_screen(), files, size)
        with self._shown(display):
            yield display

    @contextlib.contextmanager
    def waiting(
        self, text: str, *, enabled: bool = True
    ) -> Iterator[Callable[[str], None]]:
        """Say what is being waited for; on a terminal, only as long as that takes.

        Args:
            text: What it is.
            enabled: Whether the user wants to see progress at all.

        Yields:
            A function that says something else on a terminal.
        """
        if not enabled or self.quiet or not moves_cursor(self.stream):
            self.print(text)
            yield lambda text: None
            return
        from . import rich_screen

        display = rich_screen.WaitingDisplay(self._make_screen(), text)
        with self._shown(display):
            yield display.update

    def _make_screen(self) -> rich_screen.Screen:
        from . import rich_screen

        colored = wants_color(self.stream, self.color)
        return rich_screen.Screen(self.stream, no_color=not colored)

    @contextlib.contextmanager
    def _shown(
        self, display: rich_screen.ProgressDisplay | rich_screen.WaitingDisplay
    ) -> Iterator[None]:
        """Draw lines at the bottom of a terminal, below what is printed meanwhile."""
        with display.bars:
            self._display = display
            try:
                yield
            finally:
                self._display = None

    @contextlib.contextmanager
    def progress(
        self, label: str, size: int, *, path: str = "", enabled: bool = True
    ) -> Iterator[Callable[[int], None]]:
        """Show how far one upload has come, on a terminal.

        Its path tells it from other files of that name.

        Yields:
            A function that takes how many bytes are done.
        """
        with self.progress_display(files=1, size=size, enabled=enabled) as display:
            if display is None:
                yield lambda done: None
                return
            with display.line(self.sanitize(label), size, path) as report:
                yield report


def raise_write_error(error: OSError) -> NoReturn:
    """Raise the error for output that cannot be written, unless its reader has gone."""
    if isinstance(error, BrokenPipeError):
        raise error
    text = f"The output cannot be written: {error.strerror}."
    raise exceptions.TwineException(text) from error
