"""Networks: time-outs, proxies, and certificates of index and client."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, Fault, ScriptedIndex
from support.pki import Authority
from support.secrets import SECRET, USER


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
    given = ("--repository-url", "http://index.invalid/legacy/", "-u", USER, "-p", "")
    twine("upload", *given, wheel, env={"HTTP_PROXY": proxy}).success()
    (request,) = pypi.requests
    assert request.headers["Host"] == "index.invalid"
    assert request.headers["Proxy-Authorization"].startswith("Basic ")


def test_cert_serves_the_token_exchange_too(
    twine: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """`--cert` applies to every request, whatever the variables of requests say."""
    env = {**pypi.github_env, "REQUESTS_CA_BUNDLE": "absent.pem"}
    twine("upload", "--skip-existing", wheel, env=env).success()
    assert len(pypi.uploads) == 1
    assert len(pypi.minted) == 1


def test_client_certificate_is_shown(
    twine: Twine, authority: Authority, workdir: Path, wheel: str
) -> None:
    """`--client-cert`, or its variable, is one PEM with key and certificate."""
    authority.write_client_certificate(workdir / "client.pem")
    with ScriptedIndex(tls=authority.issue("127.0.0.1", ask_client=True)) as index:
        given = ("upload", "--repository-url", index.upload_url, "-u", USER, "-p", "")
        strict = replace(twine, given=(*given, "--cert", authority.ca_file))
        strict(wheel).failure("(SSLError|ConnectionError)")
        assert index.requests == []
        strict("--client-cert", "client.pem", wheel).success()
        strict(wheel, env={"TWINE_CLIENT_CERT": "client.pem"}).success()
        said = strict(wheel, env={"TWINE_CLIENT_CERT": "no.pem"}).failure()
        assert "`no.pem` from `TWINE_CLIENT_CERT`" in said
        assert len(index.uploads) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="the system has its own store")
def test_system_certificates_serve_upload_and_look_up(
    twine: Twine,
    tls_index: ScriptedIndex,
    authority: Authority,
    tmp_path: Path,
    wheel: str,
) -> None:
    """`--system-certs` applies to every request; `TWINE_CERT` wins over it."""
    other = Authority(tmp_path).ca_file
    env = {"SSL_CERT_FILE": str(authority.ca_file), "REQUESTS_CA_BUNDLE": str(other)}
    given = ("upload", "--repository-url", tls_index.upload_url, "-u", USER, "-p", "")
    send = replace(twine, given=(*given, "--retries", "0"), env=env)
    send(wheel).failure("SSLError")
    tls_index.answer("/legacy/", Answer(503, "Busy"), times=1)

    send("--system-certs", "--retries", "1", wheel).success()

    assert {request.method for request in tls_index.requests} == {"GET", "POST"}
    on = {"TWINE_SYSTEM_CERTS": "1", "TWINE_CERT": str(other)}
    send(wheel, env=on).failure("SSLError")
