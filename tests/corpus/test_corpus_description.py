"""Descriptions: rendered as PyPI renders them, with the line of every fault."""

import builtins
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from support.subjects import (
    Maker,
    breaks_nothing,
    breaks_only,
    found_by,
    make_subject,
    messages,
    with_fields,
)
from twine.check import subject as preflight
from twine.rules import Severity, description

RULES = description.RULES
BREAKS: dict[str, Maker] = {
    "description-rendering": with_fields(description="Title\n====\n\nWords.\n"),
    "description-markdown": with_fields(
        description=" \n\n", description_content_type="text/markdown"
    ),
    "description-title-only": with_fields(description="Title\n=====\n"),
    "description-relative-links": with_fields(
        description="[guide](docs/guide.md)", description_content_type="text/markdown"
    ),
    "description-missing": with_fields(description=None),
    "content-type-missing": with_fields(
        description="# *Words*", description_content_type=None
    ),
}
PASSES: dict[str, Maker] = {
    "description-rendering": with_fields(description="Title\n=====\n\nWords.\n"),
    "description-markdown": with_fields(
        description=" .\n", description_content_type="text/markdown; variant=GFM"
    ),
    "description-title-only": with_fields(description="Title\n=====\n\nOther\n=====\n"),
    "description-relative-links": with_fields(
        description="[guide](#guide) `![x](x.png)`",
        description_content_type="text/markdown",
    ),
    "description-missing": with_fields(description="."),
    "content-type-missing": with_fields(
        description=None, description_content_type=None
    ),
}


def test_corpus_description_is_whole() -> None:
    """No rule is without a distribution that breaks it and one that just does not."""
    assert BREAKS.keys() == PASSES.keys() == {rule.name for rule in RULES}


@pytest.mark.parametrize("name", BREAKS)
def test_corpus_description_broken(name: str, tmp_path: Path) -> None:
    """What breaks a rule is found by this rule, and is no other error."""
    breaks_only(BREAKS[name](tmp_path), name)


@pytest.mark.parametrize("name", PASSES)
def test_corpus_description_kept(name: str, tmp_path: Path) -> None:
    """What just keeps a rule is not found by it, and is no error."""
    breaks_nothing(PASSES[name](tmp_path), name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Title\n=====\n\nLong title\n----\n",
            "line 5: warning: Title underline too short",
        ),
        ("A\n\n.. raw:: html\n\n   <b>\n", 'line 3: warning: "raw" directive disabled'),
        ("A\n\n.. toctree::\n", 'line 3: error: Unknown directive type "toctree"'),
        (
            "A\n\n:py:func:`x`\n",
            'line 3: error: Unknown interpreted text role "py:func"',
        ),
        (".. only a comment\n", "nothing is left to show"),
        (" \n", "nothing is left to show"),
    ],
)
def test_rst_that_fails(text: str, message: str) -> None:
    """A fault of reStructuredText is reported with its line; without a type too."""
    for content_type in ("text/x-rst", "TEXT/X-RST; charset=UTF-8", None):
        subject = make_subject(description=text, description_content_type=content_type)
        found = messages(subject, "description-rendering")
        start = "The description cannot be rendered as reStructuredText: "
        assert found
        assert found[0].startswith(f"{start}{message}")


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("text/x-rst", ".. code:: no-such-language\n\n   x = 1\n"),
        ("text/markdown", "<!-- nothing to see -->"),
        ("text/markdown; variant=CommonMark", "Title\n==\n\n.. raw:: html\n"),
        ("text/plain", "Title\n=\n"),
        ("text/plain", " "),
    ],
)
def test_descriptions_that_pass(content_type: str, text: str) -> None:
    """What the renderer of the type can show is fine."""
    subject = make_subject(description=text, description_content_type=content_type)
    assert found_by(subject, [Severity.ERROR]) == []


