"""Attestations that lie beside a file and go with it."""

import json
from pathlib import Path

from support.command import Twine
from support.fakepypi import FakePyPI


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


def test_attestations_are_sent_as_one_list(
    publish: Twine, pypi: FakePyPI, workdir: Path, wheel: str, sdist: str
) -> None:
    """Asked for, each file's form holds that file's attestations as a JSON list."""
    for name in (wheel, sdist):
        write(workdir, f"{name}.publish.attestation", attestation(f"p {name}"))
    write(workdir, f"{wheel}.slsa.attestation", attestation("slsa"))
    publish("*", "--no-preflight").success()
    assert [request.values("attestations") for request in pypi.uploads] == [[], []]
    pypi.requests.clear()
    publish("--attestations", "--no-preflight", "*").success()
    first, second = pypi.uploads
    sent = json.loads(first.value("attestations"))
    assert sorted(sent, key=json.dumps) == sorted(
        [attestation(f"p {wheel}"), attestation("slsa")], key=json.dumps
    )
    assert json.loads(second.value("attestations")) == [attestation(f"p {sdist}")]


def test_file_without_attestations_is_refused(
    publish: Twine, pypi: FakePyPI, workdir: Path, wheel: str, sdist: str
) -> None:
    """A file without an attestation is an error that names it."""
    write(workdir, f"{wheel}.publish.attestation", attestation("p"))
    said = publish("--attestations", "*").failure("InvalidDistribution")
    assert sdist in said
    assert pypi.uploads == []


def test_attestations_of_another_folder(
    publish: Twine, pypi: FakePyPI, workdir: Path, wheel: str, sdist: str
) -> None:
    """The name says which file an attestation goes with; one of nobody is told."""
    for name in (wheel, sdist, "other-1.0.tar.gz"):
        write(workdir, f"{name}.publish.attestation", attestation(f"p {name}"))
    (workdir / "at").mkdir()
    for path in workdir.glob("*.attestation"):
        path.rename(workdir / "at" / path.name)

    result = publish("--attestations", "--no-preflight", wheel, sdist, "./at/*")

    result.success()
    sent = [json.loads(request.value("attestations")) for request in pypi.uploads]
    assert sent == [[attestation(f"p {name}")] for name in (wheel, sdist)]
    (warning,) = result.warnings
    assert "`./at/other-1.0.tar.gz.publish.attestation`" in warning
    assert wheel not in warning
