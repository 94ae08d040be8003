"""What PyPI demands of the description: that it can be rendered. Pure."""

from __future__ import annotations

import email.message
from collections.abc import Iterator

from . import links
from .model import Severity, Subject, file_rule
from .values import show_some, value

RST = "text/x-rst"
MARKDOWN = "text/markdown"
NO_CONTENT_TYPE = (
    "`Description-Content-Type` is missing: the description is read as "
    "reStructuredText."
)
TITLE_ONLY = (
    "The description has nothing but titles: readme-renderer up to 45.0, which PyPI "
    "had in August 2026, refuses it; 46.0 and later render it."
)


@file_rule(
    pypi_message="The description failed to render",
    hint="Correct the README, or set the content type that it is written in.",
    link=links.README,
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


@file_rule(
    pypi_message="The description failed to render",
    hint="Write something that shows, or leave the description out.",
    link=links.README,
    requires="readme-renderer[md]",
)
def description_markdown(subject: Subject) -> Iterator[str]:
    """A description in Markdown can be rendered.

    Its ``Description-Content-Type`` is ``text/markdown``. Markdown has no errors, so
    it fails only when nothing is left to show: white space alone, for example.
    """
    for problem in _problems(subject, MARKDOWN):
        yield f"The description cannot be rendered as Markdown: {problem}."


@file_rule(
    severity=Severity.WARNING,
    pypi_message="The description failed to render",
    hint="Write a sentence below the title.",
    link=links.README,
)
def title_only(subject: Subject) -> Iterator[str]:
    """A description in reStructuredText has more than titles.

    Up to readme-renderer 45.0 the only title of a text, and a title below it that
    has no text either, stand outside of what is rendered, so that nothing is left and
    PyPI refuses the file. From 46.0 on they are shown. Which of them PyPI has can
    change any day, so this does not depend on the one that is installed here.
    """
    if subject.description.is_title_only:
        yield TITLE_ONLY


@file_rule(
    severity=Severity.NOTE,
    hint="Give the whole URL, that of the repository for example.",
    link=links.README,
)
def description_relative_links(subject: Subject) -> Iterator[str]:
    """Links and images of a description lead to a server.

    ``[guide](docs/guide.md)`` and ``![logo](assets/logo.png)`` show what is in the
    repository where the README is read there. On PyPI they lead nowhere, since it has
    the text of the README only. Links within the page (``#usage``) work.
    """
    if links := subject.description.relative_links:
        yield (
            "The description has relative links, which lead nowhere on PyPI: "
            f"{show_some(links)}."
        )


def _problems(subject: Subject, wanted: str) -> Iterator[str]:
    """Yield the problems of a description of some kind, one line each."""
    if media_type(subject) == wanted:
        # docutils quotes the text below its message; a finding has one line.
        for problem in subject.description.problems:
            first, _, _ = problem.partition("\n")
            yield first.rstrip(".")


def media_type(subject: Subject) -> str:
    """Return the media type that a description is rendered as, without parameters."""
    message = email.message.Message()
    # The old interface, which does not fail on broken parameters.
    # Without a type, PyPI reads reStructuredText.
    text = value(subject, "description_content_type") or RST
    message["content-type"] = " ".join(text.split())
    return message.get_content_type()


@file_rule(
    severity=Severity.NOTE,
    hint='Set `readme = "README.md"` in `pyproject.toml`.',
    link=links.README,
)
def description_missing(subject: Subject) -> Iterator[str]:
    """A project has a description.

    Without one the project's page is empty. With ``readme = "README.md"`` in
    ``[project]`` the build tool takes it from the README.
    """
    if subject.form and not value(subject, "description").strip():
        yield "There is no description: the project's page will be empty."


@file_rule(
    severity=Severity.WARNING,
    pypi_message="The description failed to render for the default format of "
    "reStructuredText",
    hint='Set `readme = "README.md"` in `pyproject.toml`, or give the content type.',
    link=links.README,
)
def content_type_missing(subject: Subject) -> Iterator[str]:
    """A description says what it is written in.

    Without ``Description-Content-Type`` it is read as reStructuredText. Markdown often
    fails there, and looks wrong where it does not. Build tools write the field when
    they take the description from the file in ``readme = "README.md"``; some need it
    said, as in ``long_description_content_type="text/markdown"``.
    """
    # The description alone: `--strict` must not fail a file without one for its type.
    text = value(subject, "description").strip()
    if text and not value(subject, "description_content_type"):
        yield NO_CONTENT_TYPE
