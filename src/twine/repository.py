"""One index, seen as an object: what it takes, and what it has."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import requests
import requests_toolbelt

from . import config, console, metadata, package, replies, simple_index, transport

# Uploads of one file at most, when the index fails to take it.
MOST_TRIES = 5
# Seconds before the second try; each further wait is twice as long.
FIRST_WAIT = 0.5


class Repository:
    """An index that takes uploads.

    Args:
        repository_url: Its upload URL.
        username: The user name.
        password: The password or token.
        disable_progress_bar: Whether to show no progress.
    """

    def __init__(
        self,
        repository_url: str,
        username: str | None,
        password: str | None,
        disable_progress_bar: bool = False,
    ) -> None:
        self.url = repository_url
        self.disable_progress_bar = disable_progress_bar
        self.session: requests.Session = transport.make_session()
        if username or password:
            credentials = transport.basic_auth(username or "", password or "")
            # Bytes work as well as text; the type stubs know only text.
            self.session.auth = credentials  # type: ignore[assignment]
        self._listings: dict[str, simple_index.Listing] = {}

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

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
        self, package: package.PackageFile, max_redirects: int = MOST_TRIES
    ) -> requests.Response:
        """Send a distribution, again if the index fails to take it.

        Args:
            package: The distribution.
            max_redirects: How many times to send it at most. (The name is old.)

        Returns:
            The last answer; whether it is good is for the caller to say.

        Raises:
            requests.RequestException: There was no answer.
            InvalidDistribution: The file cannot be read any more.
        """
        for attempt in range(1, max_redirects + 1):
            response = self._upload(package)
            verdict = replies.judge(replies.Reply.from_response(response))
            if not isinstance(verdict, replies.TryAgain) or attempt == max_redirects:
                break
            wait = FIRST_WAIT * 2 ** (attempt - 1)
            console.current().warning(
                f"The index answered {response.status_code} {response.reason}. "
                f"Try {attempt + 1} of {max_redirects} follows in {wait:g} s."
            )
            time.sleep(wait)
        return response

    def _upload(self, package: package.PackageFile) -> requests.Response:
        """Send a distribution once."""
        screen = console.current()
        screen.say(f"Uploading {package.basefilename}")
        parts = self._form(package, "file_upload")
        try:
            content = open(package.filename, "rb")  # noqa: SIM115 - closed below
        except OSError as exc:
            raise _unreadable(package.filename, exc) from exc
        with content:
            file = (package.basefilename, content, "application/octet-stream")
            body = requests_toolbelt.MultipartEncoder([*parts, ("content", file)])
            with screen.progress(
                package.basefilename, body.len, enabled=not self.disable_progress_bar
            ) as report:
                return self._post(
                    requests_toolbelt.MultipartEncoderMonitor(
                        body, lambda monitor: report(monitor.bytes_read)
                    )
                )

    def register(self, package: package.PackageFile) -> requests.Response:
        """Announce a distribution's project without sending the file.

        Args:
            package: The distribution.

        Raises:
            requests.RequestException: There was no answer.
        """
        console.current().say(f"Registering {package.basefilename}")
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
        known = config.find_known_index(self.url)
        if known is None:
            return False
        name = package.safe_name
        if bypass_cache or name not in self._listings:
            self._listings[name] = self._fetch_listing(known, name)
        return package.basefilename in self._listings[name].files

    def _fetch_listing(
        self, known: config.KnownIndex, name: str
    ) -> simple_index.Listing:
        with transport.make_session() as session:
            session.verify, session.cert = self.session.verify, self.session.cert
            session.auth = transport.NoCredentials()
            try:
                return simple_index.fetch_listing(session, known.simple_url, name)
            except (requests.RequestException, ValueError) as exc:
                console.current().warning(
                    f"Which files of `{name}` are on the index is unknown. {exc}"
                )
                return simple_index.Listing({})

    def release_urls(self, packages: Iterable[package.PackageFile]) -> set[str]:
        """Return the web pages of the releases; empty for an unknown index.

        Args:
            packages: What was uploaded.
        """
        known = config.find_known_index(self.url)
        if known is None:
            return set()
        return {known.release_url(item.safe_name, item.version) for item in packages}


_unreadable = package.unreadable
