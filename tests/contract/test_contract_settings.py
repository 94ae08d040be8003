"""`Settings`: each keyword does what it says, each method what programs expect."""

import argparse
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from support.dists import make_wheel
from support.index import Answer, ScriptedIndex
from support.pki import Authority
from support.secrets import PASSWORD, USER
from twine import exceptions
from twine.commands.upload import upload
from twine.repository import Repository
from twine.settings import Settings

MakeSettings = Callable[..., Settings]
_NOWHERE = "https://index.example/legacy/"


@pytest.fixture
def pypirc(home: Path, index: ScriptedIndex) -> Path:
    """Write a `.pypirc` that is not the default one, with one index."""
    path = home / "other.ini"
    path.write_text(
        f"[distutils]\nindex-servers = mine\n[mine]\nrepository = {index.upload_url}\n"
        f"username = {USER}\npassword = {PASSWORD}\n"
        "ca_cert = authority.pem\nclient_cert = client.pem\n"
    )
    return path


def test_keywords() -> None:
    """Settings are named, always; programs pass the whole of their own options."""
    theirs: dict[str, Any] = {"comment": "kept", "parallel": 8, "dists": ["a"]}
    assert Settings(**theirs).comment == "kept"
    with pytest.raises(TypeError):
        Settings(True)  # type: ignore[call-arg]


def test_defaults() -> None:
    """Without keywords everything is as on a bare command line."""
    settings = Settings()
    assert not settings.attestations
    assert not settings.sign
    assert settings.sign_with == "gpg"
    assert settings.identity is None
    assert settings.comment is None
    assert settings.config_file == "~/.pypirc"
    assert not settings.skip_existing
    assert settings.cacert is None
    assert settings.client_cert is None
    assert not settings.verbose
    assert not settings.disable_progress_bar
    assert settings.repository_config["repository"] == "https://upload.pypi.org/legacy/"


def test_non_interactive_raises_instead_of_asking() -> None:
    """A missing credential is an exception when nobody may be asked."""
    settings = Settings(repository_url=_NOWHERE, non_interactive=True)
    with pytest.raises(exceptions.NonInteractive):
        _ = settings.username
    with pytest.raises(exceptions.NonInteractive):
        _ = Settings(
            repository_url=_NOWHERE, non_interactive=True, username="u"
        ).password


def test_client_cert_stands_in_for_credentials(
    workdir: Path, authority: Authority
) -> None:
    """With a client certificate, missing credentials are none at all."""
    client = authority.write_client_certificate(workdir / "client.pem")
    repository = Settings(
        repository_url=_NOWHERE, non_interactive=True, client_cert=str(client)
    ).create_repository()
    request = repository.session.prepare_request(requests.Request("POST", _NOWHERE))
    assert "Authorization" not in request.headers
    repository.close()


@pytest.mark.parametrize("certificate", [None, "client.pem"])
def test_allow_noninteractive_forgives_only_with_a_certificate(
    certificate: str | None,
) -> None:
    """The context manager lets `NonInteractive` pass beside a client certificate."""
    settings = Settings(repository_url=_NOWHERE, client_cert=certificate)
    expected = pytest.raises(exceptions.NonInteractive)
    outcome = contextlib.nullcontext() if certificate else expected
    with outcome, settings._allow_noninteractive():
        raise exceptions.NonInteractive("nobody to ask")


def test_config_file_and_keywords(pypirc: Path, index: ScriptedIndex) -> None:
    """A section gives URL, credentials and certificates; keywords win over it.

    What a URL holds of credentials is taken out.
    """
    mine: dict[str, Any] = {"config_file": str(pypirc), "repository_name": "mine"}
    settings = Settings(**mine)
    assert settings.repository_config["repository"] == index.upload_url
    assert (settings.username, settings.password) == (USER, PASSWORD)
    assert (settings.cacert, settings.client_cert) == ("authority.pem", "client.pem")
    settings = Settings(**mine, username="other", cacert="b.pem", client_cert="c.pem")
    assert (settings.username, settings.password) == ("other", PASSWORD)
    assert (settings.cacert, settings.client_cert) == ("b.pem", "c.pem")
    settings = Settings(**mine, repository_url="https://me:word@index.example/legacy/")
    assert settings.repository_config["repository"] == _NOWHERE
    assert (settings.username, settings.password) == ("me", "word")


