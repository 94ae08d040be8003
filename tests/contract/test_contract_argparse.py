"""`Settings` behind the command line of another program."""

import argparse

import pytest

from support.index import ScriptedIndex
from support.secrets import PASSWORD
from twine.settings import Settings


def test_a_foreign_parser_may_have_arguments_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A program adds twine's options to its parser and hands over the whole result."""
    monkeypatch.setenv("TWINE_USERNAME", "from-environment")
    parser = argparse.ArgumentParser()
    parser.add_argument("--jump", type=int)
    parser.add_argument("target")
    Settings.register_argparse_arguments(parser)
    arguments = parser.parse_args(
        ["--jump", "3", "-p", PASSWORD, "--cert", "ca.pem", "-c", "hi", "somewhere"]
    )
    assert (arguments.jump, arguments.target) == (3, "somewhere")
    settings = Settings.from_argparse(arguments)
    assert (settings.username, settings.password) == ("from-environment", PASSWORD)
    assert settings.cacert == "ca.pem"
    assert settings.comment == "hi"


def test_from_argparse_keeps_every_option(index: ScriptedIndex) -> None:
    """All long options find their attribute."""
    parser = argparse.ArgumentParser()
    Settings.register_argparse_arguments(parser)
    settings = Settings.from_argparse(
        parser.parse_args(
            [
                *("--repository-url", index.upload_url, "--attestations", "--sign"),
                *("--sign-with", "mygpg", "--identity", "me", "--non-interactive"),
                *("--skip-existing", "--client-cert", "c.pem", "--verbose"),
                *("--disable-progress-bar", "--repository", "pypi"),
            ]
        )
    )
    assert settings.attestations
    assert settings.sign
    assert settings.sign_with == "mygpg"
    assert settings.identity == "me"
    assert settings.skip_existing
    assert settings.client_cert == "c.pem"
    assert settings.verbose
    assert settings.disable_progress_bar
    assert settings.repository_config["repository"] == index.upload_url
