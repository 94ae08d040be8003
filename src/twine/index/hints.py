"""What to do about a refusal: by its words first, by its status only after that. Pure.

A hint that does not fit what the server says is worse than none.
"""

from __future__ import annotations

import re

from ..config.known_indexes import FILE_EXISTS, find_known_index
from .file_status import NAME_IS_TAKEN
from .pages import is_page
from .response import Reply

# A firewall, or another guard that stands before an index.
_GUARD = (
    r"\b(?:cloudflare|akamai|incapsula|imperva|zscaler|firewall|support id|ray id)\b"
    r"|attention required|request (?:was |has been )?(?:blocked|reject)"
    r"|to access \S+ on this server|security (?:policy|rule|service)"
)
_MAINTENANCE = r"\bread[- ]only\b|temporarily (?:disabled|unavailable)|\bmaintenance\b"
# GitLab.
_PROTECTED = r"\bpackage (?:is )?protected|protected package"
# PyPI: these sentences need nothing added.
_CLEAR = r"two[- ]factor|\b2fa\b|verified (?:primary )?email|\barchived\b|quarantine"
_BY_WORDS = {
    re.compile(pattern, re.IGNORECASE): hint
    for pattern, hint in {
        _MAINTENANCE: "Try again later.",
        FILE_EXISTS.pattern: NAME_IS_TAKEN,
        _PROTECTED: "Ask a maintainer of the project who may publish it.",
        _GUARD: "A firewall in front of the index refused this: ask those who run it.",
        _CLEAR: "",
    }.items()
}
_UNAVAILABLE = "That is a fault of the index, or of a proxy: try again later."
_BY_STATUS = {
    413: "The file is larger than this index takes.",
    502: _UNAVAILABLE,
    503: _UNAVAILABLE,
    504: _UNAVAILABLE,
}
_PERMISSION = re.compile(
    r"permission|privilege|scope|n['o]t (?:allowed|authorized|permitted)", re.IGNORECASE
)
_CREDENTIALS = re.compile(
    r"authenti|authori[sz]|credential|password|token|macaroon|\buser\b|log[ -]?in"
    r"|denied|forbidden",
    re.IGNORECASE,
)


def hint_for(reply: Reply, message: str) -> str:
    """Return what to do about a refusal, or nothing where that is not known.

    Its message is looked at, and the reason phrase.
    """
    status, url, said = reply.status, reply.url, f"{reply.reason} {message}".strip()
    if 300 <= status < 400:
        return "This is a redirect that does not say where to: check the URL."
    if 400 <= status < 500:
        for pattern, hint in _BY_WORDS.items():
            if pattern.search(said):
                return hint
    if status in {401, 403}:
        return _hint_about_credentials(reply, said)
    if status in {404, 405, 501}:
        if "/simple" in url:
            return "A URL with `/simple` is for installing: uploads have another one."
        return "Check the URL: is it the one that takes uploads?"
    if status == 400 and "not a valid" in said:
        return "The metadata needs mending: build again, and `twine check` first."
    return _BY_STATUS.get(status, "")


def _hint_about_credentials(reply: Reply, said: str) -> str:
    # A firewall that does not say so.
    if "access denied" in said.lower() and is_page(reply.body, reply.content_type):
        return ""
    permission = _PERMISSION.search(said)
    if reply.status == 403 and said and not (permission or _CREDENTIALS.search(said)):
        return ""
    if find_known_index(reply.url):
        return (
            "Use the user name `__token__`, and as the password an API token, with its "
            "`pypi-`, that was made for this index and is valid for this project."
        )
    if permission:
        return "Check that this user, or this token, may upload here."
    return "Check the user name and the password."
