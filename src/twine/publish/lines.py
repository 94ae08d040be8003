"""The lines that tell how the files of a run ended."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..index.upload_error import DOUBT
from ..terminal.text import format_duration, format_size

if TYPE_CHECKING:
    from ..terminal.console import Console
    from .outcome import Outcome

logger = logging.getLogger(__name__)


def print_outcome(console: Console, outcome: Outcome, *, keep_going: bool) -> None:
    """Print how one file ended, as far as nobody else does."""
    name = os.path.basename(outcome.path)
    if outcome.status == "uploaded":
        size, duration = format_size(outcome.size), format_duration(outcome.seconds)
        console.print(f"Uploaded {name}: {size} in {duration}")
    elif outcome.status == "staged":
        console.print(f"Staged {name}: the index holds it back")
    elif outcome.status == "skipped":
        text = f"Skipping {name} because it appears to already exist"
        logger.warning("%s", "\n".join(filter(None, [text, outcome.note])))
    elif (
        outcome.status == "failed"
        and outcome.in_doubt
        and DOUBT not in str(outcome.error)
    ):
        logger.warning("%s failed. %s", name, DOUBT)
    elif keep_going and outcome.is_refused:
        logger.warning("%s failed: %s", name, outcome.error)


def print_total(
    console: Console, outcomes: Sequence[Outcome], *, seconds: float
) -> None:
    """Print how many files were uploaded, how much that was, and how long it took.

    It does not begin as the line of a file does: scripts count those.
    """
    sizes = [outcome.size for outcome in outcomes if outcome.status == "uploaded"]
    if len(sizes) > 1:
        size, duration = format_size(sum(sizes)), format_duration(seconds)
        console.print(f"Total uploaded: {len(sizes)} files, {size} in {duration}")
