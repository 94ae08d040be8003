"""Credentials from every source, as the index gets them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, TOKEN, TOKEN_AUTH, USER

WritePypirc = Callable[[str], Path]
Section = Callable[[str], tuple[str, ...]]
_PYPI = "https://upload.pypi.org/legacy/"


@pytest.fixture
def two_projects(workdir: Path) -> list[str]:
    """Make a wheel of each of two projects."""
    return [dists.make_wheel(workdir, name).name for name in ("First_one", "second")]


@pytest.fixture
def section(index: ScriptedIndex, write_pypirc: WritePypirc) -> Section:
    """Return a function that configures the scripted index as `my-index`."""

    def write(keys: str) -> tuple[str, ...]:
        write_pypirc(
            "[distutils]\nindex-servers = my-index\n[my-index]\n"
            f"repository = {index.upload_url}\n{keys}\n"
        )
        return "upload", "-r", "my-index"

    return write


def test_each_file_is_sent_with_the_token_of_its_project(
    twine: Twine, index: ScriptedIndex, two_projects: list[str], section: Section
) -> None:
    """Both projects have one, so nothing else is looked for."""
    given = section(f"tokens =\n  first.one = {SECRET}-1\n  Second = {SECRET}-2")

    said = twine(*given, "--verbose", *two_projects).success()

    expected = {"First-one": f"__token__:{SECRET}-1", "second": f"__token__:{SECRET}-2"}
    assert {r.value("name"): r.auth for r in index.uploads} == expected
    assert "The token for `second` comes from `tokens` in `[my-index]` of `" in said


def test_other_projects_get_the_credentials_of_the_index(
    twine: Twine, index: ScriptedIndex, two_projects: list[str], section: Section
) -> None:
    """Also where only some have a token of their own, and with several jobs."""
    given = section(
        f"username = {USER}\npassword = {PASSWORD}\ntokens = second = {TOKEN}"
    )

    twine(*given, "--jobs", "2", *two_projects).success()

    expected = {"First-one": BASIC_AUTH, "second": TOKEN_AUTH}
    assert {r.value("name"): r.auth for r in index.uploads} == expected


def test_register_and_look_up_send_the_token_of_the_project(
    twine: Twine, index: ScriptedIndex, wheel: str, section: Section
) -> None:
    """After a failure the index is asked about the file with the same token."""
    given = section(f"tokens = pkg = {TOKEN}")
    index.answer("/legacy/", Answer(503, "Busy"))

    twine(*given, "--retries", "1", wheel).failure("HTTPError")
    twine("register", *given[1:], "--retries", "0", wheel).failure("HTTPError")

    assert {request.method for request in index.requests} == {"GET", "POST"}
    assert {request.auth for request in index.requests} == {TOKEN_AUTH}


@pytest.mark.parametrize("by_url", [False, True])
def test_a_variable_of_an_index_wins(
    twine: Twine, index: ScriptedIndex, wheel: str, section: Section, by_url: bool
) -> None:
    """It is for the section, also where that is meant by its URL."""
    given = section("username = filed\npassword = filed")
    if by_url:
        url = index.upload_url.replace("http:", "HTTP:") + "/"
        given = "upload", "--repository-url", url
    env = {"TWINE_TOKEN_MY_INDEX": TOKEN, "TWINE_PASSWORD": SECRET}

    twine(*given, wheel, env=env).success()

    assert [request.auth for request in index.uploads] == [TOKEN_AUTH]


def test_a_token_of_pypi_by_its_known_name(
    twine: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """A known index needs no section for variables of its own."""
    env = {**pypi.env, "TWINE_TOKEN_PYPI": TOKEN}

    twine("upload", "--repository-url", _PYPI, wheel, env=env).success()

    assert [request.auth for request in pypi.uploads] == [TOKEN_AUTH]


def test_netrc_is_the_source_after_pypirc(
    twine: Twine, index: ScriptedIndex, wheel: str, home: Path, section: Section
) -> None:
    """It gives what nobody else has; nobody looks into it where something is given."""
    (home / ".netrc").write_text(
        f"machine 127.0.0.1 login {USER} password {PASSWORD}\n"
    )
    said = twine(*section(""), "--verbose", wheel).success()
    assert "The password comes from `.netrc`; nothing in `--password`" in said
    twine(*section("username =\npassword ="), wheel).success()
    twine(*section("username = other"), wheel).failure("NonInteractive")

    assert [request.auth for request in index.uploads] == [BASIC_AUTH, None]


def test_netrc_is_not_for_the_look_up_on_another_host(
    publish: Twine, pypi: FakePyPI, wheel: str, home: Path
) -> None:
    """PyPI's simple API is asked without credentials, whatever the file has."""
    (home / ".netrc").write_text(
        f"machine pypi.org login {USER} password {PASSWORD}\n"
        f"machine upload.pypi.org login __token__ password {PASSWORD}\n"
    )

    publish("--skip-existing", wheel).success()

    assert {(request.method, request.auth) for request in pypi.requests} == {
        ("GET", None),
        ("POST", TOKEN_AUTH),
    }


def test_the_keyring_may_be_required(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """The error names the option, which is no secret."""
    given = ("upload", "--repository-url", index.upload_url, wheel)
    said = twine(*given, "--keyring", "required").failure("InvalidConfiguration")
    assert "The keyring has no username for" in said
    assert "and `--keyring required` allows no other source." in said
