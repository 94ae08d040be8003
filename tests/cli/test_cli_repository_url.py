"""Upload URLs: what they may be, and what becomes of credentials in them."""

import re

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, USER

LOGIN = ("-u", USER, "-p", PASSWORD)


def test_what_is_not_an_http_url_is_refused(twine: Twine, wheel: str) -> None:
    """A URL must be `http` or `https` and have a host."""
    said = twine("upload", "--repository-url", "ftp://h/legacy/", *LOGIN, wheel)
    said.failure("UnreachableRepositoryURLDetected")


@pytest.mark.parametrize(
    ("way", "userinfo", "expected"),
    [
        ("--repository-url", f"a%40b:{SECRET}%2F%3A%25", f"a@b:{SECRET}/:%"),
        ("-r", f"j%C3%BCrgen:{SECRET}", f"jürgen:{SECRET}"),
        ("TWINE_REPOSITORY", f"{USER}:{PASSWORD}", BASIC_AUTH),
        ("TWINE_REPOSITORY_URL", f"{USER}:{SECRET}:more", f"{USER}:{SECRET}:more"),
    ],
)
def test_credentials_in_a_url_are_used_and_masked(
    twine: Twine,
    index: ScriptedIndex,
    wheel: str,
    userinfo: str,
    expected: str,
    way: str,
) -> None:
    """`user:password@` becomes the credentials and is never shown."""
    url = f"http://{userinfo}@127.0.0.1:{index.port}/legacy/"
    if way.startswith("-"):
        result = twine("upload", way, url, "--verbose", wheel)
    else:
        result = twine("upload", "--verbose", wheel, env={way: url})
    said = result.success()
    shown = re.findall("^Uploading distributions to (.*)$", said, re.MULTILINE)
    assert [line.replace("********@", "") for line in shown] == [index.upload_url]
    (request,) = index.uploads
    assert request.auth == expected
    assert request.headers["Host"] == f"127.0.0.1:{index.port}"


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("http://upload.pypi.org/legacy/", "https://upload.pypi.org/legacy/"),
        ("http://test.pypi.org/legacy/", "https://test.pypi.org/legacy/"),
        ("https://UPLOAD.pypi.org/legacy/", "https://upload.pypi.org/legacy/"),
    ],
)
def test_pypi_is_always_spoken_to_over_tls(
    publish: Twine, pypi: FakePyPI, wheel: str, url: str, seen: str
) -> None:
    """`http://` for a host of PyPI becomes `https://`."""
    publish("--repository-url", url, wheel).success()
    assert [request.url.lower() for request in pypi.uploads] == [seen]


@pytest.mark.parametrize(
    "url",
    ["http://pypi.python.org/pypi/", "https://testpypi.PYTHON.org/pypi"],
)
def test_the_old_hosts_are_refused_before_anything_is_sent(
    publish: Twine, pypi: FakePyPI, wheel: str, url: str
) -> None:
    """The hosts of the PyPI before 2018 are refused; the right URLs are named."""
    said = publish("--repository-url", url, wheel).failure(
        "UploadToDeprecatedPyPIDetected"
    )
    assert "https://upload.pypi.org/legacy/" in said
    assert "https://test.pypi.org/legacy/" in said
    assert pypi.requests == pypi.tunnels == []


def test_credentials_given_beat_those_in_the_url(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """An option is the most explicit source, in a URL or not."""
    url = f"http://other:{SECRET}-other@127.0.0.1:{index.port}/legacy/"
    twine("upload", "--repository-url", url, *LOGIN, wheel).success()
    assert index.uploads[0].auth == BASIC_AUTH
