"""Authentication: where a user name and a password come from.

The names below are the interface; the modules beside it may change.
"""

from __future__ import annotations

from ..config.known_indexes import TOKEN_USERNAME
from .credentials import get_cacert, get_clientcert, get_userpass_value
from .oidc import TrustedPublishingToken, TrustedPublishingTokenRetrievalError
from .resolver import Private, Resolver, logger
from .sources import CredentialInput
from .trusted_publishing import TOKEN_RENEWAL_THRESHOLD, TrustedPublishingAuthenticator

__all__ = (
    "TOKEN_RENEWAL_THRESHOLD",
    "TOKEN_USERNAME",
    "CredentialInput",
    "Private",
    "Resolver",
    "TrustedPublishingAuthenticator",
    "TrustedPublishingToken",
    "TrustedPublishingTokenRetrievalError",
    "get_cacert",
    "get_clientcert",
    "get_userpass_value",
    "logger",
)
