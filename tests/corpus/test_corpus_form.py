"""The form's single values: for every rule a form that breaks it, and a good one."""

import dataclasses
from pathlib import Path

import pytest

from support.subjects import (
    Maker,
    breaks_nothing,
    breaks_only,
    found_by,
    make_subject,
    messages,
    named,
    with_fields,
    with_name,
)
from twine.rules import addresses, form, listed, sent

RULES = [rule for rule in form.RULES if rule not in (*addresses.RULES, *listed.RULES)]


def faulty(*faults: str) -> Maker:
    """Return what makes a wheel with faults that do not show in its form."""
    return lambda folder: dataclasses.replace(make_subject(), faults=faults)


def broken_off(where: str) -> Maker:
    """Return what makes a wheel whose headers end too early."""
    return lambda folder: dataclasses.replace(make_subject(), header_break=where)


BREAKS: dict[str, Maker] = {
    "metadata-header-broken": broken_off("The headers end at line 4."),
    "repeated-field": with_fields(project_urls=["Home, https://a.org", "Home,https:"]),
    "metadata-version": with_fields(metadata_version="2.6"),
    "field-too-new": with_fields(metadata_version="2.3", license_expression="MIT"),
    "invalid-distribution": faulty("`Licence` is not a field of the core metadata"),
    "project-name": with_fields(name="-tool"),
    "invalid-value": with_fields(requires_python="3.10"),
    "braces-in-value": with_fields(requires_dist=["{name}>=1"]),
    "content-type-parameter": with_fields(
        description_content_type="text/markdown; charset*"
    ),
    "local-version": with_name(
        "tool-1.0+ubuntu1-py3-none-any.whl", version="1.0+ubuntu1"
    ),
    "summary-length": with_fields(summary="x" * 513),
}
PASSES: dict[str, Maker] = {
    "metadata-header-broken": broken_off(""),
    "repeated-field": with_fields(project_urls=["Home, https:", "home, https:"]),
    "metadata-version": with_fields(metadata_version="2.5"),
    "field-too-new": with_fields(metadata_version="2.4", license_expression="MIT"),
    "invalid-distribution": faulty(),
    "project-name": with_name("t-1.0-py3-none-any.whl", name="T"),
    "invalid-value": with_fields(requires_python="~=3.10"),
    "braces-in-value": with_fields(summary="{name}", requires_dist=["name>=1"]),
    "content-type-parameter": with_fields(
        description_content_type="text/markdown; charset=UTF-8"
    ),
    "local-version": with_name(
        "tool-1.0.post1.dev3-py3-none-any.whl", version="1.0.post1.dev3"
    ),
    "summary-length": with_fields(summary="x" * 512),
}


def test_corpus_form_is_whole() -> None:
    """No rule is without a distribution that breaks it and one that just does not."""
    assert BREAKS.keys() == PASSES.keys() == {rule.name for rule in RULES}


@pytest.mark.parametrize("name", BREAKS)
def test_corpus_form_broken(name: str, tmp_path: Path) -> None:
    """What breaks a rule is found by this rule, and is no other error."""
    breaks_only(BREAKS[name](tmp_path), name)


@pytest.mark.parametrize("name", PASSES)
def test_corpus_form_kept(name: str, tmp_path: Path) -> None:
    """What just keeps a rule is not found by it, and is no error."""
    breaks_nothing(PASSES[name](tmp_path), name)


@pytest.mark.parametrize("field", ["summary", "keywords", "license", "home_page"])
def test_form_repeated(field: str) -> None:
    """A field with one value is refused when it is sent twice."""
    subject = make_subject(**{field: ["https://a.org", "https://b.org"]})
    assert "repeated-field" in found_by(subject)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4"])
def test_form_metadata_versions(version: str) -> None:
    """All metadata versions that PyPI knows are taken."""
    subject = make_subject(metadata_version=version, description_content_type=None)
    assert found_by(subject) == ["content-type-missing"]


@pytest.mark.parametrize("version", ["2.0", "2.6", "3.0", "2", "x", None])
def test_form_unknown_metadata_versions(version: str | None) -> None:
    """Other metadata versions, and none, are reported, and only that."""
    assert found_by(make_subject(metadata_version=version)) == ["metadata-version"]


