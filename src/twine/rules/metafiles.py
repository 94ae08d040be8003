"""What PyPI demands of the files in a wheel's own ``.dist-info``. Pure."""

from __future__ import annotations

import configparser
import csv
import functools
import itertools
import re
import textwrap
from collections.abc import Iterator

from . import links
from .filenames import info_folder, info_text, is_unread, known_file_name
from .model import Severity, Subject, file_rule
from .values import show, show_some

_LONGEST_REASON = 200
# They sign `RECORD`, so it cannot list them.
_SIGNATURES = ("RECORD.jws", "RECORD.p7s")
_SCRIPTS = ("console_scripts", "gui_scripts")
_BLANK_LINE = re.compile(rb"(?:^|\n)\r?\n")


@file_rule(
    pypi_message="WHEEL not found at",
    hint="Build the wheel again; do not rename it.",
    link=links.WHEEL_FILES,
)
def wheel_missing(subject: Subject) -> Iterator[str]:
    """A wheel has ``WHEEL`` in the ``.dist-info`` folder of its own name.

    ``my_tool-1.0-py3-none-any.whl`` has ``my_tool-1.0.dist-info/WHEEL``, the folder
    spelled exactly like the first two parts of the file's name. A wheel that was
    renamed or packed by hand fails here.
    """
    yield from _missing(subject, "WHEEL")


@file_rule(
    pypi_message="does not contain the required METADATA file",
    hint="Build the wheel again; do not rename it.",
    link=links.WHEEL_FILES,
)
def metadata_missing(subject: Subject) -> Iterator[str]:
    """A wheel has ``METADATA`` in the ``.dist-info`` folder of its own name.

    ``my_tool-1.0-py3-none-any.whl`` has ``my_tool-1.0.dist-info/METADATA``, the folder
    spelled exactly like the first two parts of the file's name.
    """
    yield from _missing(subject, "METADATA")


@file_rule(
    pypi_message="does not contain the required RECORD file",
    hint="Build the wheel again; do not rename it.",
    link=links.WHEEL_INFO,
)
def record_missing(subject: Subject) -> Iterator[str]:
    """A wheel has a ``RECORD`` that can be read, in the folder of its own name.

    It lists the members of the wheel as comma separated values in UTF-8. Wheels that
    were packed with ``zip`` rather than ``python -m wheel pack`` have none.
    """
    yield from _missing(subject, "RECORD")
    if fault := _parse_record(info_text(subject, "RECORD") or b"")[1]:
        yield fault


def _missing(subject: Subject, name: str) -> Iterator[str]:
    # PyPI takes the first two parts of the name as they are written, unlike pip, which
    # normalizes them.
    folder = info_folder(subject)
    if subject.filetype != "bdist_wheel" or is_unread(subject) or folder is None:
        return
    path, names = f"{folder}/{name}", subject.archive.names
    if path not in names:
        others = [one for one in names if one.endswith(f".dist-info/{name}")]
        but = f"; it has {show_some(others)}" if others else ""
        yield f"The wheel has no {show(path)}{but}."


# Two rules ask, one after the other.
@functools.lru_cache(maxsize=1)
def _parse_record(data: bytes) -> tuple[frozenset[str], str]:
    """Return the names that ``RECORD`` lists, or why it cannot be understood."""
    try:
        rows = csv.reader(data.decode().split("\n"))
        return frozenset(row[0].replace("\\", "/") for row in rows if row), ""
    except UnicodeDecodeError:
        return frozenset(), "`RECORD` is not UTF-8 text."
    except csv.Error as exc:
        fault = f"`RECORD` is no list of comma separated values: {exc}."
        return frozenset(), fault


@file_rule(
    pypi_message="Internal Server Error",
    hint="Build the wheel again, or pack it with `python -m wheel pack`.",
    link=links.RECORD,
)
def record_blank_line(subject: Subject) -> Iterator[str]:
    """``RECORD`` has no blank line.

    PyPI's server fails on one, also at the end. Build tools write none: look for
    a program that adds lines to ``RECORD`` after the build.
    """
    data = info_text(subject, "RECORD") or b""
    if blank := _BLANK_LINE.search(data):
        row = data.count(b"\n", 0, blank.end())
        yield f"Row {row} of `RECORD` is blank."


