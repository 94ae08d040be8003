"""What an index's answer means, and what it says in its own words. Pure."""

from __future__ import annotations

import contextlib
import dataclasses
import html.parser
import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from . import exceptions
from .config import (
    PYPI,
    TESTPYPI,
    find_known_index,
    is_at_pypi,
    is_deprecated,
    sanitize_url,
)

if TYPE_CHECKING:
    import requests

# What a person can take in at a glance; `--verbose` shows all of it.
MOST_WORDS = 1000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer as far as its meaning depends on it.

    Args:
        url: The URL that answered.
        status: The status code, standard or not (499, 520).
        reason: The reason phrase; PyPI puts its whole message there.
        location: The ``Location`` header.
        content_type: The ``Content-Type`` header.
        body: The body as text.
    """

    url: str
    status: int
    reason: str = ""
    location: str | None = None
    content_type: str = ""
    body: str = ""

    @classmethod
    def from_response(cls, response: requests.Response) -> Reply:
        """Take what matters out of a response."""
        reason: str | bytes | None = response.reason
        if isinstance(reason, bytes):
            reason = reason.decode("utf-8", "replace")
        return cls(
            url=response.url or "",
            status=response.status_code,
            reason=reason or "",
            location=response.headers.get("Location"),
            content_type=response.headers.get("Content-Type", ""),
            body=_text(response),
        )


def _text(response: requests.Response) -> str:
    """Return a body as text, whatever encoding it claims."""
    try:
        return response.text or ""
    except (ValueError, LookupError):  # an encoding that is not for texts
        return response.content.decode("utf-8", "replace")


@dataclasses.dataclass(frozen=True, slots=True)
class Uploaded:
    """The index has the file now."""


@dataclasses.dataclass(frozen=True, slots=True)
class Exists:
    """The index had a file of this name already."""


@dataclasses.dataclass(frozen=True, slots=True)
class Redirected:
    """The index lives at another URL."""

    location: str


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """The index will not take the file."""


@dataclasses.dataclass(frozen=True, slots=True)
class TryAgain:
    """The index could not take the file now."""


Verdict = Uploaded | Exists | Redirected | Refused | TryAgain


def judge(reply: Reply) -> Verdict:
    """Return what an answer to an upload means."""
    if 200 <= reply.status < 300:
        return Uploaded()
    if 300 <= reply.status < 400 and reply.location:
        return Redirected(reply.location)
    if reply.status == 409 or (reply.status == 400 and _says_exists(reply)):
        return Exists()
    if reply.status >= 500:
        return TryAgain()
    return Refused()


def _says_exists(reply: Reply) -> bool:
    return "already exist" in f"{reply.reason}\n{reply.body}".lower()


def check_status_code(response: requests.Response, verbose: bool) -> None:
    """Raise unless the index accepted the request.

    Args:
        response: What the index answered.
        verbose: Whether to quote the index in full.

    Raises:
        RedirectDetected: The index lives elsewhere.
        UploadToDeprecatedPyPIDetected: The host takes no uploads any more (410).
        InvalidPyPIUploadURL: The host is PyPI's, the URL is not for uploads (405).
        requests.HTTPError: The index refused, or failed.
    """
    reply = Reply.from_response(response)
    verdict = judge(reply)
    match verdict:
        case Uploaded():
            return
        case Redirected(location):
            raise exceptions.RedirectDetected.from_args(
                sanitize_url(reply.url), sanitize_url(_absolute(reply.url, location))
            )
        case Exists() | Refused() | TryAgain():
            raise _error(reply, response, verbose)


def _absolute(url: str, location: str) -> str:
    """Return where a ``Location`` leads: it may be only a path (RFC 9110)."""
    try:
        return urllib.parse.urljoin(url, location)
    except ValueError:
        return location


def _error(reply: Reply, response: requests.Response, verbose: bool) -> Exception:
    if reply.status == 410 and is_deprecated(reply.url):
        return exceptions.UploadToDeprecatedPyPIDetected.from_args(
            sanitize_url(reply.url), PYPI.upload_url, TESTPYPI.upload_url
        )
    if reply.status == 405 and is_at_pypi(reply.url):
        return exceptions.InvalidPyPIUploadURL(
            f"`{sanitize_url(reply.url)}` does not take uploads.",
            hint=f"PyPI does at `{PYPI.upload_url}`, TestPyPI at "
            f"`{TESTPYPI.upload_url}`.",
        )
    import requests

    return requests.HTTPError(explain(reply, verbose=verbose), response=response)


def explain(reply: Reply, *, verbose: bool = False, hint: str | None = None) -> str:
    """Return what went wrong, the index's own words included.

    Args:
        reply: An answer that is not a success.
        verbose: Whether to quote the index in full.
        hint: What to do about it; one that fits an upload if not given.
    """
    status = f"{reply.status} {reply.reason}".strip()
    lines = [f"{status} from {sanitize_url(reply.url)}"]
    said = words(reply, most=None if verbose else MOST_WORDS)
    if said and said not in reply.reason:
        lines.append(f"The server says: {said}")
    if hint := _hint(reply) if hint is None else hint:
        lines.append(hint)
    return "\n".join(lines)


def _hint(reply: Reply) -> str:
    if 300 <= reply.status < 400:
        return "This is a redirect that does not say where to: check the URL."
    if reply.status == 403 and find_known_index(reply.url):
        return (
            "Use the user name `__token__` and an API token as the password, whole "
            "with its `pypi-`, made for this index and allowed for this project."
        )
    if reply.status in {401, 403}:
        return "Check the user name and the password."
    if reply.status in {404, 405}:
        return "Check the URL: is it the one that takes uploads?"
    return ""


def words(reply: Reply, *, most: int | None = MOST_WORDS) -> str:
    """Return the sentence in which an index explains itself, or nothing.

    JSON is looked through for the fields that indexes put their message in, HTML is
    reduced to its text.

    Args:
        reply: Any answer.
        most: Characters after which the text is cut; ``None`` for all of it.
    """
    kind = reply.content_type.partition(";")[0].strip().lower()
    body = reply.body.strip()
    if kind.endswith("json") or body[:1] in {"{", "["}:
        text = _words_of_json(body, reply.reason)
    elif kind.endswith(("html", "xml")) or body[:1] == "<":
        text = _words_of_html(body)
    else:
        text = body
    text = re.sub(r"\s+", " ", text).strip()
    return text if most is None or len(text) <= most else f"{text[:most]} [...]"


def _words_of_json(body: str, reason: str) -> str:
    try:
        data = json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return body
    said = " ".join(dict.fromkeys(_messages(data, reason)))
    return said or ("" if reason and reason in body else body)


# In order: PyPI's `code` holds its whole message, `message` only a generic one;
# `detail` and `title` are RFC 9457; the others are common among private indexes.
_MESSAGE_KEYS = ("code", "detail", "message", "description", "error", "title")
_DEEPEST = 4


def _messages(data: object, reason: str, depth: int = 0) -> Iterator[str]:
    """Yield what a JSON value says, beyond the reason phrase.

    Of each object that is the most telling key, and every item of ``errors``.
    """
    if depth > _DEEPEST:
        return
    if isinstance(data, str):
        message = re.sub(r"^\d{3} ", "", data.strip())
        if message and message != reason:
            yield message
    elif isinstance(data, list):
        for item in data:
            yield from _messages(item, reason, depth + 1)
    elif isinstance(data, Mapping):
        for key in _MESSAGE_KEYS:
            messages = list(_messages(data.get(key), reason, depth + 1))
            # One word under `code` is for programs.
            if messages and not (key == "code" and " " not in messages[0]):
                yield from messages
                break
        yield from _messages(data.get("errors"), reason, depth + 1)


def _words_of_html(body: str) -> str:
    parser = _Text()
    # Python's parser trips over some markup that no browser minds.
    with contextlib.suppress(AssertionError):
        parser.feed(body)
        parser.close()
    return parser.sentence()


class _Text(html.parser.HTMLParser):
    """Collect what a reader of a page sees.

    Servers that show an error in a frame of their own words put it into ``<pre>``;
    a title is only of interest where there is nothing else.
    """

    _UNSEEN = frozenset({"head", "script", "style", "title", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._texts: dict[str, list[str]] = {"title": [], "pre": [], "body": []}

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self._UNSEEN or tag == "pre":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[self._open.index(tag) :]

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else "body"
        if inside in self._texts and data.strip():
            self._texts[inside].append(data.strip())

    def sentence(self) -> str:
        if self._texts["pre"] == ["None"]:  # bottle, the framework of pypiserver
            return ""
        for part in ("pre", "body", "title"):
            if self._texts[part]:
                return " ".join(self._texts[part])
        return ""
