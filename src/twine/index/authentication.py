"""Who a request says it comes from: forms of ``session.auth``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests.auth
from packaging.utils import canonicalize_name


class NoCredentials(requests.auth.AuthBase):
    """Send no credentials, not even those that ``.netrc`` has for the host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request


class ProjectCredentials(requests.auth.AuthBase):
    """Send the credentials of a project where it has its own.

    Args:
        own: User names and passwords by normalized project name.
        common: What authenticates all other requests.
    """

    def __init__(self, own: Mapping[str, tuple[str, str]], common: Any) -> None:
        self._own = own
        self._common = common

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Authenticate a request that is about no project."""
        request.prepare_auth(self._common)
        return request

    def choose(self, project: str) -> Any:
        """Return what authenticates a request about a project."""
        own = self._own.get(canonicalize_name(project))
        return self._common if own is None else basic_auth(*own)


def use_project_credentials(
    session: requests.Session, own: Mapping[str, tuple[str, str]]
) -> None:
    """Let a session send the credentials that were found, and no others.

    Args:
        session: A session that sends what is good for all projects.
        own: User names and passwords by normalized project name.
    """
    if own:
        session.auth = ProjectCredentials(own, session.auth)
    # All sources were asked by now: requests must not look into `.netrc` itself.
    session.auth = session.auth or NoCredentials()


def choose_auth(auth: Any, project: str) -> Any:
    """Return what authenticates a request about a project.

    Args:
        auth: The ``auth`` of a session; a program may have set its own.
        project: The name of the project.
    """
    return auth.choose(project) if isinstance(auth, ProjectCredentials) else auth


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
