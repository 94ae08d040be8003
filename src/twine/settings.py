"""Settings: what was asked for, as other programs know it."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import os
from collections.abc import Collection
from typing import TYPE_CHECKING

from . import auth, exceptions
from .auth import oidc
from .auth.keyring import Keyring
from .auth.trusted_publishing import TrustedPublishing
from .config import known_indexes, options, pypirc
from .config.arguments import SYSTEM_CERTS
from .config.keywords import Keywords, tolerate_others
from .index.retry import RetryPolicy
from .terminal import prompts
from .terminal.console import Console, default
from .terminal.redaction import mask_index

if TYPE_CHECKING:
    from .index import connections
    from .repository import Repository


@tolerate_others
class Settings(Keywords):
    """Everything that an upload depends on.

    Nothing is read when it is made: ``.pypirc`` when the index is first asked for,
    credentials when they are. Attributes may be set before they are used.

    The keywords are the names in :data:`twine.config.options.TABLE`, all optional, and
    ``console``: where to print, shared with what is made from these settings. Other
    keywords are ignored.

    Raises:
        InvalidSigningConfiguration: An identity is given, but not to sign with.

    Attributes:
        projects: The normalized names of the projects whose own credentials are
            looked for; an upload sets them.
    """

    projects: Collection[str] = ()
    # Programs may put a dictionary in the place of `repository_config`.
    _index = known_indexes.Index(url=None)

    @staticmethod
    def register_argparse_arguments(parser: argparse.ArgumentParser) -> None:
        """Add every option to a parser; the environment gives defaults."""
        options.add_arguments(parser)

    @classmethod
    def from_argparse(
        cls, args: argparse.Namespace, *, console: Console | None = None
    ) -> Settings:
        """Return the settings that parsed arguments mean.

        Args:
            args: What a parser with these options returned.
            console: Where to print.

        Raises:
            InvalidConfiguration: A value that would be sent is not text.
        """
        keywords = options.keywords_from_arguments(args)
        ours = {name: os.environ[name] for name in os.environ if "TWINE_" in name}
        keywords |= {"environment": ours, "console": console or default()}
        return cls(**keywords)

    @functools.cached_property
    def repository_config(self) -> dict[str, str | None]:
        """The index's keys, as in ``.pypirc``.

        Raises:
            InvalidConfiguration: The file cannot be used, or has no such index.
            UnableToReadConfigurationFile: The file is not UTF-8.
            UnreachableRepositoryURLDetected: The URL is not one.
        """
        self._index = pypirc.read_index(
            self.config_file, self.repository_name, self.repository_url
        )
        return self._index.as_dict()

    @functools.cached_property
    def cacert(self) -> str | None:
        """The CA certificates to trust: a PEM file, or those of the system."""
        # An empty `TWINE_CERT=` is as good as not set: no file has no name.
        if self._given["cacert"] or self.system_certs:
            return self._given["cacert"] or SYSTEM_CERTS
        return self.repository_config.get("ca_cert")

    @functools.cached_property
    def client_cert(self) -> str | None:
        """The client certificate and its key: a PEM file."""
        return self._given["client_cert"] or self.repository_config.get("client_cert")

    @functools.cached_property
    def check_url(self) -> str | None:
        """Where to ask which files the index has, if not where its URL says."""
        return self._given["check_url"] or self.repository_config.get("check_url")

    @property
    def _check_index(self) -> known_indexes.Index | None:
        url = self.check_url
        return known_indexes.parse_simple_url(url) if url else None

    @functools.cached_property
    def auth(self) -> auth.Resolver:
        """What finds the credentials."""
        resolver = auth.Resolver.choose(interactive=not self.non_interactive)
        return resolver(
            self.repository_config,
            auth.CredentialInput(
                self._given["username"], self._given["password"], self.environment
            ),
            trusted_publishing=TrustedPublishing(
                self.repository_config["repository"] or "",
                open_session=lambda: oidc.open_session(
                    self.cacert,
                    self.client_cert,
                    timeouts=self._timeouts(),
                    redact=self.console.redact,
                ),
                mode=self.trusted_publishing,
                policy=self._policy,
                may_prompt=not self.non_interactive,
                console=self.console,
            ),
            keyring=Keyring(
                self.keyring,
                timeout=self.timeout,
                attended=not self.non_interactive and prompts.can_ask(),
            ),
            index_name=self._index.name,
            configured_in=self._index.source,
            console=self.console,
        )

    @property
    def username(self) -> str | None:
        """The user name, or ``None`` if a client certificate stands in for it."""
        with self._allow_noninteractive():
            return self.auth.username
        return None

    @property
    def password(self) -> str | None:
        """The password, or ``None`` if a client certificate stands in for it."""
        with self._allow_noninteractive():
            return self.auth.password
        return None

    def _allow_noninteractive(self) -> contextlib.suppress:
        """Let missing credentials pass where a client certificate identifies us."""
        # TLS has shown who this is (RFC 8446, section 4.4.2), so no password is needed.
        bypassed = [exceptions.NonInteractive] if self.client_cert else []
        return contextlib.suppress(*bypassed)

    @functools.cached_property
    def _policy(self) -> RetryPolicy:
        return RetryPolicy(retries=self.retries)

    def _timeouts(self) -> connections.Timeouts:
        from .index.connections import Timeouts

        if self.timeout is None:
            return Timeouts()
        return Timeouts(send=self.timeout, answer=self.timeout)

    def as_asked(self) -> dict[str, object]:
        """Return the options' values, free of secrets, to ask for the same again."""
        names = {field.name for field in dataclasses.fields(self)}
        names -= {"console", "environment"}
        values = {name: getattr(self, name) for name in names} | self._given
        if values["repository_url"]:  # the other one was not even looked at
            values["repository_name"] = options.DEFAULT_INDEX
        for name in ("repository_url", "repository_name", "check_url"):
            if "://" in (values[name] or ""):
                values[name] = known_indexes.parse_repository_url(values[name]).url
            elif values[name]:  # a section may be named as badly as a URL is typed
                values[name] = mask_index(values[name])
        return values

    def check_repository_url(self) -> None:
        """Refuse hosts that PyPI has given up, and what is no URL.

        Raises:
            UploadToDeprecatedPyPIDetected: The index is one of them.
            UnreachableRepositoryURLDetected: There is no such index.
        """
        url = self.repository_config["repository"] or ""
        _ = self._check_index
        if known_indexes.is_deprecated(url):
            raise exceptions.UploadToDeprecatedPyPIDetected.from_args(
                known_indexes.sanitize_url(url),
                known_indexes.PYPI.upload_url,
                known_indexes.TESTPYPI.upload_url,
            )

    def verify_feature_capability(self) -> None:
        """Refuse options that this index cannot honour.

        Raises:
            UnsupportedConfiguration: There is such an option.
        """
        url = self.repository_config["repository"] or ""
        can_be_asked = self._check_index or known_indexes.simple_url_of(url)
        if self.wait is not None and not can_be_asked:
            raise (
                exceptions.UnsupportedConfiguration.Builder()
                .with_repository_url(known_indexes.sanitize_url(url))
                .with_feature("--wait")
                .finalize()
            )

    def wants_preflight(self) -> bool:
        """Return whether the rules of PyPI are to be applied before uploading."""
        if self.preflight:  # also where the environment says otherwise
            return True
        url = self.repository_config["repository"] or ""
        return not self.no_preflight and known_indexes.find_known_index(url) is not None

    def create_repository(self) -> Repository:
        """Return the index, with credentials: this may ask for them.

        Those for the whole index are looked for only if a project has none of its own.

        Raises:
            InvalidConfiguration: A certificate cannot be read.
            NonInteractive: A credential is missing, and nobody to ask.
            TrustedPublishingFailure: This CI's identity was not accepted.
        """
        from .index.authentication import use_project_credentials
        from .repository import Repository

        own = self._find_project_credentials()
        needs_common = not self.projects or len(own) < len(self.projects)
        repository = Repository(
            self.repository_config["repository"] or "",
            self.username if needs_common else None,
            self.password if needs_common else None,
            self.disable_progress_bar,
            policy=self._policy,
            timeouts=self._timeouts(),
            console=self.console,
            check=self._check_index,
        )
        repository.set_certificate_authority(self.cacert)
        repository.set_client_certificate(self.client_cert)
        # Programs put other resolvers here, which know nothing of renewal.
        if getattr(self.auth, "holds_trusted_publishing_token", False):
            repository.session.auth = self.auth.authenticator
        use_project_credentials(repository.session, own)
        return repository

    def revoke_tokens(self) -> None:
        """Give up the tokens that trusted publishing got for this run, if any.

        The commands do so at their end; a program that uploads by itself may, too.
        """
        if isinstance(self.auth, auth.Resolver):  # programs put other objects here
            self.auth.revoke_tokens()

    def _find_project_credentials(self) -> dict[str, tuple[str, str]]:
        """Return the credentials of the projects that have their own."""
        find = getattr(self.auth, "find_project_credentials", None)
        # Programs that decide about credentials themselves know nothing of projects.
        if find is None or type(self).password is not Settings.password:
            return {}
        found = {project: find(project) for project in self.projects}
        return {project: own for project, own in found.items() if own is not None}
