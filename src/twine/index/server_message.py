"""The sentence in which a server explains itself. Pure."""

from __future__ import annotations

import contextlib
import html.parser
import json
import re
from collections.abc import Iterator, Mapping

from ..terminal.text import single_line

# What a person can take in at a glance; `--verbose` shows all of it.
MAX_MESSAGE_LENGTH = 1000
# Characters of a page to look at: on some versions of Python the parser takes time
# that grows with the square of them.
MAX_PARSED = 64 * 1024


def find_message(
    body: str, content_type: str, reason: str, *, most: int | None = MAX_MESSAGE_LENGTH
) -> str:
    """Return the sentence in which an index explains itself, or nothing.

    JSON is looked through for the fields that indexes put their message in, HTML is
    reduced to its text.

    Args:
        body: The body of an answer.
        content_type: What it claims to be.
        reason: The answer's reason phrase, which need not be repeated.
        most: Characters after which the text is cut; ``None`` for all of it.
    """
    kind = content_type.partition(";")[0].strip().lower()
    body = body.strip()
    if kind.endswith("json") or body[:1] in {"{", "["}:
        text = _json_message(body, reason)
    elif kind.endswith(("html", "xml")) or body[:1] == "<":
        text = parse_page(body)[1]
    else:
        text = _INTRODUCTION.sub("", body)
    text = single_line(text)
    return text if most is None or len(text) <= most else f"{text[:most]} [...]"


# WebOb, the library of PyPI, begins with a sentence that says nothing more than the
# status does, before two empty lines; in plain text the status stands before it.
_INTRODUCTION = re.compile(r"\A(?:\d{3} [^\n]*\n\n)?[^\n]+\n\n\n+(?=\s*\S)")


def _json_message(body: str, reason: str) -> str:
    try:
        data = json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return body
    said = " ".join(dict.fromkeys(_messages(data, reason)))
    return said or ("" if reason and reason in body else body)


# In order: PyPI's `code` holds its whole message, `message` only a generic one;
# `detail` and `title` are RFC 9457; the others are common among private indexes.
_MESSAGE_KEYS = (
    "code",
    "detail",
    "message",
    "msg",
    "description",
    "error_description",
    "error",
    "title",
)
_DEEPEST = 4
_SHORTEST_SENTENCE = 4  # words


def _message(text: str) -> str:
    """Return a text without the status and the introduction that it begins with."""
    return _INTRODUCTION.sub("", re.sub(r"^\d{3} ", "", text.strip())).strip()


def _repeats(reason: str, data: object) -> bool:
    """Return whether the reason phrase is the message of a JSON object.

    PyPI puts its sentence there; up to three words may be any server's `Bad Request`.
    """
    if not isinstance(data, Mapping) or len(reason.split()) < _SHORTEST_SENTENCE:
        return False
    values = (data.get(key) for key in _MESSAGE_KEYS)
    return any(_message(value) == reason for value in values if isinstance(value, str))


def _messages(data: object, reason: str, depth: int = 0) -> Iterator[str]:
    """Yield what a JSON value says, beyond the reason phrase.

    Of each object that is the most telling key, and every item of ``errors``.
    """
    if depth > _DEEPEST or _repeats(reason, data):
        return
    if isinstance(data, str):
        message = _message(data)
        if message and message != reason:
            yield message
    elif isinstance(data, list):
        for item in data:
            yield from _messages(item, reason, depth + 1)
    elif isinstance(data, Mapping):
        for key in _MESSAGE_KEYS:
            messages = list(_messages(data.get(key), reason, depth + 1))
            # One word under `code` is for programs.
            if messages and not (key == "code" and " " not in messages[0]):
                yield from messages
                break
        else:
            # Below a message key the keys may be fields' names, as with GitLab.
            for value in data.values() if depth else ():
                yield from _messages(value, reason, depth + 1)
        yield from _messages(data.get("errors"), reason, depth + 1)


def parse_page(body: str) -> tuple[str, str]:
    """Return the title of a web page, and the text that its reader sees."""
    parser = _TextParser()
    # Python's parser trips over some markup that no browser minds.
    with contextlib.suppress(AssertionError):
        parser.feed(body[:MAX_PARSED])
        parser.close()
    return parser.text()


class _TextParser(html.parser.HTMLParser):
    """Collect what a reader of a page sees.

    Servers that show an error in a frame of their own words put it into ``<pre>``;
    a title is only of interest where there is nothing else.
    """

    _UNSEEN = frozenset({"head", "script", "style", "title", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._texts: dict[str, list[str]] = {"title": [], "pre": [], "body": []}

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self._UNSEEN or tag == "pre":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[self._open.index(tag) :]

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else "body"
        if inside in self._texts and data.strip():
            self._texts[inside].append(data.strip())

    def text(self) -> tuple[str, str]:
        title, body, pre = (
            " ".join(self._texts[part]) for part in ("title", "body", "pre")
        )
        if pre == "None":  # bottle, the framework of pypiserver
            return title, ""
        return title, pre or body or title
