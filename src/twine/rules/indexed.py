"""What can be said of a distribution when it is known what the index has. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from .filenames import sent_version
from .limits import stdlib_name
from .model import Rule, Severity, Subject, rule
from .sent import show, value

_REUSE = "https://pypi.org/help/#file-name-reuse"
_HELP = "https://pypi.org/help/"
# PyPI takes no new files for a release after this.
OPEN_FOR = dt.timedelta(days=14)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OnIndex:
    """What an index has of one project.

    Args:
        exists: Whether it knows the project at all.
        status: The project's status: ``active``, ``archived`` or ``quarantined``.
        digests: SHA-256 digests by file name; ``None`` where the index tells none.
        uploaded: When files were uploaded, by file name, where the index tells it.
        similar: Names of other projects that PyPI would confuse with this one.
        similar_new: Names of that kind which are new themselves, in the same run.
        now: The time of asking.
    """

    exists: bool
    status: str = "active"
    digests: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    uploaded: Mapping[str, dt.datetime] = dataclasses.field(default_factory=dict)
    similar: tuple[str, ...] = ()
    similar_new: tuple[str, ...] = ()
    now: dt.datetime


IndexRule = Rule[Callable[[Subject, OnIndex], Iterator[str]]]


def _is_same(subject: Subject, there: OnIndex) -> bool | None:
    """Return whether the file that the index has of this name is this very file.

    Nothing if that cannot be told, or if it has none.
    """
    listed = there.digests.get(subject.filename)
    ours = None if listed is None else subject.sha256()
    return None if ours is None else listed == ours


def _may_be_there(subject: Subject, there: OnIndex) -> bool:
    """Return whether the index may have this very file: then it is content with it."""
    listed = subject.filename in there.digests
    return listed and _is_same(subject, there) is not False


def _of_release(subject: Subject, there: OnIndex) -> list[str]:
    """Return the names of the files of this release that the index has."""
    from packaging.utils import parse_sdist_filename, parse_wheel_filename

    wanted = sent_version(value(subject, "version"))
    found = []
    for name in there.digests:
        try:
            if name.endswith(".whl"):
                version = parse_wheel_filename(name)[1]
            else:
                version = parse_sdist_filename(name)[1]
        except ValueError:  # also of a number with very many digits
            continue
        if version == wanted:
            found.append(name)
    return found


@rule(
    "already-uploaded",
    Severity.NOTE,
    hint="There is nothing to do for this file: uploading it again changes nothing.",
    link=_REUSE,
)
def already_uploaded(subject: Subject, there: OnIndex) -> Iterator[str]:
    """A file that the index has already, with the same content, need not be sent.

    PyPI answers a second upload of the file with success, and stores nothing.
    ``tool-1.0.tar.gz`` of a run that broke off may be there already, for example.
    """
    if _is_same(subject, there):
        yield f"{show(subject.filename)} is on the index already, with this content."


@rule(
    "file-listed",
    Severity.WARNING,
    gist="File already exists",
    hint="Compare the two files; if they differ, publish a new version.",
    link=_REUSE,
)
def file_listed(subject: Subject, there: OnIndex) -> Iterator[str]:
    """A file that is on the index already can be compared with the one there.

    The index has a file of this name, but its SHA-256 digest is not known. With the
    same content, a second upload changes nothing; with other content it is refused.
    PyPI tells the digests of all files; other indexes may list ``tool-1.0.tar.gz``
    without one.
    """
    if subject.filename in there.digests and _is_same(subject, there) is None:
        yield (
            f"{show(subject.filename)} is on the index already, and whether with this "
            "content is not known."
        )


@rule(
    "file-exists",
    Severity.ERROR,
    gist="File already exists",
    hint="Publish a new version: the name of a file can be used once.",
    link=_REUSE,
)
def file_exists(subject: Subject, there: OnIndex) -> Iterator[str]:
    """The index has no other file of the same name.

    A file that was rebuilt has other content, and PyPI never replaces a file. Not
    even deleting the old one helps: its name stays taken.
    """
    if _is_same(subject, there) is False:
        yield f"{show(subject.filename)} is on the index already, with other content."


@rule(
    "content-exists",
    Severity.ERROR,
    gist="File already exists",
    hint="Use the file under the name that it has there.",
    link=_REUSE,
)
def content_exists(subject: Subject, there: OnIndex) -> Iterator[str]:
    """The index has no file with the same content under another name.

    PyPI knows files by their digests as well as by their names.
    """
    if _is_same(subject, there):
        return
    digest = subject.sha256()
    for name, listed in there.digests.items():
        if listed is not None and listed == digest and name != subject.filename:
            yield f"The index has this content under the name {show(name)}."


@rule(
    "sdist-exists",
    Severity.ERROR,
    gist="Only one sdist may be uploaded per release",
    hint="Publish a new version, or leave the sdist out.",
    link=_HELP,
)
def sdist_exists(subject: Subject, there: OnIndex) -> Iterator[str]:
    """The release has no other sdist on the index.

    A release has one sdist. ``my-tool-1.0.tar.gz`` on the index makes
    ``my_tool-1.0.tar.gz`` impossible.
    """
    if subject.filetype != "sdist" or _may_be_there(subject, there):
        return
    for name in _of_release(subject, there):
        if not name.endswith(".whl") and name != subject.filename:
            yield f"The release has the sdist {show(name)} on the index."


@rule(
    "release-closed",
    Severity.ERROR,
    gist="Uploading new files to releases older than 14 days is not allowed",
    hint="Publish a new version.",
    link=_HELP,
)
def release_closed(subject: Subject, there: OnIndex) -> Iterator[str]:
    """A release that is older than 14 days takes no new files.

    Wheels for a new Python, for example, need a new release: ``1.0.post1`` will do.
    The age is that of the oldest file that the index lists.
    """
    times = [
        there.uploaded[name]
        for name in _of_release(subject, there)
        if name in there.uploaded
    ]
    if not times or _may_be_there(subject, there):
        return
    age = there.now - min(times)
    if age > OPEN_FOR:
        yield f"The release is {age.days} days old, and closed for new files."


def hides_age(subject: Subject, there: OnIndex) -> bool:
    """Return whether the index keeps the age of a file's release to itself."""
    listed = _of_release(subject, there)
    return (
        bool(listed)
        and there.uploaded.keys().isdisjoint(listed)
        and not _may_be_there(subject, there)
    )


