"""What PyPI demands of the name of a file. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from .filenames import (
    InvalidName,
    forbidden_characters,
    is_project_name,
    known_file_name,
    parse_file_name,
    parse_version,
)
from .model import Subject, file_rule
from .values import show, value

_SDIST = (
    "https://packaging.python.org/specifications/source-distribution-format/"
    "#source-distribution-file-name"
)
_WHEEL = (
    "https://packaging.python.org/specifications/binary-distribution-format/"
    "#file-name-convention"
)
_FORMATS = "https://packaging.python.org/specifications/section-distribution-formats/"
# PyPI keeps a wheel's metadata beside it, under its name and `.metadata`.
_LONGEST_WHEEL = 246
_LONGEST = 255


@file_rule(
    pypi_message="Filename",
    hint="Build the file again, with a shorter list of platform tags if it is long.",
    link=_FORMATS,
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
    link=_SDIST,
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
    link=_SDIST,
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
    link=_WHEEL,
)
def wheel_file_name(subject: Subject) -> Iterator[str]:
    """A wheel's name has five or six parts between hyphens.

    Project, version, an optional build number, Python, ABI and platform tag, as in
    ``my_tool-1.0-py3-none-any.whl``. The version is one in the standard's form, the
    project has no ``__``, the build number starts with a digit, and the Python tag is
    not the word ``UNKNOWN``.
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
    link=_FORMATS,
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
    link=_WHEEL,
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
    link=_FORMATS,
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
