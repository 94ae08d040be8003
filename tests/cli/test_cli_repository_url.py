"""Upload URLs: what they may be, and what becomes of credentials in them."""

import re

import pytest

from support.command import Twine
from support.index import ScriptedIndex
from support.secrets import SECRET


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
