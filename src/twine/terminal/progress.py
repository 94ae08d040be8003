"""Progress on a terminal: a line for each running upload, and a total."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import rich.progress

from .rich_screen import Screen


class ProgressDisplay:
    """The lines at the bottom of the screen while files are being sent.

    Args:
        screen: Where to draw them.
        files: How many files there are.
        size: Their size together, in bytes.
    """

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
        """Show one upload while it runs.

        Args:
            label: What is sent.
            size: Its size in bytes.
            path: Its path; other files may have the same name.

        Yields:
            A function that takes how many bytes are done.
        """
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
