"""Web pages in place of an answer, and which of them ask for a log-in. Pure."""

from __future__ import annotations

import re

from ..terminal.text import single_line
from .server_message import (
    MAX_MESSAGE_LENGTH,
    MAX_PARSED,
    find_message,
    parse_page,
)

_HTML = frozenset({"text/html", "application/xhtml+xml"})
# What small servers say when all is well, though they say it as a page.
_ALL_IS_WELL = re.compile(
    r"(?:2\d\d )?(?:ok|created|accepted|success|done|uploaded)?[.!]?", re.IGNORECASE
)
# A page with one of these may show more than its text.
_ACTIVE = re.compile(
    r"<(?:script|form|input|i?frame|object|embed)\b|<meta\b[^<>]*\brefresh\b",
    re.IGNORECASE,
)
# Also the form in which a browser carries SAML from one site to the next.
_LOGIN_FIELD = re.compile(
    r"<input\b[^<>]*?(?:\btype\s*=\s*[\"']?password"
    r"|\bname\s*=\s*[\"']?SAML(?:Request|Response)\b)",
    re.IGNORECASE,
)
_LEADS_TO = re.compile(
    r"(?:<form\b[^<>]{0,1000}?\baction\s*=|\brefresh\b[^<>]{0,100}?\burl\s*="
    r"|\blocation(?:\.href)?\s*=|\blocation\.(?:replace|assign)\()"
    r"\s*[\"']?([^\"'\s<>]+)",
    re.IGNORECASE,
)
_LOGIN_URL = re.compile(
    r"(?<![a-z])(?:log[-_]?[io]n|sign[-_]?[io]n|sso|saml2?|oauth2?|openid|oidc|adfs|idp"
    r"|auth|authorize|authenticate|accounts?(?=\.))(?![a-z])",
    re.IGNORECASE,
)
_LOGIN_TITLE = re.compile(
    r"\b(?:sign|log)[ -]?[io]n\b|\bsingle sign|\bsso\b|\bauthenticat", re.IGNORECASE
)
# Stricter, since many a page has a link that says "Log in".
_LOGIN_WORDS = re.compile(
    r"\b(?:please|must|need to|have to) (?:sign|log)[ -]?[io]n\b"
    r"|\b(?:sign|log)[ -]?[io]n (?:to|with|using|again|required)\b"
    r"|\bsingle sign[ -]?on\b|\bauthentication (?:is )?required\b"
    r"|\bsession (?:has )?(?:expired|timed out)\b",
    re.IGNORECASE,
)
_SHORT = 40  # characters


def is_page(body: str, content_type: str) -> bool:
    """Return whether a body is a web page that says more than that all is well.

    A page need not claim to be one.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if not (kind in _HTML or body.lstrip().startswith("<")):
        return False
    if len(body) > MAX_PARSED or _ACTIVE.search(body):
        return True
    return _ALL_IS_WELL.fullmatch(find_message(body, content_type, "")) is None


def asks_for_login(page: str) -> bool:
    """Return whether a web page wants a person to log in, there or elsewhere."""
    title, text = parse_page(page)
    said = single_line(text)[:MAX_MESSAGE_LENGTH]
    return bool(
        _LOGIN_FIELD.search(page)
        or any(map(is_login_url, _LEADS_TO.findall(page[:MAX_PARSED])))
        or _LOGIN_TITLE.search(title)
        or _LOGIN_WORDS.search(said)
        or (len(said) <= _SHORT and _LOGIN_TITLE.search(said))
    )


def is_login_redirect(url: str, target: str) -> bool:
    """Return whether a redirect leads to a URL to log in at, and not from one."""
    return is_login_url(target) and not is_login_url(url)


def is_login_url(url: str) -> bool:
    """Return whether a URL, or its path alone, looks like one to log in at."""
    return _LOGIN_URL.search(re.split("[?#]", url)[0]) is not None
