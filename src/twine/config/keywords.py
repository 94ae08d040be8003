"""What can be asked of ``upload`` and ``register`` in Python: keywords, not options."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Mapping
from dataclasses import InitVar
from typing import Any, Literal, TypeVar

from .. import exceptions
from ..terminal.console import Console, default
from .options import DEFAULT_CONFIG_FILE, DEFAULT_INDEX

_T = TypeVar("_T")
TrustedPublishingMode = Literal["auto", "always", "never"]


@dataclasses.dataclass(kw_only=True, repr=False, eq=False)
class Keywords:
    """The base of :class:`twine.settings.Settings`: keywords, attributes, defaults.

    Raises:
        InvalidSigningConfiguration: An identity is given, but not to sign with.
    """

    attestations: bool = False
    attest: bool = False
    sign: bool = False
    sign_with: str = "gpg"
    identity: str | None = None
    # The five of this kind may come from elsewhere too: `Settings` has properties.
    username: InitVar[str | None] = None
    password: InitVar[str | None] = None
    keyring: str = "auto"
    non_interactive: bool = False
    trusted_publishing: TrustedPublishingMode = "auto"
    comment: str | None = None
    config_file: str = DEFAULT_CONFIG_FILE
    skip_existing: bool = False
    no_validate: bool = False
    cacert: InitVar[str | None] = None
    system_certs: bool = False
    client_cert: InitVar[str | None] = None
    repository_name: str = DEFAULT_INDEX
    repository_url: str | None = None
    timeout: float | None = None
    retries: int = 4
    jobs: int = 1
    keep_going: bool = False
    check_url: InitVar[str | None] = None
    dry_run: bool = False
    wait: float | None = None
    preflight: bool = False
    no_preflight: bool = False
    verbose: bool = False
    quiet: bool = False
    disable_progress_bar: bool = False
    # Variables that may hold credentials; a command line gives those of its process.
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    # Where to print, shared with what is made from these settings.
    console: Console = dataclasses.field(default_factory=default)

    def __post_init__(
        self,
        username: str | None,
        password: str | None,
        cacert: str | None,
        client_cert: str | None,
        check_url: str | None,
    ) -> None:
        self._given = {
            "username": username,
            "password": password,
            "cacert": cacert,
            "client_cert": client_cert,
            "check_url": check_url,
        }
        self.console.quiet = self.console.quiet or self.quiet
        if self.identity and not self.sign:
            raise exceptions.InvalidSigningConfiguration(
                "`--identity` says whose key signs, but `--sign` is not given."
            )


def tolerate_others(cls: type[_T]) -> type[_T]:
    """Let a class be made with keywords that it does not know.

    Programs with more options write ``Settings(**vars(args))``, as 7.0.0 allows.
    """
    make, known = cls.__init__, inspect.signature(cls).parameters

    @functools.wraps(make)
    def tolerant(self: _T, **keywords: Any) -> None:
        make(self, **{name: keywords[name] for name in keywords if name in known})

    cls.__init__ = tolerant  # type: ignore[method-assign, assignment]
    return cls
