"""What PyPI demands of the description: that it can be rendered. Pure."""

from __future__ import annotations

import contextlib
import email.message
import functools
import re
import threading
import warnings
from collections.abc import Iterator

from .model import FileRule, Severity, Subject, rule
from .sent import value

_GUIDE = "https://packaging.python.org/guides/making-a-pypi-friendly-readme/"
# A message of docutils: `<string>:12: (WARNING/2) Title underline too short.`
_DOCUTILS = re.compile(r"^<string>:(?P<line>\d*): \((?P<level>\w+)/\d\) ")
NO_CONTENT_TYPE = (
    "`Description-Content-Type` is missing: the description is read as "
    "reStructuredText."
)
_NOTHING = "nothing is left to show"
_ONE_AT_A_TIME = threading.Lock()
RST = "text/x-rst"
_KINDS = {
    RST: "reStructuredText",
    "text/markdown": "Markdown",
    "text/plain": "plain text",
}


@rule(
    "description-rendering",
    Severity.ERROR,
    gist="The description failed to render",
    hint="Correct the README, or set the content type that it is written in.",
    link=_GUIDE,
)
def description_rendering(subject: Subject) -> Iterator[str]:
    """The description can be rendered.

    Without ``Description-Content-Type`` it is read as reStructuredText, where one
    warning is enough to fail: a title's underline that is too short, a directive or
    role that only Sphinx knows (``:py:func:``, ``.. toctree::``), ``.. raw::`` and
    ``.. include::``. The line numbers are those of the README. Markdown fails only
    when nothing is left to show.
    """
    text = value(subject, "description")
    media_type = parse_media_type(value(subject, "description_content_type") or RST)
    kind = _KINDS.get(media_type)
    if text and kind is not None:
        for problem in find_problems(media_type, text):
            first, _, _ = problem.partition("\n")
            why = first.rstrip(".")
            yield f"The description cannot be rendered as {kind}: {why}."


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
        if media_type == "text/markdown":
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


def _markdown_problems(text: str) -> tuple[str, ...]:
    with warnings.catch_warnings():
        # Without its Markdown library it warns, and renders nothing at all.
        warnings.simplefilter("ignore")
        from readme_renderer import markdown
    fails = markdown.render(text) is None if markdown.variants else not text.strip()
    return (_NOTHING,) if fails else ()


RULES: tuple[FileRule, ...] = (
    description_rendering,
    description_missing,
    content_type_missing,
)
