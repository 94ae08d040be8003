"""Attestations: for every rule a set that breaks it, and one that just does not."""

import base64
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from support.subjects import (
    Maker,
    breaks_nothing,
    breaks_only,
    found_by,
    make_subject,
    messages,
)
from twine.rules import Subject, attesting

RULES = attesting.RULES
PUBLISH = "https://docs.pypi.org/attestations/publish/v1"
SLSA = "https://slsa.dev/provenance/v1"
FILENAME = "tool-1.0-py3-none-any.whl"
DIGEST = "c0" * 32


def encode(data: bytes) -> str:
    """Return bytes as base64 text."""
    return base64.b64encode(data).decode()


def attestation(
    kind: str = PUBLISH, *, envelope: object = None, **statement: object
) -> dict[str, object]:
    """Return an attestation for the wheel, signed by nobody.

    Args:
        kind: the predicate type
        envelope: the encoded statement, instead of one made of the rest
        statement: other values in the statement
    """
    whole = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": FILENAME, "digest": {"sha256": DIGEST}}],
        "predicateType": kind,
        "predicate": None,
        **statement,
    }
    encoded = envelope or encode(json.dumps(whole).encode())
    return {
        "version": 1,
        "verification_material": {
            "certificate": encode(b"certificate"),
            "transparency_entries": [{"logIndex": "1"}],
        },
        "envelope": {"statement": encoded, "signature": encode(b"signature")},
    }


def attested(*attestations: object) -> Maker:
    """Return what makes a wheel with attestations."""
    return lambda folder: with_attestations(*attestations)


def with_attestations(*attestations: object) -> Subject:
    """Return a wheel with attestations."""
    return dataclasses.replace(
        make_subject(), attestations=list(attestations), sha256=lambda: DIGEST
    )


def about(name: str, digest: str = DIGEST) -> list[object]:
    """Return the subjects of a statement about one file."""
    return [{"name": name, "digest": {"sha256": digest}}]


BREAKS: dict[str, Maker] = {
    "attestation-malformed": attested({**attestation(), "version": 2}),
    "attestation-count": attested(),
    "attestation-statement": attested(attestation(subject=about(FILENAME) * 2)),
    "attestation-subject": attested(
        attestation(subject=about("tool-1.0-py2-none-any.whl"))
    ),
    "attestation-digest": attested(attestation(subject=about(FILENAME, "c1" * 32))),
    "attestation-predicate": attested(attestation("https://spdx.dev/Document/v2.3")),
    "attestation-repeated": attested(attestation(), attestation(predicate={})),
}
PASSES: dict[str, Maker] = {
    "attestation-malformed": attested(attestation()),
    "attestation-count": attested(attestation(), attestation(SLSA)),
    "attestation-statement": attested(attestation(subject=about(FILENAME))),
    "attestation-subject": attested(
        attestation(subject=about("Tool-1.0.0-py3-none-any.whl"))
    ),
    "attestation-digest": attested(attestation(subject=about(FILENAME, DIGEST))),
    "attestation-predicate": attested(attestation(SLSA, predicate={"x": 1})),
    "attestation-repeated": attested(attestation(SLSA), attestation()),
}


def test_corpus_attesting_is_whole() -> None:
    """No rule is without a distribution that breaks it and one that just does not."""
    assert BREAKS.keys() == PASSES.keys() == {rule.name for rule in RULES}


@pytest.mark.parametrize("name", BREAKS)
def test_corpus_attesting_broken(name: str, tmp_path: Path) -> None:
    """What breaks a rule is found by this rule, and is no other error."""
    breaks_only(BREAKS[name](tmp_path), name)


@pytest.mark.parametrize("name", PASSES)
def test_corpus_attesting_kept(name: str, tmp_path: Path) -> None:
    """What just keeps a rule is not found by it, and is no error."""
    breaks_nothing(PASSES[name](tmp_path), name)


def test_attestations_that_are_not_there() -> None:
    """A file without attestations has nothing to answer for."""
    assert found_by(make_subject()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": [{"name": FILENAME, "digest": {"sha256": DIGEST, "sha1": "x"}}]},
        {"subject": [{"name": FILENAME, "digest": {"sha256": DIGEST, "sha512": 5}}]},
        {"predicate": []},
        {"predicate": "x"},
    ],
)
def test_attestation_statements_of_another_form(changes: dict[str, Any]) -> None:
    """What the library that PyPI reads statements with refuses, is refused."""
    assert "attestation-statement" in found_by(
        with_attestations(attestation(**changes))
    )


def test_attestation_statements_with_more_digests() -> None:
    """Further digests are welcome if their algorithm is known."""
    digests = {"sha256": DIGEST, "sha512": "ab"}
    subject = [{"name": FILENAME, "digest": digests}]
    assert found_by(with_attestations(attestation(subject=subject))) == []


def test_attestations_nested_without_end() -> None:
    """JSON that is nested too deeply to be written again is malformed."""
    value: object = None
    for _ in range(100_000):
        value = [value]
    assert found_by(with_attestations(value)) == ["attestation-malformed"]


def test_attestations_too_many() -> None:
    """Three attestations are one too many, whatever their types."""
    subject = with_attestations(attestation(), attestation(SLSA), attestation("x"))
    assert "attestation-count" in found_by(subject)


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        "x",
        [],
        {},
        {"version": 1},
        {"envelope": {"statement": 5}},
        {"envelope": {"statement": "abc"}},
    ],
)
def test_attestations_of_any_shape(value: object) -> None:
    """Whatever lies in an attestation file, it is called malformed."""
    assert found_by(with_attestations(value)) == ["attestation-malformed"]


@pytest.mark.parametrize("data", [b"no JSON", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_attestations_with_other_statements(data: bytes) -> None:
    """What an envelope holds must be an in-toto statement."""
    subject = with_attestations(attestation(envelope=encode(data)))
    assert found_by(subject) == ["attestation-statement"]


@pytest.mark.parametrize(
    "subjects", [None, [], [1], [{}], [{"name": 1, "digest": {}}], {"name": FILENAME}]
)
def test_attestations_with_odd_subjects(subjects: object) -> None:
    """A statement speaks of one file, with a name and a digest."""
    found = found_by(with_attestations(attestation(subject=subjects)))
    assert found == ["attestation-statement"]


def test_attestations_publish_with_predicate() -> None:
    """A publish attestation has nothing to say besides."""
    subject = with_attestations(attestation(predicate={"by": "me"}))
    assert found_by(subject) == ["attestation-predicate"]


def test_attestations_are_numbered() -> None:
    """A message says which of the attestations it is about."""
    wrong = attestation(SLSA, subject=about(FILENAME, "c1" * 32))
    found = messages(with_attestations(attestation(), wrong), "attestation-digest")
    assert found == [f"Attestation 2 is for the digest `{'c1' * 32}`, not this file's."]


def test_attestations_of_no_type() -> None:
    """An attestation that states no type is told so."""
    untyped = with_attestations(attestation(""))
    assert messages(untyped, "attestation-predicate") == [
        "Attestation 1 does not say of which type it is."
    ]
