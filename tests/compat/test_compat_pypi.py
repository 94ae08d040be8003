"""PyPI and TestPyPI, played behind a proxy: tokens, skips, pages of releases."""

from pathlib import Path

import pytest

from compat.sides import Scenario, Sides
from support.dists import make_sdist, make_wheel, metadata_text
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import SECRET, TOKEN, TOKEN_AUTH

WHEEL = "pkg-1.0-py3-none-any.whl"
SDIST = "pkg-1.0.tar.gz"
UPLOAD = ("upload", "--disable-progress-bar")
WITH_TOKEN = (*UPLOAD, "-p", TOKEN)
SKIP = (*WITH_TOKEN, "--skip-existing")
_UPLOAD_URL = "https://upload.pypi.org/legacy/"


def _both(folder: Path) -> None:
    make_wheel(folder)
    make_sdist(folder)


def _releases(folder: Path) -> None:
    make_wheel(folder, "Odd_name", "2.0", metadata=metadata_text("Odd_name", "2.0"))
    make_wheel(folder)
    make_sdist(folder)


PUBLISHED = {
    "a wheel": Scenario(argv=(*WITH_TOKEN, WHEEL), pypi=True),
    "on TestPyPI": Scenario(argv=(*WITH_TOKEN, "-r", "testpypi", WHEEL), pypi=True),
    "a URL without TLS": Scenario(
        argv=(
            *(*WITH_TOKEN, "--repository-url", "http://test.pypi.org/legacy/"),
            WHEEL,
        ),
        pypi=True,
    ),
    "a section without TLS": Scenario(
        argv=(*WITH_TOKEN, WHEEL),
        pypirc="[pypi]\nrepository = http://upload.pypi.org/legacy/\n",
        pypi=True,
    ),
    "a token from the file": Scenario(
        argv=(*UPLOAD, WHEEL),
        pypirc=f"[pypi]\nusername = __token__\npassword = {TOKEN}\n",
        pypi=True,
    ),
    "wheel and sdist": Scenario(
        argv=(*WITH_TOKEN, SDIST, WHEEL), files=_both, pypi=True
    ),
}


@pytest.mark.parametrize("scenario", PUBLISHED.values(), ids=PUBLISHED)
def test_publish(scenario: Scenario, sides: Sides) -> None:
    """PyPI gets the same, and the user is shown the release's page."""
    done = sides.assert_same(scenario)
    assert done.code == 0
    assert set(done.credentials) == {TOKEN_AUTH}
    assert done.status_lines[-1].endswith("pypi.org/project/pkg/1.0/")


def test_pages_of_several_releases(sides: Sides) -> None:
    """Each release has one page; the order in which they are shown is free."""
    ours, theirs = sides.run(
        Scenario(
            argv=(*WITH_TOKEN, SDIST, WHEEL, "odd_name-2.0-py3-none-any.whl"),
            files=_releases,
            pypi=True,
        )
    )
    assert ours.requests == theirs.requests
    assert sorted(ours.status_lines) == sorted(theirs.status_lines)


REFUSALS = {
    "400": (Answer(400, "Bad Request"), "HTTPError"),
    "403": (Answer(403, "Invalid API Token"), "HTTPError"),
    "405": (Answer(405, "Method Not Allowed"), "InvalidPyPIUploadURL"),
}


@pytest.mark.parametrize(("answer", "error"), REFUSALS.values(), ids=REFUSALS)
def test_refusals_of_pypi(answer: Answer, error: str, sides: Sides) -> None:
    """PyPI's own refusals have the same names."""
    url = "https://pypi.org/" if answer.status == 405 else _UPLOAD_URL
    ours, theirs = sides.run(
        Scenario(
            argv=(*UPLOAD, "-u", "a", "-p", TOKEN, "--repository-url", url, WHEEL),
            script=lambda index: index.answer(url, answer),
            pypi=True,
        )
    )
    assert (ours.code, ours.error) == (theirs.code, theirs.error) == (1, error)
    assert ours.uploads == theirs.uploads


