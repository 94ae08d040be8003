"""What PyPI demands of names and sizes: of files, and of new projects. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from . import links
from .filenames import (
    InvalidName,
    forbidden_characters,
    is_project_name,
    known_file_name,
    parse_file_name,
    parse_version,
)
from .model import Severity, Subject, file_rule
from .values import show, value

# PyPI keeps a wheel's metadata beside it, under its name and `.metadata`.
_LONGEST_WHEEL = 246
_LONGEST = 255
_MIB = 1024 * 1024
# PyPI has these in its database: the limit of a project can be raised to the other.
_USUAL_LIMIT = 100 * _MIB
_HIGHEST_LIMIT = 1024 * _MIB


@file_rule(
    pypi_message="Filename",
    hint="Build the file again, with a shorter list of platform tags if it is long.",
    link=links.FORMATS,
)
def file_name(subject: Subject) -> Iterator[str]:
    """A file's name has no control characters or slashes, and is not too long.

    A line break or a tab in a name comes from a script that puts names together.
    A wheel's name may have 246 bytes and an sdist's 255 (``Filename is too long``):
    PyPI keeps a wheel's metadata under the wheel's name with ``.metadata`` appended.
    A wheel with a dozen platform tags comes near: build one for each.
    """
    found = forbidden_characters(subject.filename)
    if found:
        noun = "character" if len(found) == 1 else "characters"
        characters = ", ".join(f"U+{ord(one):04X}" for one in found)
        yield f"The name {show(subject.filename)} has the {noun} {characters}."
    # 255 bytes is what Linux allows for the name of a file.
    length = len(subject.filename.encode(errors="surrogateescape"))
    allowed = _LONGEST_WHEEL if subject.filetype == "bdist_wheel" else _LONGEST
    if length > allowed:
        yield f"The name has {length} bytes, {allowed} are allowed."


@file_rule(
    pypi_message="is invalid, should be",
    hint="Build the sdist as `.tar.gz`: `python -m build --sdist`.",
    link=links.SDIST_NAME,
)
def zip_sdist(subject: Subject) -> Iterator[str]:
    """An sdist is a ``.tar.gz`` file.

    PyPI says that it takes ``.zip``, but since October 2025 it wants the exact name
    ``tool-1.0.tar.gz`` of every sdist, so that none can be named ``tool-1.0.zip``.
    Look for ``formats = zip`` in ``setup.cfg``.
    """
    if subject.filetype == "sdist" and subject.filename.endswith(".zip"):
        yield f"The sdist {show(subject.filename)} is a zip file."


@file_rule(
    pypi_message="is invalid, should be",
    hint="Upgrade the build tool, and build the sdist again.",
    link=links.SDIST_NAME,
)
def sdist_file_name(subject: Subject) -> Iterator[str]:
    """An sdist is named after the normalized project and the normalized version.

    The name of version ``1.0-1`` of ``My.Tool`` is ``my_tool-1.0.post1.tar.gz`` and
    nothing else: lower case, ``_`` for every run of ``.``, ``_`` and ``-``, the version
    in its normal form. Old build tools write ``My.Tool-1.0.post1.tar.gz``.
    """
    if subject.filetype != "sdist" or not subject.filename.endswith(".tar.gz"):
        return
    try:
        found = parse_file_name(subject)
    except InvalidName as exc:
        if not forbidden_characters(subject.filename):
            yield f"The name {show(subject.filename)} is not an sdist's: {exc}."
        return
    version = parse_version(value(subject, "version"))
    name = canonicalize_name(value(subject, "name"))
    if version is None or found.normalized != name:
        return
    # PEP 625, which PyPI enforces to the letter since October 2025. `str()` of a
    # version keeps trailing zeros: 1.0-1 is 1.0.post1, 01.0 is 1.0, and 1.0 is not 1.
    wanted = f"{name.replace('-', '_')}-{version}.tar.gz"
    if parse_version(found.version) == version and subject.filename != wanted:
        yield f"The name {show(subject.filename)} must be {show(wanted)}."


@file_rule(
    pypi_message="Invalid wheel filename",
    hint="Build the wheel again; do not rename it.",
    link=links.WHEEL_NAME,
)
def wheel_file_name(subject: Subject) -> Iterator[str]:
    """A wheel's name has five or six parts between hyphens.

    Project, version, an optional build number, Python, ABI and platform tag, as in
    ``my_tool-1.0-py3-none-any.whl``. The version is one in the standard's form, the
    project has no ``__``, the build number starts with a digit, and the Python tag is
    not the word ``UNKNOWN``. Wheel variants (PEP 817 and 825, both drafts) have a label
    behind the platform, as in ``my_tool-1.0-cp312-cp312-linux_x86_64-x86_64_v3.whl``:
    PyPI takes none yet.
    """
    if subject.filetype != "bdist_wheel" or not subject.filename.endswith(".whl"):
        return
    try:
        parse_file_name(subject)
        if subject.filename.split("-")[-3] == "UNKNOWN":  # PyPI drops that word
            raise InvalidName("it has no Python tag")
    except InvalidName as exc:
        if not forbidden_characters(subject.filename):
            yield f"The name {show(subject.filename)} is not a wheel's: {exc}."


@file_rule(
    pypi_message="Start filename for",
    hint="Build the file again; do not rename it.",
    link=links.FORMATS,
)
def name_mismatch(subject: Subject) -> Iterator[str]:
    """A file is named after the project in its metadata.

    ``tool-1.0-py3-none-any.whl`` whose metadata says ``Name: my-tool`` was renamed, or
    its metadata was changed. Spelling does not matter here: ``My.Tool`` and
    ``my_tool`` are the same project.
    """
    found, name = known_file_name(subject), value(subject, "name")
    if found and is_project_name(name) and found.normalized != canonicalize_name(name):
        yield (
            f"The file is named after {show(found.project)}, its metadata says "
            f"{show(name)}."
        )


@file_rule(
    pypi_message="should contain the normalized project name",
    hint="Upgrade the build tool, and build the wheel again.",
    link=links.WHEEL_NAME,
)
def wheel_name_normalized(subject: Subject) -> Iterator[str]:
    """A wheel spells the project in lower case, with ``_`` for other signs.

    ``My.Tool`` is ``my_tool`` in the name of a wheel. Old build tools write
    ``My.Tool-1.0-py3-none-any.whl``, which PyPI took until October 2025.
    """
    found = known_file_name(subject)
    if subject.filetype != "bdist_wheel" or found is None:
        return
    name = value(subject, "name")
    wanted = found.normalized.replace("-", "_")
    # The name of another project is the matter of `name-mismatch`.
    same = found.normalized == canonicalize_name(name)
    if same and found.project != wanted:
        yield f"The name must begin with {show(wanted)}, not {show(found.project)}."


@file_rule(
    pypi_message="should be",
    hint="Build the file again; do not rename it.",
    link=links.FORMATS,
)
def version_mismatch(subject: Subject) -> Iterator[str]:
    """A file is named after the version in its metadata.

    ``tool-1.0-py3-none-any.whl`` whose metadata says ``Version: 1.1`` was renamed, or
    its metadata was changed. ``1.0`` and ``1.0.0`` are the same version here; how an
    sdist must spell it is the matter of ``sdist-file-name``. PyPI says of a wheel
    ``Version in filename should be``, and of an sdist ``is invalid, should be``.
    """
    found, version = known_file_name(subject), parse_version(value(subject, "version"))
    # Compared as versions: 1.0 and 1.0.0 are equal (PEP 440).
    if found and version and parse_version(found.version) != version:
        yield (
            f"The file is named after version {show(found.version)}, its metadata "
            f"says {show(value(subject, 'version'))}."
        )


@file_rule(
    severity=Severity.WARNING,
    pypi_message="File too large",
    hint="Leave out what is not needed, or ask PyPI for a higher limit.",
    link=links.SIZES,
)
def file_size(subject: Subject) -> Iterator[str]:
    """A file has at most 100 MiB.

    That is what every project may upload; PyPI grants more to projects that ask for
    it, so this is only a warning. Test data, debug symbols and caches are what
    makes files large most often.
    """
    if _USUAL_LIMIT < subject.size <= _HIGHEST_LIMIT:
        yield f"The file has {subject.size:,} bytes: {_of(subject, _USUAL_LIMIT)}."


@file_rule(
    pypi_message="File too large",
    hint="Leave out what is not needed, or split the project.",
    link=links.SIZES,
)
def file_size_limit(subject: Subject) -> Iterator[str]:
    """A file has at most 1 GiB.

    No project can be granted more. Put large data into a project of its own, or
    fetch it when it is needed.
    """
    if subject.size > _HIGHEST_LIMIT:
        yield f"The file has {subject.size:,} bytes: {_of(subject, _HIGHEST_LIMIT)}."


def _of(subject: Subject, limit: int) -> str:
    return f"{subject.size - limit:,} more than {limit // _MIB:,} MiB"


@file_rule(
    severity=Severity.WARNING,
    pypi_message="conflict with Python Standard Library module name",
    hint="Choose another name, unless the project is on PyPI already.",
    link=links.NEW_PROJECT,
    requires="stdlib-list",
)
def stdlib_name(subject: Subject) -> Iterator[str]:
    """A new project is not named like a module of the standard library.

    ``typing``, ``test`` and ``xml-etree`` are refused, whichever Python had the module.
    Projects that have such a name already may keep it, so this is only a warning.
    """
    yield from find_stdlib_name(subject)


def find_stdlib_name(subject: Subject) -> Iterator[str]:
    """Yield what is wrong with the project's name if it is a module's."""
    name = value(subject, "name")
    if name and canonicalize_name(name) in _stdlib_names():
        yield f"A module of the standard library is named {show(name)}."


@functools.lru_cache(maxsize=1)
def _stdlib_names() -> frozenset[str]:
    """Return the modules of all Pythons and what they are in, normalized."""
    import stdlib_list

    modules = {
        module
        # stdlib-list 0.12: from 2.6 to 3.14.
        for version in stdlib_list.short_versions
        for module in stdlib_list.stdlib_list(version)
    }
    # `xml.etree` forbids `xml` as well.
    parts = (module.split(".") for module in modules)
    return frozenset(
        canonicalize_name(".".join(part[:count]))
        for part in parts
        for count in range(1, len(part) + 1)
    )
