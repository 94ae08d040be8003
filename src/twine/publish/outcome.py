"""What became of each file: for people as a table, for programs as JSON. Pure."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from .. import exceptions
from ..config.options import TABLE, UPLOAD_TABLE
from ..index.upload_error import DOUBT, Failure, UploadError, as_exception
from ..terminal.text import pluralize

Status = Literal[
    "uploaded",
    "staged",
    "skipped",
    "unknown",
    "failed",
    "not tried",
    # Of a dry run:
    "would upload",
    "would skip",
]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one distribution.

    Args:
        path: Its path.
        status: In one word.
        size: Its size in bytes.
        sha256: Its digest, hexadecimal, if it is known.
        seconds: How long it took.
        tries: How often it was sent.
        url: The page of its release.
        error: Why it failed.
        in_doubt: Whether nobody knows if it is on the index.
        note: Why it was not tried, or what was not compared.
        is_listed: Whether the index has this very file although it refused it.
    """

    path: str
    status: Status = "not tried"
    size: int = 0
    sha256: str | None = None
    seconds: float = 0.0
    tries: int = 0
    url: str | None = None
    error: Failure | None = None
    in_doubt: bool = False
    note: str | None = None
    is_listed: bool = False

    @property
    def is_on_index(self) -> bool:
        """Whether the index is known to have it."""
        return self.is_listed or self.status in {"uploaded", "staged", "skipped"}

    @property
    def is_interrupted(self) -> bool:
        """Whether the user stopped it."""
        return isinstance(self.error, KeyboardInterrupt)

    @property
    def is_refused(self) -> bool:
        """Whether it failed, and was not stopped."""
        return self.error is not None and not self.is_interrupted

    @property
    def why(self) -> str:
        """Why it failed, and how certain that is; empty if it did not."""
        match self.error:
            case None:
                return self.note or ""
            case UploadError():
                text = self.error.summary
            case KeyboardInterrupt():
                text = "interrupted."
            case _:
                text = str(self.error).partition("\n")[0] or type(self.error).__name__
        return f"{text.rstrip('.')}. {DOUBT}" if self.in_doubt else text


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of several distributions.

    Args:
        outcomes: One for each, in the order given.
        interrupt: Ctrl-C that ended the run.
        unlisted: Why waiting for the index to list them failed.
    """

    outcomes: Sequence[Outcome]
    interrupt: KeyboardInterrupt | None = None
    unlisted: exceptions.TwineException | None = None

    @property
    def error(self) -> Exception | KeyboardInterrupt | None:
        """What ended the run, or would have: Ctrl-C, or else the first failure."""
        if self.interrupt is not None:
            return self.interrupt
        failed = [outcome for outcome in self.outcomes if outcome.error is not None]
        failed.sort(key=lambda outcome: not outcome.is_interrupted)
        first = failed[0].error if failed else None
        return self.unlisted if first is None else as_exception(first)

    @property
    def left(self) -> list[str]:
        """The paths of the distributions that are not known to be on the index."""
        return [one.path for one in self.outcomes if not one.is_on_index]


def render_table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return one line for each file, and a summary."""
    lines = []
    for outcome in outcomes:
        why = f": {outcome.why}" if outcome.why else ""
        lines.append(f"  {outcome.status:<10} {outcome.path}{why}")
    done = sum(outcome.is_on_index for outcome in outcomes)
    # A file that was not tried may be there as well, from a run before.
    where = "On" if done == len(outcomes) else "Known to be on"
    summary = f"{where} the index: {done} of {pluralize(len(outcomes), 'file')}."
    doubtful = sum(o.in_doubt and o.status in {"unknown", "failed"} for o in outcomes)
    if doubtful:
        summary += f" Not known: {doubtful}."
    lines.append(summary)
    return lines


def render_resume_command(
    values: Mapping[str, object],
    files: Iterable[str],
    join: Callable[[list[str]], str] = shlex.join,
) -> str:
    """Return the command line that publishes what is left.

    Args:
        values: The options' values under the names of
            :class:`twine.config.options.Options`.
        files: The files that are left.
        join: How the shell that it is for wants a command line to be quoted.
    """
    words = ["twine", "upload"]
    for option in (*TABLE, *UPLOAD_TABLE):
        value = values.get(option.name)
        unset = value is None or value is False or value == ""
        # The command is shown: it must hold no secret.
        if unset or option.name == "password" or value == option.value:
            continue
        flag = option.flags[-1]
        text = str(value)
        if isinstance(value, float):
            text = text.removesuffix(".0")
        if value is True:
            words.append(flag)
        elif text.startswith("-"):
            words.append(f"{flag}={text}")
        else:
            words += [flag, text]
    # A name that begins with a hyphen must not be read as an option.
    paths = [f"./{file}" if file.startswith("-") else file for file in files]
    return join([*words, *paths])


def outcome_as_json(outcome: Outcome) -> dict[str, object]:
    """Return one file's part of the JSON document."""
    return {
        "file": outcome.path,
        "status": outcome.status,
        "sha256": outcome.sha256,
        "size": outcome.size,
        "seconds": round(outcome.seconds, 3),
        "tries": outcome.tries,
        "url": outcome.url,
        "error": describe_error(outcome.error),
        "in_doubt": outcome.in_doubt,
        "note": outcome.note,
    }


def describe_error(error: Failure | None) -> dict[str, object] | None:
    """Return an error's part of the JSON document."""
    match error:
        case None:
            return None
        case UploadError():
            return describe_error(as_exception(error))
        case KeyboardInterrupt():
            kind, text = "KeyboardInterrupt", "Interrupted."
        case _:
            kind, text = type(error).__name__, str(error)
    status = getattr(getattr(error, "response", None), "status_code", None)
    return {"type": kind, "status": status, "message": text}
