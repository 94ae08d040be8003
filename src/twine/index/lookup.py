"""Ask an index what it has."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import requests

from ..config.known_indexes import KNOWN_INDEXES, Index, is_same_origin
from .authentication import NoCredentials, choose_auth, set_credentials
from .file_status import Absent, FileStatus, Unknown, compare_digests
from .session import make_session
from .simple_api import Listing, LoginRequired, fetch_listing

if TYPE_CHECKING:
    from ..package import PackageFile
    from .connections import Timeouts
    from .retry import RetryPolicy


logger = logging.getLogger(__name__)


class Lookup:
    """What an index has, as far as it can be asked.

    Args:
        upload_url: Where it takes uploads.
        check: Where its simple API is, with credentials if that has its own.
        uploads: The session of the uploads. Its certificates and proxies are used here
            too, its credentials and headers where the simple API is at the same host.
        timeouts: How long to wait.
    """

    def __init__(
        self,
        upload_url: str,
        check: Index,
        uploads: requests.Session,
        timeouts: Timeouts | None,
    ) -> None:
        self._check = check
        self._uploads = uploads
        self.session = make_session(timeouts=timeouts)
        # PyPI tells everybody; TestPyPI does so at the host that takes uploads.
        self._is_known = self._check.url in {one.simple_url for one in KNOWN_INDEXES}
        self._shares_credentials = not self._is_known and is_same_origin(
            self._check.url or "", upload_url
        )
        self._answers: dict[str, Listing | Unknown] = {}

    def fetch_status(
        self, package: PackageFile, policy: RetryPolicy, *, afresh: bool = False
    ) -> FileStatus:
        """Return what the index has under a file's name.

        It is asked once for each project, and again if that is to be afresh.
        """
        name = package.safe_name
        if afresh or name not in self._answers:
            self._answers[name] = answer = self._fetch(name, policy)
            if isinstance(answer, Unknown):
                # After a refusal that is told itself, and so is a missing log-in.
                told = afresh or answer.login_required
                level = logging.INFO if told else logging.WARNING
                text = "Which files of `%s` are on the index is unknown: %s."
                logger.log(level, text, name, answer.reason)
        answer = self._answers[name]
        if isinstance(answer, Unknown):
            return answer
        filename = package.basefilename
        if filename not in answer.files:
            # Elsewhere than at PyPI the layout is a guess, and may be wrong.
            return Absent(certain=answer.exists or self._is_known)
        return compare_digests(filename, package.sha2_digest, answer.files[filename])

    def _fetch(self, name: str, policy: RetryPolicy) -> Listing | Unknown:
        """Fetch the listing of a project."""
        if self._check.url is None:
            return Unknown("where to ask is not known; `--check-url` names it")
        self._prepare_session(name)
        try:
            return fetch_listing(self.session, policy, self._check.url, name)
        except (requests.RequestException, ValueError) as exc:
            reason = str(exc).partition("\n")[0].rstrip(".")
            return Unknown(reason, isinstance(exc, LoginRequired))

    def _prepare_session(self, project: str) -> None:
        """Take over what a program may have changed since the last question."""
        session, uploads = self.session, self._uploads
        session.verify, session.proxies = uploads.verify, uploads.proxies
        if self._shares_credentials:
            # devpi, Artifactory and GitLab want the same credentials for both.
            session.auth = choose_auth(uploads.auth, project)
            session.headers, session.cert = uploads.headers, uploads.cert
        else:
            session.auth = NoCredentials()
        set_credentials(session, self._check.username, self._check.password)
