"""What ``upload`` prints at its end: where the releases are, or what is left to do."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..publish.outcome import Result, render_resume_command, render_table

if TYPE_CHECKING:
    from ..settings import Settings
    from .inputs import Inputs

# How the usual shell of this system wants a command line to be quoted.
_JOIN = subprocess.list2cmdline if os.name == "nt" else shlex.join


def report(result: Result, settings: Settings, inputs: Inputs) -> None:
    """Print where the releases can be seen, or what is left to do."""
    console = settings.console
    some_were_skipped = any(one.status == "skipped" for one in result.outcomes)
    # That the index does not list them yet is no failure of the files.
    failed = result.error is not None and result.error is not result.unlisted
    # A quiet console has not printed the warning: it must not pass for a success.
    in_doubt = any(one.status == "unknown" for one in result.outcomes) and console.quiet
    if (len(result.outcomes) > 1 and (failed or some_were_skipped)) or in_doubt:
        console.print("")
        for line in render_table(result.outcomes):
            console.print(line, always=failed or in_doubt)
    if not failed:
        urls = {o.url for o in result.outcomes if o.url and o.status == "uploaded"}
        if urls:
            console.print("\nView at:")
            for url in sorted(urls):
                console.print(url, always=True)
    elif len(result.outcomes) > 1 and result.left:
        console.print("To publish the rest:", always=True)
        command = _resume_command(result.left, settings, inputs)
        console.print(f"  {command}", always=True)
    # The error follows; `Interrupted.` brings an empty line of its own.
    if isinstance(result.error, Exception) and (len(result.outcomes) > 1 or not failed):
        console.print("")


def _resume_command(unsent: Sequence[str], settings: Settings, inputs: Inputs) -> str:
    """Return the command line for what is left, with all that goes with it."""
    left: list[str] = []
    for path in unsent:
        made = f"{path}.asc"  # by this run, if it signs
        signature = inputs.signatures.get(os.path.basename(made)) or made
        left += [path, *([signature] if os.path.exists(signature) else [])]
        left += inputs.attestations_by_dist[path]
    return render_resume_command(settings.as_asked(), left, _JOIN)
