"""Render descriptions as PyPI does, and explain why one cannot be rendered."""

from __future__ import annotations

import contextlib
import html.parser
import importlib.metadata
import io
import re
import threading
import urllib.parse
import warnings
from collections.abc import Iterable, Mapping

from ..rules.description import MARKDOWN, RST
from ..rules.model import Rendered

LIBRARIES = ("readme-renderer", "docutils")
PLAIN = "text/plain"
# A message of docutils: `<string>:12: (WARNING/2) Title underline too short.`
_DOCUTILS = re.compile(r"^<string>:(?P<line>\d*): \((?P<level>\w+)/\d\) ")
_NOTHING = "nothing is left to show"
# Markdown that is read as reStructuredText can have hundreds.
_MOST_PROBLEMS = 20
# The HTML that readme-renderer 46.0 makes of titles, and of nothing else.
_TITLE_TAGS = frozenset({"section", "h1", "h2", "h3", "h4", "h5", "h6", "a"})
# Most pages have none of these (nh3, which cleans them, quotes each attribute), and to
# parse a page takes a tenth of the time of rendering it.
_MAY_BE_RELATIVE = re.compile(r"(?:href|src)=[\"'](?!https?://|#|mailto:)")
# docutils' roles and readme-renderer's settings belong to the process, and programs
# that call `check()` may have threads.
_LOCK = threading.Lock()


def render_description(media_type: str, text: str) -> Rendered:
    """Render a description with the libraries that PyPI renders with.

    Only reStructuredText and Markdown can fail.

    Raises:
        MemoryError: There is not enough memory.
    """
    try:
        if media_type == RST:
            return _render_rst(text)
        if media_type == MARKDOWN:
            return _render_markdown(text)
        if media_type == PLAIN:
            from readme_renderer import txt

            return Rendered(html=txt.render(text) or "")
    except MemoryError:
        raise
    except Exception as exc:  # noqa: BLE001 - docutils trips over deep nesting
        return Rendered(
            problems=(f"the renderer fails on it with {type(exc).__name__}",)
        )
    return Rendered()


def find_versions(libraries: Iterable[str] = LIBRARIES) -> dict[str, str]:
    """Return the versions of the libraries that decide whether a description renders.

    A library that was installed without its metadata is left out.
    """
    versions = {}
    for library in libraries:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[library] = importlib.metadata.version(library)
    return versions


def render_versions(versions: Mapping[str, str]) -> str:
    """Return versions as text: ``readme-renderer 46.0, docutils 0.22.4``."""
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _render_rst_html(text: str, **changes: object) -> tuple[str | None, str]:
    """Return the HTML, if there is any, and what docutils says.

    ``readme_renderer.rst.render`` takes no settings; it copies its ``SETTINGS``. For
    docutils, a role belongs to the process instead of the text that defines it
    (``.. role::``, ``.. default-role::``; docutils 0.22, ``parsers/rst/roles.py``).
    """
    from docutils.parsers.rst import roles
    from readme_renderer import rst

    stream = io.StringIO()
    mappings: list[dict[str, object]] = [getattr(roles, "_roles", {}), rst.SETTINGS]
    with _LOCK:
        copies = [mapping.copy() for mapping in mappings]
        # Without it, docutils reads `/etc/docutils.conf`, `./docutils.conf` and
        # `~/.docutils`, or what DOCUTILSCONFIG names: PyPI has none of these.
        # https://docutils.sourceforge.io/docs/user/config.html#disable-config
        rst.SETTINGS.update({"_disable_config": True, **changes})
        try:
            return rst.render(text, stream=stream), stream.getvalue()
        finally:
            for mapping, before in zip(mappings, copies, strict=True):
                mapping.clear()
                mapping.update(before)


def _render_rst(text: str) -> Rendered:
    page, messages = _render_rst_html(text)
    if page is None:
        problems = _find_problems(text, messages)
        if problems == (_NOTHING,) and _is_shown(text, doctitle_xform=False):
            return Rendered(is_title_only=True)
        return Rendered(problems=problems)
    tags = set(re.findall(r"<([a-z0-9]+)", page))
    is_title_only = tags <= _TITLE_TAGS and not _is_shown(text, doctitle_xform=True)
    return Rendered(
        relative_links=find_relative_links(page),
        is_title_only=is_title_only,
        html=page,
    )


def _is_shown(text: str, *, doctitle_xform: bool) -> bool:
    """Return whether something is shown.

    With ``doctitle_xform`` the only title becomes that of the document, which is not
    shown: so until readme-renderer 45.0, and no more since 46.0.
    """
    return _render_rst_html(text, doctitle_xform=doctitle_xform)[0] is not None


def _find_problems(text: str, messages: str) -> tuple[str, ...]:
    """Return all problems in the order of their lines.

    What docutils has said so far ends with the first one.
    """
    found = _parse_messages(messages)
    if not found:
        return (_NOTHING,)
    with contextlib.suppress(Exception):  # the first one is known in any case
        # Level 2 and above halt PyPI's renderer; there is none above 4.
        _, messages = _render_rst_html(text, halt_level=5, report_level=2)
        found = _parse_messages(messages) or found
    found.sort(key=lambda one: one[0])
    problems = tuple(dict.fromkeys(problem for _, problem in found))
    more = len(problems) - _MOST_PROBLEMS
    return problems if more <= 0 else (*problems[:-more], f"{more} more problems")


def _parse_messages(text: str) -> list[tuple[int, str]]:
    """Return docutils' messages with the numbers of their lines; 0 if not known."""
    messages: list[tuple[int, str]] = []
    for line in text.splitlines():
        found = _DOCUTILS.match(line)
        if found is not None:
            where = f"line {found['line']}: " if found["line"] else ""
            message = f"{where}{found['level'].lower()}: {line[found.end() :]}"
            messages.append((int(found["line"] or 0), message))
        elif messages:
            number, message = messages[-1]
            messages[-1] = number, f"{message}\n{line}"
    return messages


def _render_markdown(text: str) -> Rendered:
    with warnings.catch_warnings():
        # Without its Markdown library it warns, and renders nothing at all.
        warnings.simplefilter("ignore")
        from readme_renderer import markdown
    if not markdown.variants:
        return Rendered()  # nobody asks without the library; no text is blamed
    page = markdown.render(text)
    if page is None:
        return Rendered(problems=(_NOTHING,))
    return Rendered(relative_links=find_relative_links(page), html=page)


class _Links(html.parser.HTMLParser):
    """Collect the URLs of links and images."""

    _PLACES = frozenset({("a", "href"), ("img", "src")})

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if (tag, name) in self._PLACES and value and _is_relative(value):
                self.found[value] = None


def find_relative_links(page: str) -> tuple[str, ...]:
    """Return the links and images of a page that name no server, each once."""
    if not _MAY_BE_RELATIVE.search(page):
        return ()
    links = _Links()
    links.feed(page)
    links.close()
    return tuple(links.found)


def _is_relative(url: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:  # a host in brackets that is none
        return False
    return bool(parts.path) and not parts.scheme and not parts.netloc
