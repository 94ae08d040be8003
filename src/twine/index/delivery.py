"""Send one file to an index, as often as it takes, and return what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import requests

from .file_status import (
    Absent,
    Different,
    FileStatus,
    Same,
    Unknown,
    conflict_error,
)
from .network_error import classify_error
from .response import (
    Ambiguous,
    Exists,
    Oddity,
    Refused,
    Reply,
    TryAgain,
    Uploaded,
    Verdict,
    classify_response,
)
from .retry import RetryPolicy
from .upload_body import UploadBody
from .upload_error import (
    DOUBT,
    Failure,
    as_exception,
    describe_refusal,
    headline_of,
    redact_failure,
)

GOT_THROUGH = "The index has the file: it got through."


class UploadInterrupted(KeyboardInterrupt):
    """The user stopped an upload.

    Args:
        maybe_uploaded: Whether the file had been sent whole.
    """

    def __init__(self, *, maybe_uploaded: bool) -> None:
        super().__init__()
        self.maybe_uploaded = maybe_uploaded


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of sending one file.

    Args:
        tries: How many times it was sent.
        verdict: What the last answer means, if there was one.
        response: That answer.
        error: Why there is none, or why it cannot be trusted.
        in_doubt: Whether nobody knows if the index has the file.
        note: What else is worth telling.
    """

    tries: int
    verdict: Verdict | None = None
    response: requests.Response | None = None
    error: Failure | None = None
    in_doubt: bool = False
    note: str = ""

    def conclude(self) -> requests.Response:
        """Return the answer, whatever it means.

        Raises:
            requests.RequestException: There is none, or one that cannot be true.
            InvalidDistribution: The file cannot be sent.
            KeyboardInterrupt: The user stopped it.
        """
        if self.response is None:
            raise as_exception(self.error or RuntimeError("nothing was sent"))
        return self.response


