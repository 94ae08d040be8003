"""What PyPI demands of the form's single values; `lists` holds the others. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..form.fields import METADATA_VERSIONS, FaultKind, MetadataFault
from . import links
from .filenames import is_project_name, parse_version
from .model import Subject, file_rule
from .values import show, value

_LONGEST_SUMMARY = 512
_INVALID = {FaultKind.MISSING, FaultKind.INVALID, FaultKind.TOO_LONG}
_CHARSET = re.compile(r';\s*charset\s*=\s*"?(utf-8)\b', re.IGNORECASE)


@file_rule(
    pypi_message="Invalid distribution file.",
    hint="Give wheels and sdists only, and build again what is broken.",
    link=links.CORE_METADATA,
)
def invalid_distribution(subject: Subject) -> Iterator[str]:
    """A file is a distribution, and its metadata is sound.

    Its name ends in ``.whl`` or ``.tar.gz``, in lower case (PyPI says ``Invalid file
    extension``), its archive can be opened, and there is a ``METADATA`` or
    ``PKG-INFO`` inside with a metadata version, a name and a version.
    A field that does not exist, ``Licence: MIT`` for example, is refused here, too:
    PyPI would never see it. So is a field that is given twice, or a label of two
    project URLs (``has invalid data``). This rule says only what no other rule does.
    """
    if subject.unreadable:
        yield subject.unreadable
    if subject.unreadable_attestation:
        yield subject.unreadable_attestation
    if subject.faults:
        yield f"The metadata is invalid: {'; '.join(map(str, subject.faults))}."


@file_rule(
    hint="Keep the value before that line to one line in the build configuration.",
    link=links.CORE_METADATA,
)
def metadata_header_broken(subject: Subject) -> Iterator[str]:
    """The headers of the metadata end with a blank line, or with the file.

    A line that is no header ends them as well: what a line break in ``Summary`` leaves
    on a line of its own, for example. All headers after it become the beginning of the
    description. So the file installs without the requirements that it names there,
    and PyPI says nothing. Without ``--pypi`` this is a warning, as before an upload.
    """
    if subject.header_break:
        yield subject.header_break


@file_rule(
    pypi_message="is not a valid metadata version",
    hint="Build with a tool that writes metadata of a version PyPI knows.",
    link=links.CORE_METADATA,
    grows=True,
)
def metadata_version(subject: Subject) -> Iterator[MetadataFault]:
    """The metadata version is one that PyPI knows.

    It knows 1.0, 1.1, 1.2, 2.1, 2.2, 2.3, 2.4 and 2.5. It never took 2.0, which some
    tools wrote. A build tool that is ahead of PyPI may write a newer one,
    ``Metadata-Version: 2.6`` for example: wait until PyPI follows, or use an earlier
    release of the tool. pdm-backend 2.5 writes 2.6 (PEP 808) only for a field that has
    a value in ``[project]`` and is in ``dynamic``, too: leave it out of one of them.
    """
    version = value(subject, "metadata_version")
    # 2.0 is not among them: PEP 426 was withdrawn. packaging 26.3 knows 2.6 (PEP 808),
    # and PyPI keeps a list of its own.
    if subject.form and version not in METADATA_VERSIONS:
        fault = f"{show(version)} is not known to PyPI" if version else "is missing"
        if version == "2.6":
            fault += "; it is for fields with a value that are `dynamic` (PEP 808)"
        yield _invalid("Metadata-Version", fault)


@file_rule(
    pypi_message="introduced in metadata version",
    hint="Upgrade the build tool: it states an older metadata version than it writes.",
    link=links.CORE_METADATA,
)
def field_too_new(subject: Subject) -> Iterator[MetadataFault]:
    """A field is no newer than the metadata version of the file.

    Every field came with some version of the core metadata, ``License-Expression``
    with 2.4 for example. A file that says ``Metadata-Version: 2.1`` and has one is
    refused. Build tools get this right by themselves; look for an old one, or for
    what adds fields after the build.
    """
    for fault in subject.faults:
        if fault.kind is FaultKind.TOO_NEW:
            yield fault


@file_rule(
    pypi_message="is an invalid value for Name",
    hint="Set the project's `name`: letters and digits, with `.`, `_` and `-` between.",
    link=links.PROJECT_NAMES,
)
def project_name(subject: Subject) -> Iterator[MetadataFault]:
    """A project's name starts and ends with an ASCII letter or digit.

    Between them may be letters, digits, ``.``, ``_`` and ``-``. So ``my-tool`` is
    fine; ``-my-tool`` and ``tool.`` are not. The name goes into the form as twine
    spells it: what is no letter, digit or dot becomes a hyphen.
    """
    name = value(subject, "name")
    # The same rule as `canonicalize_name(..., validate=True)` of packaging 26.
    if subject.form and not is_project_name(name):
        fault = f"{show(name)} is not the name of a project" if name else "is missing"
        yield _invalid("Name", fault)


@file_rule(
    pypi_message="is invalid for",
    hint="Correct the value in the build configuration.",
    link=links.CORE_METADATA,
)
def invalid_value(subject: Subject) -> Iterator[MetadataFault]:
    """Every field has a value that the core metadata specification allows.

    For example: a version in the standard's form, a summary of one line,
    requirements such as ``attrs>=23; python_version < "3.12"``, ``Requires-Python``
    as a specifier (``>=3.10``, not ``3.10``), a licence expression of known SPDX
    identifiers (``MIT``, ``Apache-2.0 OR MIT``), licence files by their relative
    path, and a description of type ``text/plain``, ``text/x-rst`` or
    ``text/markdown`` with ``charset=UTF-8`` spelled so. With braces in an invalid value
    (``{name}>=1``, of a template that was not filled in), PyPI may answer ``Internal
    Server Error``.
    """
    for fault in subject.faults:
        # These two have rules of their own.
        is_ours = fault.field not in {None, "Metadata-Version", "Name"}
        if is_ours and fault.kind in _INVALID:
            yield fault
    # packaging 26.3 takes any spelling, 26.2 just this one.
    content_type = value(subject, "description_content_type")
    charset = _CHARSET.search(content_type)
    if charset and charset[1] != "UTF-8":
        problem = "is not valid: the charset must be spelled `UTF-8`"
        yield _invalid("Description-Content-Type", f"{show(content_type)} {problem}")


def _invalid(header: str, problem: str) -> MetadataFault:
    message = f"`{header}` {problem}"
    return MetadataFault(field=header, kind=FaultKind.INVALID, message=message)


@file_rule(
    pypi_message="The use of local versions",
    hint="Build from a tagged commit, or set the version without the part after `+`.",
    link=links.LOCAL_VERSIONS,
)
def local_version(subject: Subject) -> Iterator[str]:
    """A version has no local part.

    In ``1.0+ubuntu1`` or ``1.1.dev3+g1a2b3c4`` everything from the ``+`` on is for
    builds that are not published. Tools that take the version from the repository
    add it between two tags: check out the tag, commit what changed, or tell the tool
    to leave it out (``local_scheme = "no-local-version"`` of setuptools-scm).
    """
    # PEP 440 has local versions for builds that are not published; packaging takes
    # them, so PyPI has a check of its own.
    version = parse_version(value(subject, "version"))
    if version and version.local:
        yield (
            f"The version {show(value(subject, 'version'))} has the local part "
            f"`+{version.local}`."
        )


@file_rule(
    pypi_message="512 characters",
    hint="Shorten the `description` in `pyproject.toml`; the README has the rest.",
    link=links.CORE_METADATA + "#summary",
)
def summary_length(subject: Subject) -> Iterator[str]:
    """A summary has at most 512 characters.

    The summary is the one line under the project's name, ``description`` in
    ``pyproject.toml``. Keep it to a sentence. A long text belongs into the README.
    """
    # With that on the labels of project URLs, the only limit on the length of a value.
    length = len(value(subject, "summary"))
    if length > _LONGEST_SUMMARY:
        yield f"`Summary` has {length} characters, {_LONGEST_SUMMARY} are allowed."
