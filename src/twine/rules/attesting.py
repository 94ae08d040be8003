"""What PyPI demands of attestations (PEP 740), as far as the files tell. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterator

from packaging.utils import parse_sdist_filename, parse_wheel_filename

from .model import FileRule, Severity, Subject, rule
from .sent import show

_DOCS = "https://docs.pypi.org/attestations/"
_FORMAT = "https://packaging.python.org/specifications/index-hosted-attestations/"
_MOST = 2
_PUBLISH = "https://docs.pypi.org/attestations/publish/v1"
_KNOWN = (_PUBLISH, "https://slsa.dev/provenance/v1")
_ALGORITHMS = {"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"}
_STATEMENT = "https://in-toto.io/Statement/v1"


def _attestations(subject: Subject) -> list[object]:
    return list(subject.attestations or ())


def _statements(subject: Subject) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the number and the statement of all attestations that have one."""
    for number, attestation in enumerate(_attestations(subject), start=1):
        statement = _statement(attestation)
        if statement is not None:
            yield number, statement


def _statement(attestation: object) -> dict[str, object] | None:
    """Return what an attestation says; nothing if its envelope cannot be opened."""
    envelope = attestation.get("envelope") if isinstance(attestation, dict) else None
    encoded = envelope.get("statement") if isinstance(envelope, dict) else None
    if not isinstance(encoded, str):
        return None
    try:
        found: object = json.loads(base64.b64decode(encoded))
    except binascii.Error:
        return None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@rule(
    "attestation-malformed",
    Severity.ERROR,
    gist="Malformed attestations",
    hint="Make the attestations anew with `pypi-attestations sign`.",
    link=_FORMAT,
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

    for number, attestation in enumerate(_attestations(subject), start=1):
        try:
            Attestation.model_validate_json(json.dumps(attestation))
        except ValidationError as exc:
            first = exc.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the whole"
            reason = f"{show(where)}: {first['msg']}"
        except Exception as exc:  # noqa: BLE001 - its decoders raise other things too
            reason = type(exc).__name__
        else:
            continue
        yield f"Attestation {number} is malformed: {reason}."


@rule(
    "attestation-count",
    Severity.ERROR,
    gist="A maximum of 2 attestations per file are supported",
    hint="Keep one publish attestation and one SLSA provenance, or send none.",
    link=_DOCS,
)
def attestation_count(subject: Subject) -> Iterator[str]:
    """A file has one or two attestations, if any.

    One that says who published it, and one that says how it was built. An empty list
    is refused as well: leave attestations out altogether.
    """
    count = len(_attestations(subject))
    if subject.attestations is not None and not 1 <= count <= _MOST:
        yield f"The file has {count} attestations; it may have 1 or {_MOST}."


@rule(
    "attestation-statement",
    Severity.ERROR,
    gist="Could not verify the uploaded artifact: invalid statement",
    hint="Make the attestations anew with `pypi-attestations sign`.",
    link=_FORMAT,
)
def attestation_statement(subject: Subject) -> Iterator[str]:
    """An attestation's statement is an in-toto statement about one file.

    It is JSON with ``_type``, one ``subject`` with ``name`` and ``digest``, and a
    ``predicateType``. An attestation for several files at once, as some tools of
    GitHub make it, is not accepted.
    """
    for number, statement in _statements(subject):
        about = _subject(statement)
        if statement.get("_type") != _STATEMENT:
            yield f"Attestation {number} holds no in-toto statement of version 1."
        elif about is None:
            yield f"Attestation {number} does not speak of exactly one file."
        elif not about[1].keys() <= _ALGORITHMS:
            yield f"Attestation {number} has a digest that PyPI does not know."
        elif not isinstance(statement.get("predicate"), dict | None):
            yield f"Attestation {number} has a predicate that is no JSON object."


def _subject(statement: dict[str, object]) -> tuple[str, dict[str, str]] | None:
    """Return the name and the digests of the one file in a statement."""
    subjects = statement.get("subject")
    if not isinstance(subjects, list) or len(subjects) != 1:
        return None
    only = subjects[0]
    name = only.get("name") if isinstance(only, dict) else None
    digests = only.get("digest") if isinstance(only, dict) else None
    if not isinstance(name, str) or not isinstance(digests, dict):
        return None
    if not all(isinstance(digest, str) for digest in digests.values()):
        return None
    return name, digests


@rule(
    "attestation-subject",
    Severity.ERROR,
    gist="subject does not match distribution name",
    hint="Attest the file under the name that it is published under.",
    link=_FORMAT,
)
def attestation_subject(subject: Subject) -> Iterator[str]:
    """An attestation names the file that it is sent with.

    Names that are spelled differently but mean the same are fine. A wheel that was
    renamed or repaired after it was attested needs a new attestation.
    """
    for number, statement in _statements(subject):
        found = _subject(statement)
        if found and not _same_file(found[0], subject.filename):
            yield f"Attestation {number} is for {show(found[0])}, not for this file."


def _same_file(one: str, other: str) -> bool:
    first, second = _parsed(one), _parsed(other)
    return one == other or (first is not None and first == second)


def _parsed(filename: str) -> object:
    """Return what a file's name says; nothing if it is not a distribution's."""
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)
        return parse_sdist_filename(filename)
    except ValueError:
        return None


