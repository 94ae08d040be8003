"""Networks that fail: each is one error line, never a traceback."""

import pytest

from support.command import Result, Twine
from support.fakepypi import FakePyPI
from support.index import Answer, Fault, ScriptedIndex, unused_port
from support.secrets import PASSWORD, SECRET, USER

LOGIN = ("-u", USER, "-p", PASSWORD)


def send(twine: Twine, url: str, wheel: str, **env: str) -> Result:
    """Upload to `url`, with one more try at most."""
    given = ("--repository-url", url, *LOGIN, "--retries", "1")
    return twine("upload", *given, wheel, env=env)


def test_timeout_is_an_error(upload: Twine, index: ScriptedIndex, wheel: str) -> None:
    """After `--timeout` seconds the second try comes soon, and is announced."""
    index.answer("/legacy/", Answer(fault=Fault.SILENCE))

    result = upload("--timeout", "0.5", "--retries", "1", wheel)

    result.failure()
    assert "in time" in result.out
    assert "Try 2 of 2 follows in " in result.out
    assert len(index.uploads) == 2


def test_proxy_for_plain_http_is_used(twine: Twine, pypi: FakePyPI, wheel: str) -> None:
    """`HTTP_PROXY` carries plain requests, with credentials for the proxy."""
    proxy = f"http://{USER}:{SECRET}@127.0.0.1:{pypi.port}"
    pypi.answer(lambda request: True, Answer())
    send(twine, "http://index.invalid/legacy/", wheel, HTTP_PROXY=proxy).success()
    (request,) = pypi.requests
    assert request.headers["Host"] == "index.invalid"
    assert request.headers["Proxy-Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "proxy",
    [
        f"http://{USER}:{SECRET}/more@127.0.0.1:1",
        f"http://{USER}:{SECRET}€@127.0.0.1:1",
    ],
    ids=["slash", "not Latin-1"],
)
def test_malformed_proxy_is_named_by_its_variable(
    twine: Twine, wheel: str, proxy: str
) -> None:
    """A proxy whose password is not encoded shows nothing of it, and is not retried."""
    url = f"http://127.0.0.1:{unused_port()}/legacy/"
    given = ("--repository-url", url, *LOGIN, "--format", "json", "--verbose")

    result = twine("upload", *given, wheel, env={"HTTP_PROXY": proxy})

    assert result.code == 1
    assert "`HTTPS_PROXY`" in result.text
    assert SECRET not in result.text
    assert "€" not in result.text
    assert "Traceback" not in result.text
    assert " follows in " not in result.text
