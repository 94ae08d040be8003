"""What PyPI demands of the description: that it can be rendered. Pure."""

from __future__ import annotations

import contextlib
import email.message
import functools
import re
import threading
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .model import FileRule, Severity, Subject, rule
from .sent import value

if TYPE_CHECKING:
    from docutils.nodes import Element, Node, document

_GUIDE = "https://packaging.python.org/guides/making-a-pypi-friendly-readme/"
# A message of docutils: `<string>:12: (WARNING/2) Title underline too short.`
_DOCUTILS = re.compile(r"^<string>:(?P<line>\d*): \((?P<level>\w+)/\d\) ")
NO_CONTENT_TYPE = (
    "`Description-Content-Type` is missing: the description is read as "
    "reStructuredText."
)
_NOTHING = "nothing is left to show"
# What substitutions may bring into a text altogether, counted in elements. Real ones
# bring a few hundred; some hundred bytes can ask for millions, and for days.
_MOST_SUBSTITUTED = 100_000
# Elements `<pre>` that are not closed take time that grows with the square of them.
_MOST_PRE = 5000
_DEFINITION = re.compile(r"\.\.\s+\|")
_ONE_AT_A_TIME = threading.Lock()
RST = "text/x-rst"
_MARKDOWN = "text/markdown"


@rule(
    "description-rendering",
    Severity.ERROR,
    gist="The description failed to render",
    hint="Correct the README, or set the content type that it is written in.",
    link=_GUIDE,
)
def description_rendering(subject: Subject) -> Iterator[str]:
    """A description in reStructuredText can be rendered.

    Without ``Description-Content-Type`` it is read as reStructuredText, where one
    warning is enough to fail: a title's underline that is too short, a directive or
    role that only Sphinx knows (``:py:func:``, ``.. toctree::``), ``.. raw::`` and
    ``.. include::``. The line numbers are those of the README. Markdown is the matter
    of ``description-markdown``; plain text never fails.
    """
    for problem in _problems(subject, RST):
        yield f"The description cannot be rendered as reStructuredText: {problem}."


@rule(
    "description-markdown",
    Severity.ERROR,
    gist="The description failed to render",
    hint="Write something that shows, or leave the description out.",
    link=_GUIDE,
    requires="readme-renderer[md]",
)
def description_markdown(subject: Subject) -> Iterator[str]:
    """A description in Markdown can be rendered.

    Its ``Description-Content-Type`` is ``text/markdown``. Markdown has no errors, so
    it fails only when nothing is left to show: white space alone, for example. What
    would keep the renderer busy without end, thousands of ``<pre>``, fails as well.
    """
    for problem in _problems(subject, _MARKDOWN):
        yield f"The description cannot be rendered as Markdown: {problem}."


def _problems(subject: Subject, wanted: str) -> Iterator[str]:
    """Yield the problems of a description of some kind, one line each."""
    text = value(subject, "description")
    media_type = parse_media_type(value(subject, "description_content_type") or RST)
    if text and media_type == wanted:
        for problem in find_problems(media_type, text):
            first, _, _ = problem.partition("\n")
            yield first.rstrip(".")


@rule(
    "description-missing",
    Severity.NOTE,
    hint='Set `readme = "README.md"` in `pyproject.toml`.',
    link=_GUIDE,
)
def description_missing(subject: Subject) -> Iterator[str]:
    """A project has a description.

    Without one the project's page is empty. With ``readme = "README.md"`` in
    ``[project]`` the build tool takes it from the README.
    """
    if not value(subject, "description").strip():
        yield "There is no description: the project's page will be empty."


@rule(
    "content-type-missing",
    Severity.WARNING,
    gist="The description failed to render for the default format of reStructuredText",
    hint='Set `readme = "README.md"` in `pyproject.toml`, or give the content type.',
    link=_GUIDE,
)
def content_type_missing(subject: Subject) -> Iterator[str]:
    """A description says what it is written in.

    Without ``Description-Content-Type`` it is read as reStructuredText. Markdown often
    fails there, and looks wrong where it does not. Build tools write the field when
    they take the description from the file in ``readme = "README.md"``; some need it
    said, as in ``long_description_content_type="text/markdown"``.
    """
    text = value(subject, "description").strip()
    if text and not value(subject, "description_content_type"):
        yield NO_CONTENT_TYPE


def parse_media_type(content_type: str) -> str:
    """Return what kind of text a content type stands for, without its parameters.

    Args:
        content_type: The field; ``text/plain`` if it makes no sense.
    """
    message = email.message.Message()
    # The old interface, which does not fail on broken parameters.
    message["content-type"] = " ".join(content_type.split())
    return message.get_content_type()


# The wheels of one release have the same description.
@functools.lru_cache(maxsize=16)
def find_problems(media_type: str, text: str) -> tuple[str, ...]:
    """Return why a description would not be rendered; empty if it would.

    Args:
        media_type: What kind of text it is.
        text: The description.

    Returns:
        One text for each problem; the lines after the first quote the description.
    """
    try:
        if media_type == RST:
            return _rst_problems(text)
        if media_type == _MARKDOWN:
            return _markdown_problems(text)
    except Exception as exc:  # noqa: BLE001 - docutils trips over deep nesting
        return (f"the renderer fails on it with {type(exc).__name__}",)
    return ()  # plain text always can


