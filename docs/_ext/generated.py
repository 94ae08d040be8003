"""Generate pages from the code: commands, options, upload form and changelog.

Four directives give reStructuredText to Sphinx:

- ``.. twine-command:: NAME``, every argument of a command (``twine`` is the top);
- ``.. twine-options::``, options with variables, ``.pypirc`` keys and keywords;
- ``.. twine-form::``, metadata fields and their names in the upload form;
- ``.. twine-changelog::``, the changelog and what the next release will add to it.

Nothing here imports Sphinx, so the tests can ask for the same text.
"""

from __future__ import annotations

import argparse
import inspect
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import packaging.metadata
from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from twine import cli
from twine.commands import parsers
from twine.config import options
from twine.form.fields import FIELDS, Field
from twine.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
COMMANDS = ("upload", "check", "preview", "register")

_SECTIONS = {
    "feature": "New",
    "bugfix": "Fixed",
    "removal": "Removed and deprecated",
    "doc": "Documentation",
    "misc": "Under the hood",
}
# Words of a help text that a reader would type.
_TYPED = re.compile(r"(?<![\w`])(--[a-z-]+|TWINE_[A-Z_]+|__\w+__|~/\.\w+|\w+/\*)(?!\w)")
_MARKDOWN_LINK = re.compile(r"\[([^]]+)\]\(([^)]+)\)")
# A link that works in CHANGELOG.md, at the root of the project, to one of these pages.
_LINK_TO_PAGE = re.compile(r"\[([^]]+)\]\(docs(/[^)]+)\.rst\)")


def render_command(name: str) -> list[str]:
    """Return a command's page: what it does, then each of its arguments.

    Args:
        name: A command, or ``twine`` for what comes before one.
    """
    if name == "twine":
        parser, program = cli.make_parser(), "twine"
    else:
        parser, program = parsers.PARSERS[name](), f"twine {name}"
    actions = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    lines = [f".. program:: {program}", "", _literal(parser.description or ""), ""]
    lines += [".. code-block:: console", "", f"   $ {parser.usage}", ""]
    for group in parser._action_groups:
        members = [action for action in group._group_actions if action in actions]
        # The first two are argparse's own: arguments without a name, and others.
        if members and group not in parser._action_groups[:2]:
            lines += [f".. rubric:: {_sentence(str(group.title))[:-1]}", ""]
        for action in members:
            lines += _describe(action)
    return lines


def _describe(action: argparse.Action) -> Iterator[str]:
    value = str(action.metavar or action.dest.upper()) if action.nargs != 0 else ""
    if action.choices and action.option_strings and action.metavar is None:
        value = f"{{{','.join(map(str, action.choices))}}}"
    if action.option_strings:
        spellings = [f"{flag} {value}".strip() for flag in action.option_strings]
    else:
        spellings = [value]
    yield f".. option:: {', '.join(spellings)}"
    yield ""
    yield f"   {_literal(_sentence((action.help or '').replace('%%', '%')))}"
    yield ""


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def _literal(text: str) -> str:
    """Return the text as reStructuredText, with what is typed set as code."""
    text = re.sub(r"`([^`]+)`", r"``\1``", text)
    return _TYPED.sub(r"``\1``", text)


def render_options() -> list[str]:
    """Return the table of all settings: each with every way to give it."""
    keywords = inspect.signature(Settings).parameters
    rows = []
    for option in (*options.TABLE, *options.UPLOAD_TABLE):
        value = f" {option.metavar}" if option.metavar else ""
        rows.append(
            (
                ", ".join(f"``{flag}{value}``" for flag in option.flags),
                f":envvar:`{option.env}`" if option.env else "",
                ", ".join(f"``{key}``" for key in option.keys),
                f"``{option.name}``" if option.name in keywords else "",
                f"``{option.default}``" if option.default else "",
            )
        )
    head = ("Option", "Environment", "In ``.pypirc``", "In ``Settings``", "Default")
    return _table(head, rows, widths="30 26 14 18 12", name="settings")


def render_variables() -> list[str]:
    """Return every environment variable that stands for an option."""
    lines = []
    for option in (*options.TABLE, *options.UPLOAD_TABLE):
        if option.env is not None:
            lines += [f".. envvar:: {option.env}", ""]
            lines += [f"   {_literal(_sentence(option.help))}"]
            lines += [f"   Same as ``{option.flags[-1]}``.", ""]
    return lines


