"""Failures: one line, on standard output, exit 1, and never a secret."""

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, TOKEN
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
