"""What PyPI demands of e-mail addresses and URLs. Pure."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterator

from .model import FileRule, Severity, Subject, rule
from .sent import CORE_METADATA, project_urls, show, value

_PROJECT_URLS = "https://packaging.python.org/guides/writing-pyproject-toml/#writing-pyproject-toml-urls"
_LONGEST_LABEL = 32
_HIGHEST_PORT = 65535
# A URL taken apart as PyPI's library does it: loosely, and up to a backslash.
_URL = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(?://(?P<authority>[^\\/?#]*))?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?"
)
# It sees a port of at most five digits, after a host of harmless characters, and
# overlooks a line break at the end.
_HARMLESS = r"(?:[A-Za-z0-9._~\-!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_PORT = re.compile(
    rf"(?:(?:{_HARMLESS}|:)+@)?(?:{_HARMLESS}*|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{{1,5}})\n?"
)


@rule(
    "email-address",
    Severity.ERROR,
    gist="email address",
    hint="Correct the address, or leave it out.",
    link=CORE_METADATA + "#author-email",
    requires="email-validator",
)
def email_address(subject: Subject) -> Iterator[str]:
    """An e-mail address could exist in the public internet.

    ``me``, ``Jo Doe`` and ``jo at example.org`` are no addresses; ``jo@localhost``,
    ``jo@box.local`` and ``jo@192.168.0.1`` reach nobody. PyPI looks at a field with
    one address only, so a list of several passes whatever is in it.
    """
    import email_validator

    for field, header in (
        ("author_email", "Author-email"),
        ("maintainer_email", "Maintainer-email"),
    ):
        address = only_address(value(subject, field))
        if not address:
            continue
        try:
            email_validator.validate_email(address, check_deliverability=False)
        except Exception as exc:  # noqa: BLE001 - whatever it is, PyPI would refuse
            reason = " ".join(str(exc).split()).rstrip(".")
            yield f"`{header}` {show(address)} is not an e-mail address: {reason}."


def only_address(text: str) -> str:
    """Return the address of a field; empty if it holds none, or several.

    Args:
        text: The field: ``Jo Doe <jo@example.org>``, for example.
    """
    if getattr(email.utils, "supports_strict_parsing", False):
        return email.utils.parseaddr(text)[1]
    # Older Pythons return the first of several, where PyPI's Python returns none.
    found = email.utils.getaddresses([text])
    if len(found) != 1 or "[" in found[0][1] or not _balanced(text):
        return ""
    return found[0][1]


def _balanced(text: str) -> bool:
    """Return whether the parentheses outside of quoted text are in pairs."""
    depth = 0
    for character in re.sub(r'\\.|"(?:\\.|[^"\\])*"', "", text):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


@rule(
    "project-url-label",
    Severity.ERROR,
    gist="Must have a label",
    hint="Give every URL a label of 1 to 32 characters in `[project.urls]`.",
    link=_PROJECT_URLS,
)
def project_url_label(subject: Subject) -> Iterator[str]:
    """A project URL has a label of at most 32 characters.

    Write ``Documentation = "https://docs.example.org"`` in ``[project.urls]``, which
    becomes ``Project-URL: Documentation, https://docs.example.org``. The label is
    what stands before the first comma.
    """
    for label, url in project_urls(subject):
        if not label:
            yield f"{_call('', url)} has no label."
        elif len(label) > _LONGEST_LABEL:
            yield (
                f"The label {show(label)} of a project URL has {len(label)} "
                f"characters, {_LONGEST_LABEL} are allowed."
            )


@rule(
    "project-url",
    Severity.ERROR,
    gist="is not a valid url",
    hint="Write the whole address, from `https://` on, in `[project.urls]`.",
    link=_PROJECT_URLS,
)
def project_url(subject: Subject) -> Iterator[str]:
    """A project URL is an http or https address.

    ``Source, github.com/jo/tool`` lacks ``https://``; ``Chat, irc://example.org`` and
    ``Source, git+https://example.org/x`` have the wrong one, and brackets in a path
    must be written ``%5B`` and ``%5D``. A URL without a label (and so without a
    comma) counts as a label without a URL.
    """
    for label, url in project_urls(subject):
        if reason := url_fault(url):
            yield f"{_call(label, url)} {reason}."


def _call(label: str, url: str) -> str:
    """Return how a message calls a project URL, by what there is of it."""
    if not (label or url):
        return "A project URL"
    shown = f" {show(url)}" if url else ""
    labelled = f" labelled {show(label)}" if label else ""
    return f"The project URL{shown}{labelled}"


@rule(
    "home-page",
    Severity.ERROR,
    gist="is not a valid url",
    hint="Write the whole address, from `https://` on, or leave it out.",
    link=CORE_METADATA + "#home-page-deprecated",
)
def home_page(subject: Subject) -> Iterator[str]:
    """The home page is an http or https address.

    ``example.org/tool`` lacks ``https://``. The field is out of date: ``Homepage`` in
    ``[project.urls]`` takes its place.
    """
    url = value(subject, "home_page")
    if url and (reason := url_fault(url)):
        yield f"`Home-page` {show(url)} {reason}."


@rule(
    "download-url",
    Severity.ERROR,
    gist="is not a valid url",
    hint="Write the whole address, from `https://` on, or leave it out.",
    link=CORE_METADATA + "#download-url-deprecated",
)
def download_url(subject: Subject) -> Iterator[str]:
    """The download URL is an http or https address.

    ``ftp://example.org/tool.tar.gz`` is refused. The field is out of date:
    ``Download`` in ``[project.urls]`` takes its place, if anything has to.
    """
    url = value(subject, "download_url")
    if url and (reason := url_fault(url)):
        yield f"`Download-URL` {show(url)} {reason}."


def url_fault(url: str) -> str:
    """Return what PyPI dislikes about a URL; empty if it takes it.

    Args:
        url: The URL.
    """
    found = _URL.match(url)
    if not url or found is None:
        return "has no address"
    if found["scheme"] is None:
        return "does not start with `https://`"
    if found["scheme"].lower() not in {"http", "https"}:
        return f"has the scheme `{found['scheme']}`, not `https`"
    for part in ("path", "query"):
        if re.search(r"[][]", found[part] or ""):
            return f"has a bracket in its {part}"
    port = _PORT.fullmatch(found["authority"] or "")
    if port and int(port["port"]) > _HIGHEST_PORT:
        return f"has the port `{port['port']}`, and {_HIGHEST_PORT} is the last one"
    return ""


RULES: tuple[FileRule, ...] = (
    email_address,
    project_url_label,
    project_url,
    home_page,
    download_url,
)
