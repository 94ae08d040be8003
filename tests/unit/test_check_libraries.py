"""Which rules cannot be applied for lack of a library."""

import importlib.util

import pytest

from twine.check.inspect import find_unavailable, is_installed


@pytest.mark.parametrize("missing", [True, False])
def test_markdown_rule_needs_what_the_extra_installs(
    monkeypatch: pytest.MonkeyPatch, *, missing: bool
) -> None:
    """Without what `readme-renderer[md]` installs, the rule is not checked."""
    find_spec, asked = importlib.util.find_spec, []

    def find(name: str) -> object:
        asked.append(name)
        return None if missing and name in {"comrak", "cmarkgfm"} else find_spec(name)

    monkeypatch.setattr("importlib.util.find_spec", find)
    unavailable = find_unavailable(["email-address"])

    assert {"comrak", "cmarkgfm"} & set(asked)
    assert ("description-markdown" in unavailable) is missing
    assert "description-rendering" not in unavailable
    assert "email_validator" not in asked


@pytest.mark.parametrize(
    ("library", "expected"),
    [
        ("readme-renderer", True),
        ("readme-renderer[md]", True),
        ("trove-classifiers", True),
        ("no-such-library", False),
        ("no-such-library[md]", False),
    ],
)
def test_is_installed(library: str, *, expected: bool) -> None:
    """A library is looked for by its name on PyPI, with or without an extra."""
    assert is_installed(library) is expected
