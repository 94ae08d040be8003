"""Ask an index what it has."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import requests

from .. import exceptions
from ..config import known_indexes as indexes
from . import retry as retries
from . import session as transport
from . import simple_api as simple_index

if TYPE_CHECKING:
    from ..package import PackageFile
    from .connections import Timeouts

logger = logging.getLogger(__name__)


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
        self._session = session
        self._timeouts = timeouts
        self._listings: dict[str, simple_index.Listing] = {}

    def is_listed(
        self, package: PackageFile, policy: retries.RetryPolicy, *, afresh: bool = False
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
                    "%s", f"Which files of `{name}` are on the index is unknown. {exc}"
                )
                self._listings[name] = simple_index.Listing({})
        return package.basefilename in self._listings[name].files

    def standing(
        self, package: PackageFile
    ) -> simple_index.Same | simple_index.Absent | simple_index.Unknown:
        """Ask how a file stands with the index, right now.

        Args:
            package: The distribution.

        Raises:
            InvalidDistribution: The index has another file of this name.
        """
        try:
            listing = self._fetch(package.safe_name, retries.ONCE)
        except (requests.RequestException, ValueError) as exc:
            logger.info("%s", f"The index cannot be asked what it has: {exc}")
            return simple_index.Unknown(isinstance(exc, simple_index.LoginRequired))
        name, digest = package.basefilename, package.sha2_digest
        standing = simple_index.compare(listing, name, digest)
        if isinstance(standing, simple_index.Other):
            raise exceptions.InvalidDistribution(
                f"The index has a file `{name}` with other content (SHA-256 "
                f"{standing.sha256}).",
                hint="A file name can be used once: publish a new version.",
            )
        return standing

    def _fetch(self, name: str, policy: retries.RetryPolicy) -> simple_index.Listing:
        """Fetch the listing of a project.

        Raises:
            requests.RequestException: The index gave no answer.
            ValueError: It cannot be asked, or its answer is no listing.
        """
        simple_url = indexes.simple_url_of(self._url)
        if simple_url is None:
            raise ValueError("where its simple API is cannot be told from its URL")
        known = indexes.find_known_index(self._url) is not None
        with transport.make_session(timeouts=self._timeouts) as session:
            session.verify, session.cert = self._session.verify, self._session.cert
            session.proxies = self._session.proxies
            if known:  # its simple API is on another host
                session.auth = transport.NoCredentials()
            else:
                session.auth = self._session.auth
                session.headers = self._session.headers
            return simple_index.fetch_listing(
                lambda url, headers: policy.persist(
                    lambda: session.get(url, headers=headers)
                ),
                simple_url,
                name,
                # Elsewhere the layout is a guess, and may be wrong.
                missing_is_empty=known,
            )
