"""Which files an index says it has."""

import datetime as dt
import json
from typing import Any

import pytest
import responses

from twine.index.retry import ONCE
from twine.index.session import make_session
from twine.index.simple_api import (
    ACCEPT,
    Listing,
    LoginRequired,
    fetch_listing,
    parse_listing,
)

ROOT = "https://index.example/simple/"
JSON = "application/vnd.pypi.simple.v1+json"
ONE, TWO = "1a" * 32, "2b" * 32


def fetch(name: str) -> Listing:
    """Return what the index lists."""
    with make_session() as session:
        return fetch_listing(session, ONCE, ROOT, name)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("2026-01-02T03:04:05Z", 0),
        ("2026-01-02T03:04:05.1Z", 100_000),
        ("2026-01-02T03:04:05.123456Z", 123_456),
        ("2026-01-02T03:04:05.123456+00:00", 123_456),
        ("2026-01-02T03:04:05", None),
        ("yesterday", None),
    ],
)
def test_upload_times_are_read(text: str, microseconds: int | None) -> None:
    """With any fraction of a second (PEP 700), on every version of Python."""
    row = {"filename": "pkg-1.0.tar.gz", "hashes": {}, "upload-time": text}
    found = parse_listing(json.dumps({"files": [row]}), JSON).uploaded
    time = dt.datetime(2026, 1, 2, 3, 4, 5, microseconds or 0, dt.timezone.utc)
    assert found == ({} if microseconds is None else {"pkg-1.0.tar.gz": time})


def test_files_come_with_their_digests() -> None:
    """A listing maps names to SHA-256 digests, or to None where there is none."""
    text = json.dumps(
        {
            "files": [
                {"filename": "a.whl", "hashes": {"sha256": ONE.upper()}},
                {"filename": "b.whl", "hashes": {"md5": "cd"}},
                {"filename": "c.whl"},
            ]
        }
    )

    assert parse_listing(text, JSON) == Listing(
        {"a.whl": ONE, "b.whl": None, "c.whl": None}
    )


@pytest.mark.parametrize(
    "text",
    [
        "<html>",
        "[]",
        "{}",
        '{"files": null}',
        '{"files": [{}]}',
        '{"files": [{"filename": "a", "hashes": 5}]}',
        "[" * 100_000,
    ],
)
def test_something_else_is_no_listing(text: str) -> None:
    """Anything but a project page of PEP 691 is a ValueError."""
    with pytest.raises(ValueError, match=r".*"):
        parse_listing(text, JSON)


@pytest.mark.parametrize("version", ["1.99", 1, None])
def test_a_version_that_is_understood(version: object) -> None:
    """Any version 1 of the API can be read; older indexes tell none."""
    text = json.dumps({"meta": {"api-version": version}, "files": []})

    assert parse_listing(text, JSON) == Listing({})


@pytest.mark.parametrize("version", ["2.0", "10.1", ""])
def test_a_version_that_is_not_understood(version: object) -> None:
    """What another version of the API means cannot be known (PEP 629)."""
    text = json.dumps({"meta": {"api-version": version}})
    page = f'<meta name="pypi:repository-version" content="{version}"><a href="a.whl">'

    with pytest.raises(ValueError, match=r"is of version `.*`, and only 1 is"):
        parse_listing(text, JSON)
    with pytest.raises(ValueError, match="and only 1 is understood"):
        parse_listing(page, "text/html")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/octet-stream"])
def test_a_page_of_another_type_is_no_listing(kind: str) -> None:
    """What is neither JSON nor HTML is not guessed at."""
    with pytest.raises(ValueError, match=r"not the type"):
        parse_listing('{"files": []}', kind)


@pytest.mark.parametrize(
    ("link", "name", "digest"),
    [
        (f'<a href="../../f/a-1.whl#sha256={ONE}">a</a>', "a-1.whl", ONE),
        (f'<a href="a-1.whl#sha256={ONE.upper()}">a</a>', "a-1.whl", ONE),
        (f"<A HREF='https://f.example/x/a-1.whl#sha256={ONE}'>", "a-1.whl", ONE),
        (f"<a data-yanked='' href=a-1.whl#sha256={ONE}>", "a-1.whl", ONE),
        ('<a href="a-1.whl">a</a>', "a-1.whl", None),
        ('<a href="a-1.whl#md5=abc">a</a>', "a-1.whl", None),
        ('<a href="a-1.whl#sha256=abc">a</a>', "a-1.whl", None),
        ('<a href="a-1.whl?x=/y&amp;z=1#frag">a</a>', "a-1.whl", None),
        ('<a href="/f/a-1%2Bb.whl">a</a>', "a-1+b.whl", None),
        ('<a href="a-1&#43;b.whl">a</a>', "a-1+b.whl", None),
        (f'<base href="/f/"><a href="a-1.whl#sha256={ONE}">a</a>', "a-1.whl", ONE),
    ],
)
def test_links_of_a_page_are_files(link: str, name: str, digest: str | None) -> None:
    """The last part of each link's path is a file, its digest in the fragment."""
    page = f"<!DOCTYPE html><html><body><h1>Links</h1>{link}<br></body></html>"

    assert parse_listing(page, "text/html; charset=utf-8") == Listing({name: digest})


