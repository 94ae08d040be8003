"""Wait until an index lists what was uploaded, so that the next step can install it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from .. import exceptions
from ..index.file_status import Different, Present, Same, Unknown, conflict_error
from ..terminal.text import format_duration, pluralize

if TYPE_CHECKING:
    from ..package import PackageFile
    from ..repository import Repository
    from ..terminal.console import Console

# Seconds before the second question; each further wait is twice as long. PyPI lists a
# file within a few seconds, other indexes when their cache has expired.
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 15.0


def wait_until_listed(
    repository: Repository,
    packages: Sequence[PackageFile],
    seconds: float,
    console: Console,
) -> None:
    """Ask an index what it has until it lists every file, each with its digest.

    Args:
        repository: The index.
        packages: What was uploaded.
        seconds: How long to wait at most.
        console: Where to tell how it goes.

    Raises:
        NotListed: Some files were not listed in time, or the index cannot be asked.
        InvalidDistribution: A file is listed with another digest.
    """
    begun = time.monotonic()
    pause = FIRST_PAUSE
    total = len(packages)
    waiting = list(packages)
    what = f"Waiting until the index lists {_files(total)}"
    shows = not repository.disable_progress_bar
    with console.waiting(what, enabled=shows) as update:
        while waiting := _find_unlisted(repository, waiting):
            left = seconds - (time.monotonic() - begun)
            if left <= 0:
                raise _not_listed(waiting, total, seconds)
            listed = total - len(waiting)
            update(f"The index lists {listed} of {pluralize(total, 'file')}")
            time.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)
    past = format_duration(time.monotonic() - begun)
    console.print(f"The index lists {_files(total)}, after {past}")


def _find_unlisted(
    repository: Repository, packages: Sequence[PackageFile]
) -> list[PackageFile]:
    """Return the files that an index does not list yet; each project is asked for once.

    Raises:
        NotListed: The index wants a log-in before it tells.
        InvalidDistribution: A file is listed with another digest.
    """
    asked: set[str] = set()
    unlisted = []
    for package in packages:
        project = canonicalize_name(package.safe_name)
        status = repository.fetch_file_status(package, afresh=project not in asked)
        asked.add(project)
        match status:
            case Same() | Present():
                pass
            case Different():
                raise conflict_error(status)
            case Unknown(login_required=True):
                raise exceptions.NotListed(
                    f"Whether the index lists what was uploaded is not known: "
                    f"{status.reason}."
                )
            case _:
                unlisted.append(package)
    return unlisted


def _not_listed(
    waiting: Sequence[PackageFile], total: int, seconds: float
) -> exceptions.NotListed:
    names = ", ".join(f"`{package.basefilename}`" for package in waiting)
    which = _files(total) if total == 1 else f"{len(waiting)} of {_files(total)}"
    return exceptions.NotListed(
        f"Uploaded, but after {seconds:g} s the index does not list {which}: {names}.",
        hint="It may need longer (`--wait SECONDS`); there is nothing to upload again.",
    )


def _files(number: int) -> str:
    return "the file" if number == 1 else f"{number} files"
