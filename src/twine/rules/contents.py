"""What PyPI demands of the members of an archive, whichever they are. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from . import links
from .filenames import info_folder, is_unread, sdist_top
from .model import Severity, Subject, file_rule
from .values import show, show_some, values


@file_rule(
    hint="Build the wheel again in an empty folder, and bundle no installed project.",
    link=links.WHEEL_INFO,
)
def dist_info_count(subject: Subject) -> Iterator[str]:
    """A wheel has one ``.dist-info`` folder at its top.

    PyPI reads the one of the wheel's own name and takes no notice of others, such as
    ``other-0.1.dist-info`` of a project that was copied into the wheel. But installers
    refuse such a wheel, pip for example with "multiple .dist-info directories found";
    and the name of a file on PyPI can be used once. So this is an error.
    """
    names = subject.archive.names if subject.filetype == "bdist_wheel" else ()
    tops = {name.partition("/")[0] for name in names if "/" in name}
    # pip 25 does the same in `wheel_dist_info_dir` of `_internal/utils/wheel.py`.
    folders = [top for top in tops if top.endswith(".dist-info")]
    if len(folders) > 1:
        yield (
            "The wheel has multiple .dist-info directories at its top, so pip does not "
            f"install it: {show_some(folders)}."
        )


@file_rule(
    pypi_message="License-File",
    hint="Include the licence file, or leave it out of `license-files`.",
    link=links.CORE_METADATA + "#license-file",
)
def license_file_missing(subject: Subject) -> Iterator[str]:
    """Every ``License-File`` is in the archive.

    ``License-File: LICENSE`` stands for ``my_tool-1.0/LICENSE`` in an sdist and for
    ``my_tool-1.0.dist-info/licenses/LICENSE`` in a wheel. Old build tools put it
    beside ``METADATA``; upgrade them.
    """
    wanted = values(subject, "license_file")
    if not wanted or is_unread(subject):
        return
    if subject.filetype == "bdist_wheel":
        folder = info_folder(subject)
        root = "" if folder is None else f"{folder}/licenses"
    else:
        root = sdist_top(subject)
    if not root:
        return
    # PEP 639: a folder is no licence file, but PyPI only looks for the name.
    names = subject.archive.folders.union(subject.archive.names)
    for path in wanted:
        if f"{root}/{path}" not in names:
            yield f"The archive has no {show(f'{root}/{path}')}."


@file_rule(
    pypi_message="Internal Server Error",
    hint="Build the file again, and pack it without a password.",
    link=links.WHEEL,
)
def member_unreadable(subject: Subject) -> Iterator[str]:
    """No member of a ZIP archive is encrypted, and those that PyPI reads are sound.

    It reads ``WHEEL``, ``RECORD``, ``METADATA``, ``entry_points.txt``, licence files
    and ``.py`` files of up to 5 MiB. A wrong checksum, broken compressed data or a
    password make its server fail with an error that says nothing about the reason, or
    with ``Invalid distribution file. None``. Usually the file was damaged while it was
    copied. If another member asks for a password, no installer can unpack the wheel.
    """
    for fault in subject.archive.faults:
        if fault.rule == member_unreadable.name:
            yield fault.detail
    for name, text in subject.archive.texts.items():
        # Of an sdist PyPI reads no member that we do.
        if text is None and subject.filetype == "bdist_wheel":
            yield f"{show(name)} in the archive cannot be read."


@file_rule(
    pypi_message="Incorrect number of top-level directories in sdist",
    hint="Build the sdist with `python -m build --sdist`.",
    link=links.SDIST,
)
def sdist_top_folder(subject: Subject) -> Iterator[str]:
    """Everything in an sdist is in one folder at its top.

    ``my_tool-1.0.tar.gz`` has ``my_tool-1.0/PKG-INFO``, ``my_tool-1.0/pyproject.toml``
    and so on. A second file or folder next to that one is refused, also an empty one,
    and an entry for ``.``, the folder in which the top folder lies. On names of which
    only some begin with a slash, of ``tar`` with ``-P``, PyPI's server fails.
    """
    archive = subject.archive
    if subject.filetype != "sdist" or is_unread(subject) or archive.top:
        return
    names = archive.folders.union(archive.names)
    absolute = [name for name in names if name.startswith("/")]
    if 0 < len(absolute) < len(names):
        yield f"Some names begin with a slash, others do not: {show_some(absolute)}."
        return
    paths = (posixpath.normpath(name).lstrip("/") for name in names)
    tops = {path.partition("/")[0] for path in paths}
    if tops:
        yield f"At its top the sdist has {show_some(tops)} instead of one folder."


@file_rule(
    pypi_message="PKG-INFO not found at",
    hint="Build the sdist with `python -m build --sdist`.",
    link=links.SDIST_FILES,
)
def pkg_info_missing(subject: Subject) -> Iterator[str]:
    """An sdist has ``PKG-INFO`` in its top folder.

    The member's name is ``my_tool-1.0/PKG-INFO`` exactly; ``./my_tool-1.0/PKG-INFO``,
    as ``tar`` writes it when it is told to pack ``.``, is not found. In an sdist with
    nothing else there must be an entry for the folder, or PyPI takes the file itself
    for what is at the top.
    """
    archive = subject.archive
    if subject.filetype != "sdist" or is_unread(subject):
        return
    if archive.top in archive.names:
        yield f"The sdist has nothing but {show(archive.top)}, without its folder."
    top = sdist_top(subject)
    if top and f"{top}/PKG-INFO" not in archive.names:
        others = [n for n in subject.archive.names if n.endswith("/PKG-INFO")]
        but = f"; it has {show_some(others)}" if others else ""
        yield f"The sdist has no {show(f'{top}/PKG-INFO')}{but}."


@file_rule(
    pypi_message="-encrypted content is not allowed",
    hint="Publish the source as it is, or compile it.",
    link=links.ACCEPTABLE_USE,
)
def encrypted_source(subject: Subject) -> Iterator[str]:
    """No Python source is encrypted with PyArmor or SourceDefender.

    PyPI looks for their traces in all ``.py`` and ``.pye`` files of up to 5 MiB, to be
    able to look for malware. A file that only mentions them, a test of a scanner for
    example, must put the text together from parts.
    """
    # It searches with YARA rules, of which plain substrings are all there is.
    for name, product in subject.archive.encrypted_texts:
        yield f"{show(name)} is encrypted with {product}."


@file_rule(
    hint="Revoke the token (https://pypi.org/manage/account/token/), and build again "
    "without it.",
    link=links.API_TOKENS,
)
def token_in_archive(subject: Subject) -> Iterator[str]:
    """No file in an archive holds an API token of PyPI or TestPyPI.

    An sdist often has more in it than was meant: a ``.pypirc``, a ``.env``, a script or
    notes. Whoever finds the token may publish in its owner's name. Revoke it even if
    this file was never sent: it may be in a repository or a CI job. Looked into are
    ``METADATA``, ``PKG-INFO`` and files of up to 5 MiB that end in ``.py``, ``.pye``,
    ``.md``, ``.rst``, ``.env``, ``.sh``, ``.txt``, ``.pypirc``, ``.toml``, ``.cfg`` or
    ``.conf``. PyPI does not look so far, but a change that does has been proposed.
    """
    for name, line in subject.archive.tokens:
        yield f"{show(name)} holds an API token of PyPI in line {line}."


@file_rule(
    severity=Severity.NOTE,
    hint="Add a `pyproject.toml` with a `[build-system]` table.",
    link=links.SDIST_FILES,
)
def pyproject_missing(subject: Subject) -> Iterator[str]:
    """An sdist has ``pyproject.toml`` in its top folder.

    It says which tool builds the wheel. Without it, installers assume some version
    of setuptools, and what works today may not work tomorrow.
    """
    top = sdist_top(subject)
    # PEP 517: without it, the backend is `setuptools.build_meta:__legacy__`.
    if top and f"{top}/pyproject.toml" not in subject.archive.names:
        yield f"The sdist has no {show(f'{top}/pyproject.toml')}."
