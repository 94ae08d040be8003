"""What is true of all rules: how they are called and described."""

import datetime as dt
import inspect
import re

import pytest

from twine import rules
from twine.rules import AnyRule
from twine.rules.model import Severity

EVERY = pytest.mark.parametrize("rule", rules.ALL_RULES, ids=lambda rule: rule.name)
LIBRARIES = {
    None,
    "email-validator",
    "pypi-attestations",
    "readme-renderer[md]",
    "stdlib-list",
    "trove-classifiers",
}
# PyPI takes what loses its fields, cannot be installed, or tells a secret.
UNNOTICED = {"dist-info-count", "metadata-header-broken", "token-in-archive"}
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
