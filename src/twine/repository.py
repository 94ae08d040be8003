"""One index, seen as an object: what it takes, and what it has."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import requests
import requests_toolbelt

from . import exceptions, package
from .config import known_indexes as indexes
from .form import core_metadata as metadata
from .index import connections, lookup
from .index import network_error as failures
from .index import response as replies
from .index import retry as retries
from .index import session as transport
from .index import simple_api as simple_index
from .index import upload_body as body
from .terminal import console as terminal
from .terminal import redaction

logger = logging.getLogger(__name__)

# Seconds that a sent file gets to be answered after Ctrl-C.
GRACE = 1.5


@dataclasses.dataclass(slots=True)
class Delivery:
    """How far the sending of a file has come.

    Args:
        tries: How many times it was sent.
        in_doubt: Whether nobody knows if it landed.
        cut_short: Whether the last try did not send everything.
        sent_whole: Whether it did; a file that was not begun is neither.
    """

    tries: int = 0
    in_doubt: bool = False
    cut_short: bool = False
    sent_whole: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Attempt:
    """What came of sending a file once.

    Args:
        verdict: What it means.
        answer: The index's answer, or why there was none.
    """

    verdict: replies.Verdict
    answer: requests.Response | requests.RequestException

    @property
    def why(self) -> str:
        """Why to try again, as one sentence."""
        if isinstance(self.answer, requests.RequestException):
            return str(self.answer)
        headline = replies.headline(replies.Reply.from_response(self.answer))
        return f"The index answered {headline}."

    def conclude(self, *, in_doubt: bool = False) -> requests.Response:
        """Return the answer.

        Args:
            in_doubt: Whether a try may have got through.

        Raises:
            requests.RequestException: There was none.
        """
        if not isinstance(self.answer, requests.RequestException):
            return self.answer
        if not in_doubt:
            raise self.answer
        raise type(self.answer)(
            f"{self.answer}\n{replies.DOUBT}", request=self.answer.request
        ) from self.answer


class Repository:
    """An index that takes uploads.

    Args:
        repository_url: Its upload URL.
        username: The user name.
        password: The password or token.
        disable_progress_bar: Whether to show no progress.
        policy: How patient to be with it.
        timeouts: How long to wait for it.
        console: Where to print.
    """

    def __init__(
        self,
        repository_url: str,
        username: str | None,
        password: str | None,
        disable_progress_bar: bool = False,
        *,
        policy: retries.RetryPolicy | None = None,
        timeouts: connections.Timeouts | None = None,
        console: terminal.Console | None = None,
    ) -> None:
        self._console = console or terminal.default()
        self.url = repository_url
        self.disable_progress_bar = disable_progress_bar
        self.policy = policy or retries.RetryPolicy()
        self.session: requests.Session = transport.make_session(
            timeouts=timeouts, redact=self._console.redact
        )
        if username or password:
            credentials = transport.basic_auth(username or "", password or "")
            # Bytes work as well as text; the type stubs know only text.
            self.session.auth = credentials  # type: ignore[assignment]
        self._secrets = [*redaction.spellings(username, password or "")]
        self._deliveries: dict[str, Delivery] = {}
        self._lookup = lookup.Lookup(self.url, self.session, timeouts)
        # What ends the connections of those who did not end in time.
        self._last_word: threading.Timer | None = None

    def delivery(self, package: package.PackageFile) -> Delivery:
        """Return how far the sending of a distribution has come.

        Args:
            package: The distribution.
        """
        return self._deliveries.setdefault(package.filename, Delivery())

    @contextlib.contextmanager
    def _discreetly(self) -> Iterator[None]:
        """Mask the password in what is printed, and in what is raised."""
        screen = self._console
        screen.hide(*self._secrets)
        try:
            yield
        except Exception as exc:
            exceptions.redact_exception_args(exc, screen.redact)
            raise

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def interrupt(self) -> None:
        """Make what is running end soon; for use from another thread.

        What has been sent gets a moment to be answered, so that it can be reported
        as it is.
        """
        self.policy.interrupted.set()
        self._last_word = threading.Timer(GRACE, connections.abort)
        self._last_word.daemon = True
        self._last_word.start()

    def recover(self) -> None:
        """Be ready again after an interrupt, when everything has ended."""
        if self._last_word is not None:
            self._last_word.cancel()
        self.policy.interrupted.clear()

    def set_certificate_authority(self, cacert: str | None) -> None:
        """Trust these CA certificates, whatever the environment says.

        Args:
            cacert: A PEM file; ``None`` changes nothing.

        Raises:
            InvalidConfiguration: It is of no use.
        """
        if cacert:
            self.session.verify = transport.usable_ca_bundle(cacert)

    def set_client_certificate(self, clientcert: str | None) -> None:
        """Identify with this certificate.

        Args:
            clientcert: A PEM file with certificate and key; ``None`` changes nothing.

        Raises:
            InvalidConfiguration: It is of no use.
        """
        if clientcert:
            self.session.cert = transport.usable_client_certificate(clientcert)

    def upload(
        self, package: package.PackageFile, max_redirects: int | None = None
    ) -> requests.Response:
        """Send a distribution, again if that fails for now.

        When it is not known whether a try got through, the index is asked before
        the next one, if it can be; what it has counts as uploaded.

        Args:
            package: The distribution.
            max_redirects: How many times to send it at most; the policy says so if
                not given. (The name is old.)

        Returns:
            The last answer; whether it is good is for the caller to say.

        Raises:
            requests.RequestException: There was no answer, or one that cannot be
                true.
            InvalidDistribution: The file cannot be read any more, or the index has
                another one of its name.
        """
        with self._discreetly():
            return self._deliver(package, self.policy.limited_to(max_redirects))

    def _deliver(
        self, package: package.PackageFile, policy: retries.RetryPolicy
    ) -> requests.Response:
        """Send a distribution, as often as it takes."""
        delivery = self.delivery(package)
        for delivery.tries in range(1, policy.tries + 1):
            attempt = self._attempt(package)
            match attempt.verdict:
                case replies.TryAgain(wait=wait, in_doubt=in_doubt):
                    delivery.in_doubt = delivery.in_doubt or in_doubt
                    if policy.interrupted.is_set():
                        raise KeyboardInterrupt
                case replies.Exists() if delivery.in_doubt:
                    return self._settle_existing(package, attempt)
                case replies.Ambiguous(oddity):
                    return self._resolve_ambiguous_success(package, attempt, oddity)
                case verdict:
                    if isinstance(verdict, replies.Uploaded):
                        delivery.in_doubt = False
                    break
            if delivery.tries < policy.tries:
                policy.pause(
                    delivery.tries + 1, self._console.redact(attempt.why), wait
                )
            if delivery.in_doubt and self._has(package):
                return self._landed(package, "The index has the file: it got through.")
        return attempt.conclude(in_doubt=delivery.in_doubt)

    def _attempt(self, package: package.PackageFile) -> _Attempt:
        """Send a distribution once, and return what came of it."""
        delivery = self.delivery(package)
        try:
            response = self._upload(package)
        except requests.RequestException as exc:
            verdict = failures.judge(exc, sent=delivery.sent_whole)
            if delivery.cut_short and isinstance(verdict, replies.TryAgain):
                verdict = replies.TryAgain(in_doubt=False)
            return _Attempt(verdict, exc)
        reply = replies.Reply.from_response(response)
        if delivery.cut_short and response.ok:
            error = requests.HTTPError(
                f"{replies.headline(reply)} came before the file was sent whole.",
                response=response,
            )
            return _Attempt(replies.TryAgain(in_doubt=False), error)
        return _Attempt(replies.judge(reply), response)

    def _has(self, package: package.PackageFile) -> bool:
        """Return whether the index, if it can be asked, has this very file."""
        return isinstance(self._lookup.standing(package), simple_index.Same)

    def _settle_existing(
        self, package: package.PackageFile, attempt: _Attempt
    ) -> requests.Response:
        """Decide whose file it is that exists, after a try of ours was in doubt."""
        match self._lookup.standing(package):
            case simple_index.Same():
                note = "The index has the file: an earlier try got through."
            case simple_index.Unknown():
                note = "The index has a file of this name: an earlier try will be it."
            case simple_index.Absent():
                return attempt.conclude()
        return self._landed(package, note)

    def _resolve_ambiguous_success(
        self, package: package.PackageFile, attempt: _Attempt, oddity: replies.Oddity
    ) -> requests.Response:
        """Decide whether an answer that no index gives means success.

        Raises:
            requests.HTTPError: It does not.
        """
        response = attempt.conclude()
        reply = replies.Reply.from_response(response)
        delivery = self.delivery(package)
        note = ""
        match self._lookup.standing(package):
            case simple_index.Same():
                return self._landed(package, "The index has the file: it got through.")
            case simple_index.Unknown(login_required):
                # An error in so many words is none that leaves a doubt.
                if oddity is not replies.Oddity.ERROR:
                    delivery.in_doubt, note = True, replies.DOUBT
                if oddity is replies.Oddity.PAGE and not login_required:
                    logger.warning(
                        "%s",
                        f"{self._console.redact(replies.explain(reply, hint=''))}\n"
                        f"Whether it stored `{package.basefilename}` is not known.",
                    )
                    return response
                if login_required:
                    note = f"Its simple API asks for a log-in. {note}".strip()
            case simple_index.Absent():
                delivery.in_doubt = False
                note = "The index does not have the file: it was not stored."
        raise requests.HTTPError(replies.explain(reply, note=note), response=response)

    def _landed(self, package: package.PackageFile, note: str) -> requests.Response:
        """Return the answer that got lost: success."""
        self.delivery(package).in_doubt = False
        self._console.print(note)
        response = requests.Response()
        response.status_code = 200
        response.reason = "OK"
        response.url = self.url
        return response

    def _upload(self, package: package.PackageFile) -> requests.Response:
        """Send a distribution once."""
        screen = self._console
        screen.print(f"Uploading {package.basefilename}")
        with package.digests_follow():
            parts = self._form(package, "file_upload")
        with (
            package.open() as file,
            body.UploadBody(
                parts,
                file,
                package.filename,
                known=package.known_digests,
                interrupted=self.policy.interrupted,
            ) as form,
            screen.progress(
                package.basefilename,
                form.len,
                path=package.filename,
                enabled=not self.disable_progress_bar,
            ) as form.report,
        ):
            delivery = self.delivery(package)
            try:
                return self._post(form)
            except KeyboardInterrupt:
                delivery.in_doubt = delivery.in_doubt or form.is_sent
                raise
            finally:
                delivery.cut_short = form.is_begun and not form.is_sent
                delivery.sent_whole = form.is_sent
                package.known_digests = form.digests or package.known_digests

    def register(self, package: package.PackageFile) -> requests.Response:
        """Announce a distribution's project without sending the file.

        Args:
            package: The distribution.

        Raises:
            requests.RequestException: There was no answer.
        """
        with self._discreetly():
            self._console.print(f"Registering {package.basefilename}")
            return self._post(
                requests_toolbelt.MultipartEncoder(self._form(package, "submit"))
            )

    def _form(self, package: package.PackageFile, action: str) -> list[tuple[str, Any]]:
        data = package.metadata_dictionary()
        data |= {":action": action, "protocol_version": "1"}
        return self._convert_metadata_to_list_of_tuples(data)

    def _post(self, body: Any) -> requests.Response:
        """Send a form; a redirect would lose it, and is not followed."""
        return self.session.post(
            self.url,
            data=body,
            headers={"Content-Type": body.content_type},
            allow_redirects=False,
        )

    @staticmethod
    def _convert_metadata_to_list_of_tuples(
        data: package.PackageMetadata,
    ) -> list[tuple[str, Any]]:
        """Return the form as a list of parts; see :func:`metadata.form_parts`."""
        return metadata.form_parts(data)

    def package_is_uploaded(
        self, package: package.PackageFile, bypass_cache: bool = False
    ) -> bool:
        """Return whether the index has a file of this name.

        Only PyPI and TestPyPI are asked, without credentials. When they cannot tell,
        the answer is no: the upload itself will show.

        Args:
            package: The distribution.
            bypass_cache: Whether to ask again.
        """
        if indexes.find_known_index(self.url) is None:
            return False
        return self._lookup.is_listed(package, self.policy, afresh=bypass_cache)

    def release_urls(self, packages: Iterable[package.PackageFile]) -> set[str]:
        """Return the web pages of the releases; empty for an unknown index.

        Args:
            packages: What was uploaded.
        """
        known = indexes.find_known_index(self.url)
        if known is None:
            return set()
        return {known.release_url(item.safe_name, item.version) for item in packages}
