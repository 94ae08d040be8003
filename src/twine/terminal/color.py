"""Whether a stream takes colour, and lines that are drawn over."""

from __future__ import annotations

import os
from typing import TextIO


def wants_color(stream: TextIO, color: bool | None) -> bool:
    """Return whether to use colour on a stream.

    ``--color`` wins, then ``NO_COLOR`` (no-color.org), ``FORCE_COLOR``
    (force-color.org) and ``CLICOLOR_FORCE``, ``CLICOLOR=0`` (both of
    bixense.com/clicolors), ``TERM=dumb``, and then whether the stream is a terminal.

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
    if os.environ.get("CLICOLOR_FORCE", "") not in {"", "0"}:
        return True
    return os.environ.get("CLICOLOR") != "0" and moves_cursor(stream)


def moves_cursor(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that can be drawn on."""
    return os.environ.get("TERM") != "dumb" and stream.isatty()
