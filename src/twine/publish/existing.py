"""What becomes of a file when the index has one of its name. Pure."""

from __future__ import annotations

import dataclasses

from .. import exceptions
from ..index.file_status import (
    NAME_IS_TAKEN,
    Different,
    FileStatus,
    Present,
    Same,
    Unknown,
    conflict_error,
)
from ..index.upload_error import UploadError
from .outcome import Outcome

_NOT_COMPARED = "The index tells no SHA-256 of it, so only the name was compared."
_NOT_LISTED = "The index says so, but does not list it: the content was not compared."


def settle_before_sending(outcome: Outcome, found: FileStatus) -> Outcome | None:
    """Return what became of a file that need not be sent, or must not be.

    Args:
        outcome: What is known of it.
        found: What the index has.

    Returns:
        Nothing where the answer to the upload will show.
    """
    error: Exception
    match found:
        case Same():
            return dataclasses.replace(outcome, status="skipped")
        case Present():
            return dataclasses.replace(outcome, status="skipped", note=_NOT_COMPARED)
        case Different():
            error = conflict_error(found)
        case Unknown(login_required=True):
            error = exceptions.InvalidConfiguration(
                f"The index asks for a log-in to tell what it has: {found.reason}.",
                hint="Check the user name and the password: `--skip-existing` has to "
                "read as well. `--check-url` names another place to ask, if need be "
                "with `user:password@` before its host.",
            )
        case _:
            return None
    return dataclasses.replace(outcome, status="failed", error=error)


def settle_refusal(
    outcome: Outcome, found: FileStatus, *, says_exists: bool, skip_existing: bool
) -> Outcome:
    """Return what became of a file that was refused, perhaps because it exists.

    Args:
        outcome: The failure; its error is the refusal.
        found: What the index has.
        says_exists: Whether the refusal says so.
        skip_existing: Whether a file that exists is no failure.
    """
    skipped = dataclasses.replace(outcome, status="skipped", error=None)
    match found:
        case Same() if skip_existing:
            return skipped
        case Same():
            note = "The index has this very file (same SHA-256): nothing is left to do."
            hint = "`--skip-existing` skips it."
        case Different():
            note = f"The file there has other content: {found.digests}."
            hint = NAME_IS_TAKEN
        case Present() if skip_existing:
            return dataclasses.replace(skipped, note=_NOT_COMPARED)
        case Present():
            note = "The index has a file of this name, and tells no SHA-256 of it."
            hint = (
                "If it is the same one, `--skip-existing` skips it; if not, publish a "
                "new version."
            )
        case _ if skip_existing and says_exists:
            return dataclasses.replace(skipped, note=_NOT_LISTED)
        case _:
            return outcome
    error = outcome.error
    if isinstance(error, UploadError):
        error = dataclasses.replace(error, note=note, hint=hint, maybe_uploaded=False)
    return dataclasses.replace(
        outcome, error=error, in_doubt=False, is_listed=isinstance(found, Same)
    )