@file_rule(
    severity=Severity.WARNING,
    pypi_message="RECORD",
    hint="Pack the wheel with `python -m wheel pack`, which writes `RECORD` anew.",
    link=links.RECORD,
)
def record_mismatch(subject: Subject) -> Iterator[str]:
    """``RECORD`` lists the members of a wheel, all of them and no others.

    PyPI takes such a wheel, writes an e-mail to the project's people, and has
    announced that it will refuse it one day. It happens when a file is added to a
    wheel or taken out of it after the build. ``RECORD`` lists itself, and no folders.
    """
    data, folder = info_text(subject, "RECORD"), info_folder(subject)
    listed, fault = _parse_record(data or b"")
    if data is None or fault:
        return
    exempt = {f"{folder}/{name}" for name in _SIGNATURES}
    present = set(subject.archive.names)
    if missing := present - listed - exempt:
        yield f"`RECORD` does not list {show_some(missing)}."
    if surplus := listed - present - exempt:
        yield f"`RECORD` lists {show_some(surplus)}, which the wheel does not have."


@file_rule(
    severity=Severity.WARNING,
    hint="Build the wheel without it; attestations (PEP 740) say who published a file.",
    link=links.RECORD_SIGNATURES,
)
def record_signature(subject: Subject) -> Iterator[str]:
    """A wheel has no signature of its ``RECORD``.

    ``RECORD.jws`` and ``RECORD.p7s`` beside ``RECORD`` were meant to sign a wheel. No
    installer looks at them. PEP 815 deprecated them: build tools must not write them
    any more. PyPI takes them so far.
    """
    folder = info_folder(subject)
    for name in _SIGNATURES:
        if f"{folder}/{name}" in subject.archive.names:
            yield f"The wheel has {show(f'{folder}/{name}')}, which PEP 815 deprecated."


@file_rule(
    severity=Severity.WARNING,
    hint="Change tags with `python -m wheel tags`, not by renaming the file.",
    link=links.WHEEL_FILES,
)
def wheel_tags(subject: Subject) -> Iterator[str]:
    """The tags in ``WHEEL`` are those in the file's name, each on a line of its own.

    ``tool-1.0-py2.py3-none-any.whl`` has the lines ``Tag: py2-none-any`` and
    ``Tag: py3-none-any``, not ``Tag: py2.py3-none-any``, and the file is UTF-8. PyPI
    does not look at them so far, but a change that does has been proposed. They differ
    when a wheel was renamed for another platform.
    """
    data = info_text(subject, "WHEEL")
    if data is None or known_file_name(subject) is None:
        return
    try:
        lines = [line.partition(":") for line in data.decode().splitlines()]
    except UnicodeDecodeError:
        yield "`WHEEL` is not UTF-8 text."
        return
    inside = {
        text.strip().lower() for key, _, text in lines if key.strip().lower() == "tag"
    }
    if compressed := [tag for tag in inside if "." in tag]:
        yield (
            f"`WHEEL` has {show_some(compressed)}, a line for several tags; each tag "
            "must have its own."
        )
        return
    parts = subject.filename.removesuffix(".whl").lower().split("-")[-3:]
    every = itertools.product(*(part.split(".") for part in parts))
    outside = {"-".join(tag) for tag in every}
    if inside != outside:
        yield (
            f"`WHEEL` has {_show_tags(inside)}, the file's name has "
            f"{_show_tags(outside)}."
        )


def _show_tags(tags: set[str]) -> str:
    if not tags:
        return "no tags"
    return f"the {'tag' if len(tags) == 1 else 'tags'} {show_some(tags)}"


@file_rule(
    pypi_message="has invalid entry points",
    hint="Correct `[project.scripts]` and `[project.gui-scripts]`.",
    link=links.ENTRY_POINTS,
)
def entry_points(subject: Subject) -> Iterator[str]:
    """``entry_points.txt`` can be read, and scripts have simple names.

    It is UTF-8 text in the manner of an INI file, without a section or a name twice in
    one section. The name of a script has letters, digits, ``_``, ``.`` and ``-`` only:
    ``my-tool = my_tool:main`` is fine, ``my tool`` and ``bin/tool`` are not.
    """
    data = info_text(subject, "entry_points.txt")
    if data is None:
        return
    # The parser of PyPI, with the same options: `=` alone, names with their case.
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(data.decode())
    except UnicodeDecodeError:
        yield "`entry_points.txt` is not UTF-8 text."
        return
    except Exception as exc:  # noqa: BLE001 - it trips over odd continuation lines
        reason = " ".join(str(exc).replace("<string>", "entry_points.txt").split())
        # Of very many odd lines it names every one.
        reason = textwrap.shorten(reason.rstrip("."), _LONGEST_REASON)
        yield f"`entry_points.txt` cannot be read: {reason}."
        return
    # A section `[DEFAULT]` adds to both, here as there.
    for group in _SCRIPTS:
        names = parser.options(group) if parser.has_section(group) else []
        for name in names:
            if not re.fullmatch(r"[\w.-]+", name):
                yield f"{show(name)} in `{group}` is not a name for a script."
