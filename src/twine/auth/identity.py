"""The identity of a CI job: a JSON Web Token (RFC 7519), good for one use."""

from __future__ import annotations

import base64
import json
import os

from .. import exceptions
from ..config.known_indexes import KnownIndex
from .oidc import Refusal

VARIABLE = "TWINE_IDENTITY_TOKEN"
# What `id` 1.6 looks for, except for the hardware of Google Cloud.
_CI_VARIABLES = (
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "BUILDKITE",
    "CIRCLECI",
    "GOOGLE_SERVICE_ACCOUNT_NAME",
)
# What indexes compare with a publisher, of GitHub, GitLab or Google.
_CLAIMS = (
    *("iss", "sub", "repository", "workflow_ref", "job_workflow_ref", "ref"),
    *("environment", "project_path", "ci_config_ref_uri", "email"),
)


def is_expected() -> bool:
    """Return whether somebody chose to have an identity here.

    A machine of Google Cloud has one, whoever uses it and whatever for.
    """
    return any(os.environ.get(name) for name in (VARIABLE, *_CI_VARIABLES))


def is_not_set_up(refusal: Refusal) -> bool:
    """Return whether an identity was refused because nobody meant it to be used.

    Nobody can do anything about an issuer that an index does not take either.
    """
    if os.environ.get(VARIABLE):
        return False
    is_unknown = "invalid-publisher" in refusal.codes
    return refusal.is_unknown_issuer or (is_unknown and not is_expected())


def find_identity(audience: str) -> str | None:
    """Return an identity token of the CI that this runs in.

    Args:
        audience: The audience of the token, ``pypi`` for example.

    Returns:
        The token, or ``None`` outside of a supported CI.

    Raises:
        TrustedPublishingFailure: This is a supported CI, and it gives no token.
    """
    if given := os.environ.get(VARIABLE, "").strip():
        return given
    hint = "To use an API token instead, set `TWINE_PASSWORD`."
    return detect_identity(audience, hint=hint)


def detect_identity(audience: str, *, hint: str) -> str | None:
    """Return an identity token that a supported CI gives; see :func:`find_identity`.

    Args:
        audience: The audience of the token.
        hint: How to do without one.
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
            f"`{audience.upper()}_ID_TOKEN`. {hint}",
        ) from exc
    return token


def read_claims(token: str) -> dict[str, object]:
    """Return what an identity token says, not verified; nothing if that is unclear."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(f"{payload}=="))
    except (ValueError, IndexError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def explain_refusal(
    refusal: Refusal, host: str, claims: dict[str, object], index: KnownIndex | None
) -> exceptions.TrustedPublishingFailure:
    """Return the error for an identity that an index did not accept.

    Args:
        refusal: What the index said.
        host: Its host.
        claims: What the identity token says.
        index: The index, if it is a known one.
    """
    if refusal.status >= 500:
        lines = ["That is a fault of the index: try again later."]
    elif "invalid-reuse-token" in refusal.codes:
        lines = ["An identity token can be used only once: start a new job."]
    elif refusal.is_unknown_issuer:
        issuer = f"identities of `{claims.get('iss', 'this CI')}`"
        lines = [
            f"It does not accept {issuer} yet: set `TWINE_PASSWORD` to an API token."
        ]
    else:
        lines = _what_to_compare(refusal, claims, index)
    return exceptions.TrustedPublishingFailure(
        f"`{host}` gave no token for this CI's identity: {refusal.reasons}.",
        hint="\n".join(lines),
    )


def _what_to_compare(
    refusal: Refusal, claims: dict[str, object], index: KnownIndex | None
) -> list[str]:
    shown = {name: claims[name] for name in _CLAIMS if name in claims}
    if "repository" in claims or "project_path" in claims:
        shown.setdefault("environment", "(none)")
    lines = ["The identity token says:"] if shown else []
    # One line each, whatever somebody else has put into a name.
    lines += [f"  {name}: {' '.join(str(shown[name]).split())}" for name in shown]
    where = f" at {index.web_url}manage/account/publishing/" if index else ""
    lines.append(
        f"Compare it with the publisher{where}: owner, repository, file name of the "
        "workflow and environment must be the same."
    )
    if "invalid-publisher" in refusal.codes:
        lines.append(
            "A pending publisher (of a project that does not exist yet) expires 30 "
            "days after it was added."
        )
    called = claims.get("job_workflow_ref")
    if called and called != claims.get("workflow_ref", called):
        lines.append(
            "This job is part of a reusable workflow: the publisher is compared with "
            "the called workflow, `job_workflow_ref`, and not with the calling one. "
            "One of another repository never matches: upload in a job of the calling "
            "workflow."
        )
    return [*lines, "See https://docs.pypi.org/trusted-publishers/troubleshooting/"]
