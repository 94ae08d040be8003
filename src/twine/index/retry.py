"""How often to try again, and how long to wait before."""

from __future__ import annotations

import dataclasses
import logging
import random
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..terminal.text import format_duration
from .response import Reply, TryAgain, Verdict, classify_response
from .upload_error import headline_of

if TYPE_CHECKING:
    import requests

logger = logging.getLogger(__name__)

# Seconds before the second try; each further wait is twice as long.
FIRST_WAIT = 0.5
# A server may ask for more patience than a person has.
LONGEST_WAIT = 300.0
DEFAULT_RETRIES = 4


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How patient to be with an index.

    Args:
        retries: Tries after the first one.
        interrupted: Set when the user wants to stop: nobody waits any longer then.
    """

    retries: int = DEFAULT_RETRIES
    interrupted: threading.Event = dataclasses.field(default_factory=threading.Event)

    @property
    def tries(self) -> int:
        """Tries altogether."""
        return self.retries + 1

    def wait_before(self, attempt: int, asked: float | None = None) -> float:
        """Return how many seconds to wait before the second or a later try."""
        if asked is not None:
            return min(max(asked, 0.0), LONGEST_WAIT)
        # Jitter: clients that failed together must not come back together.
        spread: float = random.uniform(0.75, 1.25)  # noqa: S311 - no secret
        return min(FIRST_WAIT * 2.0 ** (attempt - 2) * spread, LONGEST_WAIT)

    def pause(self, attempt: int, why: str, asked: float | None = None) -> None:
        """Tell why a try failed, and wait until the next one is due.

        Raises:
            KeyboardInterrupt: The user wants to stop.
        """
        wait = self.wait_before(attempt, asked)
        logger.warning(
            "%s\nTry %d of %d follows in %s.",
            why.partition("\n")[0],
            attempt,
            self.tries,
            format_duration(wait),
        )
        if self.interrupted.wait(wait):
            raise KeyboardInterrupt

    def persist(self, send: Callable[[], requests.Response]) -> requests.Response:
        """Send a request that may be repeated freely, until there is an answer.

        Raises:
            requests.RequestException: The last try got no answer.
        """
        import requests

        from .network_error import classify_error

        for attempt in range(2, self.tries + 1):
            verdict: Verdict
            try:
                response = send()
            except requests.RequestException as exc:
                verdict = classify_error(exc)
                if not isinstance(verdict, TryAgain):
                    raise
                why = str(exc)
            else:
                reply = Reply.from_response(response)
                verdict = classify_response(reply)
                if not isinstance(verdict, TryAgain):
                    return response
                why = headline_of(reply)
            self.pause(attempt, why, verdict.wait)
        return send()


# For what is not worth waiting for.
ONCE = RetryPolicy(retries=0)
