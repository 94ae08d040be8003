"""The library rich, as we use it: for colours and progress, and nothing else."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

import rich.console
import rich.progress
from rich.table import Column
from rich.text import Text

from .text import format_duration, format_rate, format_size, pluralize

# Columns of a terminal that has room for a bar, the rate and the time left.
_WIDE = 60


class Screen(rich.console.Console):
    """A console of rich that shows text as it is, on what is treated as a terminal."""

    lock: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
    """Of what is drawn at the bottom."""

    def __init__(self, stream: TextIO, *, no_color: bool = False) -> None:
        super().__init__(
            file=stream,
            force_terminal=True,
            no_color=no_color,
            # There rich 15 uses none, even if it was asked for.
            color_system="standard" if os.environ.get("TERM") == "dumb" else "auto",
            highlight=False,
            markup=False,
            emoji=False,
        )

    @property
    def options(self) -> rich.console.ConsoleOptions:
        """How to draw: with room for the ``^C`` that a terminal shows.

        Else it moves the cursor to the next line, and one line is not wiped away.
        """
        options = super().options
        options.max_width = max(1, options.max_width - 2)
        return options

    def on_broken_pipe(self) -> None:
        """Raise it: rich 15 ends the process with status 1 instead."""
        raise BrokenPipeError

    def print_parts(self, parts: Iterable[tuple[str, str]]) -> None:
        """Print one line, however long, that is made of texts and their styles."""
        # rich 15 counts the lines to wipe away with this lock, and writes without it:
        # those of another thread would get in between.
        with self.lock:
            self.print(Text.assemble(*parts), soft_wrap=True)


class _TextColumn(rich.progress.ProgressColumn):
    """A column whose text a function makes; it is never cut."""

    def __init__(self, render: Callable[[rich.progress.Task], str]) -> None:
        self._render = render
        super().__init__(Column(no_wrap=True))

    def render(self, task: rich.progress.Task) -> Text:
        """Return the text for one line."""
        return Text(self._render(task))


def _render_share(task: rich.progress.Task) -> str:
    return f"{task.percentage:3.0f}% of {format_size(int(task.total or 0))}"


def _render_numbers(task: rich.progress.Task) -> str:
    """Return how much is done, how fast, and how long the rest will take."""
    share = _render_share(task)
    if task.remaining == 0:
        return f"{share}, waiting for the index"
    if not task.speed or task.remaining is None:
        return share
    left = format_duration(task.remaining / task.speed)
    return f"{share}, {format_rate(task.speed)}, {left} left"


class WaitingDisplay:
    """A line at the bottom of the screen while something is waited for.

    Args:
        screen: Where to draw it.
        text: What is being waited for.
    """

    def __init__(self, screen: Screen, text: str) -> None:
        self.screen = screen
        self.bars = rich.progress.Progress(
            rich.progress.SpinnerColumn("line"),  # its signs are ASCII
            rich.progress.TextColumn("{task.description}", markup=False),
            _TextColumn(lambda task: f"({format_duration(task.elapsed or 0)})"),
            console=screen,
            transient=True,
        )
        screen.lock = self.bars.live._lock
        self._task = self.bars.add_task(text, total=None)

    def update(self, text: str) -> None:
        """Say something else."""
        self.bars.update(self._task, description=text)


class ProgressDisplay:
    """The lines at the bottom of the screen while files are being sent."""

    def __init__(self, screen: Screen, files: int, size: int) -> None:
        self.screen = screen
        self._files = files
        self._running = 0
        self._sent: dict[str, int] = {}
        # The names give way: those of wheels may be wider than the screen.
        name = Column(
            no_wrap=True,
            max_width=screen.width * 2 // 5,
            # The sign for what is left out is not in every encoding.
            overflow="crop" if screen.options.ascii_only else "ellipsis",
        )
        numbers = _render_numbers if screen.width >= _WIDE else _render_share
        bar = rich.progress.BarColumn(bar_width=None, table_column=Column(ratio=1))
        # A context manager: entered, it draws; left, it wipes the lines away.
        self.bars = rich.progress.Progress(
            rich.progress.TextColumn(
                "{task.description}", markup=False, table_column=name
            ),
            *([bar] if screen.width >= _WIDE else []),
            _TextColumn(numbers),
            console=screen,
            transient=True,
            expand=screen.width >= _WIDE,
        )
        screen.lock = self.bars.live._lock
        self._total: rich.progress.TaskID | None = None
        if files > 1:
            self._total = self.bars.add_task("", total=size)
            self._show_total()

    @contextlib.contextmanager
    def line(
        self, label: str, size: int, path: str = ""
    ) -> Iterator[Callable[[int], None]]:
        """Show one upload while it runs; see :meth:`.Console.progress`."""
        task = self.bars.add_task(label, total=size)
        self._running += 1

        def report(done: int) -> None:
            self.bars.update(task, completed=done)
            self._sent[path or label] = done
            self._show_total()

        try:
            report(0)
            yield report
        finally:
            self._running -= 1
            self.bars.remove_task(task)
            self._show_total()

    def _show_total(self) -> None:
        if self._total is not None:
            text = f"file {len(self._sent)} of {self._files}"
            if self._running > 1:
                text = f"{pluralize(self._running, 'file')} in progress"
            self.bars.update(
                self._total, completed=sum(list(self._sent.values())), description=text
            )
