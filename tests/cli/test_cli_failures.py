"""Failures: one line, on standard output, exit 1, and never a secret."""

import sys

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, Fault, ScriptedIndex
from support.secrets import PASSWORD, SECRET, TOKEN, USER, find_leak
from support.terminal import OpenTerminal
from support.wire import Received


def test_errors_go_to_standard_output(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """Nothing goes to standard error, which PowerShell takes for a crash."""
    index.answer("/legacy/", Answer(403, "Forbidden"))
    result = upload(wheel)
    result.failure("HTTPError")
    assert result.err == ""


def test_a_failure_tells_what_to_do(twine: Twine, wheel: str) -> None:
    """The line with the error is followed by what to do about it."""
    url = ("--repository-url", "ftp://example.org/")
    said = twine("upload", *url, wheel).failure("UnreachableRepositoryURLDetected")
    assert len(said.splitlines()) >= 2


@pytest.mark.parametrize("option", [(), ("--verbose",)], ids=["", "--verbose"])
def test_a_server_that_repeats_the_password_does_not_make_us_show_it(
    upload: Twine, index: ScriptedIndex, wheel: str, option: tuple[str, ...]
) -> None:
    """What the server quotes of our credentials stays hidden."""

    def repeat(request: Received) -> Answer:
        words = f"bad {request.auth} / {request.headers['Authorization']}"
        return Answer(403, f"No {PASSWORD}", {"X-Echo": PASSWORD}, words.encode())

    index.answer("/legacy/", repeat)
    assert "403" in upload(*option, wheel).failure("HTTPError")


@pytest.mark.parametrize("option", [(), ("--verbose",)], ids=["", "--verbose"])
def test_a_run_shows_no_secret(
    upload: Twine, index: ScriptedIndex, wheel: str, option: tuple[str, ...]
) -> None:
    """Neither the password nor its header shows in any output."""
    result = upload(*option, wheel)
    result.success()
    assert find_leak(result.text) is None
    assert index.uploads[0].auth == f"{USER}:{PASSWORD}"


def test_nothing_is_left_open(
    twine_process: Twine, pypi: FakePyPI, wheel: str, sdist: str, broken_sdist: str
) -> None:
    """Files and connections are closed, after success and after failure."""
    warnings = {"PYTHONWARNINGS": "always::ResourceWarning"}
    env = {**pypi.env, "TWINE_PASSWORD": TOKEN, **warnings}
    done = twine_process("upload", "--skip-existing", wheel, sdist, env=env)
    done.success()
    assert done.err == ""
    for arguments in ((wheel, broken_sdist), ("--cert", "nope.pem", wheel)):
        result = twine_process("upload", *arguments, env=env)
        result.failure()
        assert result.err == ""
    assert len(pypi.uploads) == 2


def test_a_short_password_does_not_black_out_the_words(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """A password that is a common word leaves status lines readable."""
    given = ("--repository-url", index.upload_url, "-u", "a", "-p", "a")
    said = twine("upload", *given, wheel).success()
    assert f"Uploading distributions to {index.upload_url}\n" in said
    assert f"Uploading {wheel}\n" in said


@pytest.mark.parametrize(
    "password", [f"{SECRET}\n", f"{SECRET}\r\nX-Evil: 1", f"{SECRET}é✓"]
)
def test_any_password_is_sent_or_refused(
    twine: Twine, index: ScriptedIndex, wheel: str, password: str
) -> None:
    """Odd characters in a password neither crash nor smuggle a header."""
    env = {"TWINE_REPOSITORY_URL": index.upload_url, "TWINE_USERNAME": USER}
    result = twine("upload", wheel, env={**env, "TWINE_PASSWORD": password})
    assert "Traceback" not in result.text
    for request in index.requests:
        assert request.auth == f"{USER}:{password}"
        assert "X-Evil" not in request.headers


@pytest.mark.skipif(sys.platform == "win32", reason="has no pty")
def test_control_c_during_an_upload_ends_without_a_traceback(
    terminal: OpenTerminal, index: ScriptedIndex, wheel: str
) -> None:
    """An interrupted upload is told in a word and is no success."""
    index.answer("/legacy/", Answer(fault=Fault.SILENCE))
    given = ("--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD)
    screen = terminal("upload", *given, wheel)
    screen.expect(f"Uploading {wheel}")
    screen.type_keys(b"\x03")
    code, shown = screen.finish()
    assert code not in (0, None)
    assert "Traceback" not in shown
