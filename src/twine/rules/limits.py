"""What PyPI demands of a file's size, and of the name of a new project. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from .model import Severity, Subject, file_rule
from .values import show, value

_LIMITS = "https://docs.pypi.org/project-management/storage-limits/"
_MIB = 1024 * 1024
# PyPI has these in its database: the limit of a project can be raised to the other.
_USUAL_LIMIT = 100 * _MIB
_HIGHEST_LIMIT = 1024 * _MIB


@file_rule(
    severity=Severity.WARNING,
    pypi_message="File too large",
    hint="Leave out what is not needed, or ask PyPI for a higher limit.",
    link=_LIMITS,
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
    link=_LIMITS,
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
    link="https://pypi.org/help/#project-name",
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
