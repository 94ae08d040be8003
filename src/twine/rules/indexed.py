"""What can be said of a distribution when it is known what the index has. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from . import links
from .filenames import parse_version
from .model import ProjectOnIndex, Severity, Subject, index_rule
from .names import find_stdlib_name
from .values import show, value

# PyPI takes no new files for a release after this.
OPEN_FOR = dt.timedelta(days=14)


def _is_same(subject: Subject, project: ProjectOnIndex) -> bool | None:
    """Return whether the file that the index has of this name is this very file.

    Nothing if that cannot be told, or if it has none.
    """
    # PEP 691: an index need not give any hashes.
    listed = project.digests.get(subject.filename)
    ours = None if listed is None else subject.sha256()
    return None if ours is None else listed == ours


def _may_be_there(subject: Subject, project: ProjectOnIndex) -> bool:
    """Return whether the index may have this very file: then it is content with it."""
    listed = subject.filename in project.digests
    return listed and _is_same(subject, project) is not False


def _of_release(subject: Subject, project: ProjectOnIndex) -> list[str]:
    """Return the names of the files of this release that the index has."""
    from packaging.utils import parse_sdist_filename, parse_wheel_filename

    wanted = parse_version(value(subject, "version"))
    found = []
    for name in project.digests:
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


@index_rule(
    severity=Severity.NOTE,
    hint="There is nothing to do for this file: uploading it again changes nothing.",
    link=links.FILE_NAME_REUSE,
)
def already_uploaded(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """A file that the index has already, with the same content, need not be sent.

    PyPI answers a second upload of the file with success, and stores nothing.
    ``tool-1.0.tar.gz`` of a run that broke off may be there already, for example.
    """
    if _is_same(subject, project):
        yield f"{show(subject.filename)} is on the index already, with this content."


@index_rule(
    severity=Severity.WARNING,
    pypi_message="File already exists",
    hint="Compare the two files; if they differ, publish a new version.",
    link=links.FILE_NAME_REUSE,
)
def file_listed(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """A file that is on the index already can be compared with the one there.

    The index has a file of this name, but its SHA-256 digest is not known. With the
    same content, a second upload changes nothing; with other content it is refused.
    PyPI tells the digests of all files; other indexes may list ``tool-1.0.tar.gz``
    without one.
    """
    if subject.filename in project.digests and _is_same(subject, project) is None:
        yield (
            f"{show(subject.filename)} is on the index already, and whether with this "
            "content is not known."
        )


@index_rule(
    pypi_message="File already exists",
    hint="Publish a new version: the name of a file can be used once.",
    link=links.FILE_NAME_REUSE,
)
def file_exists(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """The index has no other file of the same name.

    A file that was rebuilt has other content, and PyPI never replaces a file. Not
    even deleting the old one helps: its name stays taken.
    """
    if _is_same(subject, project) is False:
        yield f"{show(subject.filename)} is on the index already, with other content."


@index_rule(
    pypi_message="File already exists",
    hint="Use the file under the name that it has there.",
    link=links.FILE_NAME_REUSE,
)
def content_exists(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """The index has no file with the same content under another name.

    PyPI knows files by their digests as well as by their names.
    """
    if _is_same(subject, project):
        return
    # It looks among all projects; an index shows the files of one.
    digest = subject.sha256()
    for name, listed in project.digests.items():
        if listed is not None and listed == digest and name != subject.filename:
            yield f"The index has this content under the name {show(name)}."


@index_rule(
    pypi_message="Only one sdist may be uploaded per release",
    hint="Publish a new version, or leave the sdist out.",
    link=links.HELP,
)
def sdist_exists(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """The release has no other sdist on the index.

    A release has one sdist. ``my-tool-1.0.tar.gz`` on the index makes
    ``my_tool-1.0.tar.gz`` impossible.
    """
    if subject.filetype != "sdist" or _may_be_there(subject, project):
        return
    for name in _of_release(subject, project):
        if not name.endswith(".whl") and name != subject.filename:
            yield f"The release has the sdist {show(name)} on the index."


@index_rule(
    pypi_message="Uploading new files to releases older than 14 days is not allowed",
    hint="Publish a new version.",
    link=links.HELP,
)
def release_closed(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """A release that is older than 14 days takes no new files.

    Wheels for a new Python, for example, need a new release: ``1.0.post1`` will do.
    The age is that of the oldest file that the index lists.
    """
    times = [
        project.uploaded[name]
        for name in _of_release(subject, project)
        if name in project.uploaded
    ]
    if not times or _may_be_there(subject, project):
        return
    # PyPI counts from when the release was created, which its API does not say; its
    # oldest file is as old, or nearly.
    age = project.now - min(times)
    if age > OPEN_FOR:
        yield f"The release is {age.days} days old, and closed for new files."


@index_rule(
    pypi_message="isn't allowed to upload to project",
    hint="Unarchive the project on its management page first.",
    link=links.HELP,
)
def project_archived(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """A project that is archived takes no uploads.

    Its owners said that it is finished. They can take that back.
    """
    # PEP 792 defines the statuses.
    if project.status == "archived":
        yield f"The project {show(value(subject, 'name'))} is archived."


@index_rule(
    severity=Severity.WARNING,
    pypi_message="isn't allowed to upload to project",
    hint="Write to the index's administrators.",
    link=links.HELP,
)
def project_quarantined(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """A project that is in quarantine takes no uploads from trusted publishers.

    The index's administrators suspect it of being harmful: for instance after a
    release ``1.0.1`` that its owners did not make. Only they can lift the quarantine;
    their help page says how to reach them.
    """
    if project.status == "quarantined":
        yield f"The project {show(value(subject, 'name'))} is in quarantine."


@index_rule(
    severity=Severity.NOTE,
    hint="If that is a surprise, look at the name's spelling.",
    link=links.HELP,
)
def project_new(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """A project that the index does not know yet is created by its first upload.

    That takes an API token for the whole account, or a pending trusted publisher. If
    ``my-tool`` is there and ``my-tol`` is about to be created, the name is misspelled.
    PyPI refuses a name that ``is too similar to an existing project``: without ``.``,
    ``_`` and ``-``, and with ``l`` and ``i`` read as ``1`` and ``o`` as ``0``, no two
    may be the same. That cannot be checked here, as it takes the list of all projects.
    """
    if not project.exists:
        yield f"There is no project {show(value(subject, 'name'))} yet."


@index_rule(
    pypi_message="isn't allowed (conflict with Python Standard Library module name)",
    hint="Choose another name.",
    requires="stdlib-list",
    link=links.HELP,
)
def stdlib_name_new(subject: Subject, project: ProjectOnIndex) -> Iterator[str]:
    """A new project is not called like a module of the standard library.

    ``test`` and ``xml-etree`` can be nobody's project: who installs them would
    expect Python's own.
    """
    if not project.exists:
        yield from find_stdlib_name(subject)
