"""Which files are sent before which, and how many may be sent at once. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from ..package import PackageFile

# PyPI ends a request after 240 s; half of that leaves room for a bad minute.
LONGEST_UPLOAD = 120.0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What matters about one distribution here.

    Args:
        project: Its project, in canonical spelling.
        version: Its release.
        is_wheel: Whether it is a wheel.
    """

    project: str
    version: str
    is_wheel: bool

    @classmethod
    def of(cls, package: PackageFile) -> Item:
        """Return what matters about a distribution."""
        return cls(
            project=canonicalize_name(package.safe_name),
            version=package.version,
            is_wheel=package.filetype == "bdist_wheel",
        )

    @property
    def release(self) -> tuple[str, str]:
        """Its release, of which the project is a part."""
        return self.project, self.version


def plan_phases(items: Sequence[Item]) -> list[list[int]]:
    """Return the distributions in phases; those of one may be sent at once.

    First comes one file of each project, since it may create the project; then one of
    each other release, since an index takes the release's metadata from it; then the
    other wheels, and last the sdists: whoever installs meanwhile must not be given the
    sdist for want of a wheel.

    Args:
        items: The distributions in the order given, wheels first.

    Returns:
        The positions of the distributions in each phase; none is empty.
    """
    phases: list[list[int]] = [[], [], [], []]
    projects: set[str] = set()
    releases: set[tuple[str, str]] = set()
    for position, item in enumerate(items):
        if item.project not in projects:
            phase = 0
        elif item.release not in releases:
            phase = 1
        else:
            phase = 2 if item.is_wheel else 3
        phases[phase].append(position)
        projects.add(item.project)
        releases.add(item.release)
    return [phase for phase in phases if phase]


def fits_beside(running: int, size: int, *, sent: int, seconds: float) -> bool:
    """Return whether a file may be sent beside others without taking too long.

    Args:
        running: How many uploads share the line already.
        size: Its size in bytes.
        sent: Bytes that have been sent so far; the pace is not known without any.
        seconds: How long that took.
    """
    if not running or not sent or not seconds:
        return True
    rate = sent / seconds / (running + 1)
    return size / rate <= LONGEST_UPLOAD
