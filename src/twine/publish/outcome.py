"""What became of each file: for people as a table, for programs as JSON. Pure."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from ..config.options import TABLE, UPLOAD_TABLE
from ..index import response as replies

Status = Literal["uploaded", "skipped", "unknown", "failed", "not tried"]
# Options that a command line to resume with must not repeat: secrets, and what the
# files' own names say.
_UNREPEATED = frozenset({"password"})


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
        note: Why it was not tried, where that is not plain.
    """

    path: str
    status: Status = "not tried"
    size: int = 0
    sha256: str | None = None
    seconds: float = 0.0
    tries: int = 0
    url: str | None = None
    error: BaseException | None = None
    in_doubt: bool = False
    note: str | None = None

    @property
    def why(self) -> str:
        """Why it failed, and how certain that is; empty if it did not."""
        if self.error is None:
            return self.note or ""
        text = str(self.error)
        if isinstance(self.error, KeyboardInterrupt):
            text = "interrupted."
        why, *more = text.splitlines() or [type(self.error).__name__]
        said = next((line for line in more if line.startswith(replies.SAYS)), "")
        return " ".join(
            filter(None, [why, said, replies.DOUBT if self.in_doubt else ""])
        )


def render_table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return one line for each file, and a summary.

    Args:
        outcomes: The files in the order given.
    """
    lines = []
    for outcome in outcomes:
        why = f": {outcome.why}" if outcome.why else ""
        lines.append(f"  {outcome.status:<10} {outcome.path}{why}")
    done = sum(outcome.status in {"uploaded", "skipped"} for outcome in outcomes)
    summary = f"{done} of {len(outcomes)} files are on the index."
    doubtful = sum(o.in_doubt and o.status in {"unknown", "failed"} for o in outcomes)
    if doubtful:
        summary += f" Of {doubtful} it is not known."
    lines.append(summary)
    return lines


def resume_command(
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
        if unset or option.name in _UNREPEATED or value == option.value:
            continue
        flag, text = option.flags[-1], str(value)
        if value is True:
            words.append(flag)
        elif text.startswith("-"):
            words.append(f"{flag}={text}")
        else:
            words += [flag, text]
    # A name that begins with a hyphen must not be read as an option.
    paths = [f"./{file}" if file.startswith("-") else file for file in files]
    return join([*words, *paths])


def describe(outcome: Outcome) -> dict[str, object]:
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


def describe_error(error: BaseException | None) -> dict[str, object] | None:
    """Return an error's part of the JSON document."""
    if error is None:
        return None
    status = getattr(getattr(error, "response", None), "status_code", None)
    text = "Interrupted." if isinstance(error, KeyboardInterrupt) else str(error)
    return {"type": type(error).__name__, "status": status, "message": text}
