"""Failures: one line, on standard output, exit 1, and never a secret."""

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, SECRET, TOKEN, USER
from support.wire import Received


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


@pytest.mark.parametrize(
    "password", [f"{SECRET}\n", f"{SECRET}\r\nX-Evil: 1", f"{SECRET}é✓"]
)
def test_odd_password_is_sent_or_refused(
    twine: Twine, index: ScriptedIndex, wheel: str, password: str
) -> None:
    """Odd characters in a password neither crash nor smuggle a header."""
    env = {"TWINE_REPOSITORY_URL": index.upload_url, "TWINE_USERNAME": USER}
    result = twine("upload", wheel, env={**env, "TWINE_PASSWORD": password})
    assert "Traceback" not in result.text
    for request in index.requests:
        assert request.auth == f"{USER}:{password}"
        assert "X-Evil" not in request.headers
