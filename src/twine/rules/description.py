"""What PyPI demands of the description: that it can be rendered."""

from __future__ import annotations

import email.message
from collections.abc import Iterator

from ..check.description import MARKDOWN, RST, Rendered
from .model import FileRule, Severity, Subject, rule
from .sent import show_some, value

_GUIDE = "https://packaging.python.org/guides/making-a-pypi-friendly-readme/"
NO_CONTENT_TYPE = (
    "`Description-Content-Type` is missing: the description is read as "
    "reStructuredText."
)
TITLE_ONLY = (
    "The description has nothing but titles: readme-renderer up to 45.0, which PyPI "
    "had in August 2026, refuses it; 46.0 and later render it."
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
    "description-title-only",
    Severity.WARNING,
    gist="The description failed to render",
    hint="Write a sentence below the title.",
    link=_GUIDE,
)
def description_title_only(subject: Subject) -> Iterator[str]:
    """A description in reStructuredText has more than titles.

    Up to readme-renderer 45.0 the only title of a text, and a title below it that
    has no text either, stand outside of what is rendered, so that nothing is left and
    PyPI refuses the file. From 46.0 on they are shown. Which of them PyPI has can
    change any day, so this does not depend on the one that is installed here.
    """
    if _render(subject).is_title_only:
        yield TITLE_ONLY


@rule(
    "description-relative-links",
    Severity.NOTE,
    hint="Give the whole URL, that of the repository for example.",
    link=_GUIDE,
)
def description_relative_links(subject: Subject) -> Iterator[str]:
    """Links and images of a description lead to a server.

    ``[guide](docs/guide.md)`` and ``![logo](assets/logo.png)`` show what is in the
    repository where the README is read there. On PyPI they lead nowhere, since it has
    the text of the README only. Links within the page (``#usage``) work.
    """
    if links := _render(subject).relative_links:
        yield (
            "The description has relative links, which lead nowhere on PyPI: "
            f"{show_some(links)}."
        )


def _problems(subject: Subject, wanted: str) -> Iterator[str]:
    """Yield the problems of a description of some kind, one line each."""
    if _media_type(subject) == wanted:
        for problem in _render(subject).problems:
            first, _, _ = problem.partition("\n")
            yield first.rstrip(".")


def _render(subject: Subject) -> Rendered:
    text = value(subject, "description")
    return subject.renderer.render(_media_type(subject), text) if text else Rendered()


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
    description_title_only,
    description_relative_links,
    description_missing,
    content_type_missing,
)
