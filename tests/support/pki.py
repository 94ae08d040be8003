"""A throw-away certificate authority for servers and clients on loopback."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """What a server needs for TLS, and the CA bundle which trusts it."""

    context: ssl.SSLContext
    ca_file: Path


class Authority:
    """A certificate authority that nobody trusts unless told to."""

    def __init__(self, folder: Path) -> None:
        """Make the authority and write its certificate into `folder`."""
        self._authority = trustme.CA()
        self.ca_file = folder / "ca.pem"
        self._authority.cert_pem.write_to_path(str(self.ca_file))

    def issue(self, *names: str, ask_client: bool = False) -> ServerCertificate:
        """Return a certificate for a server of these host names or addresses.

        If it is to ask, clients without a certificate of this authority are refused.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*names).configure_cert(context)
        if ask_client:
            # With TLS 1.3 the refusal arrives after the client's handshake is over,
            # at a moment nobody can foresee; 1.2 refuses within the handshake.
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.verify_mode = ssl.CERT_REQUIRED
            self._authority.configure_trust(context)
        return ServerCertificate(context=context, ca_file=self.ca_file)

    def write_client_certificate(self, path: Path, name: str = "a@example.org") -> Path:
        """Write one PEM with key and certificate of a client; return `path`."""
        certificate = self._authority.issue_cert(name)
        certificate.private_key_and_cert_chain_pem.write_to_path(str(path))
        return path
