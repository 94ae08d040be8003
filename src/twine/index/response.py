"""What an index's answer means. Pure, but for the clock if it names a time to wait."""

from __future__ import annotations

import codecs
import contextlib
import dataclasses
import enum
import json
import re
import urllib.parse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..config.known_indexes import FILE_EXISTS
from .pages import asks_for_login, is_page

if TYPE_CHECKING:
    import requests


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer as far as its meaning depends on it.

    Args:
        url: The URL that answered.
        status: The status code, standard or not (499, 520).
        reason: The reason phrase; PyPI puts its whole message there.
        body: The body as text.

    The others are the headers of those names.
    """

    url: str
    status: int
    reason: str = ""
    location: str | None = None
    content_type: str = ""
    retry_after: str = ""
    body: str = ""

    @classmethod
    def from_response(cls, response: requests.Response) -> Reply:
        """Take what matters out of a response."""
        reason: str | bytes = response.reason or ""
        if isinstance(reason, bytes):
            reason = reason.decode("utf-8", "replace")
        with contextlib.suppress(UnicodeError):
            # http.client reads it as Latin-1; what is UTF-8 is so by no chance.
            reason = reason.encode("latin-1").decode()
        return cls(
            url=response.url or "",
            status=response.status_code,
            reason=reason,
            location=response.headers.get("Location"),
            content_type=response.headers.get("Content-Type", ""),
            retry_after=response.headers.get("Retry-After", ""),
            body=_text(response),
        )


def _text(response: requests.Response) -> str:
    """Return a body as text, whatever encoding it claims.

    A byte order mark (ASP.NET writes one) is stronger than the claim, as in browsers.
    A body that claims none is nearly always UTF-8; for :mod:`requests` it is Latin-1.
    """
    content = response.content or b""
    claims_charset = "charset" in response.headers.get("Content-Type", "").lower()
    if content.startswith(codecs.BOM_UTF8) or not claims_charset:
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode("utf-8-sig")
    try:
        return response.text or ""
    except (ValueError, LookupError):  # an encoding that is not for texts
        return content.decode("utf-8", "replace")


@dataclasses.dataclass(frozen=True, slots=True)
class Uploaded:
    """The index has the file now.

    Args:
        staged: Whether it holds it back until the release is published (PEP 694).
    """

    staged: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Exists:
    """The index had a file of this name already: it says so in words."""


@dataclasses.dataclass(frozen=True, slots=True)
class Redirected:
    """The index lives at another URL."""

    location: str


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """The index will not take the file.

    Args:
        maybe_exists: Whether that may be because it has one of its name.
    """

    maybe_exists: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TryAgain:
    """The request failed for now.

    Args:
        wait: For how long the index wants to be left alone, in seconds.
        in_doubt: Whether the file may have landed all the same.
    """

    wait: float | None = None
    in_doubt: bool = False


class Oddity(enum.Enum):
    """Why an answer is none that an index gives for a file that it stored."""

    PAGE = "but with a web page"
    LOGIN = "but with a page to log in at"
    ERROR = "but with an error"
    NOT_ITS_OWN = "which is not the index's own answer"


@dataclasses.dataclass(frozen=True, slots=True)
class Ambiguous:
    """A success, it says, but perhaps nothing was stored; the index has to be asked.

    Where it cannot be, a web page counts as success, and anything else does not.
    """

    oddity: Oddity


def absolute_location(url: str, location: str) -> str:
    """Return where a ``Location`` leads: it may be only a path (RFC 9110, 10.2.2)."""
    try:
        return urllib.parse.urljoin(url, location)
    except ValueError:  # for example `https://[host/`
        return location


Verdict = Uploaded | Exists | Redirected | Refused | TryAgain | Ambiguous


def classify_response(reply: Reply) -> Verdict:
    """Return what an answer to an upload means."""
    # Switching Protocols, which nobody asked for; Processing and Early Hints, after
    # which http.client does not wait for the answer itself.
    if reply.status < 200:
        return TryAgain(in_doubt=True)
    if reply.status < 300:
        oddity = _find_oddity(reply)
        return Uploaded(_is_staged(reply)) if oddity is None else Ambiguous(oddity)
    if reply.status < 400 and reply.location:
        return Redirected(reply.location)
    if reply.status in _MAY_MEAN_EXISTS | {400}:
        said = f"{reply.reason}\n{reply.body}"
        # Small servers say no more than `exists` with a 409; PyPI's other conflicts are
        # with `an existing project`.
        if FILE_EXISTS.search(said) or (
            reply.status == 409 and "exists" in said.lower()
        ):
            return Exists()
        return Refused(maybe_exists=reply.status in _MAY_MEAN_EXISTS)
    is_processed = reply.status not in _NOT_PROCESSED
    if (is_processed and reply.status < 500) or reply.status in _PERMANENT:
        return Refused()
    return TryAgain(wait=_parse_retry_after(reply.retry_after), in_doubt=is_processed)


# PyPI answers 409 for a reserved name as well, and anybody 403 for a wrong password.
_MAY_MEAN_EXISTS = frozenset({403, 409})
# Request Timeout, Too Early, Too Many Requests: these say that nothing was done.
_NOT_PROCESSED = frozenset({408, 425, 429})
# Not Implemented, HTTP Version Not Supported, Variant Also Negotiates, Not Extended,
# Network Authentication Required: these will be the same the next time.
_PERMANENT = frozenset({501, 505, 506, 510, 511})


def _find_oddity(reply: Reply) -> Oddity | None:
    """Return what is odd about an answer that says success."""
    # Non-Authoritative Information; Azure Artifacts sends it with its page to log in.
    oddity = Oddity.NOT_ITS_OWN if reply.status == 203 else None
    try:
        if _describes_error(json.loads(reply.body, strict=False)):
            return Oddity.ERROR
    except (ValueError, RecursionError):
        if is_page(reply.body, reply.content_type):
            if asks_for_login(reply.body):
                return Oddity.LOGIN
            return oddity or Oddity.PAGE
    return oddity


def _is_staged(reply: Reply) -> bool:
    """Return whether a success speaks of a session that is not published yet.

    PEP 694, a draft, lets an index answer the form of an upload so.
    """
    try:
        data = json.loads(reply.body, strict=False)
    except (ValueError, RecursionError):
        return False
    match data:
        case {"links": dict(), "status": str(status)}:
            return status.lower() != "published"
        case _:
            return False


def _describes_error(data: object) -> bool:
    """Return whether a JSON value speaks of an error."""
    if not isinstance(data, Mapping):
        return False
    if data.get("error") or data.get("errors"):
        return True
    if "false" in {str(data.get(key)).lower() for key in ("success", "ok")}:
        return True
    return any(map(_is_error_code, (data.get(key) for key in _CODES)))


_CODES = ("code", "status", "statusCode", "status_code")
_BAD_CODE = re.compile(r"[45]\d\d(?![\w.-])|(?:error|fail(?:ed|ure)?)\Z", re.IGNORECASE)


def _is_error_code(code: object) -> bool:
    """Return whether a status in JSON is one of an error."""
    if isinstance(code, int | float):
        return code >= 400
    if isinstance(code, str):
        return _BAD_CODE.match(code) is not None
    return _describes_error(code)


def _parse_retry_after(asked: str) -> float | None:
    """Return what ``Retry-After`` asks for, in seconds (RFC 9110, 10.2.3)."""
    import urllib3

    try:
        return float(urllib3.util.Retry().parse_retry_after(asked))
    except (ValueError, OverflowError, urllib3.exceptions.InvalidHeader):
        return None