def test_what_is_no_file_is_passed_over() -> None:
    """Links without a name, and links that are none, are not listed."""
    page = '<a>x</a><a href>x</a><a href="">x</a><a href="/simple/">x</a><p href="y">'

    assert parse_listing(page, "application/vnd.pypi.simple.v1+html") == Listing({})


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ('<meta name="pypi:project-status" content="archived">', "archived"),
        ("<META NAME='pypi:project-status' CONTENT='quarantined' />", "quarantined"),
        ('<meta name="pypi:project-status">', "active"),
        ('<input name="pypi:project-status" content="archived">', "active"),
        ('<meta name="pypi:repository-version" content="1.4">', "active"),
    ],
)
def test_a_page_tells_the_status(head: str, status: str) -> None:
    """A page tells the status of its project in its head (PEP 792)."""
    page = f'{head}<a href="a-1.whl">a</a>'

    listing = parse_listing(page, "text/html")

    assert listing == Listing({"a-1.whl": None}, status=status)


def test_another_web_page_is_no_listing() -> None:
    """A page without files may be any page, unless its title says whose it is."""
    page = '<h1>Welcome</h1><a href="/about">x</a>'

    with pytest.raises(ValueError, match="lists no distributions"):
        parse_listing(page, "text/html")
    assert parse_listing("<h1>Links for pkg</h1>", "text/html") == Listing({})


def test_markup_that_python_trips_over_is_no_listing() -> None:
    """What cannot be read to its end may lack files."""
    with pytest.raises(ValueError, match="not a project page"):
        parse_listing("<a href=a-1.whl><![x[", "text/html")


@responses.activate
def test_the_question_is_asked_under_the_normalized_name() -> None:
    """The URL has the name as PEP 503 spells it; fresh JSON is asked for."""
    responses.get(f"{ROOT}some-pkg/", json={"files": [{"filename": "a.whl"}]})

    listing = fetch("Some_.Pkg")

    headers = responses.calls[0].request.headers
    assert listing == Listing({"a.whl": None})
    assert headers["Accept"] == ACCEPT
    assert headers["Accept"].startswith(JSON)
    assert headers["Cache-Control"] == "max-age=0"


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 404},
        {"status": 302, "headers": {"Location": "https://pypi.org/simple/pkg/"}},
        {"status": 303, "headers": {"Location": "https://pypi.org/simple/pkg/"}},
    ],
)
def test_a_project_that_is_not_there_has_no_files(answer: dict[str, Any]) -> None:
    """404, or a redirect to PyPI: pypiserver and GitLab do that by default."""
    responses.get(f"{ROOT}pkg/", **answer)

    assert fetch("pkg") == Listing({}, exists=False)


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 203, "body": "Sign In"},
        {"status": 401},
        {"status": 403},
        {"status": 511},
        {"status": 302, "headers": {"Location": "/users/sign_in?next=x"}},
        {"body": "<title>Sign In</title>", "content_type": "text/html"},
        {"body": "<input type=password>", "content_type": "text/html"},
    ],
)
def test_a_login_is_told_from_other_answers(answer: dict[str, Any]) -> None:
    """Who asks for credentials does not say that the file is not there."""
    responses.get(f"{ROOT}pkg/", **answer)

    with pytest.raises(LoginRequired):
        fetch("pkg")


@responses.activate
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://b.example/simple/pkg/", "https://b.example/simple/pkg/"),
        ("/root/pkg/", "https://index.example/root/pkg/"),
        ("https://u:hidden@b.example/x?hidden", "https://********@b.example/x"),
        ("/login?next=hidden#hidden", "https://index.example/login"),
    ],
)
def test_a_redirect_says_where_to(status: int, location: str, target: str) -> None:
    """The message shows where the index is, but for what may be secret."""
    responses.get(f"{ROOT}pkg/", status=status, headers={"Location": location})

    with pytest.raises(ValueError, match=str(status)) as caught:
        fetch("pkg")

    assert str(caught.value) == (
        f"`{ROOT}pkg/` answered {status} and redirects to `{target}`; redirects are "
        "not followed, so give the URL of the index there"
    )


@responses.activate
@pytest.mark.parametrize("status", [300, 301, 503])
def test_what_leads_nowhere_is_no_redirect(status: int) -> None:
    """Without a place to go there is only the status to tell."""
    headers = {} if status == 301 else {"Location": "https://b.example/"}
    responses.get(f"{ROOT}pkg/", status=status, headers=headers)

    with pytest.raises(ValueError, match=f"answered {status}$"):
        fetch("pkg")


@responses.activate
@pytest.mark.parametrize(
    "kind", ["application/json; charset=idna", "APPLICATION/JSON", JSON]
)
def test_an_odd_content_type_is_no_failure_of_ours(kind: str) -> None:
    """A listing in an encoding that cannot be, or in capitals, is read."""
    responses.get(f"{ROOT}pkg/", body=b'{"files": []}', content_type=kind)

    assert fetch("pkg") == Listing({})
