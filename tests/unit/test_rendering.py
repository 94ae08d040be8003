"""What the renderers have to say of descriptions."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from support.texts import doubling
from twine.rendering import RST, find_problems


def test_problems_without_a_line_are_told() -> None:
    """Whatever the renderer says, or does not say, there is a reason shown."""
    assert find_problems(RST, ".. raw:: html\n\n   <b>x</b>\n")
    assert find_problems(RST, "Fine words.\n") == ()
    assert find_problems(RST, "\n\n.. only a comment\n") != ()


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(" " * depth + "x" for depth in range(400)),
        "- " * 3000 + "x",
        "*" * 100_000,
        "\x00\x01",
    ],
)
def test_a_hostile_description_fails_cleanly(text: str) -> None:
    """Nesting that exhausts the renderer is a finding, not a crash."""
    assert all(isinstance(problem, str) for problem in find_problems(RST, text))


def test_what_lacks_memory_is_no_fault_of_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever asked must know."""

    def fail(raw: str, stream: object = None) -> None:
        raise MemoryError

    monkeypatch.setattr("readme_renderer.rst.render", fail)

    with pytest.raises(MemoryError):
        find_problems(RST, "Fine words.\n")


_DEFINES = "Fine.\n\n.. role:: kettle\n\n:kettle:`x` is fine.\n"
_USES = "Title\n=====\n\n:kettle:`x` is not defined.\n"
_CHANGES = "Fine.\n\n.. default-role:: math\n\n`x` is fine.\n"
_LIVES_ON = "Title\n=====\n\n.. role:: strong(raw)\n   :format: html\n"


@pytest.mark.parametrize("before", [_DEFINES, _CHANGES, _LIVES_ON])
def test_one_description_does_not_change_another(before: str) -> None:
    """What a description defines is not known to the one that is looked at next."""
    alone = find_problems(RST, _USES)
    strong = find_problems(RST, "Some :strong:`words`.\n")

    find_problems(RST, before)

    assert "Unknown interpreted text role" in alone[0]
    assert find_problems(RST, _USES) == alone
    assert find_problems(RST, "Some :strong:`words`.\n") == strong


def test_descriptions_side_by_side_do_not_change_each_other() -> None:
    """What is found does not depend on what other threads look at meanwhile."""
    texts = [f"{text}\n{number}\n" for number in range(8) for text in (_USES, _DEFINES)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(find_problems, [RST] * 16, texts))

    assert [bool(problems) for problems in found] == [True, False] * 8


@pytest.mark.parametrize(
    "text",
    [
        doubling(11),
        # Icons in a table.
        ".. |yes| image:: https://example.org/yes.png\n\n" + "|yes| |yes|\n" * 2_000,
        # One in another, and each many times.
        ".. |a| replace:: "
        + "|b| " * 90
        + "\n.. |b| replace:: x\n\n"
        + "|a| " * 90
        + "\n",
        # One after the other.
        "\n".join(f".. |a{n}| replace:: |a{n + 1}|" for n in range(180))
        + "\n.. |a180| replace:: x\n\n|a0|\n",
    ],
    ids=["doubling", "icons", "two levels", "chain"],
)
def test_substitutions_that_are_rendered(text: str) -> None:
    """Much that is substituted is fine."""
    assert find_problems(RST, text) == ()


def test_substitutions_in_a_circle() -> None:
    """A circle is reported with its line."""
    text = ".. |a| replace:: |b| |b|\n.. |b| replace:: |a| |a|\n\n|a|\n"

    (problem,) = find_problems(RST, text)

    assert problem.startswith("line 2: error: Circular substitution definition")
