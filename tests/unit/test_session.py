"""The way to an index: sessions and certificates."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import urllib3
import urllib3.exceptions
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.index import Answer, Fault, ScriptedIndex, unused_port
from support.pki import Authority
from support.secrets import SECRET
from twine import exceptions
from twine.config.arguments import SYSTEM_CERTS, FromEnvironment
from twine.index import session as transport

URL = "https://index.example/legacy/"


def failure(send: Callable[[], object]) -> requests.RequestException:
    """Return the error of a request that gets no answer."""
    with pytest.raises(requests.RequestException) as caught:
        send()
    return caught.value


def test_a_timeout_of_the_callers_own_wins(index: ScriptedIndex) -> None:
    """A program that gives a timeout gets that one."""
    index.answer("/", Answer(fault=Fault.SILENCE))

    with transport.make_session() as session:
        error = failure(lambda: session.get(index.url, timeout=0.1))

    assert isinstance(error, requests.Timeout)


def test_a_verbose_session_tells_of_each_request(
    index: ScriptedIndex, caplog: pytest.LogCaptureFixture
) -> None:
    """With --verbose, method, URL and status are shown, and a bad answer's body."""
    index.answer("/bad", Answer(400, "Bad Request", body=b"It is full."))

    caplog.set_level("INFO", "twine")
    with transport.make_session() as session:
        session.get(f"{index.url}/good")
        session.get(f"{index.url}/bad")

    good, bad, *rest = caplog.messages
    assert f"GET {index.url}/good: 200 OK" in good
    assert f"GET {index.url}/bad: 400 Bad Request" in bad
    assert "It is full." in "".join(rest)


