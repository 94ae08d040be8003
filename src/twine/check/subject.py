"""Look at distributions as PyPI will, before anything is sent.

One function builds what the rules judge: the form, as an upload would send it, and
the archive, read without extracting it.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.metadata
import importlib.util
import os
from collections.abc import Collection, Iterator, Sequence

from .. import archives, exceptions, rules
from ..form import core_metadata as metadata
from ..package import PackageFile, PackageMetadata, find_filetype
from ..publish import workers
from .description import Renderer


def find_unavailable(disabled: Collection[str] = ()) -> dict[str, str]:
    """Return the rules that cannot be asked, with the library that each needs.

    Args:
        disabled: Identifiers of rules that nobody wants to be asked.
    """
    return {
        rule.name: rule.requires
        for rule in rules.ALL_RULES
        if rule.requires and rule.name not in disabled and not is_there(rule.requires)
    }


def examine(
    package: PackageFile,
    leave_out: Collection[str] = (),
    *,
    renderer: Renderer,
    faults: tuple[str, ...] = (),
) -> tuple[rules.Subject, list[rules.Finding]]:
    """Return a distribution as the rules see it, and what they find in it.

    Args:
        package: The distribution.
        leave_out: Identifiers of rules that are not asked.
        renderer: What renders its description.
        faults: What is wrong with its metadata.

    Raises:
        InvalidDistribution: It cannot be read.
    """
    form = _texts(package.metadata_without_digests())
    subject = rules.Subject(
        path=package.filename,
        filename=package.basefilename,
        filetype=package.filetype,
        size=package.size,
        form=form,
        archive=package.archive
        or archives.read_archive(package.filename, package.filetype).archive,
        faults=faults,
        header_break=package.header_break,
        renderer=renderer,
        sha256=lambda: package.sha2_digest,
        attestations=package.attestations,
    )
    return subject, list(rules.check_file(subject, leave_out))


def examine_unusable(
    path: str, leave_out: Collection[str], *, renderer: Renderer
) -> tuple[list[rules.Finding], tuple[str, ...]]:
    """Return what the rules find in a file that cannot be sent.

    Args:
        path: The file.
        leave_out: Identifiers of rules that are not asked.
        renderer: What renders its description.

    Returns:
        What they find, and the faults of its metadata if these can be read.

    Raises:
        InvalidDistribution: It cannot be read, or its name is no distribution's.
    """
    filetype = find_filetype(path)
    if not os.path.isfile(path):
        raise exceptions.InvalidDistribution(f"`{path}` is not a file.")
    archive, data = archives.read_archive(path, filetype)
    subject = rules.Subject(
        path=path,
        filename=os.path.basename(path),
        filetype=filetype,
        size=os.path.getsize(path),
        form=(),
        archive=archive,
        renderer=renderer,
    )
    try:
        if not isinstance(data, bytes):
            raise data
        found = metadata.parse_metadata(data)
    except exceptions.InvalidDistribution:
        return list(rules.check_archive(subject, leave_out)), ()
    subject = dataclasses.replace(
        subject,
        form=_texts(metadata.form_values(found.raw)),
        faults=found.faults,
        header_break=found.header_break,
    )
    return list(rules.check_file(subject, leave_out)), found.faults


def _texts(values: PackageMetadata) -> tuple[tuple[str, str], ...]:
    """Return the parts of a form that are text."""
    parts = metadata.form_parts(values)
    return tuple((name, value) for name, value in parts if isinstance(value, str))


def judge(packages: Sequence[PackageFile]) -> list[rules.Finding]:
    """Ask the rules what they think of distributions that somebody waits to publish.

    Args:
        packages: The distributions.

    Raises:
        InvalidDistribution: One cannot be read.
    """
    # Every upload has warned of a break, whatever the index.
    leave_out = {*find_unavailable(), rules.metadata_header_broken.name}
    look = functools.partial(examine, leave_out=leave_out, renderer=Renderer())
    findings: list[rules.Finding] = []
    subjects: list[rules.Subject] = []
    for result in workers.map_ordered(look, packages, jobs=workers.DEFAULT_JOBS):
        if isinstance(result, Exception):
            raise result
        subjects.append(result[0])
        findings += result[1]
    return [*findings, *rules.check_release(subjects, leave_out)]


def is_there(library: str) -> bool:
    """Return whether a library that some rules need is installed.

    Args:
        library: Its name on PyPI, and perhaps an extra: ``readme-renderer[md]``.
    """
    name, _, extra = library.rstrip("]").partition("[")
    return _is_module(name) and all(map(_is_module, _brought_by(name, extra)))


def _is_module(library: str) -> bool:
    return importlib.util.find_spec(library.replace("-", "_")) is not None


def _brought_by(library: str, extra: str) -> Iterator[str]:
    """Yield what an extra brings, which differs between releases of a library."""
    from packaging.requirements import Requirement

    if not extra:
        return
    for one in map(Requirement, importlib.metadata.requires(library) or ()):
        marker = one.marker
        if marker is None or marker.evaluate({"extra": ""}):
            continue  # it is there without the extra
        if marker.evaluate({"extra": extra}):
            yield one.name
