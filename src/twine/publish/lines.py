"""The lines that tell how the files of a run ended."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from ..index.upload_error import DOUBT
from ..terminal.text import format_size

if TYPE_CHECKING:
    from ..terminal.console import Console
    from .outcome import Outcome

logger = logging.getLogger(__name__)


def print_outcome(console: Console, outcome: Outcome, *, keep_going: bool) -> None:
    """Print how one file ended, as far as nobody else does."""
    name = os.path.basename(outcome.path)
    if outcome.status == "uploaded":
        size = format_size(outcome.size)
        console.print(f"Uploaded {name}: {size} in {outcome.seconds:.1f} s")
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
