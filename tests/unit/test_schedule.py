"""Which upload waits for which, and how many may run at once."""

import pytest

from twine.publish.schedule import LONGEST_UPLOAD, Item, Pace, plan


def items(text: str) -> list[Item]:
    """Return distributions, written `a1w b2s` for wheels and sdists."""
    return [
        Item(project=word[0], version=word[1], is_wheel=word[2] == "w")
        for word in text.split()
    ]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", {}),
        ("a1w", {0: set()}),
        ("a1w a1s", {0: set(), 1: {0}}),
        ("a1w a1w a1w a1s", {0: set(), 1: {0}, 2: {0}, 3: {0, 1, 2}}),
        ("a1s a1s", {0: set(), 1: {0}}),
        ("a1w b1w", {0: set(), 1: set()}),
        ("a1w a2w a2w", {0: set(), 1: {0}, 2: {0, 1}}),
        ("a1w a2w a1s a2s", {0: set(), 1: {0}, 2: {0}, 3: {0, 1}}),
    ],
)
def test_a_plan_says_who_waits_for_whom(text: str, after: dict[int, set[int]]) -> None:
    """Pioneers go first, and an sdist goes when its wheels are there."""
    assert plan(items(text)) == after


@pytest.mark.parametrize(
    ("sent", "seconds", "size", "running", "allowed"),
    [
        (0, 0.0, 10**12, 7, True),
        (0, 5.0, 10**12, 7, True),
        (100, 0.0, 10**12, 7, True),
        (1000, 10.0, 100 * int(LONGEST_UPLOAD), 0, True),
        (1000, 10.0, 100 * int(LONGEST_UPLOAD) + 1, 0, False),
        (1000, 10.0, 50 * int(LONGEST_UPLOAD), 1, True),
        (1000, 10.0, 50 * int(LONGEST_UPLOAD) + 1, 1, False),
    ],
)
def test_side_by_side_must_not_take_too_long(
    sent: int, seconds: float, size: int, running: int, allowed: bool
) -> None:
    """The line is shared; without a measured rate everything may go."""
    assert Pace(sent=sent, seconds=seconds).allows(size, running) is allowed
