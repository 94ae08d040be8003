"""What can be said of several distributions only when they are seen together. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

from packaging.utils import NormalizedName, canonicalize_name, canonicalize_version
from packaging.version import Version

from ..form.fields import FIELDS
from . import links
from .filenames import parse_version
from .model import Severity, Subject, release_rule
from .values import show, show_some, value, values

# `Dynamic` belongs in sdists, and older tools write older metadata into wheels.
_PARTLY_DYNAMIC = Version("2.6")
_MAY_DIFFER = {"metadata_version", "dynamic", "name", "version"}


def _project(subject: Subject) -> NormalizedName:
    return canonicalize_name(value(subject, "name"))


def _version(subject: Subject) -> str:
    """Return the version, so that ``1.0`` and ``1.0.0`` give the same text."""
    version = parse_version(value(subject, "version"))
    return canonicalize_version(version) if version else value(subject, "version")


def _release(subject: Subject) -> tuple[str, str]:
    return _project(subject), _version(subject)


def _groups(
    subjects: Iterable[Subject], key: Callable[[Subject], object]
) -> list[list[Subject]]:
    """Return the subjects that agree in something, in groups of two or more."""
    groups: dict[object, list[Subject]] = {}
    for subject in subjects:
        groups.setdefault(key(subject), []).append(subject)
    return [group for group in groups.values() if len(group) > 1]


def _same_content(one: Subject, other: Subject) -> bool | None:
    """Return whether two files have the same bytes; nothing if it is not known."""
    if one.size != other.size:
        return False
    first, second = one.sha256(), other.sha256()
    return None if first is None or second is None else first == second


@release_rule(
    pypi_message="Only one sdist may be uploaded per release",
    hint="Publish one sdist; remove what an earlier build left behind.",
    link=links.UPLOADING,
)
def second_sdist(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, str]]:
    """A release has one sdist.

    ``my-tool-1.0.tar.gz`` next to ``my_tool-1.0.tar.gz`` is the work of two build
    tools, or of two versions of one. Empty ``dist/`` before a build.
    """
    sdists = [subject for subject in subjects if subject.filetype == "sdist"]
    for group in _groups(sdists, _release):
        first = group[0]
        for other in group[1:]:
            if other.filename != first.filename:
                name = show(first.filename)
                yield other, f"{name} is an sdist of the same release already."


@release_rule(
    pypi_message="File already exists",
    hint="Publish the file under one name.",
    link=links.FILE_NAME_REUSE,
)
def same_content(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, str]]:
    """No two files have the same content under different names.

    PyPI knows every file by its digest as well as by its name: a wheel that was
    copied to a second name, for another platform for example, is refused.
    """
    # Files of different sizes need not be read, and most have different sizes.
    for group in _groups(subjects, lambda one: one.size):
        for index, other in enumerate(group):
            for first in group[:index]:
                if first.filename != other.filename and _same_content(first, other):
                    message = f"{show(first.filename)} has the very same content."
                    yield other, message
                    break


@release_rule(
    pypi_message="File already exists",
    hint="Publish one of them; remove what an earlier build left behind.",
    link=links.FILE_NAME_REUSE,
)
def same_name(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, str]]:
    """No two files have the same name and different content.

    ``old/tool-1.0.tar.gz`` and ``dist/tool-1.0.tar.gz`` are one file for PyPI. The
    second is refused, and the first can never be replaced.
    """
    for group in _groups(subjects, lambda one: one.filename):
        for other in group[1:]:
            # The same file in two folders does no harm: PyPI stores it once.
            if _same_content(group[0], other) is False:
                message = f"{show(group[0].path)} has the same name, and other content."
                yield other, message


@release_rule(
    severity=Severity.NOTE,
    hint="Remove what an earlier build left behind.",
    link=links.UPLOADING,
)
def releases_differ(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, str]]:
    """All files are of one project, and of one version of it.

    ``dist/`` keeps the files of earlier builds. If they were published, PyPI takes
    none of them again; if they were not, it may be better so. PyPI takes the files of
    many projects in one go, and some repositories have several; otherwise a file is
    in the wrong folder.
    """
    names = {_project(subject): value(subject, "name") for subject in subjects}
    if len(names) > 1:
        found = show_some(names.values())
        yield subjects[0], f"The files are of {len(names)} projects: {found}."
    for group in _groups(subjects, _project):
        versions = {_version(one): value(one, "version") for one in group}
        if len(versions) > 1:
            message = (
                f"The files of {show(value(group[0], 'name'))} are of "
                f"{len(versions)} versions: {show_some(versions.values())}."
            )
            yield group[0], message


@release_rule(
    severity=Severity.NOTE,
    hint="Build all files from the same source, with the same tool.",
    link=links.CORE_METADATA,
)
def metadata_differs(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, str]]:
    """All files of one release have the same metadata.

    What the first file says stays on the project's page: summary, description,
    dependencies, ``Requires-Python``. What later files say otherwise is checked and
    then forgotten, except that installers read it from the file.
    """
    # PyPI keeps the metadata of a release that came with its first file.
    for group in _groups(subjects, _release):
        first = group[0]
        for other in group[1:]:
            fields = [
                field.header
                for field in FIELDS
                if field.form not in _MAY_DIFFER
                and _compared(first, field.form) != _compared(other, field.form)
            ]
            if fields:
                names = ", ".join(f"`{name}`" for name in fields)
                verb = "differs" if len(fields) == 1 else "differ"
                same_name = first.filename == other.filename
                name = first.path if same_name else first.filename
                message = f"{names} {verb} from what {show(name)} says."
                yield other, message


@release_rule(
    severity=Severity.WARNING,
    hint="Build the wheel from the sdist: `python -m build`.",
    link=links.CORE_METADATA + "#dynamic",
)
def dynamic_value(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, str]]:
    """A wheel has all that the sdist of its release states, even of dynamic fields.

    From metadata 2.6 on (PEP 808) an sdist may state values of a field that it lists
    under ``Dynamic``. A build may then add to them, but must keep them: with
    ``Dynamic: Requires-Dist`` and ``Requires-Dist: attrs`` the wheels require
    ``attrs``, whatever else. Resolvers may rely on that, and PyPI does not look.
    """
    for group in _groups(subjects, _release):
        for sdist, wheel in itertools.product(group, group):
            if sdist.filetype == "sdist" and wheel.filetype == "bdist_wheel":
                for message in _find_lost_values(sdist, wheel):
                    yield wheel, message


def _find_lost_values(sdist: Subject, wheel: Subject) -> Iterator[str]:
    """Yield which dynamic fields of an sdist have values that a wheel lacks."""
    stated = parse_version(value(sdist, "metadata_version"))
    if stated is None or stated < _PARTLY_DYNAMIC:
        return
    dynamic = {name.lower() for name in values(sdist, "dynamic")}
    for field in FIELDS:
        if field.header.lower() in dynamic:
            kept = _compared(wheel, field.form)
            lost = [one for one in _compared(sdist, field.form) if one not in kept]
            if lost:
                where = show(sdist.filename)
                yield f"`{field.header}` lacks {show_some(lost)}, which {where} states."


def _compared(subject: Subject, field: str) -> list[str]:
    """Return what counts of a field's values: not their order, nor space around.

    Nor does it count how lines end, which a build on Windows may change.
    """
    texts = values(subject, field)
    if field == "keywords":
        texts = [word for text in texts for word in text.split(",")]
    return sorted("\n".join(text.splitlines()).strip() for text in texts)
