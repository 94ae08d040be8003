"""How an index exchanges the identity of a CI job for a short-lived API token.

It names the audience that an identity token must be made for, the CI makes one
(:mod:`twine.auth.identity`), and the index mints an API token for it:
https://docs.pypi.org/trusted-publishers/
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypedDict

from .. import exceptions
from ..index.response import Reply
from ..index.retry import ONCE, RetryPolicy
from ..index.upload_error import describe_refusal

if TYPE_CHECKING:
    import requests

    from ..index.connections import Timeouts

# Printable ASCII. A line break would begin another command in the log of a CI.
_TOKEN = re.compile("[!-~]+")


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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an index minted no token.

    Args:
        status: The status of its answer.
        reasons: The index's own words.
        codes: The codes of the reasons, ``invalid-publisher`` for example.
    """

    status: int
    reasons: str
    codes: frozenset[str] = frozenset()

    @property
    def is_unknown_issuer(self) -> bool:
        """Whether the index does not take identities of this CI at all."""
        # PyPI: 422, code "invalid-payload", "unknown trusted publishing issuer".
        return re.search("unknown.* issuer", self.reasons) is not None


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
    from ..index.authentication import NoCredentials
    from ..index.session import make_session

    session = make_session(ca_cert, client_cert, timeouts=timeouts, redact=redact)
    session.auth = NoCredentials()
    return session


def fetch_audience(
    session: requests.Session, host: str, *, policy: RetryPolicy = ONCE
) -> str:
    """Ask an index for which audience an identity token must be made.

    Args:
        session: A session without credentials.
        host: The host of the upload URL, with its port if that has one.
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
            "API token, and leave out `--trusted-publishing always`.",
        )
        raise requests.HTTPError(str(explanation), response=response)
    audience = _object(response).get("audience")
    if not isinstance(audience, str):
        raise exceptions.TrustedPublishingFailure(
            f"`{url}` did not name the audience for an identity token."
        )
    return audience


def mint_token(
    session: requests.Session,
    host: str,
    identity_token: str,
    *,
    renew: Callable[[], str | None] = lambda: None,
    policy: RetryPolicy = ONCE,
) -> TrustedPublishingToken | Refusal:
    """Exchange an identity token for an API token.

    Args:
        session: A session without credentials.
        host: The host of the upload URL, with its port if that has one.
        identity_token: A JWT that has not been used before.
        renew: How to get another one for another try: each can be used once.
        policy: How often to repeat requests.

    Raises:
        requests.RequestException: There is no answer.
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
    if (
        response.status_code == 200
        and isinstance(token, str)
        and _TOKEN.fullmatch(token)
    ):
        expires = answer.get("expires")
        if type(expires) is not int:  # `isinstance` would let `true` pass
            expires = None
        return {"success": True, "token": token, "expires": expires}
    return _refusal(response.status_code, answer)


def _refusal(status: int, answer: Mapping[str, object]) -> Refusal:
    """Return what an answer says in the place of a token."""
    if not answer:
        return Refusal(status=status, reasons=f"it answered {status}, and not in JSON")
    listed = answer.get("errors")
    errors = [
        error
        for error in (listed if isinstance(listed, list) else [])
        if isinstance(error, dict)
    ]
    reasons = "; ".join(
        f"{error.get('description') or 'no reason given'} ({error.get('code')})"
        for error in errors
    )
    reasons = reasons or str(answer.get("message") or "it did not say why")
    return Refusal(
        status=status,
        reasons=reasons.rstrip("."),
        codes=frozenset(str(error.get("code")) for error in errors),
    )


def burn_token(session: requests.Session, host: str, token: str) -> None:
    """Make an index forget an API token that was minted here.

    PyPI reports a *user's* token that is sent there to its operators.

    Args:
        session: A session without credentials.
        host: The host that minted it, with its port if that has one.
        token: The token.

    Raises:
        requests.RequestException: There is no answer.
    """
    # Whatever the answer says: nothing more can be done.
    session.post(
        f"https://{host}/_/oidc/burn-token",
        json={"token": token},
        allow_redirects=False,
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
