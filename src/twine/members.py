"""What the walks over ZIP and tar archives share: limits, faults, a search."""

from __future__ import annotations

import os
from collections import Counter

from .rules.model import Fault

# An archive is read in bounded memory whatever it claims: of one that is larger
# than this in any respect nothing is remembered but that. Real ones stay far
# below; PyPI's own limits are on the bytes of the file alone.
MOST_MEMBERS = 100_000
LONGEST_NAMES = 6 * 1024 * 1024  # bytes, of all names together
LARGEST_TEXT = 8 * 1024 * 1024
LARGEST_SHORT_TEXT = 1024 * 1024  # `WHEEL` and `entry_points.txt`
LARGEST_TEXTS = 16 * 1024 * 1024  # of all texts together

# PyPI does not look for encrypted source in larger members.
LARGEST_SOURCE = 5 * 1024 * 1024

_MOST_ALIKE = 5
_LONGEST_SHOWN = 200
_PYARMOR = (
    b"__pyarmor__(__name__, __file__,",
    b"__pyarmor_enter__",
    b"__pyarmor_exit__",
    b"__pyarmor_assert__",
    b"__pyarmor_bcc__",
)
_SOURCEDEFENDER = (b"---BEGIN PYE FILE---", b"---END PYE FILE---")


class Faults:
    """Faults as they are found: of one kind the first few, then how many more."""

    def __init__(self) -> None:
        self._found: list[Fault] = []
        self._count: Counter[str] = Counter()

    def add(self, rule: str, detail: str) -> None:
        """Remember a fault.

        Args:
            rule: The rule that reports it.
            detail: What is wrong: one sentence.
        """
        self._count[rule] += 1
        if self._count[rule] <= _MOST_ALIKE:
            self._found.append(Fault(rule=rule, detail=detail))

    def have(self, prefix: str) -> bool:
        """Return whether a fault of a kind was found.

        Args:
            prefix: What the names of its rules begin with.
        """
        return any(rule.startswith(prefix) for rule in self._count)

    def all(self) -> tuple[Fault, ...]:
        """Return them in the order in which they were found."""
        more = (
            Fault(rule=rule, detail=_count_more(count - _MOST_ALIKE))
            for rule, count in self._count.items()
            if count > _MOST_ALIKE
        )
        return (*self._found, *more)


def _count_more(count: int) -> str:
    if count == 1:
        return "There is 1 more like these."
    return f"There are {count} more like these."


def shown(name: str | bytes) -> str:
    """Return the name of a member as a literal that fits on a screen.

    Args:
        name: As the archive has it; bytes need not be UTF-8.
    """
    if isinstance(name, bytes):
        name = name.decode("utf-8", "backslashreplace")
    if len(name) > _LONGEST_SHOWN:
        name = f"{name[:_LONGEST_SHOWN]}..."
    text = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in name
    )
    return f"`{text}`"


def is_source(name: str) -> bool:
    """Return whether PyPI looks for encrypted source in a member of this name."""
    return os.path.splitext(name)[1].lower() in {".py", ".pye"}


def product_of(data: bytes) -> str | None:
    """Return the name of the product that encrypted this source, if one did.

    PyPI searches for the same strings, so a file that only mentions them is taken
    for encrypted, here as there.
    """
    if b"__pyarmor_" in data and any(mark in data for mark in _PYARMOR):
        return "PyArmor"
    if all(mark in data for mark in _SOURCEDEFENDER):
        return "SourceDefender"
    return None


def report_too_large(name: str, size: int, faults: Faults) -> None:
    """Report a member that should be looked into but has too many bytes.

    Args:
        name: Its name.
        size: How many bytes it has.
        faults: Where to report it.
    """
    faults.add(
        "member-too-large", f"{shown(name)} has {size} bytes; it was not checked."
    )


def report_too_many(faults: Faults) -> None:
    """Report an archive of which not everything can be remembered."""
    faults.add(
        "too-many-members",
        f"The archive has more than {MOST_MEMBERS} members, or names of more than "
        f"{LONGEST_NAMES // 2**20} MiB; what is in it was not checked.",
    )
