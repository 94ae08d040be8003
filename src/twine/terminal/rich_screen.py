"""The library rich, as we use it: for colours and progress, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

import rich.console
from rich.text import Text


class Screen(rich.console.Console):
    """A console of rich that shows text as it is.

    Args:
        stream: A terminal, or what is to be treated as one.
        no_color: Whether to leave out colours.
    """

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
