"""What a person sees of retries, timeouts and early refusals."""

import time
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, Fault, ScriptedIndex, unused_port
from support.secrets import PASSWORD, USER

LOGIN = {"TWINE_USERNAME": USER, "TWINE_PASSWORD": PASSWORD}
WORDS = b'{"message": "The limit for this project is 10 MB."}'


@pytest.fixture
def big_wheel(workdir: Path) -> str:
    """Make a wheel that is larger than what sockets hold on the way."""
    return dists.make_wheel(workdir, "big", payload=bytes(16 << 20)).name


@pytest.mark.parametrize("status", [413, 403])
@pytest.mark.parametrize("tls", [False, True])
def test_an_early_refusal_is_shown(
    twine: Twine,
    index: ScriptedIndex,
    tls_index: ScriptedIndex,
    authority_pem: bytes,
    workdir: Path,
    big_wheel: str,
    status: int,
    tls: bool,
) -> None:
    """The server's words and one try, not a broken pipe."""
    (workdir / "ca.pem").write_bytes(authority_pem)
    server = tls_index if tls else index
    kind = {"Content-Type": "application/json"}
    server.answer("/legacy/", Answer(status, "No", kind, WORDS, Fault.EARLY))
    given = ("--repository-url", server.upload_url, "--cert", "ca.pem")

    result = twine("upload", *given, big_wheel, env=LOGIN)

    said = result.failure("HTTPError")
    assert f"{status} No" in said
    assert "The limit for this project is 10 MB." in said
    assert "pipe" not in result.text.lower()
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.STALL])
def test_a_server_that_sleeps_is_told(
    upload: Twine, index: ScriptedIndex, big_wheel: str, fault: Fault
) -> None:
    """With `--timeout 1` nothing is waited for much longer."""
    index.answer("/legacy/", Answer(fault=fault))

    begun = time.monotonic()
    result = upload("--timeout", "1", "--retries", "1", big_wheel, timeout=30)

    assert time.monotonic() - begun < 15
    result.failure()
    assert "in time" in result.out
    assert "Try 2 of 2 follows in " in result.out
    assert len(index.requests) >= 2


def test_no_retries_are_none(upload: Twine, index: ScriptedIndex, wheel: str) -> None:
    """`--retries 0` tells the first failure and is done."""
    index.answer("/legacy/", Answer(503, "Busy", {"Retry-After": "60"}))

    result = upload("--retries", "0", wheel)

    assert "503 Busy" in result.failure("HTTPError")
    assert "follows in" not in result.out
    assert len(index.uploads) == 1


def test_each_retry_is_one_warning(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """503 twice, then 200: why, which try of how many, and when."""
    busy = Answer(503, "Busy", {"Retry-After": "0"}, b"Back in a minute.")
    index.answer("/legacy/", busy, times=2)

    said = upload(wheel).success()

    assert said.count("503 Busy") == 2
    assert "Try 2 of 5 follows in 0.0 s." in said
    assert "Try 3 of 5 follows in 0.0 s." in said
    assert f"Uploaded {wheel}: " in said


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/legacy/", "http://no-such-host.invalid/legacy/"],
)
def test_nobody_there_is_tried_again(twine: Twine, wheel: str, url: str) -> None:
    """A refused connection and a name that cannot be found may be for now."""
    where = url.format(port=unused_port())

    result = twine(
        "upload", "--repository-url", where, "--retries", "1", wheel, env=LOGIN
    )

    result.failure("ConnectionError")
    assert result.out.count("Try 2 of 2 follows in ") == 1


def test_a_stranger_is_not_tried_again(
    twine: Twine, tls_index: ScriptedIndex, wheel: str
) -> None:
    """A certificate that is not trusted is final at once."""
    result = twine("upload", "--repository-url", tls_index.upload_url, wheel, env=LOGIN)

    result.failure("SSLError")
    assert "follows in" not in result.out
    assert tls_index.requests == []


@pytest.mark.parametrize("status", [407, 403])
def test_a_proxy_that_says_no_is_not_tried_again(
    publish: Twine, pypi: FakePyPI, wheel: str, status: int
) -> None:
    """A proxy that refuses is quoted, once."""
    pypi.refusal = Answer(status, "Against the Rules")

    result = publish(wheel)

    assert f"{status} Against the Rules" in result.failure("ProxyError")
    assert "follows in" not in result.out
    assert len(pypi.tunnels) == 1


def test_another_file_of_that_name_is_told(
    publish: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """After a doubt PyPI is asked; another digest there is an error that says so."""
    pypi.existing[wheel] = "ab" * 32
    pypi.answer("/legacy/", Answer(500, "Broken", {"Retry-After": "0"}))

    said = publish(wheel).failure("InvalidDistribution")

    assert "ab" * 32 in said
    assert len(pypi.uploads) == 1


@pytest.mark.parametrize("path", ["/_/oidc/audience", "/_/oidc/mint-token"])
def test_the_token_exchange_is_patient(
    twine: Twine, pypi: FakePyPI, wheel: str, path: str
) -> None:
    """503 from the exchange is a warning; then the file is published."""
    pypi.answer(path, Answer(503, "Busy", {"Retry-After": "0"}), times=2)

    result = twine("upload", wheel, env=pypi.github_env)

    assert "Try 3 of 5" in result.success()
    assert len(pypi.uploads) == 1
