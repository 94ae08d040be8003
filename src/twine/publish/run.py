"""Send several distributions, in the right order, and return what became of each."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..index.delivery import Delivery
from ..index.file_status import Absent, FileStatus, Same
from ..index.response import (
    Ambiguous,
    Exists,
    Refused,
    Reply,
    Uploaded,
    classify_response,
)
from ..index.upload_error import (
    Failure,
    UploadError,
    find_failure,
    redact_failure,
)
from ..terminal.log_groups import log_group
from .existing import settle_before_sending, settle_refusal
from .lines import print_outcome, print_total
from .outcome import Outcome, Result, Status
from .schedule import Item, fits_beside, plan_phases

if TYPE_CHECKING:
    from ..package import PackageFile
    from ..repository import Repository
    from ..terminal.console import Console

logger = logging.getLogger(__name__)

# Seconds: connections are aborted 1.5 s after Ctrl-C, and nothing else takes long.
_LONGEST_END = 5.0


class Run:
    """One run over several distributions.

    Args:
        repository: The index.
        packages: The distributions, wheels first.
        console: Where to say what becomes of each.
        skip_existing: Whether a file that the index has already is no failure.
        jobs: How many files to send at the same time.
        keep_going: Whether a refused file leaves the others a chance.
        verbose: Whether to quote the index in full.
    """

    def __init__(
        self,
        repository: Repository,
        packages: Sequence[PackageFile],
        console: Console,
        *,
        skip_existing: bool = False,
        jobs: int = 1,
        keep_going: bool = False,
        verbose: bool = False,
    ) -> None:
        self._repository = repository
        self._packages = packages
        self._console = console
        self._skip_existing = skip_existing
        self._jobs = jobs
        self._keep_going = keep_going
        self._verbose = verbose
        self._begun = time.monotonic()
        # How often each file was tried that is being sent just now.
        self._running: dict[int, int] = {}
        self._outcomes = [Outcome(path=p.filename, size=p.size) for p in packages]
        self._items = [Item.of(package) for package in packages]

    def run(self) -> Result:
        """Send what can be sent; a failure is returned, not raised."""
        interrupt: KeyboardInterrupt | None = None
        try:
            if self._jobs == 1:
                # In this thread, so that Ctrl-C ends what is being done.
                # `all` stops at the first file that ends the run.
                all(map(self._publish, range(len(self._packages))))
            else:
                self._run_side_by_side()
        except KeyboardInterrupt as exc:
            interrupt = exc
            self._give_up(exc)
        duration = time.monotonic() - self._begun
        print_total(self._console, self._outcomes, seconds=duration)
        return Result(outcomes=tuple(self._outcomes), interrupt=interrupt)

    def _run_side_by_side(self) -> None:
        """Send the files of each phase at once, until one ends the run.

        Raises:
            KeyboardInterrupt: The user wants to stop; what was running has ended,
                unless they insisted.
        """
        executor = concurrent.futures.ThreadPoolExecutor(self._jobs)
        try:
            for phase in plan_phases(self._items):
                if not self._run_phase(phase, executor):
                    return
        except KeyboardInterrupt:
            self._repository.interrupt()
            for package in self._packages:
                package.file.stop_hashing()
            # The executor would not do: interrupted between the start of a thread and
            # its next line, `submit` (CPython 3.11) never knows of the thread.
            deadline = time.monotonic() + _LONGEST_END
            while self._running and time.monotonic() < deadline:
                time.sleep(0.02)
            raise
        finally:
            executor.shutdown(wait=False)

    def _run_phase(
        self, phase: Sequence[int], executor: concurrent.futures.Executor
    ) -> bool:
        """Send some files at once, and return whether to go on."""
        waiting = deque(phase)
        running: set[concurrent.futures.Future[bool]] = set()
        goes_on = True
        while running or (waiting and goes_on):
            while goes_on and waiting and self._has_room(waiting[0], len(running)):
                position = waiting.popleft()
                self._running[position] = 0  # so that an interrupt waits for it
                running.add(executor.submit(self._publish, position))
            done, running = concurrent.futures.wait(
                running, return_when=concurrent.futures.FIRST_COMPLETED
            )
            goes_on = all(future.result() for future in done) and goes_on
        return goes_on

    def _has_room(self, position: int, running: int) -> bool:
        """Return whether a file may be sent beside others, at the measured pace."""
        return running < self._jobs and fits_beside(
            running,
            self._outcomes[position].size,
            sent=sum(o.size for o in self._outcomes if o.status == "uploaded"),
            seconds=time.monotonic() - self._begun,
        )

    def _give_up(self, error: KeyboardInterrupt) -> None:
        """Note of files that are still being sent that nobody knows of them.

        After a second Ctrl-C nobody waits for their end.
        """
        running = self._running.copy()
        for position, tries in running.items():
            outcome = self._outcomes[position]
            if outcome.status != "not tried":  # just not printed yet
                continue
            self._outcomes[position] = dataclasses.replace(
                outcome, status="failed", tries=tries, error=error, in_doubt=tries > 0
            )
        if not running:
            self._repository.end_interrupt()

    def _publish(self, position: int) -> bool:
        """Send one file, and return whether to go on."""
        self._running[position] = 0
        try:
            return self._publish_one(position)
        finally:
            self._running.pop(position)

    def _publish_one(self, position: int) -> bool:
        package = self._packages[position]
        if self._lacks_wheel(position):
            note = "held back: a wheel of its release is not on the index"
            self._outcomes[position] = dataclasses.replace(
                self._outcomes[position], note=note
            )
            logger.warning("%s is %s.", package.basefilename, note)
            return True
        begun = time.monotonic()
        # Beside each other, the lines of several files are mixed.
        is_grouped = self._verbose and self._jobs == 1
        group = log_group(self._console, package.filename) if is_grouped else None
        try:
            with group or contextlib.nullcontext():
                outcome = self._send(position)
        except (Exception, KeyboardInterrupt) as exc:  # noqa: BLE001 - a value
            outcome = dataclasses.replace(
                self._outcomes[position],
                status="failed",
                tries=self._running[position],
                error=redact_failure(exc, self._console.redact),
            )
        outcome = dataclasses.replace(outcome, seconds=time.monotonic() - begun)
        self._outcomes[position] = outcome
        print_outcome(self._console, outcome, keep_going=self._keep_going)
        return outcome.error is None or (self._keep_going and outcome.is_refused)

    def _send(self, position: int) -> Outcome:
        """Send one file unless it need not be, and return what became of it."""
        package, outcome = self._packages[position], self._outcomes[position]
        if self._skip_existing:
            settled = settle_before_sending(outcome, self._fetch_status(package))
            if settled is not None:
                return self._finish(package, settled)

        def note_try(number: int) -> None:
            self._running[position] = number

        # A program may have replaced `upload`: its response is all that is known then.
        if self._repository.has_own("upload"):
            delivery = self._repository.deliver(package, on_try=note_try)
        else:
            note_try(1)
            response = self._repository.upload(package)
            verdict = classify_response(Reply.from_response(response))
            delivery = Delivery(tries=1, verdict=verdict, response=response)
        failure = self._find_failure(delivery)
        status: Status = "uploaded"
        if delivery.verdict == Uploaded(staged=True):
            status = "staged"
        if failure is not None:
            status = "failed"
        elif isinstance(delivery.verdict, Ambiguous) and delivery.in_doubt:
            status = "unknown"
        outcome = dataclasses.replace(
            outcome,
            status=status,
            tries=delivery.tries,
            in_doubt=delivery.in_doubt,
            error=failure,
        )
        if self._may_exist(delivery):
            outcome = settle_refusal(
                outcome,
                self._repository.fetch_file_status(package, afresh=True),
                says_exists=isinstance(delivery.verdict, Exists),
                skip_existing=self._skip_existing,
            )
        return self._finish(package, outcome)

    def _fetch_status(self, package: PackageFile) -> FileStatus:
        """Ask whether the index has a file, as a program may have chosen to."""
        if self._repository.has_own("package_is_uploaded"):
            return self._repository.fetch_file_status(package)
        return Same() if self._repository.package_is_uploaded(package) else Absent()

    def _may_exist(self, delivery: Delivery) -> bool:
        """Return whether to ask if a file was refused because it exists."""
        match delivery.verdict:
            case Exists():
                return delivery.response is not None
            # Most often the password is wrong: asking with it as well, where nobody
            # wants skips, would only bring nearer that the account is locked.
            case Refused(maybe_exists=True) if delivery.response is not None:
                return self._skip_existing or delivery.response.status_code == 409
            case _:
                return False

    def _find_failure(self, delivery: Delivery) -> Failure | None:
        """Return why a file was not uploaded, without secrets; nothing if it was."""
        failure: Failure | None = delivery.error
        if delivery.response is not None:
            failure = find_failure(
                delivery.response, delivery.verdict, verbose=self._verbose
            )
        if isinstance(failure, UploadError):
            # A refusal says nothing about a try before it.
            failure = dataclasses.replace(failure, maybe_uploaded=delivery.in_doubt)
        return failure and redact_failure(failure, self._console.redact)

    def _finish(self, package: PackageFile, outcome: Outcome) -> Outcome:
        """Return an outcome with all that is known in the end."""
        digests = package.file.computed_digests
        is_there = outcome.status in {"uploaded", "skipped"}
        urls = self._repository.release_urls([package]) if is_there else set[str]()
        return dataclasses.replace(
            outcome,
            sha256=None if digests is None else digests.sha2,
            url=next(iter(urls), None),
        )

    def _lacks_wheel(self, position: int) -> bool:
        """Return whether an sdist's wheels are not all on the index."""
        item = self._items[position]
        return not item.is_wheel and any(
            other.is_wheel
            and other.release == item.release
            and not (outcome.is_on_index or outcome.status == "unknown")
            for other, outcome in zip(self._items, self._outcomes, strict=True)
        )
