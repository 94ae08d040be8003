"""Options, environment variables and `.pypirc` keys, and which of them wins."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, TOKEN, USER

WritePypirc = Callable[[str], Path]


def section(index: ScriptedIndex, extra: str = "") -> str:
    """Return a `.pypirc` with one index, `mine`, at `/file/`."""
    return (
        "[distutils]\nindex-servers = mine\n"
        f"[mine]\nrepository = {index.url}/file/\n"
        f"username = file-user\npassword = file-{SECRET}\n{extra}"
    )


@pytest.mark.parametrize(
    ("options", "env", "expected"),
    [
        ((), {}, f"file-user:file-{SECRET}"),
        ((), {"TWINE_USERNAME": "env-user"}, f"env-user:file-{SECRET}"),
        ((), {"TWINE_PASSWORD": f"env-{SECRET}"}, f"file-user:env-{SECRET}"),
        (
            ("-u", USER, "-p", PASSWORD),
            {"TWINE_USERNAME": "env-user", "TWINE_PASSWORD": f"env-{SECRET}"},
            BASIC_AUTH,
        ),
    ],
    ids=[
        "file",
        "variable beats file for the name",
        "variable beats file for the password",
        "option beats variable",
    ],
)
def test_credentials_come_from_option_then_variable_then_file(
    twine: Twine,
    index: ScriptedIndex,
    write_pypirc: WritePypirc,
    wheel: str,
    options: tuple[str, ...],
    env: dict[str, str],
    expected: str,
) -> None:
    """An option beats the environment, which beats `.pypirc`."""
    write_pypirc(section(index))
    twine("upload", "-r", "mine", *options, wheel, env=env).success()
    assert [request.auth for request in index.requests] == [expected]


@pytest.mark.parametrize(
    ("options", "env", "path"),
    [
        (("-r", "mine"), {}, "/file/"),
        ((), {"TWINE_REPOSITORY": "mine"}, "/file/"),
        (("-r", "mine"), {"TWINE_REPOSITORY": "nowhere"}, "/file/"),
        (("-r", "mine"), {"TWINE_REPOSITORY_URL": "{url}/variable/"}, "/variable/"),
        (
            ("--repository-url", "{url}/option/"),
            {"TWINE_REPOSITORY_URL": "{url}/variable/"},
            "/option/",
        ),
    ],
    ids=[
        "-r",
        "TWINE_REPOSITORY",
        "-r beats TWINE_REPOSITORY",
        "TWINE_REPOSITORY_URL beats -r",
        "--repository-url beats TWINE_REPOSITORY_URL",
    ],
)
def test_the_index_comes_from_option_then_variable(
    twine: Twine,
    index: ScriptedIndex,
    write_pypirc: WritePypirc,
    wheel: str,
    options: tuple[str, ...],
    env: dict[str, str],
    path: str,
) -> None:
    """A URL wins over a name, and an option over its variable."""
    write_pypirc(section(index))
    filled = [option.format(url=index.url) for option in options]
    variables = {name: value.format(url=index.url) for name, value in env.items()}
    given = ("-u", USER, "-p", PASSWORD)
    twine("upload", *filled, *given, wheel, env=variables).success()
    assert [request.path for request in index.requests] == [path]


@pytest.mark.parametrize(
    ("options", "env"),
    [
        (("--cert", "good.pem"), {"TWINE_CERT": "bad.pem"}),
        ((), {"TWINE_CERT": "good.pem"}),
    ],
    ids=["option beats variable", "variable beats file"],
)
def test_the_ca_bundle_comes_from_option_then_variable_then_file(
    twine: Twine,
    tls_index: ScriptedIndex,
    write_pypirc: WritePypirc,
    workdir: Path,
    wheel: str,
    options: tuple[str, ...],
    env: dict[str, str],
    authority_pem: bytes,
) -> None:
    """Only the winning CA bundle is looked at."""
    (workdir / "good.pem").write_bytes(authority_pem)
    write_pypirc(section(tls_index, "ca_cert = bad.pem\n"))
    twine("upload", "-r", "mine", *options, wheel, env=env).success()
    assert len(tls_index.uploads) == 1


def test_pypi_is_the_default_index(publish: Twine, pypi: FakePyPI, wheel: str) -> None:
    """Without a word about an index, files go to PyPI."""
    said = publish(wheel).success()
    assert "Uploading distributions to https://upload.pypi.org/legacy/\n" in said
    assert [request.url for request in pypi.uploads] == [
        "https://upload.pypi.org/legacy/"
    ]


def test_the_comment_is_sent_with_every_file(
    upload: Twine, index: ScriptedIndex, wheel: str, sdist: str
) -> None:
    """`--comment` goes along with each file, whatever its characters."""
    upload("-c", "größer & <besser>", wheel, sdist).success()
    sent = [request.value("comment") for request in index.uploads]
    assert sent == ["größer & <besser>"] * 2


@pytest.mark.parametrize(
    ("options", "env", "source"),
    [
        (("-r", ""), {}, "`--repository`"),
        ((), {"TWINE_REPOSITORY_URL": ""}, "`TWINE_REPOSITORY_URL`"),
    ],
    ids=["-r", "TWINE_REPOSITORY_URL"],
)
def test_an_empty_index_is_never_pypi(
    twine: Twine,
    pypi: FakePyPI,
    wheel: str,
    options: tuple[str, ...],
    env: dict[str, str],
    source: str,
) -> None:
    """A variable that is not set sends no credentials of another index to PyPI."""
    given = ("-u", USER, "-p", PASSWORD)
    result = twine("upload", *options, *given, wheel, env={**pypi.env, **env})
    assert source in result.failure("InvalidConfiguration")
    assert pypi.requests == []


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
