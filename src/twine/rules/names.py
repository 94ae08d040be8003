"""What PyPI demands of the name of a file. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from . import limits, platforms
from .filenames import (
    SDIST_SUFFIXES,
    InvalidName,
    forbidden_characters,
    is_project_name,
    known_file_name,
    parse_file_name,
    sent_version,
)
from .model import FileRule, Severity, Subject, rule
from .sent import show, value

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


@rule(
    "file-name-characters",
    Severity.ERROR,
    gist="Filename",
    hint="Build the file again; do not rename it.",
    link=_FORMATS,
)
def file_name_characters(subject: Subject) -> Iterator[str]:
    r"""A file's name has no control characters, slashes or backslashes.

    A line break or a tab in a name comes from a script that puts names together. No
    build tool writes such a name, nor ``my\tool-1.0.tar.gz``.
    """
    found = forbidden_characters(subject.filename)
    if found:
        noun = "character" if len(found) == 1 else "characters"
        characters = ", ".join(f"U+{ord(one):04X}" for one in found)
        yield f"The name {show(subject.filename)} has the {noun} {characters}."


@rule(
    "file-extension",
    Severity.ERROR,
    gist="Invalid file extension",
    hint="Publish `.whl` and `.tar.gz` files as the build tool names them.",
    link=_SDIST,
)
def file_extension(subject: Subject) -> Iterator[str]:
    """A wheel's name ends in ``.whl``, an sdist's in ``.tar.gz``, in lower case.

    ``tool-1.0.TAR.GZ``, ``tool-1.0.tgz`` and ``tool-1.0.tar.bz2`` are refused, eggs
    and installers too. The file must also be packed the way its name says.
    """
    allowed = (".whl",) if subject.filetype == "bdist_wheel" else SDIST_SUFFIXES
    if not subject.filename.endswith(allowed):
        yield (
            f"The name {show(subject.filename)} does not end in "
            f"{' or '.join(f'`{one}`' for one in allowed)}."
        )


@rule(
    "file-name-length",
    Severity.ERROR,
    gist="Filename is too long",
    hint="Shorten the name, or the list of platform tags.",
    link=_FORMATS,
)
def file_name_length(subject: Subject) -> Iterator[str]:
    """A wheel's name has at most 246 bytes, an sdist's at most 255.

    PyPI keeps a wheel's metadata under the wheel's name with ``.metadata`` appended,
    and no name on its disk may have more than 255 bytes. On a longer name its server
    fails. A wheel with a dozen platform tags comes near: build one for each.
    """
    length = len(subject.filename.encode(errors="surrogateescape"))
    allowed = _LONGEST_WHEEL if subject.filetype == "bdist_wheel" else _LONGEST
    if length > allowed:
        yield f"The name has {length} bytes, {allowed} are allowed."


@rule(
    "zip-sdist",
    Severity.ERROR,
    gist="is invalid, should be",
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


@rule(
    "sdist-file-name",
    Severity.ERROR,
    gist="is invalid, should be",
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
    version = sent_version(value(subject, "version"))
    name = canonicalize_name(value(subject, "name"))
    if version is None or found.normalized != name:
        return
    wanted = f"{name.replace('-', '_')}-{version}.tar.gz"
    if sent_version(found.version) == version and subject.filename != wanted:
        yield f"The name {show(subject.filename)} must be {show(wanted)}."


@rule(
    "wheel-file-name",
    Severity.ERROR,
    gist="Invalid wheel filename",
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


@rule(
    "name-mismatch",
    Severity.ERROR,
    gist="Start filename for",
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


@rule(
    "wheel-name-normalized",
    Severity.ERROR,
    gist="should contain the normalized project name",
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
    same = found.normalized == canonicalize_name(name)
    if same and found.project != wanted:
        yield f"The name must begin with {show(wanted)}, not {show(found.project)}."


@rule(
    "version-mismatch",
    Severity.ERROR,
    gist="should be",
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
    found, version = known_file_name(subject), sent_version(value(subject, "version"))
    if found and version and sent_version(found.version) != version:
        yield (
            f"The file is named after version {show(found.version)}, its metadata "
            f"says {show(value(subject, 'version'))}."
        )


RULES: tuple[FileRule, ...] = (
    file_name_characters,
    file_extension,
    file_name_length,
    zip_sdist,
    sdist_file_name,
    wheel_file_name,
    *platforms.RULES,
    name_mismatch,
    wheel_name_normalized,
    version_mismatch,
    *limits.RULES,
)
