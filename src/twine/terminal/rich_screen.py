"""The library rich, as we use it: for colours and progress, and nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

import rich.console
import rich.progress
from rich.text import Text


class Screen(rich.console.Console):
    """A console of rich that shows text as it is, on what is treated as a terminal."""

    def __init__(self, stream: TextIO, *, no_color: bool = False) -> None:
        super().__init__(
            file=stream,
            force_terminal=True,
            no_color=no_color,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def on_broken_pipe(self) -> None:
        """Raise it: rich 15 ends the process with status 1 instead."""
        raise BrokenPipeError

    def print_parts(self, parts: Iterable[tuple[str, str]]) -> None:
        """Print one line, however long, that is made of texts and their styles."""
        self.print(Text.assemble(*parts), soft_wrap=True)


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
            rich.progress.TimeElapsedColumn(),
            console=screen,
            transient=True,
        )
        self._task = self.bars.add_task(text, total=None)

    def update(self, text: str) -> None:
        """Say something else."""
        self.bars.update(self._task, description=text)


class ProgressDisplay:
    """The lines at the bottom of the screen while files are being sent."""

    def __init__(self, screen: Screen, files: int, size: int) -> None:
        self.screen = screen
        self._files = files
        self._sent: dict[str, int] = {}
        # A context manager: entered, it draws; left, it wipes the lines away.
        self.bars = rich.progress.Progress(
            rich.progress.TextColumn("{task.description}", markup=False),
            rich.progress.BarColumn(),
            rich.progress.TaskProgressColumn(),
            rich.progress.DownloadColumn(),
            rich.progress.TransferSpeedColumn(),
            rich.progress.TimeRemainingColumn(compact=True),
            console=screen,
            transient=True,
        )
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

        def report(done: int) -> None:
            self.bars.update(task, completed=done)
            self._sent[path or label] = done
            self._show_total()

        try:
            report(0)
            yield report
        finally:
            self.bars.remove_task(task)

    def _show_total(self) -> None:
        if self._total is not None:
            begun = len(self._sent)
            self.bars.update(
                self._total,
                completed=sum(list(self._sent.values())),
                description=f"file {begun} of {self._files}",
            )
