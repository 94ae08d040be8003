"""What an index has: for every rule a case that breaks it, and one that just does not.

What the index has is made by hand here, as the rules see it.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping

import pytest

from support.subjects import named
from twine import rules
from twine.rules.model import ProjectOnIndex, Severity, Subject, index_rule

NOW = dt.datetime(2026, 3, 15, 12, tzinfo=dt.timezone.utc)
WHEEL = "tool-1.0-py3-none-any.whl"
SDIST = "tool-1.0.tar.gz"
OURS = "a1" * 32
OTHER = "b2" * 32
Case = tuple[Subject, ProjectOnIndex]


def file(filename: str = WHEEL, **fields: str) -> Subject:
    """Return a distribution whose digest is known."""
    return dataclasses.replace(named(filename, **fields), sha256=lambda: OURS)


def undigested() -> Subject:
    """Return a distribution whose digest is not known."""
    return dataclasses.replace(file(), sha256=lambda: None)


def has(
    digests: Mapping[str, str | None] | None = None,
    *,
    ages: Mapping[str, dt.timedelta] | None = None,
    status: str = "active",
) -> ProjectOnIndex:
    """Return an index that has the project, and some files of it."""
    uploaded = {name: NOW - age for name, age in (ages or {}).items()}
    known = {**dict.fromkeys(uploaded, OTHER), **(digests or {})}
    return ProjectOnIndex(
        exists=True, status=status, digests=known, uploaded=uploaded, now=NOW
    )


def has_not() -> ProjectOnIndex:
    """Return an index without the project."""
    return ProjectOnIndex(exists=False, now=NOW)


LIMIT = dt.timedelta(days=14)
SECOND = dt.timedelta(seconds=1)
PY2 = "tool-1.0-py2-none-any.whl"
LATER = "tool-1.0.1-py3-none-any.whl"

BREAKS: dict[str, list[Case]] = {
    "already-uploaded": [(file(SDIST), has({SDIST: OURS, "tool-1.0.zip": OTHER}))],
    "file-listed": [
        # Without a digest it may be this very file; PyPI tells all digests.
        (file(), has({WHEEL: None})),
        (undigested(), has({WHEEL: OTHER})),
        (file(), has({WHEEL: None}, ages={WHEEL: LIMIT + SECOND})),
    ],
    "file-exists": [(file(), has({WHEEL: OTHER}))],
    "content-exists": [(file(), has({WHEEL: None, PY2: OURS}))],
    "sdist-exists": [
        (file("my_tool-1.0.tar.gz", name="my-tool"), has({"my-tool-1.0.zip": OTHER})),
        (file(SDIST), has({"tool-1.0.0.tar.gz": OTHER})),
    ],
    "release-closed": [
        (file(), has(ages={SDIST: LIMIT + SECOND, PY2: SECOND})),
        (file(SDIST), has(ages={"tool-1.0.0-py3-none-any.whl": LIMIT + SECOND})),
    ],
    "project-archived": [(file(), has(status="archived"))],
    "project-quarantined": [(file(), has(status="quarantined"))],
    "project-new": [(file(), has_not())],
    "stdlib-name-new": [
        (file("json-1.0-py3-none-any.whl", name="json"), has_not()),
        (file("xml_etree-1.0.tar.gz", name="XML.etree"), has_not()),
    ],
}
PASSES: dict[str, list[Case]] = {
    "already-uploaded": [
        (file(), has({WHEEL: OTHER})),
        (file(), has({WHEEL: None})),
        (undigested(), has({WHEEL: OURS})),
        (file(), has({PY2: OURS})),
    ],
    "file-listed": [(file(), has({WHEEL: OURS})), (undigested(), has({PY2: OTHER}))],
    "file-exists": [
        (undigested(), has({WHEEL: OTHER})),
        (file(), has({WHEEL.replace("tool", "Tool"): OTHER, PY2: OTHER})),
    ],
    "content-exists": [
        (file(), has({WHEEL: OURS, PY2: OURS})),
        (file(), has({PY2: OTHER, SDIST: None})),
    ],
    "sdist-exists": [
        (file(SDIST), has({SDIST: OURS, "tool-1.0.zip": OTHER})),
        (file(SDIST), has({SDIST: None, "tool-1.0.zip": OTHER})),
        (file(SDIST), has({"tool-1.0.post1.tar.gz": OTHER, WHEEL: OTHER})),
        (file(), has({SDIST: OTHER, "tool-1.0.zip": OTHER})),
        (file(SDIST), has({"tool.tar.gz": OTHER, "tool-1.0.exe": OTHER})),
    ],
    "release-closed": [
        (file(), has(ages={SDIST: LIMIT})),
        (file(), has(ages={LATER: LIMIT + SECOND, PY2: SECOND})),
        (file(), has({WHEEL: OURS}, ages={WHEEL: LIMIT + SECOND})),
        (file(), has({WHEEL: None}, ages={WHEEL: LIMIT + SECOND})),
    ],
    "project-archived": [(file(), has(status="deprecated"))],
    "project-quarantined": [(file(), has(status="active"))],
    "project-new": [(file(), has())],
    "stdlib-name-new": [
        (file("json-1.0-py3-none-any.whl", name="json"), has()),
        (file("json2-1.0-py3-none-any.whl", name="json2"), has_not()),
    ],
}
BREAKING = [(name, case) for name, cases in BREAKS.items() for case in cases]
KEEPING = [(name, case) for name, cases in PASSES.items() for case in cases]


def found(case: Case) -> dict[str, Severity]:
    """Return the rules that find something, with how bad it is."""
    return {one.rule: one.severity for one in rules.check_against(*case)}


def errors(case: Case) -> set[str]:
    """Return the rules by which PyPI would refuse the file."""
    return {name for name, bad in found(case).items() if bad is Severity.ERROR}


def test_corpus_indexed_is_whole() -> None:
    """No rule is without a case that breaks it and one that does not."""
    names = {rule.name for rule in index_rule.rules}
    assert set(BREAKS) == names
    assert set(PASSES) == names


@pytest.mark.parametrize(("name", "case"), BREAKING)
def test_corpus_indexed_broken(name: str, case: Case) -> None:
    """What breaks a rule is found by it, and no other rule refuses it."""
    assert name in found(case)
    assert errors(case) <= {name}
    for finding in rules.check_against(*case):
        assert finding.path == case[0].path
        assert finding.message.endswith(".")


@pytest.mark.parametrize(("name", "case"), KEEPING)
def test_corpus_indexed_kept(name: str, case: Case) -> None:
    """What just keeps a rule is not found by it."""
    assert name not in found(case)


def test_versions_of_very_many_digits_are_passed_over() -> None:
    """Whatever an index lists, it is judged or left alone."""
    digits = "1" * 5000
    names = {f"tool-{digits}.tar.gz": OTHER, f"tool-{digits}-py3-none-any.whl": OTHER}
    assert found((file(SDIST), has(names))) == {}


def test_a_closed_release_says_how_old_it_is() -> None:
    """The age is that of the oldest file, in whole days."""
    ages = {SDIST: dt.timedelta(days=40, hours=23), PY2: SECOND}
    (finding,) = rules.check_against(file(), has(ages=ages))
    assert "40 days" in finding.message


def test_rules_about_an_index_can_be_left_out() -> None:
    """A rule that is left out finds nothing."""
    found = rules.check_against(file(), has_not(), ["stdlib-name-new"])
    assert [one.rule for one in found] == ["project-new"]
