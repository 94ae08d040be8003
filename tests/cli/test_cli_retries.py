"""Servers that are not well: which answers earn another try."""

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex

DOWN = Answer(503, "Unavailable", {"Retry-After": "0"}, b"under maintenance")


def test_an_index_that_comes_back_gets_the_file(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """After two 503 the third try succeeds, with the whole form each time."""
    index.answer("/legacy/", DOWN, times=2)
    upload(wheel, timeout=100).success()
    sent = [(request.auth, request.fields, request.files) for request in index.uploads]
    assert len(sent) == 3
    assert sent[0] == sent[1] == sent[2]


@pytest.mark.parametrize("status", [503, 520])
def test_an_index_that_stays_down_is_tried_five_times(
    upload: Twine, index: ScriptedIndex, wheel: str, sdist: str, status: int
) -> None:
    """Five uploads of the first file, none of the second, and the server's words."""
    headers = {"Retry-After": "0"}
    index.answer("/legacy/", Answer(status, "Broken", headers, b"out of order"))
    said = upload(wheel, sdist, timeout=150).failure("HTTPError")
    assert str(status) in said
    assert "out of order" in said
    names = [request.files["content"][0] for request in index.uploads]
    assert names == [wheel] * 5


def test_each_file_has_tries_of_its_own(
    upload: Twine, index: ScriptedIndex, wheel: str, sdist: str
) -> None:
    """A file that needed two tries leaves the next one all of its own."""
    index.answer("/legacy/", DOWN, times=1)
    index.answer("/legacy/", Answer(), times=1)
    index.answer("/legacy/", DOWN, times=4)
    upload(wheel, sdist, timeout=150).success()
    names = [request.files["content"][0] for request in index.uploads]
    assert names == [wheel] * 2 + [sdist] * 5


def test_what_was_sent_before_a_failure_is_told(
    publish: Twine, pypi: FakePyPI, wheel: str, sdist: str
) -> None:
    """The first failure stops the run; the file before it did arrive."""
    pypi.answer("/legacy/", Answer(), times=1)
    pypi.answer("/legacy/", Answer(400, "No"))
    result = publish(wheel, sdist)
    result.failure("HTTPError")
    assert f"Uploading {wheel}\n" in result.out
    assert len(pypi.uploads) == 2
