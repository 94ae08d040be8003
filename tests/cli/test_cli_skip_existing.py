"""`--skip-existing`: files that are on the index already do no harm."""

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer

EXISTS = Answer(400, "File already exists ('pkg-1.0.tar.gz'). See the help for more.")


def skips(name: str) -> str:
    """Return the line that tells of a skip."""
    return f"Skipping {name} because it appears to already exist\n"


@pytest.mark.parametrize(
    ("name", "web_host"), [("pypi", "pypi.org"), ("testpypi", "test.pypi.org")]
)
def test_listed_file_is_not_sent(
    publish: Twine, pypi: FakePyPI, wheel: str, sdist: str, name: str, web_host: str
) -> None:
    """The JSON simple API is asked, and only what is missing is sent."""
    pypi.existing[sdist] = "00" * 32
    said = publish("-r", name, "--skip-existing", sdist, wheel).success()
    assert skips(sdist) in said
    assert [request.files["content"][0] for request in pypi.uploads] == [wheel]
    asked = [request for request in pypi.requests if request.method == "GET"]
    assert {request.url for request in asked} == {f"https://{web_host}/simple/pkg/"}
    for request in asked:
        assert "application/vnd.pypi.simple.v1+json" in request.headers["Accept"]


def test_answer_that_the_file_exists_is_a_skip(
    publish: Twine, pypi: FakePyPI, wheel: str, sdist: str
) -> None:
    """A file that turns out to be there is skipped, and the next one is sent."""
    pypi.answer("/legacy/", EXISTS, times=1)
    said = publish("--skip-existing", wheel, sdist).success()
    assert skips(wheel) in said
    assert skips(sdist) not in said
    assert len(pypi.uploads) == 2


def test_existing_file_is_an_error_without_the_option(
    publish: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """Who does not ask for skips gets none, and nobody asks what there is."""
    pypi.answer("/legacy/", EXISTS)
    assert "already exists" in publish(wheel).failure("HTTPError")
    assert {request.method for request in pypi.requests} == {"POST"}
