"""Which parts of a text are secret, and how a secret may look. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

MASK = "********"
# A shorter secret would also mask innocent words of every message.
SHORTEST_SECRET = 6
# Tokens of PyPI (a macaroon of version 2 in Base64 begins so), GitHub and GitLab.
_TOKEN = re.compile(
    r"(?:pypi-AgE|gh[opsru]_|github_pat_|glpat-)[\w-]{7,}", flags=re.ASCII
)
# Among arguments shorter ones are masked, too, which were cut or changed, but no file:
# `pypi-attestations-0.0.27.tar.gz`.
_TOKEN_LIKE = re.compile(r"pypi-[\w-]{10,}(\.\w)?", flags=re.ASCII)
# `-p`, and what may have been meant for it or invented: `--passwd`, `--api-token`.
# Texts copied from a web page may have dashes instead of hyphens.
_SECRET_OPTION = re.compile(
    r"(?!--keyring$)"  # whose value is a mode
    r"[-\u2013\u2014]+(?:p|pa|pas|.*(?:pass|pw|tok|secret|key|auth|cred).*)",
    re.IGNORECASE,
)
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


def mask_tokens(text: str) -> str:
    """Return a text with everything masked that is surely an API token."""
    return _TOKEN.sub(MASK, text)


def mask_argument(text: str) -> str:
    """Return an argument of a command line, or a text that quotes some, without tokens.

    It masks more than :func:`mask_tokens`: few names of projects and indexes are
    expected there.
    """
    return _TOKEN_LIKE.sub(_mask_token_like, mask_tokens(text))


def _mask_token_like(found: re.Match[str]) -> str:
    is_name = found[1] or not re.search("[A-Z0-9]", found[0])
    return found[0] if is_name else MASK


def mask_index(index: str) -> str:
    """Return the name or the URL of an index as it may be shown.

    What was meant as a URL may hold a password, however it is mistyped:
    ``http:/user:password@host/``, ``user:password@host/``.
    """
    masked = sanitize_url(index)
    if masked == index and re.search(r"[:/].*@|@.*[./:]", index, re.DOTALL):
        return f"{MASK}@{index.rpartition('@')[2]}"
    return masked


def find_secret_arguments(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the arguments of a command line that stand where a password would."""
    following = itertools.chain(arguments[1:], [""])
    for argument, after in zip(arguments, following, strict=False):
        option, equals, value = argument.partition("=")
        if _SECRET_OPTION.fullmatch(option):
            yield value if equals else after
        elif argument.startswith("-p"):
            yield argument.removeprefix("-p")


def mask_usage_error(message: str, secrets: Iterable[str]) -> str:
    """Return a message about a command line without secrets.

    It quotes arguments, perhaps as :func:`repr` does.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            message = message.replace(secret, MASK)
            message = message.replace(repr(secret)[1:-1], MASK)
    message = mask_argument(message)
    return re.sub(r"(?<![^\s'\"=`])[^\s'\"=`:]*:[^\s'\"`]*@", f"{MASK}@", message)


def redact_values(data: object, redact: Callable[[str], str]) -> object:
    """Return a value for JSON, with all its texts as a function makes them."""
    match data:
        case str():
            return redact(data)
        case dict():
            return {key: redact_values(value, redact) for key, value in data.items()}
        case list():
            return [redact_values(item, redact) for item in data]
        case _:
            return data


def _mask(rest: str) -> str:
    """Return what follows a ``://`` without credentials, there or after another."""
    done = ""
    while rest:
        end = _end_of_credentials(rest)
        before, separator, after = rest[end:].partition("://")
        done += (f"{MASK}@" if end else "") + before + separator
        rest = after
    return done


def _end_of_credentials(text: str) -> int:
    """Return where the credentials at the start of a text end, 0 if there are none."""
    slash = text.find("/")
    path = len(text) if slash < 0 else slash
    # RFC 3986, section 3.2: what precedes the path holds them, up to its last `@`.
    host = text.rfind("@", 0, path) + 1
    # If no host follows, or one with a colon, what seems to be a port and a path may
    # be a password with a `/` in it, which should have been percent-encoded.
    if host == path or ":" in _ADDRESS.sub("", text[host:path]):
        return text.rfind("@") + 1
    return host


def spellings(username: str | None, password: str) -> Iterator[str]:
    """Yield every spelling of a password that a server's answer may contain."""
    # Here, since `--help` needs none of them.
    import base64
    import html
    import json
    import urllib.parse

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
