"""Distributions as the rules see them: the form of an upload, and what is in the file.

A file that is broken is no error here: what is wrong with it is part of the value.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import functools
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

from .. import archives, exceptions
from ..archives.model import Archive
from ..form import core_metadata, signing
from ..form.file import DistributionFile, unreadable_error
from ..package import DIST_TYPES, PackageFile, find_filetype
from ..rules.description import MARKDOWN, RST, media_type
from ..rules.model import Rendered, Subject
from ..rules.values import value
from .description import render_description

Item = TypeVar("Item")

# Archives are read by C code that lets other threads run; more threads than cores
# gain nothing.
DEFAULT_JOBS = min(4, os.cpu_count() or 1)
_NOTHING = Archive(kind="neither")


def read_subjects(
    read: Callable[[Item], Subject],
    items: Sequence[Item],
    *,
    jobs: int = DEFAULT_JOBS,
    media_types: Collection[str] = (RST, MARKDOWN),
) -> Iterator[Subject]:
    """Read distributions side by side, and render each different description once."""
    # The wheels of a release have the same one, and rendering takes most of the time.
    rendered: dict[tuple[str, str], Rendered] = {}
    with contextlib.ExitStack() as stack:
        subjects: Iterator[Subject]
        if jobs == 1 or len(items) == 1:
            subjects = map(read, items)
        else:
            # If the caller stops, by Ctrl-C for example, what has not begun never does.
            pool = concurrent.futures.ThreadPoolExecutor(jobs)
            subjects = stack.enter_context(pool).map(read, items)
        for subject in subjects:
            key = media_type(subject), value(subject, "description")
            if key[0] not in media_types or not key[1]:
                yield subject
                continue
            if key not in rendered:
                rendered[key] = render_description(*key)
            yield dataclasses.replace(subject, description=rendered[key])


def read_subject(path: str, attestations: Sequence[str] = ()) -> Subject:
    """Read everything that rules look at, but do not render its description."""
    subject = _read(path, archives.read_archive)
    try:
        found = signing.read_attestations(attestations)
    except exceptions.InvalidDistribution as exc:
        return dataclasses.replace(subject, unreadable_attestation=str(exc))
    return dataclasses.replace(subject, attestations=tuple(found) or None)


def read_metadata(path: str) -> Subject:
    """Read a distribution's metadata, and nothing else of it; nor render anything."""

    def read(path: str, filetype: str) -> archives.Reading:
        DIST_TYPES[filetype](path)  # it wants a certain name of a wheel
        data = archives.read_metadata(path, filetype, is_bounded=True)
        return archives.Reading(_NOTHING, data)

    return _read(path, read)


def _read(path: str, read: Callable[[str, str], archives.Reading]) -> Subject:
    subject = Subject(
        path=path,
        filename=os.path.basename(path),
        filetype="",
        size=0,
        archive=_NOTHING,
        sha256=functools.cache(functools.partial(_hash, path)),
    )
    try:
        filetype = find_filetype(path)
        if not os.path.isfile(path):  # a pipe would never end
            raise exceptions.InvalidDistribution(f"`{path}` is not a file.")
        size = os.path.getsize(path)
        subject = dataclasses.replace(subject, filetype=filetype, size=size)
        archive, data = read(path, filetype)
        subject = dataclasses.replace(subject, archive=archive)
        if not isinstance(data, bytes):
            raise data
    except archives.NotCheckedError as exc:
        return dataclasses.replace(subject, not_checked=str(exc))
    except exceptions.InvalidDistribution as exc:
        return dataclasses.replace(subject, unreadable=str(exc))
    except OSError as exc:  # it has gone
        return dataclasses.replace(subject, unreadable=str(unreadable_error(path, exc)))
    found = core_metadata.parse_metadata(data)
    return dataclasses.replace(
        subject,
        form=core_metadata.text_fields(found.raw),
        faults=found.faults,
        header_break=found.header_break,
    )


def make_subject(package: PackageFile) -> Subject:
    """Return a distribution that is about to be sent as the rules see it.

    Every upload warns of headers that end too early, whatever the index: so that is
    left out.

    Raises:
        InvalidDistribution: It cannot be read.
    """
    attestations = package.attestations
    return Subject(
        path=package.filename,
        filename=package.basefilename,
        filetype=package.filetype,
        size=package.size,
        form=core_metadata.text_fields(package.metadata),
        archive=package.archive
        or archives.read_archive(package.filename, package.filetype).archive,
        sha256=lambda: package.sha2_digest,
        attestations=None if attestations is None else tuple(attestations),
    )


def _hash(path: str) -> str | None:
    """Return a file's SHA-256 digest; nothing if it cannot be read any more."""
    try:
        return DistributionFile(path).digests.sha2
    except exceptions.InvalidDistribution:
        return None
