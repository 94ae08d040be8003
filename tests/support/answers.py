"""Answers of an index, as values."""

import requests

from twine.index.response import Reply

URL = "https://index.example/legacy/"


def reply(
    status: int,
    body: str = "",
    *,
    reason: str = "",
    kind: str = "text/plain",
    url: str = URL,
    location: str | None = None,
    retry_after: str = "",
) -> Reply:
    """Return what matters of an answer."""
    return Reply(
        url=url,
        status=status,
        reason=reason,
        location=location,
        content_type=kind,
        retry_after=retry_after,
        body=body,
    )


def response(
    status: int,
    content: bytes = b"",
    *,
    reason: str | bytes | None = "Reason",
    url: str = URL,
    headers: dict[str, str] | None = None,
) -> requests.Response:
    """Return what requests makes of an answer."""
    found = requests.Response()
    found.status_code = status
    found.url = url
    found.reason = reason  # type: ignore[assignment]
    found.headers.update(headers or {})
    found.encoding = requests.utils.get_encoding_from_headers(found.headers)
    found._content = content
    return found
