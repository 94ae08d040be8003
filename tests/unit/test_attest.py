"""Publish attestations are made with the identity of the CI, once for each file."""

import contextlib
import hashlib
import json
from pathlib import Path

import pytest
from pypi_attestations import Attestation
from sigstore.models import ClientTrustConfig
from sigstore.sign import Signer, SigningContext

from support.dists import make_sdist, make_wheel
from support.pki import Authority
from support.secrets import SECRET
from support.signer import FakeSigner
from twine import exceptions
from twine.auth import attest, identity
from twine.package import PackageFile
from twine.terminal.console import Console

PUBLISH = "https://docs.pypi.org/attestations/publish/v1"


@pytest.fixture
def signer(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> FakeSigner:
    """Replace Sigstore."""
    signer = FakeSigner(authority)
    monkeypatch.setattr(attest, "open_signer", signer.open)
    return signer


@pytest.fixture
def wheel(tmp_path: Path) -> PackageFile:
    """Return a wheel that was read."""
    return PackageFile.from_filename(str(make_wheel(tmp_path)), None)


def run(*packages: PackageFile) -> None:
    """Attest these files."""
    attest.attest(packages, "identity", console=Console())


def test_each_file_gets_an_attestation(
    signer: FakeSigner, wheel: PackageFile, tmp_path: Path
) -> None:
    """It names the file and its digest; all share one certificate."""
    sdist = PackageFile.from_filename(str(make_sdist(tmp_path)), None)

    run(wheel, sdist)

    assert signer.identities == ["identity"]
    for package in (wheel, sdist):
        path = Path(f"{package.filename}.publish.attestation")
        made = Attestation.model_validate_json(path.read_bytes())
        assert package.attestations == [json.loads(path.read_bytes())]
        digest = hashlib.sha256(Path(package.filename).read_bytes()).hexdigest()
        subject = {"name": package.basefilename, "digest": {"sha256": digest}}
        assert made.statement["subject"] == [subject]
        assert made.statement["predicateType"] == PUBLISH


def test_no_attestation_is_made_twice(signer: FakeSigner, wheel: PackageFile) -> None:
    """What an earlier run has made is used again."""
    run(wheel)
    before = wheel.attestations

    run(wheel)

    assert wheel.attestations == before
    assert len(signer.identities) == 1


def test_other_attestations_stay(signer: FakeSigner, wheel: PackageFile) -> None:
    """The publish attestation joins those that the user gave."""
    wheel.attestations = ["given"]

    run(wheel)

    assert signer.identities == ["identity"]
    assert len(wheel.attestations) == 2


@pytest.mark.parametrize("explained", [True, False])
def test_failure_is_one_error(
    monkeypatch: pytest.MonkeyPatch, wheel: PackageFile, explained: bool
) -> None:
    """Whatever Sigstore raises is told without secrets, and nothing is left behind."""

    def fail(identity_token: str) -> None:
        raise RuntimeError(f"403 for {identity_token}." if explained else "")

    monkeypatch.setattr(attest, "open_signer", fail)
    console = Console()
    console.hide(f"{SECRET}-identity")

    with pytest.raises(exceptions.InvalidSigningConfiguration) as caught:
        attest.attest([wheel], f"{SECRET}-identity", console=console)

    text = str(caught.value)
    assert f"`{wheel.basefilename}`" in text
    assert ("403 for ********" if explained else "RuntimeError") in text
    assert SECRET not in text
    assert not Path(f"{wheel.filename}.publish.attestation").exists()


def test_signing_identity_is_for_sigstore(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made for Sigstore, and does not show."""
    monkeypatch.setattr("id.detect_credential", lambda audience: f"{audience}-token")
    console = Console()

    assert attest.find_signing_identity(console) == "sigstore-token"
    assert console.sanitize("sigstore-token") == "********"


def test_identity_for_an_index_is_not_for_sigstore(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Outside of a CI there is nothing to attest with."""
    monkeypatch.setenv(identity.VARIABLE, "for-the-index")
    monkeypatch.setattr("id.detect_credential", lambda audience: None)

    with pytest.raises(exceptions.InvalidConfiguration, match="`--attest`"):
        attest.find_signing_identity(Console())


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(exceptions.InvalidConfiguration, match=r"twine\[attest\]"):
        attest.find_signing_identity(Console())


def test_signer_of_sigstore(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is that of the public instance, and writes to a log that PEP 740 can hold."""
    config = ClientTrustConfig.production(offline=True)
    monkeypatch.setattr(ClientTrustConfig, "production", lambda: config)
    asked: list[tuple[SigningContext, str, bool]] = []

    def record(
        context: SigningContext, token: object, *, cache: bool
    ) -> "contextlib.nullcontext[object]":
        asked.append((context, str(token), cache))
        return contextlib.nullcontext(Signer)

    monkeypatch.setattr(SigningContext, "signer", record)
    monkeypatch.setattr("sigstore.oidc.IdentityToken", str)

    with attest.open_signer("identity"):
        pass

    assert config.force_tlog_version == 1
    ((_, token, cache),) = asked
    assert (token, cache) == ("identity", True)
