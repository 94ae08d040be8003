"""What the page of a release says, and what it may load."""

import base64
import dataclasses
import hashlib
import html
import re

import pytest

from support import subjects
from twine.check.inspect import inspect
from twine.preview.description import prepare_description
from twine.preview.page import Page, make_pages
from twine.rules.model import Rendered, Subject

REL = 'rel="nofollow noopener noreferrer"'
WHY = 'title="PyPI has the text of the README, and not the files beside it."'


def page_of(*files: Subject, images: bool = False) -> Page:
    """Return the page of the one release that some files are of."""
    (page,) = make_pages(files, inspect(files), images=images)
    return page


def text_of(page: Page) -> str:
    """Return the text of a page on one line."""
    body = page.html.partition("<body>")[2]
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", body)).split())


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("<h1>A</h1><h5>B</h5>", "<h3>A</h3><h6>B</h6>"),
        ('<p id="x">1 &lt; 2 &amp; 3</p>', '<p id="x">1 &lt; 2 &amp; 3</p>'),
        ('<p title="&quot;&gt;">"</p>', '<p title="&quot;&gt;">"</p>'),
        ('<a href="#x">y</a>', f'<a href="#x" {REL}>y</a>'),
        (
            '<a href="HTTPS://e.org" rel="a">y</a>',
            f'<a href="HTTPS://e.org" {REL}>y</a>',
        ),
        ('<a href="//e.org/x">y</a>', f'<a href="https://e.org/x" {REL}>y</a>'),
        ('<a id="x">y</a>', '<a id="x">y</a>'),
        ('<a href="d/x.md">y</a>', f'<a data-mark="relative link" {WHY}>y</a>'),
        (r'<a href="\\host\x">y</a>', f'<a data-mark="relative link" {WHY}>y</a>'),
        (
            "<table><tr><td>1</td></tr></table>",
            '<div class="scroll"><table><tr><td>1</td></tr></table></div>',
        ),
        ('<input type="checkbox">', '<input type="checkbox" aria-label="Task">'),
    ],
)
def test_descriptions_are_written_anew(given: str, made: str) -> None:
    """Tables can scroll, links are safe; what leads nowhere on PyPI is marked."""
    assert prepare_description(given, images=False) == made


def test_images_become_links() -> None:
    """An image's text and address are shown; within a link there is no other link."""
    small = "<small>https://e.org/a</small>"
    link = f'<a class="image" href="https://e.org/a" {REL}>'
    given = (
        '<img src="https://e.org/a" alt="A &lt;"><a href="#x"><img src="https://e.org/a">'
        '</a><img src="https://e.org/a" alt="https://e.org/a">'
    )

    assert prepare_description(given, images=False) == (
        f"{link}Image: A &lt; {small}</a>"
        f'<a href="#x" {REL}><span class="image">Image: without text {small}</span></a>'
        f"{link}Image: without text {small}</a>"
    )


@pytest.mark.parametrize(
    ("given", "mark", "why"),
    [
        ('src="a.png" ', "relative image", "PyPI has the text of the README"),
        ("", "image without address", "The renderer of PyPI removes"),
    ],
)
def test_images_that_do_not_work(given: str, mark: str, why: str) -> None:
    """What PyPI does not show is marked, and says why."""
    made = prepare_description(f'<img {given}alt="A">', images=True)

    start = f'<span class="image" data-mark="{mark}" title="{why}'
    assert made.startswith(start)
    assert ">Image: A <small>" in made


def test_images_that_stay() -> None:
    """With images, those with a server stay, and others are still marked."""
    made = prepare_description(
        '<img src="//e.org/a" width="9"><img src="b.png">', images=True
    )

    assert made.startswith('<img src="https://e.org/a" width="9"><span class="image" ')


@pytest.mark.parametrize(
    ("images", "sources"), [(False, "data:"), (True, "data: https: http:")]
)
def test_policy_allows_the_style_alone(images: bool, sources: str) -> None:
    """A page allows its own style sheet, by its digest, and images on request."""
    page = page_of(subjects.make_subject(), images=images).html
    (style,) = re.findall("<style>(.*)</style>", page, re.DOTALL)
    (policy,) = re.findall('Content-Security-Policy" content="([^"]*)"', page)

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert html.unescape(policy) == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src {sources}; "
        "form-action 'none'; base-uri 'none'"
    )


