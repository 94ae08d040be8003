"""What the index answers, and what the user is told of it; never a secret."""

from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, TOKEN
from support.wire import Received


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


def test_a_quiet_upload_prints_urls_only(
    publish: Twine, workdir: Path, wheel: str
) -> None:
    """Not even the warning about two versions."""
    newer = dists.make_wheel(workdir, version="2.0").name
    page = "https://pypi.org/project/pkg"
    assert publish("-q", newer, wheel).success() == f"{page}/1.0/\n{page}/2.0/\n"


def test_a_quiet_upload_tells_a_doubt(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """Nobody knows whether the file was stored: silence would look like a success."""
    html = {"Content-Type": "text/html"}
    index.answer("/legacy/", Answer(headers=html, body=b"<h1>Welcome</h1>"))
    said = upload("-q", wheel).success()
    assert said.startswith(f"  unknown    {wheel}\n")
    assert "WARNING" not in said


def test_a_quiet_upload_that_fails_tells_all_of_it(
    upload: Twine, index: ScriptedIndex, wheel: str, sdist: str
) -> None:
    """What became of each file, what is left to do, and the error."""
    index.answer("/legacy/", Answer(403, "No"))
    result = upload("--quiet", wheel, sdist)
    assert result.code == 1
    lines = result.out.splitlines()
    assert lines[0].startswith(f"  failed     {wheel}: 403 No")
    assert lines[2:4] == [
        "Known to be on the index: 0 of 2 files.",
        "To publish the rest:",
    ]
    assert " --quiet " in lines[4]
    assert lines[5].startswith("ERROR    HTTPError: 403 No")


@pytest.mark.parametrize("option", [(), ("--verbose",)], ids=["", "--verbose"])
def test_password_repeated_by_the_server_is_masked(
    upload: Twine, index: ScriptedIndex, wheel: str, option: tuple[str, ...]
) -> None:
    """What the server quotes of our credentials stays hidden.

    Nothing goes to standard error, which PowerShell takes for a crash.
    """

    def repeat(request: Received) -> Answer:
        words = f"bad {request.auth} / {request.headers['Authorization']}"
        return Answer(403, f"No {PASSWORD}", {"X-Echo": PASSWORD}, words.encode())

    index.answer("/legacy/", repeat)
    result = upload(*option, wheel)
    assert "403" in result.failure("HTTPError")
    assert result.err == ""


def test_files_and_connections_are_closed(
    twine_process: Twine, pypi: FakePyPI, wheel: str, sdist: str, broken_sdist: str
) -> None:
    """After success and after failure Python finds no open file or socket."""
    warnings = {"PYTHONWARNINGS": "always::ResourceWarning"}
    env = {**pypi.env, "TWINE_PASSWORD": TOKEN, **warnings}
    done = twine_process("upload", "--skip-existing", wheel, sdist, env=env)
    done.success()
    assert done.err == ""
    result = twine_process("upload", wheel, broken_sdist, env=env)
    result.failure()
    assert result.err == ""
    assert len(pypi.uploads) == 2
