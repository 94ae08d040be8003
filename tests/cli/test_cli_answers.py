"""What the index answers, and what the user is told of it."""

from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex

LEGACY = "/legacy/"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 422, 451, 499])
def test_a_refusal_is_told_and_not_repeated(
    upload: Twine, index: ScriptedIndex, wheel: str, sdist: str, status: int
) -> None:
    """A 4xx ends the run: status, reason, the server's words; nothing after it."""
    body = b"the words of the server"
    index.answer(LEGACY, Answer(status, "The Reason", body=body))
    said = upload(wheel, sdist).failure("HTTPError")
    assert f"{status} The Reason" in said
    assert "the words of the server" in said
    assert [request.files["content"][0] for request in index.uploads] == [wheel]


def test_the_reason_phrase_of_pypi_is_shown(
    publish: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """PyPI's own status line is not lost."""
    reason = "Invalid value for classifiers. Error: 'Nope' is not a valid classifier."
    pypi.answer(LEGACY, Answer(400, reason))
    assert reason in publish(wheel).failure("HTTPError")


def test_view_at_has_a_line_for_every_release(
    publish: Twine, workdir: Path, wheel: str
) -> None:
    """Several releases in one run have a page each."""
    newer = dists.make_wheel(workdir, version="2.0").name
    said = publish(newer, wheel).success()
    pages = said.partition("\nView at:\n")[2].splitlines()
    assert sorted(pages) == [
        "https://pypi.org/project/pkg/1.0/",
        "https://pypi.org/project/pkg/2.0/",
    ]


def test_other_indexes_have_no_pages_to_view(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """No page is made up for an index that is not PyPI."""
    assert "View at:" not in upload(wheel).success()
