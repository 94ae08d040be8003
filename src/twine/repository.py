"""One index, seen as an object: what it takes, and what it has."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

import requests
from urllib3.filepost import encode_multipart_formdata

from . import exceptions
from . import package as package_file
from .config import known_indexes
from .config.known_indexes import Index
from .form import core_metadata
from .index import connections, session
from .index.authentication import choose_auth, set_credentials
from .index.delivery import Attempts, Delivery, UploadInterrupted
from .index.file_status import Absent, FileStatus, Unknown
from .index.lookup import Lookup
from .index.response import Ambiguous
from .index.retry import ONCE, RetryPolicy
from .index.session import make_session as make_requests_session
from .index.upload_body import Part, UploadBody, make_fields
from .terminal import console as terminal
from .terminal import redaction

__all__ = [
    "LEGACY_PYPI",
    "LEGACY_TEST_PYPI",
    "OLD_WAREHOUSE",
    "TEST_WAREHOUSE",
    "WAREHOUSE",
    "WAREHOUSE_WEB",
    "Repository",
    "make_requests_session",
]

logger = logging.getLogger(__name__)

# Under these names programs know where PyPI is, and was.
LEGACY_PYPI = "https://pypi.python.org/"
LEGACY_TEST_PYPI = "https://testpypi.python.org/"
WAREHOUSE = known_indexes.PYPI.upload_url.removesuffix("legacy/")
OLD_WAREHOUSE = "https://upload.pypi.io/"
TEST_WAREHOUSE = known_indexes.TESTPYPI.upload_url.removesuffix("legacy/")
WAREHOUSE_WEB = known_indexes.PYPI.web_url

# Seconds that a sent file gets to be answered after Ctrl-C.
GRACE = 1.5


class Repository:
    """An index that takes uploads.

    Args:
        repository_url: Its upload URL.
        username: The user name.
        password: The password or token.
        disable_progress_bar: Whether to show no progress.
        policy: How patient to be with it.
        timeouts: How long to wait for it.
        console: Where to say what is being sent.
        check: Where to ask which files it has, if not where its URL says.
    """

    def __init__(
        self,
        repository_url: str,
        username: str | None,
        password: str | None,
        disable_progress_bar: bool = False,
        *,
        policy: RetryPolicy | None = None,
        timeouts: connections.Timeouts | None = None,
        console: terminal.Console | None = None,
        check: Index | None = None,
    ) -> None:
        self.url = repository_url
        self.disable_progress_bar = disable_progress_bar
        self.policy = policy or RetryPolicy()
        self._console = console or terminal.default()
        self._console.hide(*redaction.spellings(username, password or ""))
        self._session = session.make_session(
            timeouts=timeouts, redact=self._console.redact
        )
        # Programs may put another one in its place.
        self.session: requests.Session = self._session
        # Without them requests itself looks into `.netrc`.
        set_credentials(self.session, username, password)
        check = check or Index(url=known_indexes.simple_url_of(self.url))
        self._console.hide(*redaction.spellings(check.username, check.password or ""))
        self._lookup = Lookup(self.url, check, self.session, timeouts)
        # Ends the connections of those who did not end in time.
        self._abort_timer: threading.Timer | None = None

    def close(self) -> None:
        """Close the connections."""
        self.session.close()
        self._lookup.session.close()

    def interrupt(self) -> None:
        """Make what is running end soon; for use from another thread.

        What has been sent gets a moment to be answered, so that it can be reported
        as it is.
        """
        self.policy.interrupted.set()
        self._abort_timer = threading.Timer(GRACE, self._abort)
        self._abort_timer.daemon = True
        self._abort_timer.start()

    def _abort(self) -> None:
        self._session.abort()
        self._lookup.session.abort()

    def end_interrupt(self) -> None:
        """Be ready again after an interrupt, when everything has ended."""
        if self._abort_timer is not None:
            self._abort_timer.cancel()
        self.policy.interrupted.clear()

    def set_certificate_authority(self, cacert: str | None) -> None:
        """Trust these CA certificates, whatever the environment says.

        Args:
            cacert: A PEM file; ``None`` changes nothing.

        Raises:
            InvalidConfiguration: It is of no use.
        """
        if cacert:
            self.session.verify = session.usable_ca_bundle(cacert)

    def set_client_certificate(self, clientcert: str | None) -> None:
        """Identify with this certificate.

        Args:
            clientcert: A PEM file with certificate and key; ``None`` changes nothing.

        Raises:
            InvalidConfiguration: It is of no use.
        """
        if clientcert:
            self.session.cert = session.usable_client_certificate(clientcert)

    def upload(
        self, package: package_file.PackageFile, max_redirects: int | None = None
    ) -> requests.Response:
        """Send a distribution, again if that fails for now.

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
        return self.deliver(package, tries=max_redirects).conclude()

    def deliver(
        self,
        package: package_file.PackageFile,
        *,
        tries: int | None = None,
        on_try: Callable[[int], None] = lambda number: None,
    ) -> Delivery:
        """Send a distribution, again if that fails for now, and return all of it.

        Args:
            package: The distribution.
            tries: How many times to send it at most, if the policy does not count.
            on_try: Is told the number of each try before it begins.
        """
        retries = tries - 1 if tries else self.policy.retries
        delivery = Attempts(
            send=lambda: self._upload(package),
            # Whoever asks has just waited, and will send the file again if need be.
            fetch_status=lambda: self._lookup.fetch_status(package, ONCE, afresh=True),
            policy=dataclasses.replace(self.policy, retries=retries),
            on_try=on_try,
            redact=self._console.redact,
        ).deliver()
        if isinstance(delivery.verdict, Ambiguous):
            text = "%s\nWhether it stored `%s` is not known."
            logger.warning(text, delivery.note, package.basefilename)
        elif delivery.note:
            self._console.print(delivery.note)
        return delivery

    def has_own(self, name: str) -> bool:
        """Return whether a method is the one of this class, and not a program's."""
        return getattr(getattr(self, name), "__func__", None) is _OWN[name]

    def _upload(self, package: package_file.PackageFile) -> requests.Response:
        """Send a distribution once."""
        self._console.print(f"Uploading {package.basefilename}")
        parts = self.form_of(package)
        with package.file.open() as file:
            body = UploadBody(
                parts, file, package.filename, interrupted=self.policy.interrupted
            )
            with self._console.progress(
                package.basefilename,
                body.file_size,
                path=package.filename,
                enabled=not self.disable_progress_bar,
            ) as body.report:
                try:
                    return self._post(package.safe_name, body, body.content_type)
                except KeyboardInterrupt as exc:
                    raise UploadInterrupted(maybe_uploaded=body.is_sent) from exc

    def register(self, package: package_file.PackageFile) -> requests.Response:
        """Announce a distribution's project without sending the file.

        PyPI answers 410 to this; some private indexes still take it.

        Raises:
            requests.RequestException: There was no answer.
        """
        self._console.print(f"Registering {package.basefilename}")
        fields = make_fields(self.form_of(package, "submit"))
        try:
            return self._post(package.safe_name, *encode_multipart_formdata(fields))
        except Exception as exc:
            exceptions.redact_exception_args(exc, self._console.redact)
            raise

    def form_of(
        self, package: package_file.PackageFile, action: str = "file_upload"
    ) -> list[Part]:
        """Return the fields that are sent with a distribution, in order."""
        data = package.metadata_dictionary()
        # PyPI refuses any other version; the fields are those of distutils' `upload`.
        data |= {":action": action, "protocol_version": "1"}
        return self._convert_metadata_to_list_of_tuples(data)

    def _post(self, project: str, data: Any, content_type: str) -> requests.Response:
        # requests would turn the POST into a GET after a 301, 302 or 303.
        return self.session.post(
            self.url,
            data=data,
            headers={"Content-Type": content_type},
            auth=choose_auth(self.session.auth, project),
            allow_redirects=False,
        )

    @staticmethod
    def _convert_metadata_to_list_of_tuples(
        data: package_file.PackageMetadata,
    ) -> list[Part]:
        """Return the form as a list of parts; see :func:`core_metadata.form_parts`."""
        return core_metadata.form_parts(data)

    def verify_package_integrity(self, package: package_file.PackageFile) -> None:
        """Do nothing, as in 7.0.0: that a file is whole is checked while it is sent."""

    def package_is_uploaded(
        self, package: package_file.PackageFile, bypass_cache: bool = False
    ) -> bool:
        """Return whether the index has a file of this name; ask again if so wished.

        When it cannot tell, the answer is no: the upload itself will show.
        """
        status = self.fetch_file_status(package, afresh=bypass_cache)
        return not isinstance(status, Absent | Unknown)

    def fetch_file_status(
        self, package: package_file.PackageFile, *, afresh: bool = False
    ) -> FileStatus:
        """Return what the index has under a file's name.

        It is asked once for each project, and again if that is to be afresh.
        """
        return self._lookup.fetch_status(package, self.policy, afresh=afresh)

    def release_urls(self, packages: Iterable[package_file.PackageFile]) -> set[str]:
        """Return the web pages of the releases; empty for an unknown index."""
        known = known_indexes.find_known_index(self.url)
        if known is None:
            return set()
        return {known.release_url(item.safe_name, item.version) for item in packages}


# As they are before a program replaces one of them.
_OWN = {
    "upload": Repository.upload,
    "package_is_uploaded": Repository.package_is_uploaded,
}