def test_attributes_may_be_set_afterwards(
    index: ScriptedIndex, workdir: Path, make_settings: MakeSettings
) -> None:
    """A comment and another URL, set on the object, are used."""
    settings = make_settings(comment="first", repository_url=f"{index.url}/old/")
    settings.comment = "second"
    settings.repository_config["repository"] = f"{index.url}/new/"
    upload(settings, [str(make_wheel(workdir))])
    (request,) = index.uploads
    assert (request.path, request.value("comment")) == ("/new/", "second")


def test_identity_without_sign_is_refused() -> None:
    """An identity alone is a mistake that shows at once."""
    with pytest.raises(exceptions.InvalidSigningConfiguration):
        Settings(identity="0xDECAF")


def test_check_repository_url_refuses_hosts_of_old() -> None:
    """Hosts that PyPI has given up are an error, others are fine."""
    Settings(repository_url=_NOWHERE).check_repository_url()
    with pytest.raises(exceptions.UploadToDeprecatedPyPIDetected):
        Settings(repository_url="http://pypi.python.org/pypi").check_repository_url()


@pytest.mark.parametrize("skip_existing", [False, True])
def test_verify_feature_capability_refuses_nothing(skip_existing: bool) -> None:
    """Every option works with every index, so that it need not be called."""
    settings = Settings(repository_url=_NOWHERE, skip_existing=skip_existing)
    settings.verify_feature_capability()


def test_create_repository_gives_the_index_its_certificates(
    index: ScriptedIndex, workdir: Path, authority: Authority
) -> None:
    """The repository has the URL, the credentials and the certificates."""
    client = authority.write_client_certificate(workdir / "client.pem")
    repository = Settings(
        repository_url=index.upload_url,
        username=USER,
        password=PASSWORD,
        cacert=str(authority.ca_file),
        client_cert=str(client),
        disable_progress_bar=True,
    ).create_repository()
    assert isinstance(repository, Repository)
    assert repository.url == index.upload_url
    assert repository.session.verify == str(authority.ca_file)
    assert repository.session.cert == str(client)
    assert repository.disable_progress_bar
    repository.close()


def test_verbose_tells_more_and_no_secret(
    index: ScriptedIndex,
    workdir: Path,
    make_settings: MakeSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A verbose upload logs what a plain one does not, masked as on the screen."""
    wheel = str(make_wheel(workdir))
    upload(make_settings(), [wheel])
    assert caplog.messages == []
    echo = Answer(503, f"Busy {PASSWORD}", body=f"not {PASSWORD}".encode())
    index.answer("/legacy/", echo, times=1)
    upload(make_settings(verbose=True), [wheel])

    assert f"POST {index.upload_url}: 200 OK" in caplog.text
    assert "not ********" in caplog.text
    assert "Try 2 of 5" in caplog.text
    assert PASSWORD not in caplog.text


def test_options_in_a_parser_of_another_program(
    monkeypatch: pytest.MonkeyPatch, index: ScriptedIndex
) -> None:
    """A program adds our options to its parser and hands over the whole result."""
    monkeypatch.setenv("TWINE_USERNAME", "from-environment")
    parser = argparse.ArgumentParser()
    parser.add_argument("--jump", type=int)
    parser.add_argument("target")
    Settings.register_argparse_arguments(parser)
    arguments = parser.parse_args(
        [
            *("--jump", "3", "--repository", "pypi", "-p", PASSWORD, "-c", "hi"),
            *("--repository-url", index.upload_url, "--attestations", "--sign"),
            *("--sign-with", "mygpg", "--identity", "me", "--non-interactive"),
            *("--skip-existing", "--cert", "ca.pem", "--client-cert", "c.pem"),
            *("--verbose", "--disable-progress-bar", "somewhere"),
        ]
    )
    assert (arguments.jump, arguments.target) == (3, "somewhere")
    settings = Settings.from_argparse(arguments)
    assert settings.repository_config["repository"] == index.upload_url
    assert (settings.username, settings.password) == ("from-environment", PASSWORD)
    assert settings.comment == "hi"
    assert (settings.attestations, settings.sign) == (True, True)
    assert (settings.sign_with, settings.identity) == ("mygpg", "me")
    assert (settings.cacert, settings.client_cert) == ("ca.pem", "c.pem")
    assert (settings.skip_existing, settings.verbose) == (True, True)
    assert settings.disable_progress_bar