def render_form() -> list[str]:
    """Return the table of metadata fields and their names in the upload form."""
    types = typing.get_type_hints(packaging.metadata.RawMetadata)
    rows = [
        (f"``{field.header}``", f"``{field.form}``", _manner(field, types[field.raw]))
        for field in FIELDS
    ]
    return _table(
        ("In the file", "In the form", "How"), rows, widths="38 38 24", name="form"
    )


def _manner(field: Field, kind: object) -> str:
    if field.raw == "keywords":
        return "once, joined with a comma and a space"
    if field.raw == "project_urls":
        return "repeated, ``Label, URL``"
    return "once" if kind is str else "repeated"


def _table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, widths: str, name: str
) -> list[str]:
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {widths}"]
    lines += [f"   :class: {name}", ""]
    for row in (head, *rows):
        for number, cell in enumerate(row):
            lines.append(f"   {'*' if number == 0 else ' '} - {cell}".rstrip())
    return [*lines, ""]


def render_changelog() -> list[str]:
    """Return the changelog, with the fragments for the next release at its top."""
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    introduction, _, released = text.partition("<!-- towncrier release notes start -->")
    _title, _, rest = introduction.partition("\n")
    waiting = _render_fragments(PROJECT / "changelog")
    return [*_markdown(rest), *waiting, *_markdown(released)]


def _render_fragments(folder: Path) -> list[str]:
    lines: list[str] = []
    for kind, title in _SECTIONS.items():
        paths = folder.glob(f"*.{kind}.md")
        texts = [" ".join(path.read_text(encoding="utf-8").split()) for path in paths]
        if texts:
            lines += _heading(title, "^")
            for text in sorted(texts):  # the order in which towncrier writes them
                lines += _markdown(f"- {text}")
    return [*_heading("Next release", "-"), *lines] if lines else []


def _markdown(text: str) -> list[str]:
    """Return as reStructuredText the little Markdown that a changelog is made of."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.startswith("### "):
            lines += _heading(line.removeprefix("### "), "^")
        elif line.startswith("## "):
            lines += _heading(line.removeprefix("## "), "-")
        else:
            lines.append(_markdown_words(line))
    return [*lines, ""]


def _markdown_words(line: str) -> str:
    """Return a line with its code and its links as reStructuredText."""
    line = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", line)
    line = _LINK_TO_PAGE.sub(r":doc:`\1 <\2>`", line)
    return _MARKDOWN_LINK.sub(r"`\1 <\2>`__", line)


def _heading(title: str, underline: str) -> list[str]:
    return ["", title, underline * len(title), ""]


class _Generated(Directive):
    """Put generated reStructuredText in the place of the directive."""

    def render(self) -> list[str]:
        """Return the text."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Let the parser of the page read the text."""
        source = f"<generated by {self.name}>"
        self.state_machine.insert_input(StringList(self.render(), source), source)
        return []


class Command(_Generated):
    """``.. twine-command:: NAME``."""

    required_arguments = 1

    def render(self) -> list[str]:
        """Return the arguments of one command."""
        return render_command(self.arguments[0])


def _directive(function: Callable[[], list[str]]) -> type[_Generated]:
    """Return a directive without arguments that puts a function's text in place."""

    class Fixed(_Generated):
        def render(self) -> list[str]:
            return function()

    return Fixed


def keep_colon(*event: object) -> None:
    """Hide the colon in a property's first sentence from Sphinx.

    It would take `The name: a text` for a type and a description.

    Args:
        event: What Sphinx tells about `autodoc-process-docstring`: the application,
            the kind of object, its name, itself, options and the lines to change.
    """
    _, kind, *_, lines = event
    if kind == "property" and isinstance(lines, list) and lines:
        lines[0] = lines[0].replace(": ", " \N{EN DASH} ")


class Application(Protocol):
    """What this extension needs of Sphinx."""

    def add_directive(self, name: str, cls: type[Directive]) -> None:
        """Make a directive known under a name."""

    def connect(self, event: str, callback: Callable[..., None], priority: int) -> int:
        """Have a function called when something happens; low numbers come first."""


def setup(app: Application) -> dict[str, bool]:
    """Make the directives known."""
    app.connect("autodoc-process-docstring", keep_colon, priority=400)
    app.add_directive("twine-command", Command)
    app.add_directive("twine-options", _directive(render_options))
    app.add_directive("twine-variables", _directive(render_variables))
    app.add_directive("twine-form", _directive(render_form))
    app.add_directive("twine-changelog", _directive(render_changelog))
    return {"parallel_read_safe": True}
