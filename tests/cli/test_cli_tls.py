"""CA bundles and client certificates."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.command import Result, Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.pki import Authority
from support.secrets import PASSWORD, USER

LOGIN = ("-u", USER, "-p", PASSWORD)


@pytest.fixture
def strict_index(authority: Authority) -> Iterator[ScriptedIndex]:
    """Serve an index that lets nobody in without a client certificate."""
    with ScriptedIndex(tls=authority.issue("127.0.0.1", ask_client=True)) as server:
        yield server


@pytest.fixture
def other_bundle(tmp_path: Path) -> str:
    """Return the CA bundle of another authority."""
    folder = tmp_path / "other"
    folder.mkdir()
    return str(Authority(folder).ca_file)


def send(
    twine: Twine, index: ScriptedIndex, wheel: str, *given: str, **env: str
) -> Result:
    """Upload a wheel with credentials."""
    url = ("--repository-url", index.upload_url)
    return twine("upload", *url, *LOGIN, *given, wheel, env=env)


def test_cert_serves_the_token_exchange_too(
    twine: Twine, pypi: FakePyPI, wheel: str, other_bundle: str
) -> None:
    """`--cert` applies to every request, whatever the variables of requests say."""
    env = {**pypi.github_env, "REQUESTS_CA_BUNDLE": other_bundle}
    twine("upload", "--skip-existing", wheel, env=env).success()
    assert len(pypi.uploads) == 1
    assert len(pypi.minted) == 1


def test_client_certificate_is_shown(
    twine: Twine,
    strict_index: ScriptedIndex,
    authority: Authority,
    workdir: Path,
    wheel: str,
) -> None:
    """`--client-cert` shows the server one PEM with key and certificate."""
    authority.write_client_certificate(workdir / "client.pem")
    given = ("--cert", str(authority.ca_file))
    refused = send(twine, strict_index, wheel, *given)
    refused.failure("(SSLError|ConnectionError)")
    assert strict_index.requests == []
    send(twine, strict_index, wheel, *given, "--client-cert", "client.pem").success()
    assert len(strict_index.uploads) == 1
