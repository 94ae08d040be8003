"""What PyPI demands of attestations (PEP 740), as far as the files tell. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterator

from packaging.utils import parse_sdist_filename, parse_wheel_filename

from . import links
from .model import Subject, file_rule
from .values import show

# One of each type that PyPI takes.
_MOST = 2
_PUBLISH = "https://docs.pypi.org/attestations/publish/v1"
_KNOWN = (_PUBLISH, "https://slsa.dev/provenance/v1")


@file_rule(
    pypi_message="Malformed attestations",
    hint="Make the attestations anew with `pypi-attestations sign`.",
    link=links.ATTESTATION_FORMAT,
    requires="pypi-attestations",
)
def attestation_malformed(subject: Subject) -> Iterator[str]:
    """An attestation has the form of PEP 740.

    It is a JSON object with ``version`` 1, ``verification_material`` (a certificate
    and at least one entry of a transparency log) and an ``envelope`` (statement and
    signature). A Sigstore bundle is something else: it has to be converted first.
    """
    if not subject.attestations:
        return
    from pydantic import ValidationError
    from pypi_attestations import Attestation

    for number, attestation in enumerate(subject.attestations, start=1):
        try:
            Attestation.model_validate_json(json.dumps(attestation))
        except ValidationError as exc:
            first = exc.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the whole"
            yield f"Attestation {number} is malformed: {show(where)}: {first['msg']}."


@file_rule(
    pypi_message="Invalid attestations supplied during upload",
    hint="Send one publish attestation and one SLSA provenance at most, or none.",
    link=links.ATTESTATIONS,
)
def attestation_invalid(subject: Subject) -> Iterator[str]:
    """A file has one or two attestations of types that PyPI knows, if any.

    These are ``https://docs.pypi.org/attestations/publish/v1``, with nothing in it, and
    ``https://slsa.dev/provenance/v1``, each once (``Multiple attestations for the same
    file with the same predicate type``, ``A maximum of 2 attestations per file are
    supported``). Lists of ingredients (SBOM) are not taken (``unknown attestation
    type``). A statement has one ``subject`` with ``name`` and ``digest``, and a
    ``predicateType``; attestations for several files at once, as some tools of GitHub
    make them, are not accepted (``invalid statement``).
    """
    count = len(subject.attestations or ())
    if subject.attestations is not None and not 1 <= count <= _MOST:
        yield f"The file has {count} attestations; it may have 1 or {_MOST}."
    kinds: Counter[str] = Counter()
    for number, statement in _read_statements(subject):
        kinds[str(statement.get("predicateType", ""))] += 1
        if fault := _find_fault(statement):
            yield f"Attestation {number} {fault}."
    for kind, count in kinds.items():
        if count > 1 and kind in _KNOWN:
            yield f"The file has {count} attestations of the type {show(kind)}."


def _find_fault(statement: dict[str, object]) -> str:
    """Return what is wrong with a statement, apart from the file it is about."""
    kind = str(statement.get("predicateType", ""))
    if _parse_subject(statement) is None:
        return "does not speak of exactly one file"
    if kind not in _KNOWN:
        return f"is of the type {show(kind)}" if kind else "has no type"
    if kind == _PUBLISH and statement.get("predicate"):
        return "is a publish attestation with a predicate"
    return ""


@file_rule(
    pypi_message="subject does not match distribution name",
    hint="Attest the file under the name that it is published under.",
    link=links.ATTESTATION_FORMAT,
)
def attestation_subject(subject: Subject) -> Iterator[str]:
    """An attestation names the file that it is sent with.

    Names that are spelled differently but mean the same are fine. A wheel that was
    renamed or repaired after it was attested needs a new attestation.
    """
    for number, statement in _read_statements(subject):
        found = _parse_subject(statement)
        if found and not _is_same_file(found[0], subject.filename):
            yield f"Attestation {number} is for {show(found[0])}, not for this file."


@file_rule(
    pypi_message="subject does not match distribution digest",
    hint="Attest the file again, after the last change to it.",
    link=links.ATTESTATION_FORMAT,
)
def attestation_digest(subject: Subject) -> Iterator[str]:
    """An attestation is for the very bytes of the file.

    Building a file twice seldom gives the same bytes: attest the file that is
    published, at the end of the build and after every repair.
    """
    for number, statement in _read_statements(subject):
        found = _parse_subject(statement)
        if found is None or not _is_same_file(found[0], subject.filename):
            continue
        digest = subject.sha256()
        if digest is not None and found[1] != digest:
            shown = show(found[1]) if found[1] else "none"
            yield f"Attestation {number} is for the digest {shown}, not this file's."


def _read_statements(subject: Subject) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the number and the statement of all attestations that have one."""
    for number, attestation in enumerate(subject.attestations or (), start=1):
        envelope = isinstance(attestation, dict) and attestation.get("envelope")
        encoded = envelope.get("statement") if isinstance(envelope, dict) else None
        if not isinstance(encoded, str):
            continue  # it is malformed
        found: object = None
        try:
            found = json.loads(base64.b64decode(encoded))
        except binascii.Error:
            continue
        except ValueError:
            pass
        # What is no JSON object is reported as an empty one is, which lacks everything.
        yield number, found if isinstance(found, dict) else {}


def _parse_subject(statement: dict[str, object]) -> tuple[str, str] | None:
    """Return the name and the digest of the one file that a statement is about."""
    # in-toto allows several subjects; PEP 740 wants the one file.
    match statement.get("subject"):
        case [{"name": str(name), "digest": dict(digests)}]:
            return name, str(digests.get("sha256", ""))
        case _:
            return None


def _is_same_file(one: str, other: str) -> bool:
    """Return whether two names mean the same file, as PyPI compares them."""
    # As PyPI does: `1.0` and `1.0.0`, `My.Tool` and `my_tool` are the same.
    return one == other or _parse_name(one) == _parse_name(other)


def _parse_name(filename: str) -> object:
    """Return what a distribution's name says; of any other file the name itself."""
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)
        return parse_sdist_filename(filename)
    except ValueError:
        return filename
