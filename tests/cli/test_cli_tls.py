"""CA bundles and client certificates."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.command import Twine
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


@pytest.mark.parametrize("name", ["ca.pem", "ünï cödé/ca.pem"])
def test_cert_names_the_ca_bundle(
    twine: Twine,
    tls_index: ScriptedIndex,
    workdir: Path,
    wheel: str,
    name: str,
    authority_pem: bytes,
) -> None:
    """`--cert` is the bundle that is trusted."""
    (workdir / name).parent.mkdir(exist_ok=True)
    (workdir / name).write_bytes(authority_pem)
    given = ("--cert", name, "--repository-url", tls_index.upload_url)
    twine("upload", *given, *LOGIN, wheel).success()
    assert len(tls_index.uploads) == 1


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_cert_beats_the_variables_of_requests(
    twine: Twine,
    tls_index: ScriptedIndex,
    workdir: Path,
    wheel: str,
    authority: Authority,
    variable: str,
) -> None:
    """A bundle given to twine wins over one meant for every program."""
    other = workdir / "other"
    other.mkdir()
    env = {variable: str(Authority(other).ca_file)}
    given = ("--cert", authority.ca_file, "--repository-url", tls_index.upload_url)
    twine("upload", *given, *LOGIN, wheel, env=env).success()
    assert len(tls_index.uploads) == 1


def test_the_variable_of_requests_works_by_itself(
    twine: Twine, tls_index: ScriptedIndex, wheel: str, authority: Authority
) -> None:
    """Without `--cert`, `REQUESTS_CA_BUNDLE` is honoured."""
    env = {"REQUESTS_CA_BUNDLE": str(authority.ca_file)}
    given = ("--repository-url", tls_index.upload_url)
    twine("upload", *given, *LOGIN, wheel, env=env).success()
    assert len(tls_index.uploads) == 1


def test_cert_serves_the_token_exchange_too(
    twine: Twine, pypi: FakePyPI, wheel: str, tmp_path: Path
) -> None:
    """`--cert` applies to every request, whatever the variables of requests say."""
    env = {**pypi.github_env, "REQUESTS_CA_BUNDLE": str(Authority(tmp_path).ca_file)}
    twine("upload", "--skip-existing", wheel, env=env).success()
    assert len(pypi.uploads) == 1
    assert len(pypi.minted) == 1


def test_a_client_certificate_opens_the_door(
    twine: Twine,
    strict_index: ScriptedIndex,
    authority: Authority,
    workdir: Path,
    wheel: str,
) -> None:
    """`--client-cert` shows the server one PEM with key and certificate."""
    authority.write_client_certificate(workdir / "client.pem")
    given = ("--client-cert", "client.pem", "--cert", authority.ca_file)
    url = ("--repository-url", strict_index.upload_url)
    twine("upload", *url, *given, *LOGIN, wheel).success()
    assert len(strict_index.uploads) == 1


def test_the_client_certificate_of_the_file_is_used(
    twine: Twine,
    strict_index: ScriptedIndex,
    authority: Authority,
    home: Path,
    wheel: str,
    workdir: Path,
) -> None:
    """`client_cert` in `.pypirc` works like the option."""
    authority.write_client_certificate(workdir / "client.pem")
    (home / ".pypirc").write_text(
        "[distutils]\nindex-servers = mine\n[mine]\n"
        f"repository = {strict_index.upload_url}\nclient_cert = client.pem\n"
        f"ca_cert = {authority.ca_file}\nusername = {USER}\npassword = {PASSWORD}\n"
    )
    twine("upload", "-r", "mine", wheel).success()
    assert len(strict_index.uploads) == 1


def test_without_its_client_certificate_a_server_says_no(
    twine: Twine, strict_index: ScriptedIndex, authority: Authority, wheel: str
) -> None:
    """A server that wants a certificate and gets none ends the run cleanly."""
    given = ("--cert", authority.ca_file)
    url = ("--repository-url", strict_index.upload_url)
    twine("upload", *url, *given, *LOGIN, wheel).failure("(SSLError|ConnectionError)")
    assert strict_index.requests == []
