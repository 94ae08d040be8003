"""Networks that fail: each is one error line, never a traceback."""

from support.command import Result, Twine
from support.fakepypi import FakePyPI
from support.index import Answer, Fault, ScriptedIndex
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
