"""Options, environment variables and `.pypirc` keys, and which of them wins."""

from collections.abc import Callable
from pathlib import Path

from support.command import Twine
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, TOKEN, USER


def test_an_option_beats_a_variable_which_beats_the_file(
    twine: Twine,
    index: ScriptedIndex,
    write_pypirc: Callable[[str], Path],
    wheel: str,
) -> None:
    """The index and each credential come from the first that has them."""
    write_pypirc(
        f"[distutils]\nindex-servers = mine\n[mine]\nrepository = {index.url}/file/\n"
        f"username = file-user\npassword = file-{SECRET}\n"
    )
    variables = {
        "TWINE_REPOSITORY": "nowhere",
        "TWINE_USERNAME": "env-user",
        "TWINE_PASSWORD": PASSWORD,
    }
    twine("upload", "-r", "mine", "-u", USER, wheel, env=variables).success()
    (request,) = index.requests
    assert (request.path, request.auth) == ("/file/", BASIC_AUTH)


def test_a_password_given_is_masked_before_it_is_used(twine: Twine, wheel: str) -> None:
    """Messages about files are masked, too."""
    said = twine("upload", wheel, f"{PASSWORD}.whl", env={"TWINE_PASSWORD": PASSWORD})
    assert "`********.whl`" in said.failure("InvalidDistribution")
    assert SECRET not in said.text


def test_a_usage_error_shows_no_token(twine: Twine) -> None:
    """An option before the command is told without the secret behind it."""
    result = twine("--password", TOKEN, "upload", "x.whl")
    assert result.code == 2
    assert "********" in result.text
    assert SECRET not in result.text