@dataclasses.dataclass(slots=True, kw_only=True)
class Attempts:
    """The tries for one file, and the questions to the index between them."""

    send: Callable[[], requests.Response]
    fetch_status: Callable[[], FileStatus]
    policy: RetryPolicy
    on_try: Callable[[int], None]
    redact: Callable[[str], str]
    tries: int = 0
    # From one doubtful try on, a refusal no longer proves that nothing was stored.
    in_doubt: bool = False

    def deliver(self) -> Delivery:
        """Send the file until it is clear whether the index takes it.

        When it is not known whether a try got through, the index is asked before the
        next one, if it can be; what it has counts as uploaded.
        """
        try:
            return self._run()
        except (Exception, KeyboardInterrupt) as exc:  # noqa: BLE001 - a value now
            return self._fail(exc)

    def _run(self) -> Delivery:
        while True:
            self.tries += 1
            self.on_try(self.tries)
            attempt = self._attempt()
            match attempt.verdict:
                case TryAgain(wait=wait, in_doubt=in_doubt):
                    self.in_doubt = self.in_doubt or in_doubt
                    if self.policy.interrupted.is_set():
                        raise KeyboardInterrupt
                # PyPI answers 200 for the very same file, other indexes 400 or 409:
                # it may be the one of an earlier try.
                case Exists() | Refused(maybe_exists=True) if self.in_doubt:
                    return self._resolve_existing(attempt)
                case Ambiguous(oddity) if attempt.response is not None:
                    return self._resolve_ambiguous(attempt.response, oddity)
                case _:
                    return self._conclude(attempt)
            is_last = self.tries >= self.policy.tries
            if not is_last:
                why = self.redact(_reason_of(attempt))
                self.policy.pause(self.tries + 1, why, wait)
            settled = self._ask_index()[1] if self.in_doubt else None
            if settled is not None or is_last:
                return settled or self._conclude(attempt)

    def _attempt(self) -> Delivery:
        """Send the file once, and return what that alone means."""
        try:
            response = self.send()
        except UploadInterrupted as exc:
            self.in_doubt = self.in_doubt or exc.maybe_uploaded
            raise
        except requests.RequestException as exc:
            body = _body_of(exc.request)
            verdict = classify_error(exc, sent=body is not None and body.is_sent)
            # Shorter than its Content-Length it is incomplete (RFC 9112, 8), and no
            # index stores that.
            if isinstance(verdict, TryAgain) and _is_cut_short(body):
                verdict = TryAgain(in_doubt=False)
            return Delivery(tries=self.tries, verdict=verdict, error=exc)
        reply = Reply.from_response(response)
        if response.ok and _is_cut_short(_body_of(response.request)):
            text = f"{headline_of(reply)} came before the file was sent whole."
            error = requests.HTTPError(text, response=response)
            return Delivery(tries=self.tries, verdict=TryAgain(), error=error)
        return Delivery(
            tries=self.tries, verdict=classify_response(reply), response=response
        )

    def _conclude(self, attempt: Delivery) -> Delivery:
        """Return what the last try means, after those before it."""
        if attempt.error is not None:
            return self._fail(attempt.error)
        in_doubt = self.in_doubt and not isinstance(attempt.verdict, Uploaded)
        return dataclasses.replace(attempt, in_doubt=in_doubt)

    def _fail(self, error: Failure) -> Delivery:
        """Return that there is no answer to rely on."""
        if isinstance(error, requests.RequestException) and self.in_doubt:
            text = f"{error}\n{DOUBT}"
            error = type(error)(text, request=error.request, response=error.response)
        error = redact_failure(error, self.redact)
        return Delivery(tries=self.tries, error=error, in_doubt=self.in_doubt)

    def _succeed(self, note: str) -> Delivery:
        """Return success in place of the answer that got lost."""
        # 7.0.0 returns a response from `upload`, and programs read its `status_code`.
        response = requests.Response()
        response.status_code = 200
        response.reason = "OK"
        return Delivery(
            tries=self.tries, verdict=Uploaded(), response=response, note=note
        )

    def _ask_index(self, note: str = GOT_THROUGH) -> tuple[FileStatus, Delivery | None]:
        """Return what the index has, and what came of the tries if that settles it."""
        status = self.fetch_status()
        match status:
            case Same():
                return status, self._succeed(note)
            case Different():
                self.in_doubt = False
                return status, self._fail(conflict_error(status))
            case _:
                return status, None

    def _resolve_existing(self, attempt: Delivery) -> Delivery:
        """Decide whose file it is that exists, after a try that was in doubt."""
        note = "The index has the file: an earlier try got through."
        status, settled = self._ask_index(note)
        if settled is not None:
            return settled
        if status == Absent() or not isinstance(attempt.verdict, Exists):
            return self._conclude(attempt)
        return self._succeed("The index has a file of this name, from an earlier try.")

    def _resolve_ambiguous(
        self, response: requests.Response, oddity: Oddity
    ) -> Delivery:
        """Decide whether an answer that no index gives means success."""
        status, settled = self._ask_index()
        if settled is not None:
            return settled
        error = describe_refusal(Reply.from_response(response), Ambiguous(oddity))
        asks_for_login = isinstance(status, Unknown) and status.login_required
        note = "Its simple API asks for a log-in." if asks_for_login else ""
        if status == Absent():
            self.in_doubt = False
            note = "The index does not have the file: it was not stored."
        # Some servers answer a stored file with a page, so that it is no failure.
        elif oddity is Oddity.PAGE and not asks_for_login:
            return Delivery(
                tries=self.tries,
                verdict=Ambiguous(oddity),
                response=response,
                in_doubt=True,
                note=self.redact(str(dataclasses.replace(error, hint=""))),
            )
        elif oddity is not Oddity.ERROR:
            # An error in so many words is none that leaves a doubt.
            self.in_doubt = True
        error = dataclasses.replace(
            error, note=note, maybe_uploaded=self.in_doubt, response=response
        )
        return self._fail(error)


def _body_of(request: object) -> UploadBody | None:
    """Return what was sent, unless a program sends in its own way."""
    body = getattr(request, "body", None)
    return body if isinstance(body, UploadBody) else None


def _is_cut_short(body: UploadBody | None) -> bool:
    """Return whether a body was begun, and not sent to its end."""
    return body is not None and body.is_begun and not body.is_sent


def _reason_of(attempt: Delivery) -> str:
    """Return why to try again, as one sentence."""
    if attempt.response is None:
        return str(attempt.error)
    return f"The index answered {headline_of(Reply.from_response(attempt.response))}."