class _Words:
    """Collect what docutils has to say.

    It is all that docutils needs of a file.
    """

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        """Append some text."""
        self.text += text

    def tell(self) -> int:
        """Return how much has been written."""
        return len(self.text)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Keep what a text defines from all other texts.

    For docutils a role belongs to the process, not to the text that defines it
    (``.. role::``, ``.. default-role::``). Nothing is lost where threads wait here:
    only one of them can run Python at a time.
    """
    from docutils.parsers.rst import roles

    with _ONE_AT_A_TIME:
        known: dict[str, object] = getattr(roles, "_roles", {})
        before = dict(known)
        try:
            yield
        finally:
            known.clear()
            known.update(before)


def _rst_problems(text: str) -> tuple[str, ...]:
    from readme_renderer import rst

    if _DEFINITION.search(text) and _substitutes_too_much(text):
        return (f"the substitutions expand to more than {_MOST_SUBSTITUTED} elements",)
    words = _Words()
    with _alone():
        rendered = rst.render(text, stream=words)  # type: ignore[arg-type]
    if rendered is not None:
        return ()
    problems: list[str] = []
    for line in words.text.splitlines():
        found = _DOCUTILS.match(line)
        if found is not None:
            where = f"line {found['line']}: " if found["line"] else ""
            level = found["level"].lower()
            problems.append(f"{where}{level}: {line[found.end() :]}")
        elif problems:
            problems[-1] += f"\n{line}"
    return tuple(problems) or (_NOTHING,)


def _substitutes_too_much(text: str) -> bool:
    """Return whether rendering a text would take too long for its substitutions.

    One may stand in another, twice in ``.. |a| replace:: |b| |b|`` for example: so
    what is shown doubles with every line of the text.
    """
    from docutils.core import publish_doctree
    from docutils.readers.standalone import Reader
    from docutils.utils import SystemMessage, new_document
    from readme_renderer import rst

    class Counter(Reader):  # type: ignore[type-arg, unused-ignore]
        """Count what would be substituted, and leave nothing to be done."""

        count = 0

        def parse(self) -> None:
            """Parse the text."""
            super().parse()
            if self.document is not None:
                self.count = _count_substituted(self.document)
            self.document = new_document("", self.settings)

    settings = {**rst.SETTINGS, "warning_stream": _Words()}
    reader = Counter()
    # What cannot be parsed is not substituted either; the renderer says why.
    with _alone(), contextlib.suppress(SystemMessage):
        publish_doctree(text, reader=reader, settings_overrides=settings)
    return reader.count > _MOST_SUBSTITUTED


def _count_substituted(parsed: document) -> int:
    """Return how many elements the substitutions of a text bring into it.

    Args:
        parsed: The text; nothing was substituted yet.
    """
    defined = parsed.substitution_defs
    inside = {name: _references(parsed, node) for name, node in defined.items()}
    sizes: dict[str, int] = {}
    entered: set[str] = set()
    todo = list(defined)
    while todo:
        name = todo[-1]
        if name not in entered:
            entered.add(name)
            todo += (one for one in inside[name] if one not in entered)
            continue
        todo.pop()
        if name not in sizes:
            own = (
                sum(1 for _ in _walk(defined[name]))
                + len(defined[name].astext()) // 100
            )
            # In a circle, which docutils reports, one of them has no size yet.
            sizes[name] = own + sum(sizes.get(one, 0) for one in inside[name])
    return sum(sizes[name] for name in _references(parsed, parsed))


def _references(parsed: document, start: Element) -> list[str]:
    """Return the names of the definitions that an element refers to."""
    from docutils.nodes import substitution_reference

    names = (
        node["refname"]
        for node in _walk(start)
        if isinstance(node, substitution_reference)
    )
    known = (
        name
        if name in parsed.substitution_defs
        else parsed.substitution_names.get(name.lower())
        for name in names
    )
    return [name for name in known if name is not None]


def _walk(start: Node) -> Iterator[Node]:
    todo = [start]
    while todo:
        node = todo.pop()
        yield node
        todo += node.children


def _markdown_problems(text: str) -> tuple[str, ...]:
    if text.lower().count("<pre") > _MOST_PRE:
        return (f"it has more than {_MOST_PRE} elements `<pre>`",)
    with warnings.catch_warnings():
        # Without its Markdown library it warns, and renders nothing at all.
        warnings.simplefilter("ignore")
        from readme_renderer import markdown
    # Nobody asks without the library; then no text is blamed.
    fails = bool(markdown.variants) and markdown.render(text) is None
    return (_NOTHING,) if fails else ()


RULES: tuple[FileRule, ...] = (
    description_rendering,
    description_markdown,
    description_missing,
    content_type_missing,
)
