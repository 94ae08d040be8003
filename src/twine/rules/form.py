"""What PyPI demands of the form's single values; the other modules hold the lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ..form.core_metadata import FIELDS, REPEATED
from . import addresses, listed
from .filenames import is_project_name, sent_version
from .model import FileRule, Severity, Subject, rule
from .sent import (
    CORE_METADATA,
    METADATA_VERSIONS,
    REPEATABLE,
    content_type_crashes,
    invalid_values,
    project_urls,
    show,
    value,
    values,
)

_LONGEST_SUMMARY = 512
_BRACE = re.compile(r"[{}]")
_HEADERS = {field.form: field.header for field in FIELDS}
# The metadata version that brought a field; the others were there from the start.
_SINCE = {
    "supported_platform": "1.1", "download_url": "1.1", "classifiers": "1.1",
    "requires": "1.1", "provides": "1.1", "obsoletes": "1.1",
    "maintainer": "1.2", "maintainer_email": "1.2", "requires_dist": "1.2",
    "provides_dist": "1.2", "obsoletes_dist": "1.2", "requires_external": "1.2",
    "requires_python": "1.2", "project_urls": "1.2",
    "description_content_type": "2.1", "provides_extra": "2.1",
    "dynamic": "2.2", "license_expression": "2.4", "license_file": "2.4",
    "import_name": "2.5", "import_namespace": "2.5",
}  # fmt: skip


@rule(
    "invalid-distribution",
    Severity.ERROR,
    gist="Invalid distribution file.",
    hint="Give wheels and sdists only, and build again what is broken.",
    link=CORE_METADATA,
)
def invalid_distribution(subject: Subject) -> Iterator[str]:
    """A file is a distribution, and its metadata is sound.

    Its name ends in ``.whl`` or ``.tar.gz``, its archive can be opened, and there is a
    ``METADATA`` or ``PKG-INFO`` inside with a metadata version, a name and a version.
    A field that does not exist, ``Licence: MIT`` for example, is refused here, too:
    PyPI would never see it. This rule speaks only of what no other rule tells.
    """
    if subject.faults:
        yield sum_up(subject.faults)


def sum_up(faults: Iterable[str]) -> str:
    """Return the faults of a file's metadata as one message."""
    return f"The metadata is invalid: {'; '.join(faults)}."


