"""How a secret may look when somebody echoes it. Pure."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from collections.abc import Iterator


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
