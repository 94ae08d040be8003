"""Publish attestations (PEP 740): who built a file, signed with the CI's identity.

Sigstore gives out a certificate for the identity and keeps a public log of what was
signed with it: https://docs.pypi.org/attestations/producing-attestations/
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import exceptions
from ..terminal.console import Console
from . import identity

if TYPE_CHECKING:
    from sigstore.sign import Signer

    from ..package import PackageFile

# What pypi-attestations 0.0.30 writes itself.
SUFFIX = ".publish.attestation"
# What Sigstore wants an identity token to be made for.
_AUDIENCE = "sigstore"


def find_signing_identity(console: Console) -> str:
    """Return the identity token to attest with.

    Args:
        console: Where it must not show.

    Raises:
        InvalidConfiguration: There is none here, or a library is missing.
        TrustedPublishingFailure: This is a supported CI, and it gives no token.
    """
    if importlib.util.find_spec("pypi_attestations") is None:
        raise exceptions.InvalidConfiguration(
            "`--attest` needs the library `pypi-attestations`.",
            hint="`pip install 'twine[attest]'` installs it.",
        )
    token = identity.detect_identity(
        _AUDIENCE, hint="Without `--attest` it is not needed."
    )
    if token is None:
        raise exceptions.InvalidConfiguration(
            "`--attest` needs the identity of a CI job, and this is none.",
            hint="It works in GitHub Actions, GitLab CI/CD and on Google Cloud, whose "
            "attestations PyPI accepts.",
        )
    console.hide(token)
    return token


def attest(
    packages: Sequence[PackageFile], identity_token: str, *, console: Console
) -> None:
    """Give each distribution a publish attestation, unless one lies beside it.

    It is written there, as ``FILE.publish.attestation``.

    Args:
        packages: The distributions.
        identity_token: See :func:`find_signing_identity`.
        console: Where to say so.

    Raises:
        InvalidSigningConfiguration: One could not be made or written.
    """
    from pypi_attestations import Attestation, Distribution

    with contextlib.ExitStack() as stack:
        signer: Signer | None = None
        for package in packages:
            path = f"{package.filename}{SUFFIX}"
            if os.path.exists(path):  # of an earlier run, and read with the file
                continue
            console.print(f"Attesting {package.basefilename}")
            name, digest = package.basefilename, package.sha2_digest or ""
            try:
                # One certificate for all files.
                signer = signer or stack.enter_context(open_signer(identity_token))
                made = Attestation.sign(signer, Distribution(name=name, digest=digest))
                text = made.model_dump_json()
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            # sigstore 4 lets through what its HTTP and TUF clients raise, and more.
            except Exception as exc:
                why = console.redact(str(exc)).rstrip(".") or type(exc).__name__
                raise exceptions.InvalidSigningConfiguration(
                    f"`{name}` could not be attested: {why}.",
                    hint="Nothing was sent. Without `--attest`, files are published "
                    "without attestations.",
                ) from exc
            package.attestations = [*(package.attestations or []), json.loads(text)]


def open_signer(identity_token: str) -> contextlib.AbstractContextManager[Signer]:
    """Return what signs with an identity: it has asked Sigstore for a certificate.

    Args:
        identity_token: A JWT for the audience ``sigstore``.
    """
    from sigstore.models import ClientTrustConfig
    from sigstore.oidc import IdentityToken
    from sigstore.sign import SigningContext

    config = ClientTrustConfig.production()
    # As pypi-attestations 0.0.30 does: PEP 740 has no place for entries of Rekor 2.
    config.force_tlog_version = 1
    context = SigningContext.from_trust_config(config)
    return context.signer(IdentityToken(identity_token), cache=True)
