"""What the index answers, and what the user is told of it."""

from pathlib import Path

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex


def test_refusal_is_shown_and_ends_the_run(
    upload: Twine, index: ScriptedIndex, wheel: str, sdist: str
) -> None:
    """Status, reason and the server's words are shown; nothing more is sent."""
    index.answer("/legacy/", Answer(422, "The Reason", body=b"the server's words"))
    said = upload(wheel, sdist).failure("HTTPError")
    assert "422 The Reason" in said
    assert "the server's words" in said
    assert [request.files["content"][0] for request in index.uploads] == [wheel]


def test_pages_of_all_releases_are_shown(
    publish: Twine, pypi: FakePyPI, workdir: Path, wheel: str
) -> None:
    """Several releases in one run have a page each."""
    newer = dists.make_wheel(workdir, version="2.0").name
    pages = publish(newer, wheel).success().partition("\nView at:\n")[2]
    assert sorted(pages.splitlines()) == [
        "https://pypi.org/project/pkg/1.0/",
        "https://pypi.org/project/pkg/2.0/",
    ]
