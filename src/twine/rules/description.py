"""What PyPI demands of the description: that it can be rendered."""

from __future__ import annotations

import email.message
from collections.abc import Iterator

from ..renderers import SECONDS, find_problems
from ..rendering import MARKDOWN, MEBIBYTES, RST
from .model import FileRule, Severity, Subject, rule
from .sent import value

_GUIDE = "https://packaging.python.org/guides/making-a-pypi-friendly-readme/"
NO_CONTENT_TYPE = (
    "`Description-Content-Type` is missing: the description is read as "
    "reStructuredText."
)
NOT_RENDERED = (
    "The description was not rendered: "
    f"that takes more than {SECONDS} s or {MEBIBYTES} MiB."
)


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
    it fails only when nothing is left to show: white space alone, for example.
    """
    for problem in _problems(subject, MARKDOWN):
        yield f"The description cannot be rendered as Markdown: {problem}."


@rule(
    "description-effort",
    Severity.WARNING,
    hint="Shorten the README, or take apart what is nested in it.",
    link=_GUIDE,
)
def description_effort(subject: Subject) -> Iterator[str]:
    """A description can be rendered in 30 seconds and 256 MiB of memory.

    200 kB of reStructuredText can, and some megabytes of Markdown. Far less text
    can ask for more than any machine has: substitutions that stand in each other,
    thousands of elements that are not closed. What PyPI does then is not known; its
    renderer has no such limits, and whoever uploads may wait in vain.
    """
    if _find_problems(subject) is None:
        yield NOT_RENDERED


def _problems(subject: Subject, wanted: str) -> Iterator[str]:
    """Yield the problems of a description of some kind, one line each."""
    if _media_type(subject) == wanted:
        for problem in _find_problems(subject) or ():
            first, _, _ = problem.partition("\n")
            yield first.rstrip(".")


def _find_problems(subject: Subject) -> tuple[str, ...] | None:
    text = value(subject, "description")
    return find_problems(_media_type(subject), text) if text else ()


def _media_type(subject: Subject) -> str:
    return parse_media_type(value(subject, "description_content_type") or RST)


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


RULES: tuple[FileRule, ...] = (
    description_rendering,
    description_markdown,
    description_effort,
    description_missing,
    content_type_missing,
)
