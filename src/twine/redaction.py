"""Which parts of a text are secret, and how a secret may look. Pure."""

from __future__ import annotations

import base64
import html
import json
import re
import urllib.parse
from collections.abc import Iterator

MASK = "********"
# The colons in an IPv6 address are not before a password.
_ADDRESS = re.compile(r"\[[0-9A-Fa-f:.]*\]")


def sanitize_url(url: str) -> str:
    """Return the URL with its user name and password masked.

    The text is not taken apart as a URL, since what is no URL may still hold a
    password: with a ``#`` or a ``/`` in it, for instance.
    """
    scheme, separator, rest = url.partition("://")
    return f"{scheme}://{_mask(rest)}" if separator else url


def mask_urls(text: str) -> str:
    """Return a text with the user names and passwords of all its URLs masked."""
    return re.sub(r"(?<=://)\S+", lambda found: _mask(found[0]), text)


def _mask(rest: str) -> str:
    """Return what follows a ``://`` without credentials, there or after another."""
    done = ""
    start = 0
    while True:
        end = _end_of_credentials(rest, start)
        if end > start:
            done += f"{MASK}@"
        again = rest.find("://", end)
        if again < 0:
            return done + rest[end:]
        start = again + len("://")
        done += rest[end:start]


def _end_of_credentials(text: str, start: int) -> int:
    """Return where the credentials of a URL end: at their start if there are none.

    They end at the last ``@`` before the path. But if no host follows, or one with a
    colon, what seems to be a port and a path may be a password with a ``/`` in it:
    then they end at the last ``@`` of all.

    Args:
        text: The text.
        start: What follows a ``://``.
    """
    slash = text.find("/", start)
    path = len(text) if slash < 0 else slash
    host = text.rfind("@", start, path) + 1 or start
    if host == path or ":" in _ADDRESS.sub("", text[host:path]):
        return text.rfind("@", start) + 1 or start
    return host


def spellings(username: str | None, password: str) -> Iterator[str]:
    """Yield every spelling of a password that a server's answer may contain.

    Args:
        username: The user name that goes with it.
        password: The password; one read from a file may end in a newline.
    """
    for text in (password, password.strip()):
        yield text
        yield json.dumps(text)[1:-1]
        yield json.dumps(text, ensure_ascii=False)[1:-1]
        yield html.escape(text)
        yield urllib.parse.quote(text)
        yield urllib.parse.quote(text, safe="")
        yield urllib.parse.quote_plus(text)
    for encoding in ("utf-8", "latin-1"):
        pair = f"{username or ''}:{password}".encode(encoding, "replace")
        yield base64.b64encode(pair).decode()
