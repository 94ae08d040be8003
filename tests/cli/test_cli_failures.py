"""Failures: one line, on standard output, exit 1, and never a secret."""

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, SECRET, TOKEN, USER
from support.wire import Received


def test_errors_go_to_standard_output(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """Nothing goes to standard error, which PowerShell takes for a crash."""
    index.answer("/legacy/", Answer(403, "Forbidden"))
    result = upload(wheel)
    result.failure("HTTPError")
    assert result.err == ""


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
