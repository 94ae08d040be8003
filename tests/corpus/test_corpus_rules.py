"""What is true of all rules: how they are called and described, and that none fails."""

import datetime as dt
import inspect
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twine import rules
from twine.form.fields import FIELDS
from twine.rules import AnyRule, Archive, Severity, Subject

EVERY = pytest.mark.parametrize("rule", rules.ALL_RULES, ids=lambda rule: rule.name)
LIBRARIES = {
    None,
    "email-validator",
    "pypi-attestations",
    "readme-renderer[md]",
    "stdlib-list",
    "trove-classifiers",
}
# PyPI does not look into the file whose headers break off.
UNNOTICED = {"metadata-header-broken"}
GROWING = {"classifier-unknown", "metadata-version", "platform-tag"}


def test_rules_have_names_of_their_own() -> None:
    """No two rules have the same identifier, and each is well-formed."""
    names = [rule.name for rule in rules.ALL_RULES]
    assert len(names) == len(set(names))
    assert [
        one for one in names if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", one)
    ] == []


@EVERY
def test_rules_explain_themselves(rule: AnyRule) -> None:
    """Every rule says what it demands, why, what to do, and where to read more."""
    assert rule.summary.endswith(".")
    assert len(rule.explanation.split()) > 10
    assert "  " not in rule.summary
    assert rule.hint.endswith(".")
    assert re.fullmatch(r"https://[\w.-]+/\S*", rule.link)
    assert rule.compared > dt.date(2026, 1, 1)
    assert inspect.cleandoc(rule.explanation) == rule.explanation
    assert rule.requires in LIBRARIES
    # What PyPI refuses can be searched for; a note is about what it does not look at.
    is_refused = rule.severity is Severity.ERROR and rule.name not in UNNOTICED
    assert rule.pypi_message or not is_refused
    assert rule.severity is not Severity.NOTE or not rule.pypi_message


def test_rules_that_grow() -> None:
    """Three rules may know less than PyPI does by now."""
    assert {rule.name for rule in rules.ALL_RULES if rule.grows} == GROWING


_FIELDS = [*(field.form for field in FIELDS), "filetype", "comment"]
_ODD = [
    "", "UNKNOWN", "1.0", "2.4", "{", "{x}", "a @ b", ",", "a,b", "tool", "x y", ";",
    "text/markdown;x*", 'text/markdown; charset="', "text/plain", "a@b", "<", "(", "[",
    "https://[", "https://a:9", "\0", "9" * 5000, "../x", "a;b", "Dynamic", "*",
    "a (x", '"',
]  # fmt: skip
_TEXT = st.one_of(st.text(max_size=20), st.sampled_from(_ODD))
_FORMS = st.lists(st.tuples(st.sampled_from(_FIELDS), _TEXT), max_size=12)
_NAMES = st.one_of(
    st.sampled_from(["tool-1.0-py3-none-any.whl", "tool-1.0.tar.gz", "tool-1.0.zip"]),
    st.text(st.sampled_from("ab1._-+/\\\n\t"), max_size=12).map("{}.whl".format),
    st.text(st.sampled_from("ab1._-+/\\\n\t"), max_size=12).map("{}.tar.gz".format),
)
_MEMBERS = st.one_of(
    st.sampled_from(["/", "", "./a", "/a/b", "a/PKG-INFO", "a\\b", ".."]),
    st.text(max_size=8),
)
_BYTES = st.one_of(
    st.none(),
    st.binary(max_size=40),
    st.sampled_from(
        [b"", b"\n\n", b'"', b"a,b\n\n", b"[console_scripts]\n a\nb", b"[x]"]
    ),
)
_INFO = "tool-1.0.dist-info"
_ARCHIVES = st.builds(
    lambda kind, names, texts, encrypted: Archive(
        kind=kind, names=tuple(names), texts=texts, encrypted_texts=tuple(encrypted)
    ),
    st.sampled_from(["zip", "tar", "neither"]),
    st.lists(_MEMBERS, max_size=5),
    st.fixed_dictionaries(
        {},
        optional={
            f"{_INFO}/{name}": _BYTES
            for name in ("RECORD", "WHEEL", "METADATA", "entry_points.txt")
        },
    ),
    st.lists(st.tuples(_MEMBERS, st.just("PyArmor")), max_size=2),
)
_JSON = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["version", "envelope", "statement", "subject", "x"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)
_SUBJECTS = st.builds(
    Subject,
    path=st.just("dist/x"),
    filename=_NAMES,
    filetype=st.sampled_from(["sdist", "bdist_wheel"]),
    size=st.integers(0, 2**40),
    form=_FORMS.map(tuple),
    archive=_ARCHIVES,
    attestations=st.one_of(st.none(), st.lists(_JSON, max_size=3).map(tuple)),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(subject=_SUBJECTS)
def test_rules_never_fail(subject: Subject) -> None:
    """Whatever a form, a name or an archive holds, the rules have an answer."""
    for finding in rules.check_file(subject):
        assert "\n" not in finding.message


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(subjects=st.lists(_SUBJECTS, max_size=4))
def test_rules_for_releases_never_fail(subjects: list[Subject]) -> None:
    """Whatever several files say of themselves, the rules have an answer."""
    list(rules.check_release(subjects))
