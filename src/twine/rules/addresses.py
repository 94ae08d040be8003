"""What PyPI demands of e-mail addresses and URLs. Pure."""

from __future__ import annotations

import email.utils
import urllib.parse
from collections.abc import Iterator

from . import links
from .model import Subject, file_rule
from .values import show, value, values

# PyPI counts characters, after white space at both ends is gone.
_LONGEST_LABEL = 32


@file_rule(
    pypi_message="email address",
    hint="Correct the address, or leave it out.",
    link=links.CORE_METADATA + "#author-email",
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
        # Deliverability would be asked of the DNS, which PyPI does not do either.
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
    # `parseaddr` would do, which PyPI calls: but before Python 3.10.15, 3.11.10 and
    # 3.12.5 (CVE-2023-27043) it returns the first address of several. Of one like
    # `a@[127.0.0.1]` the newer ones return nothing.
    found = email.utils.getaddresses([text])
    return found[0][1] if len(found) == 1 and "[" not in found[0][1] else ""


@file_rule(
    pypi_message="Must have a label",
    hint="Give every URL a label of 1 to 32 characters in `[project.urls]`.",
    link=links.PROJECT_URLS,
)
def project_url_label(subject: Subject) -> Iterator[str]:
    """A project URL has a label of at most 32 characters.

    Write ``Documentation = "https://docs.example.org"`` in ``[project.urls]``, which
    becomes ``Project-URL: Documentation, https://docs.example.org``. The label is
    what stands before the first comma.
    """
    for label, url in project_urls(subject):
        if not label:
            yield f"{_describe_url('', url)} has no label."
        elif len(label) > _LONGEST_LABEL:
            yield (
                f"The label {show(label)} of a project URL has {len(label)} "
                f"characters, {_LONGEST_LABEL} are allowed."
            )


@file_rule(
    pypi_message="is not a valid url",
    hint="Write the whole address, from `https://` on, in `[project.urls]`.",
    link=links.PROJECT_URLS,
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
            yield f"{_describe_url(label, url)} {reason}."


def project_urls(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield labels and addresses; what has no comma is a label for PyPI."""
    for text in values(subject, "project_urls"):
        label, _, url = text.partition(",")
        yield label.strip(), url.strip()


def _describe_url(label: str, url: str) -> str:
    """Return how a message calls a project URL, by what there is of it."""
    if not (label or url):
        return "A project URL"
    shown = f" {show(url)}" if url else ""
    labelled = f" labelled {show(label)}" if label else ""
    return f"The project URL{shown}{labelled}"


@file_rule(
    pypi_message="is not a valid url",
    hint="Write the whole address, from `https://` on, or leave it out.",
    link=links.CORE_METADATA + "#home-page-deprecated",
)
def home_page(subject: Subject) -> Iterator[str]:
    """The home page and the download URL are http or https addresses.

    ``example.org/tool`` lacks ``https://``, and ``ftp://example.org/tool.tar.gz`` is
    refused. Both fields are out of date: ``Homepage`` and ``Download`` in
    ``[project.urls]`` take their place.
    """
    for field, header in (("home_page", "Home-page"), ("download_url", "Download-URL")):
        url = value(subject, field)
        if url and (reason := url_fault(url)):
            yield f"`{header}` {show(url)} {reason}."


def url_fault(url: str) -> str:
    """Return what PyPI dislikes about a URL; empty if it takes it.

    PyPI asks rfc3986 2.0 for the scheme, and whether host, port, path and query are
    well-formed. It wants no host.
    """
    if not url:
        return "has no address"
    try:
        parts = urllib.parse.urlsplit(url)
        # The port is parsed only now, and its range checked.
        _ = parts.port
    except ValueError as exc:
        reason = " ".join(str(exc).split()).rstrip(".")
        return f"is not valid: {reason}"
    # Python 3.10 to 3.14 strip leading spaces, which rfc3986 does not.
    if not parts.scheme or url[:1].isspace():
        return "does not start with `https://`"
    if parts.scheme not in {"http", "https"}:
        return f"has the scheme `{parts.scheme}`, not `https`"
    # RFC 3986 has brackets in hosts only; urllib takes them anywhere.
    for name in ("path", "query"):
        if set("[]") & set(getattr(parts, name)):
            return f"has a bracket in its {name}"
    return ""
