"""Attestations that lie beside a file and go with it."""

import json
from pathlib import Path

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer
from support.pki import Authority
from support.signer import FakeSigner
from twine.auth import attest


def attestation(predicate: str) -> dict[str, object]:
    """Return what looks like an attestation."""
    return {
        "version": 1,
        "verification_material": {"certificate": "AA==", "transparency_entries": []},
        "envelope": {"statement": predicate, "signature": "AA=="},
    }


def write(workdir: Path, name: str, content: object) -> str:
    """Write `content` as JSON and return `name`."""
    (workdir / name).write_text(json.dumps(content))
    return name


def test_attestations_are_sent_with_their_files(
    publish: Twine, pypi: FakePyPI, workdir: Path, wheel: str, sdist: str
) -> None:
    """Asked for, each form has its file's attestations; the names tell which.

    One that belongs to no file is a warning, and so it is no matter where they are.
    """
    (workdir / "at").mkdir()
    for name in (wheel, sdist, "other-1.0.tar.gz"):
        write(workdir, f"at/{name}.publish.attestation", attestation(f"p {name}"))
    write(workdir, f"{wheel}.slsa.attestation", attestation("slsa"))
    given = ("--no-preflight", wheel, sdist, f"{wheel}.slsa.attestation", "./at/*")

    publish(*given).success()
    asked = publish("--attestations", *given)

    asked.success()
    *unasked, first, second = (r.values("attestations") for r in pypi.uploads)
    assert unasked == [[], []]
    assert json.loads(first[0]) == [attestation("slsa"), attestation(f"p {wheel}")]
    assert json.loads(second[0]) == [attestation(f"p {sdist}")]
    (warning,) = asked.warnings
    assert "`./at/other-1.0.tar.gz.publish.attestation`" in warning
    assert wheel not in warning


@pytest.fixture
def signer(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> FakeSigner:
    """Replace Sigstore."""
    signer = FakeSigner(authority)
    monkeypatch.setattr(attest, "open_signer", signer.open)
    return signer


def test_attestations_are_made_and_sent(
    twine: Twine,
    pypi: FakePyPI,
    signer: FakeSigner,
    workdir: Path,
    wheel: str,
    sdist: str,
) -> None:
    """`--attest` attests each file with the job's identity; a second run reuses it."""
    pypi.answer("/legacy/", Answer(400, "No"), times=1)
    result = twine("upload", "--attest", "*", env=pypi.github_env)
    result.failure("HTTPError")
    assert f" --attest {wheel} {sdist}\n" in result.out
    assert f"Attesting {wheel}\n" in result.out

    twine("upload", "--attest", "*", env=pypi.github_env).success()

    refused, *sent = pypi.uploads
    written = [
        json.loads((workdir / f"{name}.publish.attestation").read_text())
        for name in (wheel, sdist)
    ]
    assert [json.loads(r.value("attestations")) for r in sent] == [[w] for w in written]
    assert json.loads(refused.value("attestations")) == [written[0]]
    assert len(signer.identities) == 1


def test_own_attestations_go_with_those_that_are_made(
    twine: Twine, pypi: FakePyPI, signer: FakeSigner, workdir: Path, wheel: str
) -> None:
    """With `--attestations` those given are sent as well, each once."""
    slsa = attestation("slsa")
    write(workdir, f"{wheel}.slsa.attestation", slsa)
    options = ("--attest", "--attestations", "--no-preflight")

    for paths in ("*", wheel), (wheel, "./*"):
        twine("upload", *options, *paths, env=pypi.github_env).success()

    made = json.loads((workdir / f"{wheel}.publish.attestation").read_text())
    for request in pypi.uploads:
        sent = json.loads(request.value("attestations"))
        assert len(sent) == 2
        assert slsa in sent
        assert made in sent
    assert len(signer.identities) == 1


def test_dry_run_attests_nothing(
    twine: Twine, pypi: FakePyPI, signer: FakeSigner, workdir: Path, wheel: str
) -> None:
    """What is signed stays in a public log."""
    twine("upload", "--attest", "--dry-run", wheel, env=pypi.github_env).success()
    assert signer.identities == []
    assert list(workdir.glob("*.attestation")) == []


def test_outside_of_a_ci_nothing_is_attested(
    twine: Twine, pypi: FakePyPI, signer: FakeSigner, wheel: str
) -> None:
    """The error comes before anything else is done."""
    result = twine("upload", "--attest", "-p", "pypi-x", wheel, env=pypi.env)
    result.failure("InvalidConfiguration")
    assert pypi.requests == []
    assert signer.identities == []
