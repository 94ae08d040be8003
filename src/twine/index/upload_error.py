"""Why an index did not take a file: a value, of which text is made at the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from .. import exceptions
from ..config.known_indexes import PYPI, TESTPYPI, is_at_pypi, is_deprecated
from ..terminal.redaction import sanitize_url
from ..terminal.text import single_line
from .hints import hint_for
from .pages import is_login_redirect
from .response import (
    Ambiguous,
    Exists,
    Oddity,
    Redirected,
    Refused,
    Reply,
    TryAgain,
    Uploaded,
    Verdict,
    absolute_location,
    classify_response,
)
from .server_message import MAX_MESSAGE_LENGTH, find_message

if TYPE_CHECKING:
    import requests

DOUBT = "Whether it got through is not known."


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class UploadError:
    """An answer that is not a success.

    Args:
        headline: Status, reason and URL, and what is odd about them.
        server_message: The server's own words.
        note: What a look-up showed.
        hint: What to do about it.
        maybe_uploaded: Whether the index may have the file all the same.
        response: The answer.
    """

    headline: str
    server_message: str = ""
    note: str = ""
    hint: str = ""
    maybe_uploaded: bool = False
    response: requests.Response | None = dataclasses.field(
        default=None, compare=False, repr=False
    )

    @property
    def _said(self) -> str:
        return self.server_message and f"The server says: {self.server_message}"

    @property
    def summary(self) -> str:
        """What happened, in sentences on one line and without advice."""
        *first, last = filter(None, [self.headline, self._said, self.note])
        ended = [part if part[-1] in ".!?" else f"{part}." for part in first]
        return " ".join([*ended, last])

    def __str__(self) -> str:
        """Return all of it, a line for each part."""
        doubt = DOUBT if self.maybe_uploaded else ""
        note = " ".join(filter(None, [self.note, doubt]))
        return "\n".join(filter(None, [self.headline, self._said, note, self.hint]))


# Why a file was not uploaded.
Failure = UploadError | Exception | KeyboardInterrupt


def redact_failure(failure: Failure, redact: Callable[[str], str]) -> Failure:
    """Return a failure without secrets: a program may log what it catches."""
    if isinstance(failure, UploadError):
        # A server may quote the credentials that it was sent.
        return dataclasses.replace(
            failure,
            headline=redact(failure.headline),
            server_message=redact(failure.server_message),
            note=redact(failure.note),
        )
    exceptions.redact_exception_args(failure, redact)
    return failure


def as_exception(failure: Failure) -> Exception | KeyboardInterrupt:
    """Return what a program catches."""
    if not isinstance(failure, UploadError):
        return failure
    import requests

    return requests.HTTPError(str(failure), response=failure.response)


def check_status_code(response: requests.Response, verbose: bool) -> None:
    """Raise unless the index accepted the request.

    Args:
        response: What the index answered.
        verbose: Whether to quote the index in full.

    Raises:
        RedirectDetected: The index lives elsewhere, or wants a person to log in.
        UploadToDeprecatedPyPIDetected: The host takes no uploads any more (410).
        InvalidPyPIUploadURL: The host is PyPI's, the URL is not for uploads (405).
        requests.HTTPError: The index refused, or failed.
    """
    failure = find_failure(response, verbose=verbose)
    if failure is not None:
        raise as_exception(failure)


def find_failure(
    response: requests.Response,
    verdict: Verdict | None = None,
    *,
    verbose: bool = False,
) -> UploadError | exceptions.TwineException | None:
    """Return why an index did not accept a request; nothing if it did.

    The answer is classified unless its verdict is known already.
    """
    reply = Reply.from_response(response)
    verdict = verdict or classify_response(reply)
    match verdict:
        # Whether a page is a success was settled by a look-up before, if there was one.
        case Uploaded() | Ambiguous(Oddity.PAGE):
            return None
        case Redirected(location):
            target = absolute_location(reply.url, location)
            return exceptions.RedirectDetected.from_args(
                sanitize_url(reply.url),
                sanitize_url(target),
                asks_for_login=is_login_redirect(reply.url, target),
            )
        case Ambiguous() | Exists() | Refused() | TryAgain():
            special = _find_misdirection(reply)
            error = describe_refusal(reply, verdict, verbose=verbose)
            return special or dataclasses.replace(error, response=response)


def _find_misdirection(reply: Reply) -> exceptions.TwineException | None:
    """Return the error for a URL of PyPI that does not take uploads."""
    url = sanitize_url(reply.url)
    # pypi.python.org took its last upload in 2017, and answers 410 Gone since then.
    if reply.status == 410 and is_deprecated(reply.url):
        return exceptions.UploadToDeprecatedPyPIDetected.from_args(
            url, PYPI.upload_url, TESTPYPI.upload_url
        )
    if reply.status == 405 and is_at_pypi(reply.url):
        return exceptions.InvalidPyPIUploadURL(
            f"`{url}` does not take uploads.",
            hint=f"PyPI does at `{PYPI.upload_url}`, TestPyPI at "
            f"`{TESTPYPI.upload_url}`.",
        )
    return None


def describe_refusal(
    reply: Reply,
    verdict: Verdict = Refused(),  # noqa: B008 - it is frozen
    *,
    verbose: bool = False,
    hint: str | None = None,
) -> UploadError:
    """Return what went wrong, the index's own words included.

    If no hint is given, there is one that fits an upload.
    """
    headline = headline_of(reply)
    if isinstance(verdict, Ambiguous):
        headline = f"{headline}, {verdict.oddity.value}."
    most = None if verbose else MAX_MESSAGE_LENGTH
    said = find_message(reply.body, reply.content_type, reply.reason, most=most)
    return UploadError(
        headline=headline,
        # PyPI (warehouse, `_exc_with_message`) puts its message into the reason phrase
        # as well; HTTP/2 has none (RFC 9113, 8.3.2), so that the body is read, too.
        server_message="" if said in reply.reason else said,
        hint=_hint(reply, verdict, said) if hint is None else hint,
    )


def headline_of(reply: Reply) -> str:
    """Return status, reason and URL of an answer."""
    status = f"{reply.status} {single_line(reply.reason)}".strip()
    return f"{status} from {sanitize_url(reply.url)}"


def _hint(reply: Reply, verdict: Verdict, said: str) -> str:
    match verdict:
        case Ambiguous(Oddity.LOGIN):
            return "Check the URL, and whether the password or token is still valid."
        case Ambiguous(Oddity.ERROR):
            return ""
        case Ambiguous():
            return "Check the URL: is it the one that takes uploads?"
        case _:
            return hint_for(reply, said)
