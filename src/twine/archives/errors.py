"""What goes wrong with an archive, as errors that name the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .. import exceptions


class TooLargeError(Exception):
    """There is more in an archive than is looked at; nothing need be wrong with it."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"{detail}; what is in it was not checked.")


class NotCheckedError(exceptions.InvalidDistribution):
    """The metadata of a distribution are not looked at; an upload would send it."""

    def __init__(self, path: str, reason: object) -> None:
        super().__init__(f"`{path}`: {reason}")


@contextmanager
def naming_file(path: str) -> Iterator[None]:
    """Turn whatever a broken archive raises into an error that names the file."""
    try:
        yield
    except exceptions.InvalidDistribution:
        raise
    except TooLargeError as exc:
        raise NotCheckedError(path, exc) from exc
    except OSError as exc:
        # gzip's own complaint is an OSError without a reason of the system's.
        if exc.strerror is None:
            raise broken(path, exc) from exc
        raise exceptions.InvalidDistribution(
            f"`{path}` cannot be read: {exc.strerror}."
        ) from exc
    except Exception as exc:
        # On hostile bytes the readers of the standard library raise nearly
        # anything, `RuntimeError`, `struct.error` and `lzma.LZMAError` included.
        raise broken(path, exc) from exc


def attempt(
    read: Callable[[], bytes], path: str
) -> bytes | exceptions.InvalidDistribution:
    """Return what a function reads of a file, or the error that names the file."""
    try:
        with naming_file(path):
            return read()
    except exceptions.InvalidDistribution as exc:
        return exc


def broken(path: str, error: Exception) -> exceptions.InvalidDistribution:
    """Return the error for an archive that a library cannot read, with its reason."""
    if path.endswith(".whl"):
        kind = "a wheel"
    elif path.endswith(".zip"):
        kind = "an sdist (a zip archive)"
    else:
        kind = "an sdist (a gzipped tar archive)"
    reason = str(error).rstrip(".") or type(error).__name__
    return exceptions.InvalidDistribution(
        f"`{path}` is not {kind}, or is broken: {reason}."
    )
