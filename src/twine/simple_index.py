"""Which files an index already has: the simple API as JSON (PEP 691)."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from . import replies

if TYPE_CHECKING:
    import requests

JSON_TYPE = "application/vnd.pypi.simple.v1+json"


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """The files of one project.

    Args:
        files: SHA-256 digests (hexadecimal) by file name; ``None`` where the index
            tells none.
    """

    files: dict[str, str | None]


def parse_listing(text: str) -> Listing:
    """Read a project's page.

    Args:
        text: JSON as PEP 691 defines it.

    Raises:
        ValueError: It is something else.
    """
    try:
        found = {
            file["filename"]: file.get("hashes", {}).get("sha256")
            for file in json.loads(text)["files"]
        }
    except (TypeError, KeyError, AttributeError, RecursionError) as exc:
        raise ValueError("not a project page of a simple API") from exc
    return Listing(
        {
            name: digest if isinstance(digest, str) else None
            for name, digest in found.items()
            if isinstance(name, str)
        }
    )


def fetch_listing(session: requests.Session, simple_url: str, name: str) -> Listing:
    """Ask an index which files of a project it has.

    Args:
        session: A session that carries no credentials.
        simple_url: The root of the index's simple API.
        name: The project, in any spelling.

    Raises:
        requests.RequestException: The index could not be asked.
        ValueError: It answered something else than a listing.
    """
    from packaging.utils import canonicalize_name

    url = f"{simple_url}{canonicalize_name(name)}/"
    response = session.get(url, headers={"Accept": JSON_TYPE}, allow_redirects=False)
    if response.status_code == 404:
        return Listing({})
    if response.status_code != 200:
        raise ValueError(f"`{url}` answered {response.status_code}")
    return parse_listing(replies.Reply.from_response(response).body)
