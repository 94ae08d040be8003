"""Who you are: where a user name and a password come from.

The names below are the interface; the modules beside it may change.
"""

from __future__ import annotations

from .resolver import (
    TOKEN_RENEWAL_THRESHOLD,
    TOKEN_USERNAME,
    CredentialInput,
    Private,
    Resolver,
    TrustedPublishingAuthenticator,
    get_cacert,
    get_clientcert,
    get_userpass_value,
)
from .trusted_publishing import (
    TrustedPublishingToken,
    TrustedPublishingTokenRetrievalError,
)

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
)
