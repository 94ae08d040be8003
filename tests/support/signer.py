"""A signer that needs no Sigstore."""

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from cryptography import x509
from sigstore.dsse import Statement

from support.pki import Authority


class FakeSigner:
    """What signs statements as `sigstore.sign.Signer` does, into no log."""

    def __init__(self, authority: Authority) -> None:
        """Get a certificate."""
        self.identities: list[str] = []
        """What certificates were asked for with."""
        self._certificate = x509.load_pem_x509_certificate(
            authority.ca_file.read_bytes()
        )

    @contextlib.contextmanager
    def open(self, identity_token: str) -> Iterator[Any]:
        """Stand in for `twine.auth.attest.open_signer`."""
        self.identities.append(identity_token)
        yield self

    def sign_dsse(self, statement: Statement) -> Any:
        """Return what `Attestation.from_bundle` looks at in a bundle."""
        signatures = [SimpleNamespace(sig=b"signature")]
        envelope = SimpleNamespace(payload=statement._contents, signatures=signatures)
        entry = SimpleNamespace(to_dict=lambda: {"logIndex": "1"})
        return SimpleNamespace(
            signing_certificate=self._certificate,
            _inner=SimpleNamespace(dsse_envelope=envelope),
            log_entry=SimpleNamespace(_inner=entry),
        )
