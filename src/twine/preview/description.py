"""Make the HTML of a description fit for a page that loads nothing. Pure."""

from __future__ import annotations

import html
import html.parser
import re
from collections.abc import Mapping

_NOWHERE = "PyPI has the text of the README, and not the files beside it."
_NO_ADDRESS = "The renderer of PyPI removes addresses other than https and http."
_REL = "nofollow noopener noreferrer"
# What a screen reader says: `- [ ]` of Markdown, and `.. contents::` of docutils.
_LABELS = {"input": "Task", "nav": "Contents of the description"}
# The page has a title, and the description one of its own.
_LEVELS_ABOVE = 2


def prepare_description(text: str, *, images: bool) -> str:
    """Return the HTML of a description, for a page that loads nothing.

    Images become links, and what is relative, and so leads nowhere on PyPI, is marked.

    Args:
        text: What readme-renderer made.
        images: Whether images with a server stay images.
    """
    writer = _Writer(images=images)
    writer.feed(text)
    writer.close()
    return "".join(writer.parts)


class _Writer(html.parser.HTMLParser):
    """Write HTML anew; readme-renderer's has no scripts and no open tags (nh3)."""

    def __init__(self, *, images: bool) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._images = images
        self._is_in_link = False

    def handle_data(self, data: str) -> None:
        self.parts.append(html.escape(data, quote=False))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        match tag:
            case "a":
                self._is_in_link = True
                self.parts.append(_tag("a", _link(values)))
            case "img":
                self.parts.append(self._image(values))
            case "table":
                self.parts += [_tag("div", {"class": "scroll"}), _tag("table", values)]
            case _:
                label = {"aria-label": _LABELS[tag]} if tag in _LABELS else {}
                self.parts.append(_tag(_below_title(tag), {**values, **label}))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._is_in_link = False
        after = "</div>" if tag == "table" else ""
        self.parts.append(f"</{_below_title(tag)}>{after}")

    def _image(self, values: Mapping[str, str]) -> str:
        source = values.get("src", "")
        target = _target(source)
        if target[:4].lower() != "http":
            marked = _mark("image", _NOWHERE if source else _NO_ADDRESS)
            start, end = _tag("span", {"class": "image", **marked}), "</span>"
        elif self._images:
            return _tag("img", {**values, "src": target})
        elif self._is_in_link:  # HTML has no links within links
            start, end = _tag("span", {"class": "image"}), "</span>"
        else:
            start = _tag("a", {"class": "image", "href": target, "rel": _REL})
            end = "</a>"
        words = values.get("alt", "")
        if words in {"", source}:  # docutils gives an image its address for a text
            words = "without text"
        shown = f"Image: {html.escape(words)} <small>{html.escape(source)}</small>"
        return f"{start}{shown}{end}"


def _tag(name: str, values: Mapping[str, str]) -> str:
    attributes = (f' {key}="{html.escape(value)}"' for key, value in values.items())
    return f"<{name}{''.join(attributes)}>"


def _below_title(tag: str) -> str:
    """Return the tag for a heading that stands below those of the page."""
    if not re.fullmatch("h[1-6]", tag):
        return tag
    return f"h{min(int(tag[1]) + _LEVELS_ABOVE, 6)}"


def _link(values: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes of a link; one that leads nowhere has no address."""
    kept = {name: value for name, value in values.items() if name in {"id", "title"}}
    if "href" not in values:
        return kept
    target = _target(values["href"])
    if not target:
        return {**kept, **_mark("link", _NOWHERE)}
    return {**kept, "href": target, "rel": _REL}


def _mark(kind: str, reason: str) -> dict[str, str]:
    """Return attributes with which the style sheet marks a link or an image."""
    mark = f"relative {kind}" if reason == _NOWHERE else f"{kind} without address"
    return {"data-mark": mark, "title": reason}


def _target(url: str) -> str:
    """Return where a URL of PyPI's page leads; empty if that is nowhere."""
    # In a file, `//server/x` would name another computer's file on Windows.
    if url.startswith("//"):
        return f"https:{url}"
    return url if re.match(r"https?://|mailto:|#", url, re.IGNORECASE) else ""
