"""Send several distributions, in the right order, and remember what became of each."""

from __future__ import annotations

import dataclasses
import logging
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from .. import exceptions
from ..index import response as replies
from ..terminal import console
from ..terminal.text import format_size
from . import outcome as report
from . import schedule, workers

if TYPE_CHECKING:
    from ..package import PackageFile
    from ..repository import Repository

logger = logging.getLogger(__name__)


class Publication:
    """One run over several distributions.

    Args:
        repository: The index.
        packages: The distributions, wheels first.
        send: How to send one: it returns its status, or raises.
        jobs: How many to send at the same time.
        keep_going: Whether a refused file leaves the others a chance.
    """

    def __init__(
        self,
        repository: Repository,
        packages: Sequence[PackageFile],
        send: Callable[[PackageFile], report.Status],
        *,
        jobs: int = 1,
        keep_going: bool = False,
    ) -> None:
        self.packages = packages
        self._repository = repository
        self._send = send
        self._jobs = jobs
        self._keep_going = keep_going
        self._items = [
            schedule.Item(
                project=canonicalize_name(package.safe_name),
                version=package.version,
                is_wheel=package.filetype == "bdist_wheel",
            )
            for package in packages
        ]
        self._after = schedule.plan(self._items)
        self._begun = time.monotonic()
        self._errors: list[BaseException] = []
        # The positions of the files that are being sent.
        self._running: set[int] = set()
        self.outcomes = [report.Outcome(path=p.filename, size=p.size) for p in packages]

    @property
    def error(self) -> BaseException | None:
        """What ended the run, or would have: the first failure, but for Ctrl-C."""
        interrupts = [e for e in self._errors if isinstance(e, KeyboardInterrupt)]
        return next(iter([*interrupts, *self._errors]), None)

    @property
    def left(self) -> list[str]:
        """The paths of the distributions that are not known to be on the index."""
        return [
            outcome.path
            for outcome in self.outcomes
            if outcome.status not in {"uploaded", "skipped"}
        ]

    def run(self) -> None:
        """Send what can be sent; a failure is remembered, not raised."""
        try:
            workers.run_graph(
                self._attempt,
                self._after,
                jobs=self._jobs,
                may_start=self._may_start,
                interrupt=self._repository.interrupt,
            )
        except KeyboardInterrupt as exc:
            self._errors.append(exc)
            self._give_up(exc)

    def _give_up(self, error: KeyboardInterrupt) -> None:
        """Say of files that are still being sent that nobody knows of them.

        After a second Ctrl-C nobody waits for their end.
        """
        running = self._running.copy()
        for position in running:
            tries = self._repository.delivery(self.packages[position]).tries
            self.outcomes[position] = dataclasses.replace(
                self.outcomes[position],
                status="failed",
                tries=tries,
                error=error,
                in_doubt=tries > 0,
            )
        if not running:
            self._repository.recover()

    def _may_start(self, position: int, running: int) -> bool:
        """Return whether a file may be sent beside others, at the measured pace."""
        sent = sum(o.size for o in self.outcomes if o.status == "uploaded")
        pace = schedule.Pace(sent=sent, seconds=time.monotonic() - self._begun)
        return pace.allows(self.outcomes[position].size, running)

    def _attempt(self, position: int) -> bool:
        """Send one file, and return whether to go on."""
        package = self.packages[position]
        if self._lacks_wheel(position):
            note = "held back: a wheel of its release is not on the index"
            self.outcomes[position] = dataclasses.replace(
                self.outcomes[position], note=note
            )
            logger.warning("%s", f"{package.basefilename} is {note}.")
            return True
        self._running.add(position)
        begun = time.monotonic()
        status: report.Status = "failed"
        error: BaseException | None = None
        try:
            status = self._send(package)
        except (Exception, KeyboardInterrupt) as exc:  # noqa: BLE001 - told later
            error = exc
            exceptions.redact_exception_args(exc, console.current().redact)
            self._errors.append(exc)
        seconds = time.monotonic() - begun
        digests = package.known_digests
        delivery = self._repository.delivery(package)
        urls = self._repository.release_urls([package])
        outcome = dataclasses.replace(
            self.outcomes[position],
            status=status,
            sha256=None if digests is None else digests.sha2,
            seconds=seconds,
            tries=delivery.tries,
            url=next(iter(urls), None) if status in {"uploaded", "skipped"} else None,
            error=error,
            in_doubt=delivery.in_doubt,
        )
        self.outcomes[position] = outcome
        self._running.discard(position)
        self._tell(outcome)
        refused = isinstance(error, Exception)
        return error is None or (self._keep_going and refused)

    def _tell(self, outcome: report.Outcome) -> None:
        """Print how one file ended, as far as that is not told elsewhere."""
        screen = console.current()
        name = os.path.basename(outcome.path)
        if outcome.status == "uploaded":
            size = format_size(outcome.size)
            screen.print(f"Uploaded {name}: {size} in {outcome.seconds:.1f} s")
        elif outcome.status == "unknown":
            pass  # the warning of the repository has told it
        elif outcome.in_doubt and replies.DOUBT not in str(outcome.error):
            logger.warning("%s failed. %s", name, replies.DOUBT)
        elif self._keep_going and isinstance(outcome.error, Exception):
            logger.warning("%s failed: %s", name, outcome.error)

    def _lacks_wheel(self, position: int) -> bool:
        """Return whether an sdist's wheels are not all on the index."""
        wheel = dataclasses.replace(self._items[position], is_wheel=True)
        return self._items[position] != wheel and any(
            self.outcomes[other].status not in {"uploaded", "skipped", "unknown"}
            for other in self._after[position]
            if self._items[other] == wheel
        )