def test_what_requests_does_not_translate_is_translated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An error of another library is a ConnectionError with words."""

    def fail(*args: object, **kwargs: object) -> None:
        raise urllib3.exceptions.LocationParseError("index")

    monkeypatch.setattr(requests.Session, "send", fail)

    with transport.make_session() as session:
        error = failure(lambda: session.get(URL))

    assert isinstance(error, requests.ConnectionError)
    assert URL in str(error)


@pytest.mark.parametrize(
    "variable",
    ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"],
)
@pytest.mark.parametrize("value", ["missing", "words.pem", "empty"])
def test_a_variable_that_names_no_certificates_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """It is our own side's fault, every time, and nothing is sent."""
    (tmp_path / "words.pem").write_text("no certificate\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv(variable, str(tmp_path / value))

    with transport.make_session() as session:
        for _ in range(2):
            with pytest.raises(exceptions.InvalidConfiguration) as caught:
                session.get(f"https://127.0.0.1:{unused_port()}/")
            assert f"/{value}` from `{variable}`" in str(caught.value)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_variable_names_certificates(
    tls_index: ScriptedIndex,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    """The authority in the file is trusted, as OpenSSL and curl trust it."""
    monkeypatch.setenv(variable, str(authority.ca_file))

    with transport.make_session() as session:
        assert session.get(tls_index.url).ok


@pytest.mark.skipif(sys.platform != "linux", reason="the system has its own store")
@pytest.mark.parametrize("in_system", [True, False])
def test_the_certificates_of_the_system_are_trusted(
    tls_index: ScriptedIndex,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    in_system: bool,
) -> None:
    """Neither the variables of requests nor the certificates of certifi count.

    OpenSSL takes the file in `SSL_CERT_FILE` for the store of the system.
    """
    (tmp_path / "other").mkdir()
    files = [str(authority.ca_file), str(Authority(tmp_path / "other").ca_file)]
    system, others = files if in_system else reversed(files)
    monkeypatch.setenv("SSL_CERT_FILE", system)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", others)
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", others)

    with transport.make_session(SYSTEM_CERTS) as session:
        if in_system:
            assert session.get(tls_index.url).ok
        else:
            error = failure(lambda: session.get(tls_index.url))
            assert isinstance(error, requests.exceptions.SSLError)


def test_the_certificates_of_the_system_need_a_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before anything is sent, the error says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        transport.make_session(SYSTEM_CERTS)

    assert "`truststore`" in str(caught.value)
    assert "`twine[system-certs]`" in str(caught.value)


def test_a_variable_of_ours_that_names_no_certificates_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The option's value knows which variable it came from."""
    monkeypatch.setenv("TWINE_X", "/missing.pem")
    path = FromEnvironment.read("TWINE_X")

    for certificates in ((path, None), (None, path)):
        with pytest.raises(exceptions.InvalidConfiguration) as caught:
            transport.make_session(*certificates)
        assert "`/missing.pem` from `TWINE_X` cannot be read" in str(caught.value)


def test_a_variable_names_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first folder of a list is what requests is told."""
    (tmp_path / "0a1b2c3d.0").touch()
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path}{os.pathsep}/elsewhere")

    with transport.make_session() as session:
        given = session.merge_environment_settings(URL, {}, None, None, None)

    assert given["verify"] == str(tmp_path)


def test_what_a_program_changes_counts_from_the_next_request_on(
    index: ScriptedIndex, tls_index: ScriptedIndex, authority: Authority
) -> None:
    """Certificates and proxies may be set after a first request to the same URL."""
    with transport.make_session() as session:
        failure(lambda: session.get(tls_index.url))
        session.verify = str(authority.ca_file)
        assert session.get(tls_index.url).status_code == 200
        assert session.get(f"{index.url}/x").ok
        session.proxies = {"http": index.url}
        assert session.get(f"{index.url}/x").ok

    paths = [request.path for request in index.requests]
    assert paths == ["/x", f"{index.url}/x"]


def test_certificates_are_used(home: Path, authority: Authority) -> None:
    """Paths are taken with `~`; a folder of CA certificates is fine."""
    authority.write_client_certificate(home / "client.pem")
    (home / "0a1b2c3d.0").write_bytes(authority.ca_file.read_bytes())

    with transport.make_session(str(home), "~/client.pem") as session:
        assert session.verify == str(home)
        assert session.cert == str(home / "client.pem")


def test_what_is_no_certificate_is_told(tmp_path: Path, authority: Authority) -> None:
    """A file that holds something else, or only half, is named."""
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")

    for cacert, client_cert in (
        (nonsense, None),
        (None, nonsense),
        (None, authority.ca_file),
    ):
        with pytest.raises(exceptions.InvalidConfiguration) as caught:
            transport.make_session(
                str(cacert) if cacert else None,
                str(client_cert) if client_cert else None,
            )
        assert str(cacert or client_cert) in str(caught.value)
        assert "PEM" in str(caught.value)


def test_a_key_behind_a_passphrase_is_not_asked_for_early(
    tmp_path: Path, authority: Authority
) -> None:
    """An encrypted key is no error before it is used, and nobody is asked."""
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"a passphrase"),
    )
    path = tmp_path / "client.pem"
    path.write_bytes(key + authority.ca_file.read_bytes())

    with transport.make_session(client_cert=str(path)) as session:
        assert session.cert == str(path)


@pytest.mark.parametrize(
    "proxy",
    [
        f"http://u:{SECRET}/x@127.0.0.1:1",
        f"http://u:{SECRET}[x@127.0.0.1:1",
        f"http://u:{SECRET}\u2100@127.0.0.1:1",
        f"http://u:{SECRET}\u20ac@127.0.0.1:1",
        f"http://u:{SECRET}@",
        f"http://u:12/{SECRET}@127.0.0.1:1",
        f"http://u:{SECRET}@127.0.0.1:99999",
        f"{SECRET}://127.0.0.1:1",
        f"http://{SECRET * 12}/x@127.0.0.1:1",
    ],
)
def test_no_traceback_has_a_part_of_a_proxys_password(proxy: str) -> None:
    """A malformed proxy is refused before a library can quote it."""
    with transport.make_session() as session:
        session.proxies = {"https": proxy}
        error = failure(lambda: session.get(URL))

    assert isinstance(error, requests.exceptions.InvalidProxyURL)
    assert "`HTTPS_PROXY`" in str(error)
    assert SECRET not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "proxy", ["127.0.0.1:{}", "//u:p@127.0.0.1:{}", "http://u:a%2Fb@127.0.0.1:{}"]
)
def test_a_sound_proxy_is_asked(index: ScriptedIndex, proxy: str) -> None:
    """A proxy may lack a scheme, and have an encoded password."""
    with transport.make_session() as session:
        session.proxies = {"http": proxy.format(index.port)}
        assert session.get("http://index.invalid/").ok

    assert index.requests[0].headers["Host"] == "index.invalid"