@pytest.mark.parametrize(
    ("field", "since", "value"),
    [
        ("download_url", "1.1", "https://a.org"),
        ("classifiers", "1.1", "Topic :: Utilities"),
        ("requires_python", "1.2", ">=3"),
        ("project_urls", "1.2", "Home, https://a.org"),
        ("provides_extra", "2.1", "x"),
        ("dynamic", "2.2", "Summary"),
        ("license_expression", "2.4", "MIT"),
        ("import_name", "2.5", "tool"),
        ("import_namespace", "2.5", "tools"),
    ],
)
def test_form_field_ages(field: str, since: str, value: str) -> None:
    """A field is taken from the metadata version on that brought it."""
    versions = sent.METADATA_VERSIONS
    before = versions[versions.index(since) - 1]
    fields = {"description_content_type": None, field: value}
    new = make_subject(metadata_version=since, **fields)
    old = make_subject(metadata_version=before, **fields)
    assert found_by(new) == ["content-type-missing"]
    assert found_by(old) == ["content-type-missing", "field-too-new"]
    assert f"`{since}`" in messages(old, "field-too-new")[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("summary", "one\ntwo"),
        ("description_content_type", "text/html"),
        ("description_content_type", "text/markdown; charset=utf-8"),
        ("description_content_type", "text/markdown; charset=latin-1"),
        ("description_content_type", "text/markdown; variant=gfm"),
        ("requires_dist", "not a requirement"),
        ("requires_python", "~=3"),
        ("provides_extra", "-x"),
        ("dynamic", "Version"),
        ("dynamic", "Colour"),
        ("license_expression", "Freeware"),
        ("license_file", "../LICENSE"),
        ("license_file", "a/./b"),
        ("license_file", "a\\b"),
        ("license_file", "/LICENSE"),
        ("import_name", "a.class"),
        ("import_namespace", "a; public"),
        ("version", "one"),
        ("version", "9" * 5000),
    ],
)
def test_form_invalid_values(field: str, value: str) -> None:
    """Values that the specification does not allow are reported with their field."""
    found = messages(make_subject(**{field: [value]}), "invalid-value")
    assert len(found) == 1
    assert field.replace("_", "-") in found[0].lower()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("summary", "one\rtwo\u2028three"),
        ("description_content_type", "TEXT/X-RST; charset=UTF-8"),
        ("description_content_type", "text/markdown; variant=CommonMark"),
        ("requires_dist", 'attrs[x]>=23; python_version < "3.12"'),
        ("requires_python", " "),
        ("dynamic", "requires-dist"),
        ("license_expression", "mit OR LicenseRef-Own"),
        ("import_name", "a.b ; private"),
        ("version", " v1.0.0"),
    ],
)
def test_form_valid_values(field: str, value: str) -> None:
    """Values that look odd but are allowed are no errors."""
    assert found_by(make_subject(**{field: [value]})) == []


def test_form_all_invalid_values_are_found() -> None:
    """PyPI says the first thing that is wrong; all of them are reported here."""
    subject = make_subject(
        requires_dist=["a b", "fine", "c d"], requires_python="3", summary="a\nb"
    )
    assert len(messages(subject, "invalid-value")) == 4


@pytest.mark.parametrize("value", ["UNKNOWN", "  UNKNOWN\n", ""])
def test_form_values_that_do_not_count(value: str) -> None:
    """The word UNKNOWN and the empty text count as not sent."""
    fields = dict.fromkeys(
        ["home_page", "author_email", "license_expression", "classifiers"], value
    )
    assert found_by(make_subject(license="MIT", **fields)) == []


def test_form_nul_bytes() -> None:
    """A NUL byte takes four characters, as PyPI spells it."""
    subject = make_subject(summary="x" * 508 + "\0x")
    assert messages(subject, "summary-length") == [
        "`Summary` has 513 characters, 512 are allowed."
    ]


def test_form_empty_value_among_others() -> None:
    """An empty value next to others is a value."""
    subject = make_subject(import_name=["tool", ""])
    assert found_by(subject) == ["invalid-value"]


def test_form_local_version_is_named() -> None:
    """The message shows the local part of the version."""
    subject = named("tool-1.0+g1a2b-py3-none-any.whl", version="1.0+g1a2b")
    assert messages(subject, "local-version") == [
        "The version `1.0+g1a2b` has the local part `+g1a2b`."
    ]