def test_page_shows_the_metadata() -> None:
    """What PyPI's page shows is there, and classifiers stand in groups."""
    subject = subjects.make_subject(
        author_email="Jo <jo@example.org>",
        license_expression="MIT",
        requires_python=">=3.10",
        keywords="one,two",
        requires_dist=["attrs>=1", 'rich; extra == "color"'],
        provides_extra=["color"],
        project_urls=["Source, https://example.org/source"],
        classifiers=[
            "Topic :: Utilities",
            "Programming Language :: Python :: 3",
            "Topic :: Internet",
        ],
    )
    page = page_of(dataclasses.replace(subject, sha256=lambda: "d1ce57"))

    text = text_of(page)
    assert page.title == "tool 1.0"
    assert page.filename == "tool-1.0.html"
    for words in (
        "tool 1.0 A tool. pip install tool==1.0",
        "A few words.",
        "Source",
        "Author-email Jo <jo@example.org>",
        "License-Expression MIT",
        "Keywords one,two",
        'Requires-Python >=3.10 Requires-Dist attrs>=1 rich; extra == "color"',
        "Provides-Extra color",
        "Topic Utilities Internet Programming Language Python :: 3",
        "tool-1.0-py3-none-any.whl wheel 2.0 KB d1ce57",
        "this is not a page of PyPI",
    ):
        assert words in text
    assert re.search(r"rendered with readme-renderer \S+, docutils \S+, \w+ \d", text)
    assert f'<a href="https://example.org/source" {REL}>Source</a>' in page.html


def test_values_are_text() -> None:
    """No value of the metadata, and no file's name, becomes a tag or a script."""
    evil = "<script>x</script>"
    subject = subjects.make_subject(
        summary=evil,
        author=evil,
        license=evil,
        keywords=evil,
        classifiers=[evil],
        requires_dist=[evil],
        project_urls=[f"{evil}, javascript:x", "Source, https://e.org/<b>"],
        home_page="ftp://e.org",
    )
    path = f"dist/{evil.replace('/', '')}\udcff.whl"
    page = page_of(dataclasses.replace(subject, path=path, filename=path))

    assert "<script" not in page.html
    assert page.html.encode()
    assert "javascript" not in "".join(re.findall("<a [^>]*>", page.html))
    assert "ftp:" not in "".join(re.findall("<a [^>]*>", page.html))


def test_findings_come_first_and_once() -> None:
    """What several files have in common stands once, the worst above."""
    field = {"version": "1.0+mine", "requires_dist": ["x @ https://e.org/x.whl"]}
    wheel = subjects.named("tool-1.0-py3-none-any.whl", **field, description=None)
    sdist = subjects.named("tool-1.0.tar.gz", **field)
    page = page_of(wheel, sdist)

    text = text_of(page)
    assert text.count("direct-reference The dependency") == 1
    assert "In tool-1.0-py3-none-any.whl , tool-1.0.tar.gz" in text
    assert "description-missing There is no description" in text
    order = [text.index(f" {word} ") for word in ("error", "note")]
    assert order == sorted(order)
    assert text.index("metadata-differs") < text.index("Project description")
    assert "this part of the page will be empty" in text
    assert page.filename == "tool-1.0+mine.html"


def test_description_that_is_not_rendered() -> None:
    """Its text is shown, and that PyPI would not render it."""
    page = page_of(subjects.make_subject(description="A\n\n.. nonsense:: <b>\n"))

    assert "PyPI would not render this description" in text_of(page)
    assert ".. nonsense:: &lt;b&gt;" in page.html


def test_where_a_requirement_is_wrong() -> None:
    """The value is shown with marks below the place."""
    page = page_of(subjects.make_subject(requires_dist=["attrs>>1"]))

    assert re.search(r"<pre>attrs&gt;&gt;1\n +[~^]+", page.html)


def test_rules_that_need_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not checked is said."""
    subject = subjects.make_subject()
    inspection = dataclasses.replace(
        inspect([subject]), unchecked=(("email-address", "email-validator"),)
    )
    (page,) = make_pages([subject], inspection)

    assert "Not checked: email-address. It needs email-validator" in text_of(page)


def test_each_release_has_a_page() -> None:
    """`1.0` and `1.0.0` of `tool` and `Tool` are one release, `2.0` is another."""
    one = subjects.named("tool-1.0-py3-none-any.whl", name="Tool", version="1.0.0")
    files = [one, subjects.make_subject(), subjects.make_subject(version="2.0")]
    files = [dataclasses.replace(file, path=str(n)) for n, file in enumerate(files)]
    pages = list(make_pages(files, inspect(files)))

    assert [page.title for page in pages] == ["Tool 1.0.0", "tool 2.0"]


def test_name_for_a_file_is_harmless() -> None:
    """A version that is not valid leads into no other folder."""
    subject = dataclasses.replace(subjects.make_subject(version="../../x y"))

    assert page_of(subject).filename == "tool-..-..-x-y.html"


def test_any_description_has_a_page() -> None:
    """One that could not be rendered at all leaves the rest as it is."""
    subject = dataclasses.replace(subjects.make_subject(), description=Rendered())

    assert "A few words." in text_of(page_of(subject))
