"""Ask an index what it has."""

from __future__ import annotations

import dataclasses
import logging
from typing import TYPE_CHECKING

import requests

from .. import exceptions
from ..config.known_indexes import find_known_index, simple_url_of
from .retry import ONCE, RetryPolicy
from .session import NoCredentials, make_session
from .simple_api import Listing, LoginRequired, fetch_listing

if TYPE_CHECKING:
    from ..package import PackageFile
    from .connections import Timeouts

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Same:
    """The index has this very file."""


@dataclasses.dataclass(frozen=True, slots=True)
class Absent:
    """The index has no file of this name."""


@dataclasses.dataclass(frozen=True, slots=True)
class Unknown:
    """The index cannot be asked, or does not say enough.

    Args:
        login_required: Whether it asked for credentials instead.
    """

    login_required: bool = False


FileStatus = Same | Absent | Unknown


def compare_digests(listing: Listing, filename: str, sha256: str | None) -> FileStatus:
    """Return whether an index has a file.

    Args:
        listing: The files of its project.
        filename: Its base name.
        sha256: Its digest, hexadecimal.

    Raises:
        InvalidDistribution: The index has another file of this name.
    """
    if filename not in listing.files:
        return Absent()
    listed = listing.files[filename]
    # PEP 691 and PEP 503 leave it to the index whether it tells a digest, and which.
    if listed is None or sha256 is None:
        return Unknown()
    if listed == sha256:
        return Same()
    raise exceptions.InvalidDistribution(
        f"The index has a file `{filename}` with other content (SHA-256 {listed}).",
        hint="A file name can be used once: publish a new version.",
    )


class Lookup:
    """What an index has, as far as it can be asked.

    Credentials go along only where its simple API is on the host that takes uploads.

    Args:
        url: Its upload URL.
        session: The session of the uploads: its certificates and proxies are used
            here too, and its credentials and headers where they may be.
        timeouts: How long to wait.
    """

    def __init__(
        self, url: str, session: requests.Session, timeouts: Timeouts | None
    ) -> None:
        self._url = url
        self._uploads = session
        self.session = make_session(timeouts=timeouts)
        self._listings: dict[str, Listing] = {}

    def is_listed(
        self, package: PackageFile, policy: RetryPolicy, *, afresh: bool = False
    ) -> bool:
        """Return whether the index has a file of this name; no if it cannot tell.

        Args:
            package: The distribution.
            policy: How patient to be.
            afresh: Whether to ask again for a project that was asked for before.
        """
        name = package.safe_name
        if afresh or name not in self._listings:
            try:
                self._listings[name] = self._fetch(name, policy)
            except (requests.RequestException, ValueError) as exc:
                logger.warning(
                    "Which files of `%s` are on the index is unknown. %s", name, exc
                )
                self._listings[name] = Listing({})
        return package.basefilename in self._listings[name].files

    def fetch_status(self, package: PackageFile) -> FileStatus:
        """Ask whether the index has a file, right now.

        Raises:
            InvalidDistribution: The index has another file of this name.
        """
        try:
            # Whoever asks has just waited, and will send the file again if need be.
            listing = self._fetch(package.safe_name, ONCE)
        except (requests.RequestException, ValueError) as exc:
            logger.info("The index cannot be asked what it has: %s", exc)
            return Unknown(isinstance(exc, LoginRequired))
        return compare_digests(listing, package.basefilename, package.sha2_digest)

    def _fetch(self, name: str, policy: RetryPolicy) -> Listing:
        """Fetch the listing of a project.

        Raises:
            requests.RequestException: The index gave no answer.
            ValueError: It cannot be asked, or its answer is no listing.
        """
        simple_url = simple_url_of(self._url)
        if simple_url is None:
            raise ValueError("where its simple API is cannot be told from its URL")
        is_known = find_known_index(self._url) is not None
        session, uploads = self.session, self._uploads
        # A program may have changed them since the last question.
        session.verify, session.cert = uploads.verify, uploads.cert
        session.proxies = uploads.proxies
        if is_known:  # its simple API is on another host
            session.auth = NoCredentials()
        else:  # devpi, Artifactory and GitLab want the same credentials for both
            session.auth, session.headers = uploads.auth, uploads.headers
        return fetch_listing(
            lambda url, headers: policy.persist(
                lambda: session.get(url, headers=headers)
            ),
            simple_url,
            name,
            # Elsewhere the layout is a guess, and may be wrong.
            missing_is_empty=is_known,
        )
