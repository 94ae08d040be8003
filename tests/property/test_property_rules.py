"""Whatever is repeated in a field, however often: the rules have an answer."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.memory import MOST_MEMORY, measure
from support.subjects import make_subject, named
from twine import rules
from twine.form.fields import FIELDS
from twine.rules.model import Finding, Subject

# What a value begins with, so that its parser goes on to what is repeated.
STARTS = (
    "", "a; ", "a[", "a (", "a>=", "a @ ", "1.", ">=", ">=1.", "MIT ", "a <", "a, https://",
    "https://a/", "text/plain; ", "text/markdown; a=",
)  # fmt: skip
ATOMS = (
    "(", "[", "{", "<", '"', ":", ";", "|", ",", "=", ".", "/", "\\", "*", "`", "@",
    "%", "#", "'", "&", "-", "_", "9", "a", "\xe9", "\0", " ", "\t", "\n", "[]",
    "[]:", "::", '"(', "\\(", "((a)", "(a or ", "a or ", "MIT OR ", "(MIT OR ", "a, ",
    "a;", ";a=", "; a=b", "a@", "a.", "a/", "../", ">=1,", ">=9", "1.", "1!", "a; (",
    "a <", "- ", "\n- ", "\n> ", "=\n", "|a", "|a| ", "a_ ", "`a`__ ", "[1]_ ", "![",
    "[a](", "<div>", "&lt;", "\n.. |a| replace:: |a|\n",
)  # fmt: skip
MOST = 20_000

FIELD = st.sampled_from([field.form for field in FIELDS])
TIMES = st.sampled_from([1, 2, 500, 1_500, 6_000, MOST])
TYPE = st.sampled_from([None, "text/x-rst", "text/markdown", "text/plain"])
SLOW = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)


def repeat(field: str, value: str, content_type: str | None) -> Subject:
    """Return a distribution of which one field has a value of that kind."""
    return make_subject(**{"description_content_type": content_type, field: value})


def check(subject: Subject) -> list[Finding]:
    """Apply all rules for one file, and those for several."""
    sdist = dataclasses.replace(named("tool-1.0.tar.gz"), form=subject.form)
    return [*rules.check_file(subject), *rules.check_release([subject, sdist])]


@SLOW
@given(
    field=FIELD,
    start=st.sampled_from(STARTS),
    atom=st.sampled_from(ATOMS),
    times=TIMES,
    content_type=TYPE,
)
def test_rules_never_fail_on_what_is_repeated(
    field: str, start: str, atom: str, times: int, content_type: str | None
) -> None:
    """Deep nesting, long runs of digits, endless lists: nothing crashes or hangs."""
    for finding in check(repeat(field, start + atom * times, content_type)):
        assert "\n" not in finding.message


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "value", "most"),
    [
        ("description_content_type", "text/plain" + "; a=b" * 100_000, "1000"),
        ("license_expression", "MIT" + " OR MIT" * 200_000, "10000"),
    ],
)
def test_endless_values_in_bounded_memory(field: str, value: str, most: str) -> None:
    """A value that takes a library minutes, or hundreds of MB, is not given to it."""
    found, peak = measure(lambda: check(repeat(field, value, "text/plain")))

    assert peak < MOST_MEMORY / 4
    (message,) = [one.message for one in found if one.rule == "invalid-value"]
    assert message.endswith(f"has more than {most} characters.")
