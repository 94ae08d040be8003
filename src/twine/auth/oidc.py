"""A CI's identity (OpenID Connect) in exchange for a short-lived API token.

PyPI names the audience that an identity token must be made for, the CI makes one
(library ``id``), and PyPI mints an API token for it:
https://docs.pypi.org/trusted-publishers/
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

from .. import exceptions
from ..index.response import Reply
from ..index.retry import ONCE, RetryPolicy
from ..index.upload_error import describe_refusal

if TYPE_CHECKING:
    import requests

    from ..index.connections import Timeouts


class TrustedPublishingTokenRetrievalError(TypedDict):
    """Why an index would not mint a token."""

    code: str
    description: str


class TrustedPublishingToken(TypedDict, total=False):
    """The answer to a request for a token, good or bad."""

    message: str | None
    errors: list[TrustedPublishingTokenRetrievalError] | None
    token: str | None
    success: bool | None
    expires: int | None


def open_session(
    ca_cert: str | None,
    client_cert: str | None,
    *,
    timeouts: Timeouts | None = None,
    redact: Callable[[str], str] = str,
) -> requests.Session:
    """Return a session that trusts what the upload trusts, and sends no credentials.

    Args:
        ca_cert: The CA certificates to trust, a PEM file; the usual ones if not given.
        client_cert: The client certificate and its key, one PEM file.
        timeouts: How long to wait.
        redact: How to mask secrets that an answer may repeat.

    Raises:
        InvalidConfiguration: A certificate is of no use.
    """
    from ..index.session import NoCredentials, make_session

    session = make_session(ca_cert, client_cert, timeouts=timeouts, redact=redact)
    session.auth = NoCredentials()
    return session


def exchange_identity(
    session: requests.Session,
    host: str,
    find: Callable[[str], str | None],
    *,
    policy: RetryPolicy,
) -> TrustedPublishingToken | None:
    """Return an API token for this CI's identity; ``None`` outside of a supported CI.

    Args:
        session: A session without credentials.
        host: The host of the upload URL.
        find: How to get an identity token for an audience: :func:`find_identity`.
        policy: How often to repeat requests.

    Raises:
        requests.HTTPError: The index has no trusted publishing.
        requests.RequestException: There is no answer.
        TrustedPublishingFailure: The CI or the index refused.
    """
    audience = fetch_audience(session, host, policy=policy)
    identity = find(audience)
    if identity is None:
        return None
    renew = functools.partial(find, audience)
    return mint_token(session, host, identity, renew=renew, policy=policy)


def fetch_audience(
    session: requests.Session, host: str, *, policy: RetryPolicy = ONCE
) -> str:
    """Ask an index for which audience an identity token must be made.

    Args:
        session: A session without credentials.
        host: The host of the upload URL.
        policy: How often to repeat requests.

    Raises:
        requests.RequestException: There is no answer, or no trusted publishing.
        TrustedPublishingFailure: The answer makes no sense.
    """
    url = f"https://{host}/_/oidc/audience"
    # Another host must not choose who the identity is made for.
    response = policy.persist(lambda: session.get(url, allow_redirects=False))
    if response.status_code != 200:
        import requests

        explanation = describe_refusal(
            Reply.from_response(response),
            hint="Trusted publishing is not available here: set `TWINE_PASSWORD` to an "
            "API token.",
        )
        raise requests.HTTPError(str(explanation), response=response)
    audience = _object(response).get("audience")
    if not isinstance(audience, str):
        raise exceptions.TrustedPublishingFailure(
            f"`{url}` did not name the audience for an identity token."
        )
    return audience


def find_identity(audience: str) -> str | None:
    """Return a fresh identity token of the CI that this runs in.

    Args:
        audience: The audience of the token, ``pypi`` for example.

    Returns:
        The token (a JWT, good for one use), or ``None`` outside of a supported CI.

    Raises:
        TrustedPublishingFailure: This is a supported CI, and it gives no token.
    """
    import id as identity  # named like a built-in function

    try:
        token = identity.detect_credential(audience)
    # id 1.6 lets through whatever its HTTP client, urllib3, raises, and more.
    except Exception as exc:
        why = str(exc).rstrip(".") or type(exc).__name__
        raise exceptions.TrustedPublishingFailure(
            f"This CI gave no identity token: {why}.",
            hint="On GitHub the job needs `permissions: id-token: write`; on GitLab "
            "it needs `id_tokens` with the variable "
            f"`{audience.upper()}_ID_TOKEN`. To use an API token instead, set "
            "`TWINE_PASSWORD`.",
        ) from exc
    return token


def mint_token(
    session: requests.Session,
    host: str,
    identity_token: str,
    *,
    renew: Callable[[], str | None] = lambda: None,
    policy: RetryPolicy = ONCE,
) -> TrustedPublishingToken:
    """Exchange an identity token for an API token.

    Args:
        session: A session without credentials.
        host: The host of the upload URL.
        identity_token: A JWT that has not been used before.
        renew: How to get another one for another try: each can be used once.
        policy: How often to repeat requests.

    Raises:
        requests.RequestException: There is no answer.
        TrustedPublishingFailure: The index refused, or its answer makes no sense.
    """
    # PyPI keeps the `jti` of each JWT (RFC 7519, section 4.1.7), and answers the
    # second use with 422 "invalid-reuse-token".
    tokens = itertools.chain([identity_token], iter(renew, None))
    response = policy.persist(
        lambda: session.post(
            f"https://{host}/_/oidc/mint-token",
            json={"token": next(tokens, identity_token)},
            allow_redirects=False,  # requests would send the body along after a 307
        )
    )
    answer = _object(response)
    token = answer.get("token")
    if response.status_code == 200 and isinstance(token, str) and token:
        expires = answer.get("expires")
        if type(expires) is not int:  # `isinstance` would let `true` pass
            expires = None
        return {"success": True, "token": token, "expires": expires}
    if answer:
        why = _reasons(answer).rstrip(".")
    else:
        why = f"it answered {response.status_code}, and not in JSON"
    raise exceptions.TrustedPublishingFailure(
        f"`{host}` gave no token for this CI's identity: {why}.",
        hint="That is a fault of the index: try again later."
        if response.status_code >= 500
        else "The publisher that the project lists must match this run: owner, "
        "repository, workflow file and environment. "
        "See https://docs.pypi.org/trusted-publishers/troubleshooting/",
    )


def _object(response: requests.Response) -> dict[str, object]:
    """Return an answer's JSON object, or an empty one for anything else."""
    try:
        # Not `response.json()`: requests 2.34 guesses an encoding, JSON has but one
        # (RFC 8259, section 8.1), and a RecursionError would come through.
        data = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _reasons(answer: dict[str, object]) -> str:
    errors = answer.get("errors")
    reasons = [
        f"{error.get('description') or 'no reason given'} ({error.get('code')})"
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(error, dict)
    ]
    return "; ".join(reasons) or str(answer.get("message") or "it did not say why")
