"""Each way to hand over credentials brings them unchanged to a real server."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from servers.conftest import Release
from servers.running import PrivateIndex
from support.command import Twine

Given = tuple[tuple[str, ...], dict[str, str]]


def _options(index: PrivateIndex) -> Given:
    login = ("-u", index.username, "-p", index.password)
    return ("--repository-url", index.upload_url, *login), {}


def _variables(index: PrivateIndex) -> Given:
    return (), {
        "TWINE_REPOSITORY_URL": index.upload_url,
        "TWINE_USERNAME": index.username,
        "TWINE_PASSWORD": index.password,
    }


def _section(index: PrivateIndex) -> Given:
    return ("-r", "company"), {}


def _url(index: PrivateIndex) -> Given:
    scheme, _, rest = index.upload_url.partition("://")
    password = quote(index.password, safe="")
    return ("--repository-url", f"{scheme}://{index.username}:{password}@{rest}"), {}


@pytest.mark.parametrize("given", [_options, _variables, _section, _url])
def test_credentials_reach_the_server(
    twine: Twine,
    private_index: PrivateIndex,
    release: Release,
    write_pypirc: Callable[[str], Path],
    given: Callable[[PrivateIndex], Given],
) -> None:
    """The wheel arrives, and the screen never shows the password, encoded or not."""
    write_pypirc(
        "[distutils]\nindex-servers =\n    company\n[company]\n"
        f"repository = {private_index.upload_url}\n"
        f"username = {private_index.username}\npassword = {private_index.password}\n"
    )
    options, env = given(private_index)

    result = twine("upload", "--verbose", *options, release.wheel, env=env)

    assert "Uploading distributions to " in result.success()
    assert list(private_index.stored(release.name)) == [release.wheel.name]
    for secret in (private_index.password, quote(private_index.password, safe="")):
        assert secret not in result.text