def test_markdown_of_white_space() -> None:
    """Markdown fails only when nothing is left to show."""
    subject = make_subject(description=" \n", description_content_type="text/markdown")
    assert messages(subject, "description-markdown") == [
        "The description cannot be rendered as Markdown: nothing is left to show."
    ]


def test_markdown_without_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library that renders Markdown no good description is blamed."""
    real = builtins.__import__

    def fake(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> object:
        if name in {"comrak", "cmarkgfm"}:
            raise ImportError(name)
        return real(name, globals, locals, fromlist or (), level)

    monkeypatch.setattr(builtins, "__import__", fake)
    import readme_renderer

    monkeypatch.delitem(sys.modules, "readme_renderer.markdown", raising=False)
    monkeypatch.delattr(readme_renderer, "markdown", raising=False)
    good = make_subject(description="Fine.!", description_content_type="text/markdown")
    blank = make_subject(description="\t\n", description_content_type="text/markdown")
    assert found_by(good) == []
    # Whether it would be blamed is not known: the rule must not be asked.
    assert "description-markdown" not in found_by(blank)


@pytest.mark.parametrize("missing", [True, False])
def test_markdown_is_not_checked_without_its_library(
    monkeypatch: pytest.MonkeyPatch, *, missing: bool
) -> None:
    """Without what `readme-renderer[md]` brings, the rule is listed as not checked."""
    find_spec, brought = importlib.util.find_spec, []

    def find(name: str) -> object:
        brought.append(name)
        return None if missing and name in {"comrak", "cmarkgfm"} else find_spec(name)

    monkeypatch.setattr("importlib.util.find_spec", find)
    unavailable = preflight.find_unavailable()

    assert {"comrak", "cmarkgfm"} & set(brought)
    assert unavailable.get("description-markdown") == (
        "readme-renderer[md]" if missing else None
    )
    assert "description-rendering" not in unavailable


@pytest.mark.parametrize(
    ("library", "there"),
    [
        ("readme-renderer", True),
        ("readme-renderer[md]", True),
        ("trove-classifiers", True),
        ("no-such-library", False),
        ("no-such-library[md]", False),
    ],
)
def test_libraries_that_are_there(library: str, *, there: bool) -> None:
    """A library is asked for by its name on PyPI, with or without an extra."""
    assert preflight.is_there(library) is there


def test_renderer_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A description that the renderer trips over is an error, not a crash."""

    def fail(raw: str, stream: object = None) -> None:
        raise RecursionError

    monkeypatch.setattr("readme_renderer.rst.render", fail)
    subject = make_subject(description="Very deep.\n")
    assert messages(subject, "description-rendering") == [
        (
            "The description cannot be rendered as reStructuredText: the renderer "
            "fails on it with RecursionError."
        )
    ]


@pytest.mark.parametrize(
    ("content_type", "text", "links"),
    [
        (
            "text/markdown",
            "![logo](assets/logo.png) [guide](docs/guide.md#a) <img src='/x.png'>",
            "`/x.png`, `assets/logo.png`, `docs/guide.md#a`",
        ),
        (
            "text/x-rst",
            ".. image:: logo.png\n   :target: a.html\n\n`x <b.rst>`_\n",
            "`a.html`, `b.rst`, `logo.png`",
        ),
    ],
)
def test_relative_links_are_named(content_type: str, text: str, links: str) -> None:
    """Images and links in Markdown, in HTML within it and in reStructuredText."""
    subject = make_subject(description=text, description_content_type=content_type)

    assert messages(subject, "description-relative-links") == [
        f"The description has relative links, which lead nowhere on PyPI: {links}."
    ]


@pytest.mark.parametrize("text", [None, "", "UNKNOWN", "UNKNOWN\n"])
def test_description_that_is_not_there(text: str | None) -> None:
    """A missing description is a note, and nothing is rendered."""
    assert found_by(make_subject(description=text)) == ["description-missing"]
    assert description.description_missing.severity is Severity.NOTE
