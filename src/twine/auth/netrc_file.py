"""The file in which other clients keep passwords by host: ``~/.netrc``."""

from __future__ import annotations

import logging
import netrc
import os

from ..config.known_indexes import host_of

logger = logging.getLogger(__name__)

# As for requests: the second is the name on Windows.
_NAMES = ("~/.netrc", "~/_netrc")


def read_login(url: str) -> tuple[str | None, str | None]:
    """Return user name and password for the host of a URL.

    The entry ``default`` is for any host, and therefore for none here: what an index
    is sent must have been meant for it.
    """
    given = os.environ.get("NETRC")
    paths = map(os.path.expanduser, [given] if given else _NAMES)
    path = next(filter(os.path.isfile, paths), None)
    if path is None:
        return None, None
    try:
        hosts = netrc.netrc(path).hosts
    except (OSError, UnicodeDecodeError):
        logger.warning("`%s` cannot be read.", path)
        return None, None
    except netrc.NetrcParseError as exc:  # its text quotes the file
        logger.warning("`%s` is malformed in line %s.", path, exc.lineno)
        return None, None
    username, _, password = hosts.get(host_of(url), ("", None, None))
    return (username or None, password) if password else (None, None)
