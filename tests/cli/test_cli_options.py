"""Options, variables, `.pypirc` and URLs: which wins, and what they may hold."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, TOKEN, TOKEN_AUTH, USER


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
    assert "arguments: --password; a command's options come after it" in result.text
    assert SECRET not in result.text


def test_the_pypi_section_gives_the_token(
    twine: Twine, pypi: FakePyPI, write_pypirc: Callable[[str], Path], wheel: str
) -> None:
    """A token in `[pypi]` is used for PyPI; the user name is known."""
    write_pypirc(f"[pypi]\npassword = {TOKEN}\n")
    twine("upload", wheel, env=pypi.env).success()
    assert [request.auth for request in pypi.uploads] == [TOKEN_AUTH]


def test_what_azure_pipelines_writes_works(
    twine: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """A feed's section, its URL with a slash at the end, and a pattern of wheels."""
    dists.make_wheel(workdir / "dist")
    (workdir / "task.pypirc").write_text(
        "[distutils]\nIndex-servers=myTestFeed\n[myTestFeed]\n"
        f"Repository={index.url}/_packaging/myTestFeed/pypi/upload/\n"
        f"username=build\npassword={PASSWORD}\n"
    )
    given = ("-r", "myTestFeed", "--config-file", workdir / "task.pypirc")
    twine("upload", *given, "dist/*.whl").success()
    (request,) = index.uploads
    assert request.path == "/_packaging/myTestFeed/pypi/upload/"
    assert request.auth == f"build:{PASSWORD}"


@pytest.mark.parametrize("way", ["--repository-url", "-r", "TWINE_REPOSITORY_URL"])
def test_credentials_in_a_url_are_used_and_masked(
    twine: Twine, index: ScriptedIndex, wheel: str, way: str
) -> None:
    """`user:password@` becomes the credentials and is never shown."""
    userinfo = f"j%C3%BCrgen:{SECRET}%2F%3A%25"
    url = f"http://{userinfo}@127.0.0.1:{index.port}/legacy/"
    if way.startswith("-"):
        result = twine("upload", way, url, "--verbose", wheel)
    else:
        result = twine("upload", "--verbose", wheel, env={way: url})
    said = result.success()
    shown = re.findall("^Uploading distributions to (.*)$", said, re.MULTILINE)
    assert [line.replace("********@", "") for line in shown] == [index.upload_url]
    (request,) = index.uploads
    assert request.auth == f"jürgen:{SECRET}/:%"
    assert request.headers["Host"] == f"127.0.0.1:{index.port}"
