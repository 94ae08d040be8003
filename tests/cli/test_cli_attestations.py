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
