"""What the renderers have to say of descriptions."""

import importlib.metadata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from readme_renderer import rst

from twine.check import description as rendering
from twine.check.description import render_description
from twine.rules.description import MARKDOWN, RST

BAD = "Title\n=====\n\n.. unknown-directive:: x\n"
GOOD = "Title\n=====\n\nSome words.\n"


def find_problems(media_type: str, text: str) -> tuple[str, ...]:
    """Return why a description would not be rendered."""
    return render_description(media_type, text).problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Title\n=====\n\nLong title\n----\n",
            "line 5: warning: Title underline too short",
        ),
        ("A\n\n.. raw:: html\n\n   <b>\n", 'line 3: warning: "raw" directive disabled'),
        ("A\n\n.. toctree::\n", 'line 3: error: Unknown directive type "toctree"'),
        (".. only a comment\n", "nothing is left to show"),
    ],
)
def test_problems_have_their_lines(text: str, message: str) -> None:
    """A fault of reStructuredText is reported with its line; else there is a reason."""
    assert find_problems(RST, text)[0].startswith(message)


@pytest.mark.parametrize("text", ["Fine.\n", "\t\n"])
def test_markdown_without_its_library(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Without the library that renders Markdown no description is blamed."""
    from readme_renderer import markdown

    monkeypatch.setattr(markdown, "variants", {})
    assert find_problems(MARKDOWN, text) == ()


def test_renderer_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A description that the renderer trips over is an error, not a crash."""

    def fail(raw: str, stream: object = None) -> None:
        raise RecursionError

    monkeypatch.setattr("readme_renderer.rst.render", fail)
    problems = find_problems(RST, "Very deep.\n")
    assert problems == ("the renderer fails on it with RecursionError",)


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


def test_every_problem_is_told_in_order() -> None:
    """One look at the message is enough to mend the whole README."""
    text = "Title\n=====\n\n.. toctree::\n\n|b|\n\n:ref:`a`\n\n.. raw:: html\n\n   x\n"
    found = [problem.partition("\n")[0] for problem in find_problems(RST, text)]

    assert found == [
        'line 4: error: Unknown directive type "toctree".',
        'line 6: error: Undefined substitution referenced: "b".',
        'line 8: error: Unknown interpreted text role "ref".',
        'line 10: warning: "raw" directive disabled.',
    ]


def test_very_many_problems_are_counted() -> None:
    """Markdown that is read as reStructuredText does not fill the screen."""
    found = find_problems(RST, ":a:`b`\n\n" * 50)

    assert len(found) == 21
    assert found[-1] == "30 more problems"


@pytest.mark.parametrize(
    ("configuration", "text", "is_fine"),
    [
        ("[general]\nhalt_level: 5\n", BAD, False),
        ("[general]\nfile_insertion_enabled: yes\n", ".. include:: any.txt\n", False),
        ("[general]\nraw_enabled: yes\n", ".. raw:: html\n\n   <b>x</b>\n", False),
        ("general]\n", GOOD, True),
        ("[general]\nlanguage_code: nowhere\n", GOOD, True),
    ],
    ids=["halt", "include", "raw", "broken", "language"],
)
def test_docutils_configuration_is_not_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    configuration: str,
    text: str,
    is_fine: bool,
) -> None:
    """PyPI has no such file, so it decides nothing here."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "any.txt").write_text("Fine words.\n")
    (tmp_path / "docutils.conf").write_text(configuration)

    assert (find_problems(RST, text) == ()) is is_fine


def test_settings_of_the_renderer_stay_as_they_are() -> None:
    """A program that renders other texts in this process notices nothing."""
    before = dict(rst.SETTINGS)
    find_problems(RST, BAD)

    assert before == rst.SETTINGS


@pytest.mark.parametrize("doctitle", [True, False], ids=["45.0", "46.0"])
@pytest.mark.parametrize(
    ("text", "is_title_only"),
    [
        ("Title\n=====\n", True),
        ("Title\n=====\n\nLess\n----\n", True),
        ("Title\n=====\n\n.. A comment.\n", True),
        ("Title\n=====\n\n.. image:: https://a.org/x.png\n", False),
        ("Title\n=====\n\nOther\n=====\n", False),
        (GOOD, False),
    ],
)
def test_titles_alone_do_not_depend_on_the_version(
    monkeypatch: pytest.MonkeyPatch, text: str, *, doctitle: bool, is_title_only: bool
) -> None:
    """What one version of readme-renderer shows and another one does not is known."""
    for setting in ("doctitle_xform", "sectsubtitle_xform"):
        monkeypatch.setitem(rst.SETTINGS, setting, doctitle)
    rendered = render_description(RST, text)

    assert rendered.is_title_only is is_title_only
    assert rendered.problems == ()


@pytest.mark.parametrize(
    ("url", "is_relative"),
    [
        ("docs/guide.md", True),
        ("/docs/", True),
        ("../x.png", True),
        ("#usage", False),
        ("https://a.org/x", False),
        ("//a.org/x", False),
        ("mailto:a@b.org", False),
        ("?a=b", False),
        ("https://[/x", False),
    ],
)
def test_relative_links(url: str, *, is_relative: bool) -> None:
    """Links to this page, to a server and to a mailbox are none."""
    found = render_description(
        MARKDOWN, f"<a href='{url}'>x</a> ![y]({url})"
    ).relative_links

    assert found == ((url,) if is_relative else ())


def test_relative_links_of_rst() -> None:
    """Images and links, in order."""
    text = ".. image:: logo.png\n   :target: a.html\n\n`x <b.rst>`_\n"
    found = render_description(RST, text)
    assert found.relative_links == ("a.html", "logo.png", "b.rst")


def test_versions_of_the_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are those that are installed; one without metadata is left out."""

    def version(name: str) -> str:
        if name == "docutils":
            raise importlib.metadata.PackageNotFoundError
        return "46.0"

    assert list(rendering.find_versions()) == ["readme-renderer", "docutils"]
    monkeypatch.setattr(importlib.metadata, "version", version)
    assert rendering.find_versions() == {"readme-renderer": "46.0"}
