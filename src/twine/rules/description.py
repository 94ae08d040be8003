"""What PyPI demands of the description: that it can be rendered. Pure."""

from __future__ import annotations

import email.message
import functools
import re
import warnings
from collections.abc import Iterator

from .model import Rule, Severity, Subject, rule
from .sent import value

_GUIDE = "https://packaging.python.org/guides/making-a-pypi-friendly-readme/"
# A message of docutils: `<string>:12: (WARNING/2) Title underline too short.`
_DOCUTILS = re.compile(r"^<string>:(?P<line>\d*): \((?P<level>\w+)/\d\) (?P<text>.*)")
_KINDS = {
    "text/x-rst": "reStructuredText",
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
    media_type = _media_type(value(subject, "description_content_type"))
    kind = _KINDS.get(media_type)
    if text and kind is not None:
        for problem in _problems(media_type, text):
            yield f"The description cannot be rendered as {kind}: {problem}."


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


def _media_type(content_type: str) -> str:
    if not content_type:
        return "text/x-rst"
    message = email.message.Message()
    # The old interface, which does not fail on broken parameters.
    message["content-type"] = " ".join(content_type.split())
    return message.get_content_type()


# The wheels of one release have the same description.
@functools.lru_cache(maxsize=16)
def _problems(media_type: str, text: str) -> tuple[str, ...]:
    """Return why a description would not be rendered.

    Args:
        media_type: One of those that have a renderer.
        text: The description.
    """
    try:
        if media_type == "text/x-rst":
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


def _rst_problems(text: str) -> tuple[str, ...]:
    from readme_renderer import rst

    words = _Words()
    if rst.render(text, stream=words) is not None:  # type: ignore[arg-type]
        return ()
    found = (_DOCUTILS.match(line) for line in words.text.splitlines())
    problems = tuple(
        (f"line {one['line']}: " if one["line"] else "")
        + f"{one['level'].lower()}: {one['text'].rstrip('.')}"
        for one in found
        if one
    )
    return problems or ("nothing is left to show",)


def _markdown_problems(text: str) -> tuple[str, ...]:
    with warnings.catch_warnings():
        # Without its Markdown library it warns, and renders nothing at all.
        warnings.simplefilter("ignore")
        from readme_renderer import markdown
    fails = markdown.render(text) is None if markdown.variants else not text.strip()
    return ("nothing is left to show",) if fails else ()


RULES: tuple[Rule, ...] = (description_rendering, description_missing)
