"""What an index has under the name of a file, as values. Pure."""

from __future__ import annotations

import dataclasses

from .. import exceptions

NAME_IS_TAKEN = "A file name can be used once: publish a new version."


@dataclasses.dataclass(frozen=True, slots=True)
class Same:
    """The index has this very file: name and SHA-256 are the same."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """The index has a file of this name with other content.

    Args:
        filename: The name.
        sha256: The digest of the file, hexadecimal.
        listed: The digest that the index lists.
    """

    filename: str
    sha256: str
    listed: str

    @property
    def digests(self) -> str:
        """Both digests, the file's first."""
        return f"its SHA-256 is {self.sha256}, that on the index {self.listed}"


@dataclasses.dataclass(frozen=True, slots=True)
class Present:
    """The index has a file of this name, and lists no SHA-256 to compare."""


@dataclasses.dataclass(frozen=True, slots=True)
class Absent:
    """The index has no file of this name.

    Args:
        certain: Whether it said so. A 404 may also mean that its simple API is at
            another URL.
    """

    certain: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Unknown:
    """The index cannot be asked, or answers with no listing.

    Args:
        reason: Why not: one sentence without its full stop.
        login_required: Whether it asked for credentials, or for others, instead.
    """

    reason: str
    login_required: bool = False


FileStatus = Same | Different | Present | Absent | Unknown


def compare_digests(
    filename: str, sha256: str | None, listed: str | None
) -> FileStatus:
    """Return what an index has under a name that it lists.

    Args:
        filename: The name.
        sha256: The digest of the file, hexadecimal.
        listed: The digest that the index lists. PEP 691 and PEP 503 leave it to the
            index whether it tells one, and of which kind.
    """
    if listed is None or sha256 is None:
        return Present()
    if listed == sha256:
        return Same()
    return Different(filename=filename, sha256=sha256, listed=listed)


def conflict_error(status: Different) -> exceptions.InvalidDistribution:
    """Return the error for a file of which the index has another one."""
    return exceptions.InvalidDistribution(
        f"`{status.filename}` already exists on the index with other content: "
        f"{status.digests}.",
        hint=NAME_IS_TAKEN,
    )
