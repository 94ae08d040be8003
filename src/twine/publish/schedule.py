"""Which upload must wait for which, and how many may run at once. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

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

    @property
    def release(self) -> tuple[str, str]:
        """Its release, of which the project is a part."""
        return self.project, self.version


def plan(items: Sequence[Item]) -> dict[int, set[int]]:
    """Return what must be on the index before each distribution.

    The first file of a project goes alone, since it may create the project; then
    the first of each release, since an index takes the release's metadata from it.
    The sdist follows when all wheels of its release are there: whoever installs
    meanwhile must not be given the sdist for want of a wheel.

    Args:
        items: The distributions in the order given, wheels first.

    Returns:
        The positions that each position waits for.
    """
    after: dict[int, set[int]] = {}
    first_of_project: dict[str, int] = {}
    first_of_release: dict[tuple[str, str], int] = {}
    wheels: dict[tuple[str, str], set[int]] = {}
    for position, item in enumerate(items):
        pioneer = first_of_project.setdefault(item.project, position)
        first = first_of_release.setdefault(item.release, position)
        after[position] = {pioneer, first} - {position}
        if item.is_wheel:
            wheels.setdefault(item.release, set()).add(position)
        else:
            after[position] |= wheels.get(item.release, set())
    return after


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast files get through, all together.

    Args:
        sent: Bytes that have been sent so far.
        seconds: How long that took.
    """

    sent: int = 0
    seconds: float = 0.0

    def allows(self, size: int, running: int) -> bool:
        """Return whether a file may be sent beside others without taking too long.

        Args:
            size: Its size in bytes.
            running: How many uploads share the line already.
        """
        if not self.sent or not self.seconds:
            return True
        rate = self.sent / self.seconds / (running + 1)
        return size / rate <= LONGEST_UPLOAD
