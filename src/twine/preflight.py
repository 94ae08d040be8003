"""Look at distributions as PyPI will, before anything is sent.

One function builds what the rules judge: the form, as an upload would send it, and
the archive, read without extracting it.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import os
from collections.abc import Collection, Sequence

from . import archives, metadata, rules, workers
from .package import PackageFile

# The modules of the libraries that some rules need.
_MODULES = {
    "email-validator": "email_validator",
    "pypi-attestations": "pypi_attestations",
    "stdlib-list": "stdlib_list",
    "trove-classifiers": "trove_classifiers",
}


# Bytes of Python source to search in one distribution: all of it, in effect, and
# little where nobody must wait.
SEARCH = 256 * 2**20
QUICK_SEARCH = 2 * 2**20


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the rules say of several distributions.

    Args:
        findings: Everything they found.
        subjects: The distributions as the rules saw them.
        unchecked: The rules that could not be asked, with the library they need.
    """

    findings: tuple[rules.Finding, ...]
    subjects: tuple[rules.Subject, ...]
    unchecked: tuple[tuple[str, str], ...]


def examine(package: PackageFile, *, search: int = SEARCH) -> rules.Subject:
    """Return a distribution as the rules see it.

    Args:
        package: The distribution.
        search: Bytes of Python source to search for what PyPI forbids.

    Raises:
        InvalidDistribution: It cannot be read.
    """
    with package.digests_follow():
        parts = metadata.form_parts(package.metadata_dictionary())
    return rules.Subject(
        path=package.filename,
        filename=package.basefilename,
        filetype=package.filetype,
        size=os.path.getsize(package.filename),
        form=tuple((name, value) for name, value in parts if isinstance(value, str)),
        archive=archives.read_archive(
            package.filename, package.filetype, search=search
        ),
        sha256=lambda: package.sha2_digest,
        attestations=package.attestations,
    )


def judge(
    packages: Sequence[PackageFile],
    *,
    disabled: Collection[str] = (),
    jobs: int = workers.DEFAULT_JOBS,
    search: int = SEARCH,
) -> Judgement:
    """Ask the rules what they think of distributions.

    Args:
        packages: The distributions.
        disabled: Identifiers of rules that are not to be asked.
        jobs: How many distributions to look at at a time.
        search: Bytes of Python source to search in each for what PyPI forbids.

    Raises:
        InvalidDistribution: One cannot be read.
    """
    unchecked = tuple(
        (rule.name, rule.requires)
        for rule in rules.ALL_RULES
        if rule.requires and rule.name not in disabled and not is_there(rule.requires)
    )
    leave_out = {*disabled, *(name for name, _ in unchecked)}

    def look(package: PackageFile) -> tuple[rules.Subject, list[rules.Finding]]:
        subject = examine(package, search=search)
        return subject, list(rules.check_file(subject, leave_out))

    findings: list[rules.Finding] = []
    subjects: list[rules.Subject] = []
    for result in workers.map_ordered(look, packages, jobs=jobs):
        if isinstance(result, Exception):
            raise result
        subjects.append(result[0])
        findings += result[1]
    findings += rules.check_release(subjects, leave_out)
    return Judgement(
        findings=tuple(findings), subjects=tuple(subjects), unchecked=unchecked
    )


def is_there(library: str) -> bool:
    """Return whether a library that some rules need is installed.

    Args:
        library: Its name on PyPI.
    """
    return importlib.util.find_spec(_MODULES[library]) is not None
