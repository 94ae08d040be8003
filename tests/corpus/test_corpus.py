"""For every rule: what breaks it is found by it alone, what just keeps it is not."""

from pathlib import Path

import pytest

from corpus import test_corpus_contents as contents
from corpus import test_corpus_packing as packing
from support.rule_cases import BREAKS, MESSAGES, PASSES
from support.subjects import (
    Maker,
    assert_breaks_only,
    assert_passes,
    found_by,
    make_subject,
    messages,
)
from twine.form.fields import FIELDS, METADATA_VERSIONS, Field
from twine.rules.model import file_rule

VALUES = {"description_content_type": "text/x-rst", "license_expression": "MIT"}
# Of old metadata, License-File is dropped.
NEWER = [f for f in FIELDS if f.since != "1.0" and f.form != "license_file"]


def flatten(table: dict[str, list[Maker]]) -> list[tuple[str, Maker]]:
    """Return the cases of a table: a rule, and what makes a file."""
    return [(name, maker) for name, makers in table.items() for maker in makers]


BREAKING = [
    *flatten(BREAKS),
    *flatten(contents.BREAKS),
    *flatten(packing.BREAKS),
]
PASSING = [
    *flatten(PASSES),
    *flatten(contents.PASSES),
    *packing.PASSES.items(),
    *packing.ACCEPTED.items(),
]


def test_corpus_has_all_rules() -> None:
    """No rule is without a file that breaks it and one that just does not."""
    names = {rule.name for rule in file_rule.rules}

    assert {name for name, _ in BREAKING} == names
    assert {name for name, _ in PASSING} >= names


@pytest.mark.parametrize(("name", "make"), BREAKING)
def test_corpus_broken(name: str, make: Maker, tmp_path: Path) -> None:
    """What breaks a rule is found by this rule, and is no other error."""
    assert_breaks_only(make(tmp_path), name)


@pytest.mark.parametrize(("name", "make"), PASSING)
def test_corpus_kept(name: str, make: Maker, tmp_path: Path) -> None:
    """What just keeps a rule is not found by it, and is no error."""
    assert_passes(make(tmp_path), name)


@pytest.mark.parametrize(
    ("make", "name", "wanted"),
    [
        pytest.param(*case, id=f"{case[1]}-{number}")
        for number, case in enumerate([*MESSAGES, *contents.MESSAGES])
    ],
)
def test_corpus_messages(
    make: Maker, name: str, wanted: list[str], tmp_path: Path
) -> None:
    """A message names the value, in the order in which they are given."""
    found = messages(make(tmp_path), name)

    assert len(found) == len(wanted)
    assert [
        message
        for message, start in zip(found, wanted, strict=True)
        if not message.startswith(start)
    ] == []


@pytest.mark.parametrize("field", NEWER, ids=lambda field: field.form)
def test_field_ages(field: Field) -> None:
    """A field is taken from the metadata version on that introduced it."""
    before = METADATA_VERSIONS[METADATA_VERSIONS.index(field.since) - 1]
    fields = {"description_content_type": None, field.form: VALUES.get(field.form, "x")}

    new = make_subject(metadata_version=field.since, **fields)
    old = make_subject(metadata_version=before, **fields)

    assert "field-too-new" not in found_by(new)
    (message,) = messages(old, "field-too-new")
    assert message.startswith(f"`{field.header}`: ")
    assert message.endswith(
        f"introduced in metadata version {field.since}, not {before}."
    )


@pytest.mark.parametrize(
    ("classifier", "meant"),
    [
        ("Programming Language :: Python :: 3.11.", "3.11"),
        ("programming language :: python :: 3.11", "3.11"),
        ("Programming Language::Python ::  3.11", "3.11"),
        ("Programing Language :: Python :: 3.11", "3.11"),
        ("Programming Language :: Python :: 3.99", ""),
        ("Nonsense :: All", ""),
    ],
)
def test_classifier_that_was_meant(classifier: str, meant: str) -> None:
    """What differs by a letter is named; another version is another classifier."""
    (found,) = messages(make_subject(classifiers=[classifier]), "classifier-unknown")
    wanted = f"; perhaps `Programming Language :: Python :: {meant}` is meant."

    assert found.endswith(wanted if meant else "`.")