@rule(
    "metadata-header-broken",
    Severity.ERROR,
    hint="Keep the value before that line to one line in the build configuration.",
    link=CORE_METADATA,
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


@rule(
    "repeated-field",
    Severity.ERROR,
    gist="has invalid data",
    hint="Give the field once in the build configuration.",
    link=CORE_METADATA,
)
def repeated_field(subject: Subject) -> Iterator[str]:
    """A field that has one value is sent once, and a project URL's label is unique.

    Two ``Summary`` lines, two lists of ``Keywords``, or ``Project-URL: Home, ...``
    twice leave PyPI without an answer to which of them counts, so it reads nothing
    else and refuses the file. Build tools do not write such metadata; look for what
    changes it afterwards. Of two URLs with one label, rename one.
    """
    for fault in subject.faults:
        if fault.endswith(REPEATED):
            yield f"{fault}."
    for field in FIELDS:
        count = len(values(subject, field.form))
        if count > 1 and field.form not in REPEATABLE:
            yield f"`{field.header}` is given {count} times."
    labels = Counter(label for label, _ in project_urls(subject))
    for label, count in labels.items():
        if count > 1:
            yield f"`Project-URL` has the label {show(label)} {count} times."


@rule(
    "metadata-version",
    Severity.ERROR,
    gist="is not a valid metadata version",
    hint="Build with a tool that writes metadata of a version PyPI knows.",
    link=CORE_METADATA,
    grows=True,
)
def metadata_version(subject: Subject) -> Iterator[str]:
    """The metadata version is one that PyPI knows.

    It knows 1.0, 1.1, 1.2, 2.1, 2.2, 2.3, 2.4 and 2.5. It never took 2.0, which some
    tools wrote. A build tool that is ahead of PyPI may write a newer one,
    ``Metadata-Version: 2.6`` for example: wait until PyPI follows, or use an earlier
    release of the tool.
    """
    version = value(subject, "metadata_version")
    if not version:
        yield "`Metadata-Version` is missing."
    elif version not in METADATA_VERSIONS:
        yield f"PyPI does not know `Metadata-Version` {show(version)}."


@rule(
    "field-too-new",
    Severity.ERROR,
    gist="introduced in metadata version",
    hint="Upgrade the build tool: it states an older metadata version than it writes.",
    link=CORE_METADATA,
)
def field_too_new(subject: Subject) -> Iterator[str]:
    """A field is no newer than the metadata version of the file.

    Every field came with some version of the core metadata, ``License-Expression``
    with 2.4 for example. A file that says ``Metadata-Version: 2.1`` and has one is
    refused. Build tools get this right by themselves; look for an old one, or for
    what adds fields after the build.
    """
    version = value(subject, "metadata_version")
    if version not in METADATA_VERSIONS:
        return
    for form_name, since in _SINCE.items():
        if METADATA_VERSIONS.index(since) > METADATA_VERSIONS.index(version) and values(
            subject, form_name
        ):
            yield (
                f"`{_HEADERS[form_name]}` came with metadata version `{since}`; this "
                f"file states `{version}`."
            )


@rule(
    "project-name",
    Severity.ERROR,
    gist="is an invalid value for Name",
    hint="Set the project's `name`: letters and digits, with `.`, `_` and `-` between.",
    link="https://packaging.python.org/specifications/name-normalization/",
)
def project_name(subject: Subject) -> Iterator[str]:
    """A project's name starts and ends with an ASCII letter or digit.

    Between them may be letters, digits, ``.``, ``_`` and ``-``. So ``my-tool`` is
    fine; ``-my-tool`` and ``tool.`` are not. The name goes into the form as twine
    spells it: what is no letter, digit or dot becomes a hyphen.
    """
    name = value(subject, "name")
    if not is_project_name(name):
        fault = f"{show(name)} is not the name of a project" if name else "is missing"
        yield f"`Name` {fault}."


@rule(
    "invalid-value",
    Severity.ERROR,
    gist="is invalid for",
    hint="Correct the value in the build configuration.",
    link=CORE_METADATA,
)
def invalid_value(subject: Subject) -> Iterator[str]:
    """Every field has a value that the core metadata specification allows.

    For example: a version in the standard's form, a summary of one line,
    requirements such as ``attrs>=23; python_version < "3.12"``, ``Requires-Python``
    as a specifier (``>=3.10``, not ``3.10``), a licence expression of known SPDX
    identifiers (``MIT``, ``Apache-2.0 OR MIT``), licence files by their relative
    path, and a description of type ``text/plain``, ``text/x-rst`` or
    ``text/markdown`` with ``charset=UTF-8`` spelled so.
    """
    for fault in invalid_values(subject.form):
        if not _BRACE.search(fault.value):
            shown = f" {show(fault.value)}" if fault.value else ""
            yield f"`{fault.field.header}`{shown} is not valid: {fault.reason}."


@rule(
    "braces-in-value",
    Severity.ERROR,
    gist="Internal Server Error",
    hint="Look for a template that was not filled in.",
    link=CORE_METADATA,
)
def braces_in_value(subject: Subject) -> Iterator[str]:
    """A value with braces is valid, or else the server fails instead of answering.

    ``Requires-Dist: {name}>=1`` is no requirement, and PyPI's server stumbles over
    the braces while it says so: the upload ends with an internal error that explains
    nothing. Braces are most often what a template left behind.
    """
    for fault in invalid_values(subject.form):
        if _BRACE.search(fault.value):
            yield (
                f"`{fault.field.header}` {show(fault.value)} is not valid, and its "
                "braces make PyPI's server fail."
            )


@rule(
    "content-type-parameter",
    Severity.ERROR,
    gist="Internal Server Error",
    hint="Write `text/markdown` or `text/x-rst`, with no parameters.",
    link=CORE_METADATA,
)
def content_type_parameter(subject: Subject) -> Iterator[str]:
    """The description's content type does not end in a parameter without a value.

    A type such as ``text/markdown; charset*`` makes the library fail that PyPI reads
    it with, and so PyPI's server. ``text/markdown`` says all that is needed.
    """
    content_type = value(subject, "description_content_type")
    if content_type_crashes(content_type):
        yield f"`Description-Content-Type` {show(content_type)} makes the server fail."


@rule(
    "local-version",
    Severity.ERROR,
    gist="The use of local versions",
    hint="Build from a tagged commit, or set the version without the part after `+`.",
    link="https://packaging.python.org/specifications/version-specifiers/"
    "#local-version-identifiers",
)
def local_version(subject: Subject) -> Iterator[str]:
    """A version has no local part.

    In ``1.0+ubuntu1`` or ``1.1.dev3+g1a2b3c4`` everything from the ``+`` on is for
    builds that are not published. Tools that take the version from the repository
    add it between two tags: check out the tag, commit what changed, or tell the tool
    to leave it out (``local_scheme = "no-local-version"`` of setuptools-scm).
    """
    version = sent_version(value(subject, "version"))
    if version and version.local:
        yield (
            f"The version {show(value(subject, 'version'))} has the local part "
            f"`+{version.local}`."
        )


@rule(
    "summary-length",
    Severity.ERROR,
    gist="512 characters",
    hint="Shorten the `description` in `pyproject.toml`; the README has the rest.",
    link=CORE_METADATA + "#summary",
)
def summary_length(subject: Subject) -> Iterator[str]:
    """A summary has at most 512 characters.

    The summary is the one line under the project's name, ``description`` in
    ``pyproject.toml``. Keep it to a sentence. A long text belongs into the README.
    """
    length = len(value(subject, "summary"))
    if length > _LONGEST_SUMMARY:
        yield f"`Summary` has {length} characters, {_LONGEST_SUMMARY} are allowed."


RULES: tuple[FileRule, ...] = (
    invalid_distribution,
    metadata_header_broken,
    repeated_field,
    metadata_version,
    field_too_new,
    project_name,
    invalid_value,
    braces_in_value,
    content_type_parameter,
    local_version,
    summary_length,
    *addresses.RULES,
    *listed.RULES,
)
