"""Which files an index has: its simple API, JSON (PEP 691) or HTML (PEP 503)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html.parser
import json
import re
import urllib.parse
from typing import TYPE_CHECKING

from ..config.known_indexes import is_of_known_simple_api
from ..terminal.redaction import sanitize_url
from . import pages
from .response import Reply, absolute_location

if TYPE_CHECKING:
    import requests

    from .retry import RetryPolicy

ACCEPT = (
    "application/vnd.pypi.simple.v1+json, "
    "application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
)

# `Links for NAME`, or more words than that: a project without files is known by it.
_TITLE = re.compile(r"<(?:title|h1)\b[^<>]*>[^<]*\blinks for\b", re.IGNORECASE)
# PEP 700: at most six digits.
_FRACTION = re.compile(r"\.[0-9]{1,6}")
# What projects have on PyPI, old formats included.
_DISTRIBUTIONS = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".egg", ".exe")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What JSON of another shape leads to.
_OTHER_SHAPE = (TypeError, KeyError, AttributeError, RecursionError)
_NO_PROJECT_PAGE = "answered with what is not a project page of a simple API"


class LoginRequired(ValueError):
    """The index wants a log-in before it tells what it has."""


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """The files of one project.

    Args:
        files: SHA-256 digests (hexadecimal) by file name; ``None`` where the index
            tells none.
        uploaded: When files were uploaded, by file name, where the index tells it
            (PEP 700).
        status: The project's status (PEP 792).
        exists: Whether the index knows the project at all; not with a 404, which may
            also mean that the simple API is elsewhere.
    """

    files: dict[str, str | None]
    uploaded: dict[str, dt.datetime] = dataclasses.field(default_factory=dict)
    status: str = "active"
    exists: bool = True


def parse_listing(text: str, content_type: str) -> Listing:
    """Read a project's page.

    Raises:
        ValueError: It is no page of a simple API; the message follows its URL.
    """
    if "json" in content_type:
        return _parse_json(text)
    if "html" in content_type:
        return _parse_html(text, is_certain="vnd.pypi.simple" in content_type)
    raise ValueError(f"answered with `{content_type}`, not the type of a project page")


def _parse_json(text: str) -> Listing:
    try:
        data = json.loads(text)
        _check_version((data.get("meta") or {}).get("api-version"))
        files = {str(file["filename"]): file for file in data["files"]}
        # PEP 691 requires `hashes`, which may be empty.
        digests = {
            n: _digest(f.get("hashes", {}).get("sha256")) for n, f in files.items()
        }
        times = {name: _time(file.get("upload-time")) for name, file in files.items()}
        status = (data.get("project-status") or {}).get("status")
    except (*_OTHER_SHAPE, json.JSONDecodeError) as exc:
        raise ValueError(_NO_PROJECT_PAGE) from exc
    return Listing(
        files=digests,
        uploaded={name: time for name, time in times.items() if time is not None},
        status=status if isinstance(status, str) else "active",
    )


def _check_version(version: object) -> None:
    """Insist on a version of the API that is understood, if one is told (PEP 629).

    Raises:
        ValueError: It is another.
    """
    if version is not None and str(version).partition(".")[0] != "1":
        raise ValueError(f"is of version `{version}`, and only 1 is understood")


def _digest(text: object) -> str | None:
    """Return a SHA-256 digest; nothing if it cannot be one."""
    found = re.fullmatch(r"[0-9a-fA-F]{64}", str(text))
    return found[0].lower() if found else None


def _time(text: object) -> dt.datetime | None:
    """Return an upload time: ISO 8601 in UTC, which ends in ``Z``."""
    # Python 3.10 knows neither the `Z` nor fractions of any number of digits.
    exact = _FRACTION.sub(lambda found: f"{found[0]:0<7}", str(text), count=1)
    try:
        time = dt.datetime.fromisoformat(exact.replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo else None


def _parse_html(text: str, *, is_certain: bool) -> Listing:
    links = _LinkParser()
    try:
        links.feed(text)
        links.close()
    except AssertionError as exc:  # markup that Python's parser trips over
        raise ValueError(_NO_PROJECT_PAGE) from exc
    _check_version(links.meta.get("pypi:repository-version"))
    is_certain = is_certain or bool(links.meta) or bool(_TITLE.search(text))
    if not (is_certain or any(name.endswith(_DISTRIBUTIONS) for name in links.files)):
        if pages.asks_for_login(text):
            raise LoginRequired("answered with a page to log in at")
        raise ValueError("answered with a web page that lists no distributions")
    return Listing(
        links.files, status=links.meta.get("pypi:project-status") or "active"
    )


class _LinkParser(html.parser.HTMLParser):
    """Collect the files that a page links to: the last part of each URL's path.

    What it tells of itself is in ``<meta>`` elements (PEP 629, PEP 792).
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.files: dict[str, str | None] = {}
        self.meta: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        about = values.get("name") or ""
        if tag == "meta" and about.startswith("pypi:"):
            self.meta[about] = values.get("content")
        target = values.get("href") if tag == "a" else None
        if not target:
            return
        path, _, fragment = target.partition("#")
        name = urllib.parse.unquote(path.partition("?")[0].rpartition("/")[2])
        kind, _, digest = fragment.partition("&")[0].partition("=")
        if name:
            self.files[name] = _digest(digest) if kind == "sha256" else None


def fetch_listing(
    session: requests.Session, policy: RetryPolicy, simple_url: str, name: str
) -> Listing:
    """Ask an index which files of a project it has.

    Args:
        session: What to ask with.
        policy: How patient to be.
        simple_url: The root of its simple API.
        name: The project, in any spelling.

    Raises:
        requests.RequestException: The index could not be asked.
        LoginRequired: It asks for credentials, or for others.
        ValueError: It answered something else than a listing.
    """
    from packaging.utils import canonicalize_name

    url = f"{simple_url}{canonicalize_name(name)}/"
    # What was true a minute ago is of no use when the question is what has landed.
    headers = {"Accept": ACCEPT, "Cache-Control": "max-age=0"}
    response = policy.persist(lambda: session.get(url, headers=headers))
    reply = Reply.from_response(response)
    target = _redirect_target(reply)
    # pypiserver and GitLab send on to PyPI, unless told not to, what they do not have.
    if reply.status == 404 or is_of_known_simple_api(target):
        return Listing({}, exists=False)
    if reply.status == 200:
        try:
            return parse_listing(reply.body, reply.content_type.lower())
        except ValueError as exc:
            raise type(exc)(f"`{url}` {exc}") from exc
    # 203 is what Azure Artifacts sends with its page to log in at, and 511 comes from
    # a network that wants a log-in (RFC 6585).
    if reply.status in {203, 401, 403, 511} or pages.is_login_redirect(url, target):
        raise LoginRequired(f"`{url}` {_describe_answer(reply.status, target)}")
    raise ValueError(f"`{url}` {_describe_answer(reply.status, target)}")


def _redirect_target(reply: Reply) -> str:
    """Return where an answer redirects to; empty if it does not."""
    if reply.status not in _REDIRECTS or not reply.location:
        return ""
    return absolute_location(reply.url, reply.location)


def _describe_answer(status: int, target: str) -> str:
    """Return the status of an answer without a page, and where it redirects to."""
    if not target:
        return f"answered {status}"
    shown = re.split("[?#]", sanitize_url(target))[0]  # a query may hold a token
    return (
        f"answered {status} and redirects to `{shown}`; redirects are not followed, so "
        "give the URL of the index there"
    )