@rule(
    "attestation-digest",
    Severity.ERROR,
    gist="subject does not match distribution digest",
    hint="Attest the file again, after the last change to it.",
    link=_FORMAT,
)
def attestation_digest(subject: Subject) -> Iterator[str]:
    """An attestation is for the very bytes of the file.

    Building a file twice seldom gives the same bytes: attest the file that is
    published, at the end of the build and after every repair.
    """
    for number, statement in _statements(subject):
        found = _subject(statement)
        if found is None or not _same_file(found[0], subject.filename):
            continue
        digest = subject.sha256()
        attested = found[1].get("sha256", "")
        if digest is not None and attested != digest:
            shown = show(attested) if attested else "none"
            yield f"Attestation {number} is for the digest {shown}, not this file's."


@rule(
    "attestation-predicate",
    Severity.ERROR,
    gist="unknown attestation type",
    hint="Send only publish attestations and SLSA provenance version 1.",
    link=_DOCS,
)
def attestation_predicate(subject: Subject) -> Iterator[str]:
    """An attestation is of a type that PyPI knows.

    These are ``https://docs.pypi.org/attestations/publish/v1``, with nothing in it, and
    ``https://slsa.dev/provenance/v1``. Lists of ingredients (SBOM) are not taken.
    """
    for number, statement in _statements(subject):
        if statement.get("_type") != _STATEMENT:
            continue
        kind = str(statement.get("predicateType", ""))
        if not kind:
            yield f"Attestation {number} does not say of which type it is."
        elif kind not in _KNOWN:
            yield f"Attestation {number} is of the type {show(kind)}."
        elif kind == _PUBLISH and statement.get("predicate"):
            yield f"Attestation {number} is a publish attestation with a predicate."


@rule(
    "attestation-repeated",
    Severity.ERROR,
    gist="Multiple attestations for the same file with the same predicate type",
    hint="Keep one attestation of each type.",
    link=_DOCS,
)
def attestation_repeated(subject: Subject) -> Iterator[str]:
    """A file has no two attestations of one type.

    Two publish attestations, from two runs for example, are one too many: remove the
    ``.attestation`` files of the run before.
    """
    kinds = Counter(
        str(statement.get("predicateType", "")) for _, statement in _statements(subject)
    )
    for kind, count in kinds.items():
        if count > 1 and kind in _KNOWN:
            yield f"The file has {count} attestations of the type {show(kind)}."


RULES: tuple[FileRule, ...] = (
    attestation_malformed,
    attestation_count,
    attestation_statement,
    attestation_subject,
    attestation_digest,
    attestation_predicate,
    attestation_repeated,
)