_EXISTS = {
    "409": Answer(409, "Conflict"),
    "400 by reason": Answer(400, "File already exists."),
    "400 by body": Answer(400, "Bad Request", body=b"The file already exists"),
}


@pytest.mark.parametrize("repository", ["pypi", "testpypi"])
@pytest.mark.parametrize("answer", _EXISTS.values(), ids=_EXISTS)
def test_a_refused_file_is_skipped(
    answer: Answer, repository: str, sides: Sides
) -> None:
    """An answer that means "there already" lets the run go on."""

    def refuse_the_wheel(index: ScriptedIndex) -> None:
        index.answer(lambda request: request.method == "POST", answer, times=1)

    ours, theirs = sides.run(
        Scenario(
            argv=(*SKIP, "-r", repository, SDIST, WHEEL),
            files=_both,
            script=refuse_the_wheel,
            pypi=True,
        )
    )
    assert ours.code == theirs.code == 0
    assert ours.uploads == theirs.uploads
    assert ours.status_lines == theirs.status_lines
    assert sum("Skipping" in line for line in ours.status_lines) == 1


def test_another_refusal_is_no_skip(sides: Sides) -> None:
    """Other refusals end the run although `--skip-existing` is given."""
    refusal = Answer(400, "Invalid classifier")
    ours, theirs = sides.run(
        Scenario(
            argv=(*SKIP, WHEEL),
            script=lambda index: index.answer(_UPLOAD_URL, refusal),
            pypi=True,
        )
    )
    assert (ours.code, ours.error) == (theirs.code, theirs.error) == (1, "HTTPError")


def test_a_known_file_is_not_sent_and_no_token_either(sides: Sides) -> None:
    """A deliberate difference: whoever lists files never sees credentials.

    The PyPA's twine asks pypi.python.org, and sends the upload's token there; ours
    asks the simple API without credentials, and skips the file unsent.
    """

    def have_the_wheel(index: ScriptedIndex) -> None:
        assert isinstance(index, FakePyPI)
        index.existing[WHEEL] = "0" * 64

    ours, theirs = sides.run(
        Scenario(argv=(*SKIP, WHEEL), script=have_the_wheel, pypi=True)
    )
    assert TOKEN_AUTH in [wire[2] for wire in theirs.requests if wire[1] == "GET"]
    assert ours.code == 0
    assert ours.uploads == ()
    [(where, _, auth, _, _)] = ours.requests
    assert (where, auth) == ("GET https://pypi.org/simple/pkg/", None)


def test_trusted_publishing(sides: Sides) -> None:
    """A CI's identity becomes a token by the same requests."""
    done = sides.assert_same(Scenario(argv=(*UPLOAD, WHEEL), pypi=True, github=True))
    assert done.credentials[-1] == f"__token__:pypi-{SECRET}-minted-1"


def test_trusted_publishing_that_is_refused(sides: Sides) -> None:
    """A refused identity has its own error, and nothing is published."""
    refusal = Answer.of_json(
        {"message": "No", "errors": [{"code": "a-b", "description": "not yours"}]}, 422
    )
    mint = "https://upload.pypi.org/_/oidc/mint-token"
    done = sides.assert_same(
        Scenario(
            argv=(*UPLOAD, WHEEL),
            script=lambda index: index.answer(mint, refusal),
            pypi=True,
            github=True,
        )
    )
    assert (done.code, done.error) == (1, "TrustedPublishingFailure")
    assert not [wire for wire in done.requests if wire[0].endswith("/legacy/")]


def test_another_user_needs_no_trusted_publishing(sides: Sides) -> None:
    """The exchange is for the user name `__token__` only."""
    done = sides.assert_same(
        Scenario(
            argv=(*UPLOAD, "-u", "somebody", "--non-interactive", WHEEL),
            pypi=True,
            github=True,
        )
    )
    assert (done.code, done.error, done.requests) == (1, "NonInteractive", ())
