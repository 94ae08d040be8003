"""Classifiers, dependencies, dynamic fields, licences: for every rule both kinds."""

from pathlib import Path

import pytest

from support.subjects import (
    Maker,
    breaks_nothing,
    breaks_only,
    found_by,
    make_subject,
    messages,
    with_fields,
)
from twine.rules import listed

RULES = listed.RULES
BREAKS: dict[str, Maker] = {
    "classifier-private": with_fields(classifiers=["Private :: Do Not Upload"]),
    "classifier-unknown": with_fields(classifiers=["Programming Language:: Python"]),
    "classifier-deprecated": with_fields(classifiers=["Natural Language :: Ukranian"]),
    "direct-reference": with_fields(requires_dist=["x @ https://a.org/x.whl"]),
    "provides-obsoletes": with_fields(provides_dist=["the tool"]),
    "dynamic-field": with_fields(dynamic=["Dynamic"]),
    "license-and-expression": with_fields(license="MIT", license_expression="MIT"),
}
PASSES: dict[str, Maker] = {
    "classifier-private": with_fields(classifiers=["Topic :: Utilities"]),
    "classifier-unknown": with_fields(classifiers=["Programming Language :: Python"]),
    "classifier-deprecated": with_fields(classifiers=["Natural Language :: Ukrainian"]),
    "direct-reference": with_fields(requires_dist=["x>=1"]),
    "provides-obsoletes": with_fields(provides_dist=["tool (==1.0)"]),
    "dynamic-field": with_fields(dynamic=["Import-Name", "Description"]),
    "license-and-expression": with_fields(
        license=None,
        license_expression="MIT",
        classifiers=["License :: OSI Approved :: MIT License"],
    ),
}


def test_corpus_listed_is_whole() -> None:
    """No rule is without a distribution that breaks it and one that just does not."""
    assert BREAKS.keys() == PASSES.keys() == {rule.name for rule in RULES}


@pytest.mark.parametrize("name", BREAKS)
def test_corpus_listed_broken(name: str, tmp_path: Path) -> None:
    """What breaks a rule is found by this rule, and is no other error."""
    breaks_only(BREAKS[name](tmp_path), name)


@pytest.mark.parametrize("name", PASSES)
def test_corpus_listed_kept(name: str, tmp_path: Path) -> None:
    """What just keeps a rule is not found by it, and is no error."""
    breaks_nothing(PASSES[name](tmp_path), name)


def test_listed_classifier_of_old() -> None:
    """The message says what took a classifier's place, or that nothing did."""
    replaced, gone = "Natural Language :: Ukranian", _given_up()
    found = messages(
        make_subject(classifiers=[replaced, gone]), "classifier-deprecated"
    )
    assert "`Natural Language :: Ukrainian`" in found[0]
    assert "nothing takes its place" in found[1]


def _given_up() -> str:
    import trove_classifiers

    deprecated = trove_classifiers.deprecated_classifiers
    return next(name for name, instead in deprecated.items() if not instead)


@pytest.mark.parametrize(
    ("classifier", "meant"),
    [
        ("Programming Language :: Python :: 3.11.", "3.11"),
        ("programming language :: python :: 3.11", "3.11"),
        ("Programming Language::Python ::  3.11", "3.11"),
        ("Programing Language :: Python :: 3.11", "3.11"),
        ("Programming Language :: Python :: 3.99", ""),
        ("Nonsense :: All", ""),
        ("Programming Language :: Python :: 3.11" + "." * 200, ""),
    ],
)
def test_classifier_that_was_meant(classifier: str, meant: str) -> None:
    """What differs by a letter is named; another version is another classifier."""
    (found,) = messages(make_subject(classifiers=[classifier]), "classifier-unknown")
    wanted = f"; perhaps `Programming Language :: Python :: {meant}` is meant."

    assert found.endswith(wanted if meant else "`.")


def test_classifiers_that_nobody_reads_are_not_compared() -> None:
    """A file with very many wrong ones has its verdict soon."""
    wrong = ["Programming Language :: Python :: 3.11."] * 21
    found = messages(make_subject(classifiers=wrong), "classifier-unknown")

    assert ["perhaps" in one for one in found] == [True] * 20 + [False]


def test_listed_classifiers_that_grow() -> None:
    """PyPI may learn new classifiers, but never a private one."""
    by_name = {rule.name: rule for rule in RULES}
    assert by_name["classifier-unknown"].grows
    assert not by_name["classifier-private"].grows


@pytest.mark.parametrize("field", ["provides_dist", "obsoletes_dist"])
@pytest.mark.parametrize("value", ["the tool", "tool @ https://a.org/x.whl", "{"])
def test_listed_provides_and_obsoletes(field: str, value: str) -> None:
    """Both fields are read like dependencies, and must not have a URL."""
    assert "provides-obsoletes" in found_by(make_subject(**{field: [value]}))


def test_listed_direct_reference_with_marker() -> None:
    """A dependency by its URL is found among others, with extras and markers."""
    wanted = 'x[y] @ git+https://a.org/x ; extra == "z"'
    subject = make_subject(requires_dist=["a", wanted], provides_extra=["z"])
    assert messages(subject, "direct-reference") == [
        f"The dependency `{wanted}` is given by its URL."
    ]


def test_listed_empty_values() -> None:
    """A value that is empty is called so, or passed over, rather than shown."""
    empty = make_subject(
        classifiers=["Topic :: Utilities", " "], provides_dist=["tool", ""]
    )
    assert messages(empty, "classifier-unknown") == ["A classifier is empty."]
    (found,) = messages(empty, "provides-obsoletes")
    assert found.startswith("`Provides-Dist` is refused: ")
