"""Who a request says it comes from: forms of ``session.auth``."""

from __future__ import annotations

import requests.auth


class NoCredentials(requests.auth.AuthBase):
    """Send no credentials, not even those that ``.netrc`` has for the host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request


def basic_auth(username: str, password: str) -> tuple[str, str] | tuple[bytes, bytes]:
    """Return credentials as :mod:`requests` takes them, whatever is in them.

    It sends text as Latin-1 and fails on anything else; bytes it sends as they are,
    and UTF-8 is what a server will guess.
    """
    try:
        f"{username}{password}".encode("latin-1")
    except UnicodeEncodeError:
        return username.encode(), password.encode()
    return username, password


def set_credentials(
    session: requests.Session, username: str | None, password: str | None
) -> None:
    """Let a session send credentials with every request, if there are any."""
    if username or password:
        # Bytes work as well as text; the type stubs know only text.
        session.auth = basic_auth(username or "", password or "")  # type: ignore[assignment]
