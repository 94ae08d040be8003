"""Which files an index says it has."""

import json

import pytest
import requests
import responses

from twine.simple_index import JSON_TYPE, Listing, fetch_listing, parse_listing

ROOT = "https://index.example/simple/"


def test_files_come_with_their_digests() -> None:
    """A listing maps names to SHA-256 digests, or to None where there is none."""
    text = json.dumps(
        {
            "files": [
                {"filename": "a.whl", "hashes": {"sha256": "ab"}},
                {"filename": "b.whl", "hashes": {"md5": "cd"}},
                {"filename": "c.whl"},
            ]
        }
    )

    assert parse_listing(text) == Listing({"a.whl": "ab", "b.whl": None, "c.whl": None})


def test_nothing_is_told_that_is_no_text() -> None:
    """Names and digests that are no texts are passed over."""
    text = json.dumps(
        {
            "files": [
                {"filename": 5, "hashes": {"sha256": "ab"}},
                {"filename": "b.whl", "hashes": {"sha256": 5}},
            ]
        }
    )

    assert parse_listing(text) == Listing({"b.whl": None})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "null",
        "[]",
        "5",
        '"files"',
        "{}",
        '{"files": null}',
        '{"files": 5}',
        '{"files": [5]}',
        '{"files": [{}]}',
        '{"files": [{"filename": []}]}',
        '{"files": [{"filename": "a", "hashes": 5}]}',
        "[" * 100_000,
        "1" * 5000,
    ],
)
def test_something_else_is_no_listing(text: str) -> None:
    """Anything but a project page of PEP 691 is a ValueError."""
    with pytest.raises(ValueError, match=r".*"):
        parse_listing(text)


@responses.activate
def test_the_question_is_asked_under_the_normalized_name() -> None:
    """The URL has the name as PEP 503 spells it; JSON is asked for."""
    responses.get(f"{ROOT}some-pkg/", json={"files": [{"filename": "a.whl"}]})

    listing = fetch_listing(requests.Session(), ROOT, "Some_.Pkg")

    assert listing == Listing({"a.whl": None})
    assert responses.calls[0].request.headers["Accept"] == JSON_TYPE


@responses.activate
def test_a_project_that_is_not_there_has_no_files() -> None:
    """404 means that nothing has been uploaded yet."""
    responses.get(f"{ROOT}pkg/", status=404)

    assert fetch_listing(requests.Session(), ROOT, "pkg") == Listing({})


@responses.activate
@pytest.mark.parametrize("status", [204, 301, 403, 500])
def test_another_status_is_no_listing(status: int) -> None:
    """An index that answers otherwise cannot tell; redirects are not followed."""
    responses.get(
        f"{ROOT}pkg/", status=status, headers={"Location": "https://evil.example/"}
    )

    with pytest.raises(ValueError, match=str(status)):
        fetch_listing(requests.Session(), ROOT, "pkg")


@responses.activate
def test_an_encoding_that_is_none_is_no_failure_of_ours() -> None:
    """A listing in an encoding that cannot be is read, or a ValueError."""
    responses.get(
        f"{ROOT}pkg/",
        body=b'{"files": []}',
        content_type="application/json; charset=idna",
    )

    assert fetch_listing(requests.Session(), ROOT, "pkg") == Listing({})