@rule(
    "project-archived",
    Severity.ERROR,
    gist="isn't allowed to upload to project",
    hint="Unarchive the project on its management page first.",
    link=_HELP,
)
def project_archived(subject: Subject, there: OnIndex) -> Iterator[str]:
    """A project that is archived takes no uploads.

    Its owners said that it is finished. They can take that back.
    """
    if there.status == "archived":
        yield f"The project {show(value(subject, 'name'))} is archived."


@rule(
    "project-quarantined",
    Severity.WARNING,
    gist="isn't allowed to upload to project",
    hint="Write to the index's administrators.",
    link=_HELP,
)
def project_quarantined(subject: Subject, there: OnIndex) -> Iterator[str]:
    """A project that is in quarantine takes no uploads from trusted publishers.

    The index's administrators suspect it of being harmful: for instance after a
    release ``1.0.1`` that its owners did not make. Only they can lift the quarantine;
    their help page says how to reach them.
    """
    if there.status == "quarantined":
        yield f"The project {show(value(subject, 'name'))} is in quarantine."


@rule(
    "project-new",
    Severity.NOTE,
    hint="If that is a surprise, look at the name's spelling.",
    link=_HELP,
)
def project_new(subject: Subject, there: OnIndex) -> Iterator[str]:
    """A project that the index does not know yet is created by its first upload.

    That takes an API token for the whole account, or a pending trusted publisher. If
    ``my-tool`` is there and ``my-tol`` is about to be created, the name is misspelled.
    """
    if not there.exists:
        yield f"There is no project {show(value(subject, 'name'))} yet."


@rule(
    "stdlib-name-new",
    Severity.ERROR,
    gist="isn't allowed (conflict with Python Standard Library module name)",
    hint="Choose another name.",
    requires="stdlib-list",
    link=_HELP,
)
def stdlib_name_new(subject: Subject, there: OnIndex) -> Iterator[str]:
    """A new project is not called like a module of the standard library.

    ``test`` and ``xml-etree`` can be nobody's project: who installs them would
    expect Python's own.
    """
    if not there.exists:
        yield from stdlib_name.check(subject)


@rule(
    "similar-name",
    Severity.ERROR,
    gist="is too similar to an existing project",
    hint="Choose another name.",
    link=_HELP,
)
def similar_name(subject: Subject, there: OnIndex) -> Iterator[str]:
    """A new project's name does not look like another project's.

    Without ``.``, ``_`` and ``-``, and with ``l`` and ``i`` read as ``1`` and ``o``
    as ``0``, no two projects may have the same name: ``re-quests`` is too similar to
    ``requests``. Of two new projects that look alike, only the first can be created.
    """
    name = show(value(subject, "name"))
    for other in there.similar:
        yield f"{name} is too similar to {show(other)}."
    for other in there.similar_new:
        yield (
            f"{name} is too similar to {show(other)}, which is new as well: the second "
            "of the two would be refused."
        )


def look_alike(name: str) -> str:
    """Return a name as PyPI compares it: what looks alike becomes the same."""
    letters = str.maketrans({"l": "1", "i": "1", "o": "0", ".": "", "_": "", "-": ""})
    return name.lower().translate(letters)


RULES = (
    already_uploaded,
    file_listed,
    file_exists,
    content_exists,
    sdist_exists,
    release_closed,
    project_archived,
    project_quarantined,
    project_new,
    stdlib_name_new,
    similar_name,
)
