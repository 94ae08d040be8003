"""PyPI and TestPyPI, played behind a proxy: tokens, skips, pages of releases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compat.sides import SDIST, UPLOAD, WHEEL, Scenario, Sides, make_both
from support.dists import make_wheel, metadata_text
from support.index import Answer, ScriptedIndex
from support.secrets import SECRET, TOKEN, TOKEN_AUTH

_UPLOAD_URL = "https://upload.pypi.org/legacy/"
_MINT_URL = "https://upload.pypi.org/_/oidc/mint-token"
Script = Callable[[ScriptedIndex], None]


def _publish(*argv: str, **given: Any) -> Scenario:
    return Scenario(
        argv=(*UPLOAD, "-p", TOKEN, *(argv or (WHEEL,))), pypi=True, **given
    )


def _answer(url: str, answer: Answer) -> Script:
    return lambda index: index.answer(url, answer)


def _releases(folder: Path) -> None:
    make_wheel(folder, "Odd_name", "2.0", metadata=metadata_text("Odd_name", "2.0"))
    make_both(folder)


PUBLISHED = {
    "a wheel": _publish(),
    "on TestPyPI": _publish("-r", "testpypi", WHEEL),
    "a URL without TLS": _publish(
        "--repository-url", "http://test.pypi.org/legacy/", WHEEL
    ),
    "a section without TLS": _publish(
        pypirc="[pypi]\nrepository = http://upload.pypi.org/legacy/\n"
    ),
    "a token from the file": Scenario(
        argv=(*UPLOAD, WHEEL),
        pypirc=f"[pypi]\nusername = __token__\npassword = {TOKEN}\n",
        pypi=True,
    ),
    "wheel and sdist": _publish(SDIST, WHEEL, files=make_both),
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
    names = (SDIST, WHEEL, "odd_name-2.0-py3-none-any.whl")
    ours, theirs = sides.run(_publish(*names, files=_releases))
    assert ours.requests == theirs.requests
    assert sorted(ours.status_lines) == sorted(theirs.status_lines)


REFUSED: dict[str, tuple[tuple[str, ...], str, Answer, str]] = {
    "400": ((), _UPLOAD_URL, Answer(400, "Bad Request"), "HTTPError"),
    "403": ((), _UPLOAD_URL, Answer(403, "Invalid API Token"), "HTTPError"),
    "405": (
        ("-u", "a", "--repository-url", "https://pypi.org/"),
        "https://pypi.org/",
        Answer(405, "Method Not Allowed"),
        "InvalidPyPIUploadURL",
    ),
    "another refusal than what is skipped": (
        ("--skip-existing",),
        _UPLOAD_URL,
        Answer(400, "Invalid classifier"),
        "HTTPError",
    ),
}


@pytest.mark.parametrize(
    ("options", "url", "answer", "error"), REFUSED.values(), ids=REFUSED
)
def test_refusals_of_pypi(
    options: tuple[str, ...], url: str, answer: Answer, error: str, sides: Sides
) -> None:
    """PyPI's refusals have the same names and end the run after one upload."""
    scenario = _publish(*options, WHEEL, script=_answer(url, answer))
    done = sides.assert_same(scenario, "code", "error", "uploads")
    assert done.ending == (1, error, 1)


EXISTS = {
    "409": Answer(409, "File already exists."),
    "400 by reason": Answer(400, "File already exists."),
    "400 by body": Answer(400, "Bad Request", body=b"The file already exists"),
}


@pytest.mark.parametrize("repository", ["pypi", "testpypi"])
@pytest.mark.parametrize("answer", EXISTS.values(), ids=EXISTS)
def test_refused_file_that_exists_is_skipped(
    answer: Answer, repository: str, sides: Sides
) -> None:
    """An answer that means "there already" lets the run go on."""

    def refuse_the_wheel(index: ScriptedIndex) -> None:
        index.answer(lambda request: request.method == "POST", answer, times=1)

    options = ("--skip-existing", "-r", repository)
    done = sides.assert_same(
        _publish(*options, SDIST, WHEEL, files=make_both, script=refuse_the_wheel),
        *("code", "uploads", "status_lines"),
    )
    assert done.code == 0
    assert sum("Skipping" in line for line in done.status_lines) == 1


def test_trusted_publishing(sides: Sides) -> None:
    """A CI's identity becomes a token by the same requests; only ours gives it up."""
    scenario = Scenario(argv=(*UPLOAD, WHEEL), pypi=True, github=True)
    ours, theirs = sides.run(scenario)
    *requests, last = ours.requests
    assert tuple(requests) == theirs.requests
    assert last[0] == "POST https://upload.pypi.org/_/oidc/burn-token"
    assert ours.status_lines == theirs.status_lines
    assert ours.credentials[-1] == f"__token__:pypi-{SECRET}-minted-1"


def test_trusted_publishing_that_is_refused(sides: Sides) -> None:
    """A refused identity has its own error, and nothing is published."""
    refusal = Answer.of_json(
        {"message": "No", "errors": [{"code": "a-b", "description": "not yours"}]}, 422
    )
    done = sides.assert_same(
        Scenario(
            argv=(*UPLOAD, WHEEL),
            script=_answer(_MINT_URL, refusal),
            pypi=True,
            github=True,
        )
    )
    assert (done.code, done.error) == (1, "TrustedPublishingFailure")
    assert not [wire for wire in done.requests if wire[0].endswith("/legacy/")]


def test_trusted_publishing_is_for_tokens_only(sides: Sides) -> None:
    """The exchange is for the user name `__token__` only."""
    argv = (*UPLOAD, "-u", "somebody", "--non-interactive", WHEEL)
    done = sides.assert_same(Scenario(argv=argv, pypi=True, github=True))
    assert (done.code, done.error, done.requests) == (1, "NonInteractive", ())
