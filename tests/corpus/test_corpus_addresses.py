"""E-mail addresses and URLs: what PyPI takes, and what it does not."""

import email.utils
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.subjects import (
    Maker,
    breaks_nothing,
    breaks_only,
    found_by,
    make_subject,
    messages,
    with_fields,
)
from twine.rules import addresses

RULES = addresses.RULES
BREAKS: dict[str, Maker] = {
    "email-address": with_fields(author_email="Jo Doe <jo@localhost>"),
    "project-url-label": with_fields(project_urls=["x" * 33 + ", https://a.org"]),
    "project-url": with_fields(project_urls=["Home, github.com/jo/tool"]),
    "home-page": with_fields(home_page="ftp://a.org/tool"),
    "download-url": with_fields(download_url="https://a.org:65536/tool"),
}
PASSES: dict[str, Maker] = {
    "email-address": with_fields(author_email="Jo Doe <jo@example.org>"),
    "project-url-label": with_fields(project_urls=["x" * 32 + ", https://a.org"]),
    "project-url": with_fields(project_urls=["Home, https://github.com/jo/tool"]),
    "home-page": with_fields(home_page="HTTP://a.org/tool"),
    "download-url": with_fields(download_url="https://a.org:65535/tool"),
}
REFUSED_ADDRESSES = (
    "me",
    "John Doe",
    "foo at bar.com",
    "a@localhost",
    "a@x.local",
    "a@x.test",
    "a@x.invalid",
    "a@192.168.0.1",
    "a..b@x.org",
    "a@x_y.org",
)
TAKEN_ADDRESSES = (
    "a@example.com",
    "a@[127.0.0.1]",
    "jürgen@example.org",
    "John Doe <>",
    "Foo, Bar <x@y.org>",
    "me, you",
    "a@b.org, c@localhost",
    "A <a@b.org>; C <me>",
    '"Doe, Jo" <jo@example.org>',
    "a@localhost (at home",
)


def test_corpus_addresses_is_whole() -> None:
    """No rule is without a distribution that breaks it and one that just does not."""
    assert BREAKS.keys() == PASSES.keys() == {rule.name for rule in RULES}


@pytest.mark.parametrize("name", BREAKS)
def test_corpus_addresses_broken(name: str, tmp_path: Path) -> None:
    """What breaks a rule is found by this rule, and is no other error."""
    breaks_only(BREAKS[name](tmp_path), name)


@pytest.mark.parametrize("name", PASSES)
def test_corpus_addresses_kept(name: str, tmp_path: Path) -> None:
    """What just keeps a rule is not found by it, and is no error."""
    breaks_nothing(PASSES[name](tmp_path), name)


@pytest.fixture(params=[True, False], ids=["this Python", "older Python"])
def any_python(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run on this Python, and as if its parser knew no strictness."""
    if not request.param and getattr(email.utils, "supports_strict_parsing", False):
        monkeypatch.setattr(email.utils, "supports_strict_parsing", False)


@pytest.mark.parametrize("field", ["author_email", "maintainer_email"])
@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_addresses_refused(any_python: None, field: str, address: str) -> None:
    """An address that could not exist is refused."""
    assert found_by(make_subject(**{field: address})) == ["email-address"]


@pytest.mark.parametrize("address", TAKEN_ADDRESSES)
def test_addresses_taken(any_python: None, address: str) -> None:
    """An address that could exist is taken, and so is what PyPI does not look at."""
    assert found_by(make_subject(author_email=address)) == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.org",
        "mailto:jo@a.org",
        "git+https://a.org/x.git",
        "a.org/tool",
        "//a.org/tool",
        "https://a.org:65536",
        "https://jo:secret@a.org:99999/x",
        "https://[::1]:70000/",
        "https://a.org/[x]",
        "https://a.org/?q=[x]",
        " https://a.org",
    ],
)
def test_urls_refused(url: str) -> None:
    """A URL without http or https, or with an impossible part, is refused."""
    assert found_by(make_subject(home_page=url)) == ["home-page"]


@pytest.mark.parametrize(
    "url",
    [
        "https:",
        "https://a.org/two words",
        "HTTPS://A.org",
        "https://jo@a.org:80/x",
        "https://a.org/%5Bx%5D",
        "https://a.org#[x]",
        "https://exämple.org/ä",
        "https://a.org:",
        "https://a.org:100000",
        "https://[::1]:80/",
    ],
)
def test_urls_taken(url: str) -> None:
    """A URL that PyPI takes is taken, however odd."""
    assert found_by(make_subject(home_page=url)) == []


_PIECES = [
    "http", "https", "ftp", ":", "/", "//", "x", "a.b", "1.2.3.4", "[", "]", "::1", "@",
    "?", "#", "%", "%zz", "%20", "ä", "<", "|", "-", "+", "^", "`", "65536", "70000",
    "80", "0080", "00065536", "99999999", "&", "=", "!", "$", ";", ",", "*", "~",
]  # fmt: skip
_URLS = st.builds(
    lambda start, rest: start + "".join(rest),
    st.sampled_from(["https://", "http://x", "https:", "", "https://x:", "https://x?"]),
    st.lists(st.sampled_from([*_PIECES, " ", '"', "\\", "\n"]), max_size=7),
)


@given(url=_URLS)
def test_urls_agree_with_the_library(url: str) -> None:
    """Our check says of every URL what the library says that PyPI asks."""
    rfc3986 = pytest.importorskip("rfc3986")
    validators = pytest.importorskip("rfc3986.validators")
    judge = validators.Validator().allow_schemes("http", "https")
    judge = judge.require_presence_of("scheme").check_validity_of(
        "scheme", "host", "port", "path", "query"
    )
    try:
        judge.validate(rfc3986.uri_reference(url).normalize())
    except rfc3986.exceptions.RFC3986Exception:
        taken = False
    else:
        taken = True
    assert (addresses.url_fault(url) == "") is taken


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (", https://a.org", "project-url-label"),
        ("Home,", "project-url"),
        ("https://a.org", "project-url"),
        ("Home, irc://a.org", "project-url"),
    ],
)
def test_project_urls(value: str, rule: str) -> None:
    """A project URL needs a label of its own and an address."""
    assert found_by(make_subject(project_urls=[value])) == [rule]


def test_project_urls_are_all_looked_at() -> None:
    """Every project URL is judged, and the message names it."""
    subject = make_subject(project_urls=["A, a.org", "B, https://b.org", "C, c.org"])
    found = messages(subject, "project-url")
    assert "`A`" in found[0]
    assert "`C`" in found[1]


@pytest.mark.parametrize(
    ("value", "rule", "message"),
    [
        (", https://a.org", "project-url-label", "The project URL `https://a.org` has"),
        (",", "project-url-label", "A project URL has no label."),
        (",", "project-url", "A project URL has no address."),
        (", a.org", "project-url", "The project URL `a.org` does not start"),
        ("A,", "project-url", "The project URL labelled `A` has no address."),
        ("A, a.org", "project-url", "The project URL `a.org` labelled `A` does not"),
    ],
)
def test_project_urls_without_one_part(value: str, rule: str, message: str) -> None:
    """A message shows what there is of a project URL, and no empty text."""
    (found,) = messages(make_subject(project_urls=[value]), rule)
    assert found.startswith(message)
    assert "``" not in found
