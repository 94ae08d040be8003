"""What was asked for, as other programs know it."""

import argparse
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from support.secrets import PASSWORD, SECRET, USER
from twine import exceptions
from twine.index.authentication import choose_auth
from twine.index.connections import Adapter, Timeouts
from twine.settings import Settings

URL = "https://index.example/legacy/"


@pytest.mark.parametrize(
    ("argv", "environ", "source"),
    [
        (["-r", ""], {}, "`--repository`"),
        (["--repository= "], {"TWINE_REPOSITORY": "x"}, "`--repository`"),
        ([], {"TWINE_REPOSITORY": " "}, "`TWINE_REPOSITORY`"),
        (["--repository-url", ""], {}, "`--repository-url`"),
        (["-r", "x"], {"TWINE_REPOSITORY_URL": ""}, "`TWINE_REPOSITORY_URL`"),
    ],
)
def test_an_empty_index_is_told_with_its_source(
    argv: list[str],
    environ: dict[str, str],
    source: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An option or a variable that is given but empty never means PyPI."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    parser = argparse.ArgumentParser()
    Settings.register_argparse_arguments(parser)

    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        _ = Settings.from_argparse(parser.parse_args(argv)).repository_config

    assert f"{source} is empty" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "given", "wanted"),
    [
        ("https://upload.pypi.org/legacy/", {}, True),
        ("https://test.pypi.org/legacy/", {}, True),
        (URL, {}, False),
        (URL, {"preflight": True}, True),
        ("https://upload.pypi.org/legacy/", {"no_preflight": True}, False),
        # The variable may say no while the option says yes.
        (URL, {"preflight": True, "no_preflight": True}, True),
    ],
)
def test_the_rules_of_pypi_are_for_pypi(
    url: str, given: dict[str, bool], wanted: bool
) -> None:
    """Other indexes ask for them; nobody has to have them."""
    keywords: dict[str, Any] = {"repository_url": url, **given}

    assert Settings(**keywords).wants_preflight() is wanted


@responses.activate
def test_a_token_of_trusted_publishing_is_renewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The repository's session gets an authenticator that renews its token."""
    given = iter(["identity-1", "identity-2"])
    monkeypatch.setattr("twine.auth.identity.find_identity", lambda _: next(given))
    responses.get("https://upload.pypi.org/_/oidc/audience", json={"audience": "pypi"})
    for number, expires in ((1, 1), (2, 4_000_000_000)):
        responses.post(
            "https://upload.pypi.org/_/oidc/mint-token",
            json={"token": f"pypi-{number}", "expires": expires},
        )
    repository = Settings(non_interactive=True).create_repository()

    request = requests.Request("POST", URL, auth=repository.session.auth).prepare()

    sent = requests.Request("POST", URL, auth=("__token__", "pypi-2")).prepare()
    assert request.headers["Authorization"] == sent.headers["Authorization"]


def test_no_secret_shows_in_a_repr() -> None:
    """Settings in a traceback, whole or by attribute, tell no password."""
    settings = Settings(
        repository_url=f"https://u:{PASSWORD}@index.example/", password=PASSWORD
    )
    _ = settings.repository_config

    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)


def test_what_was_asked_for_can_be_asked_for_again() -> None:
    """Options are kept as they were given, whatever was resolved since."""
    settings = Settings(
        repository_url=f"https://{USER}:{PASSWORD}@index.example/legacy/",
        username="someone",
        password=PASSWORD,
        cacert="~/ca.pem",
        retries=0,
        jobs=3,
    )

    asked = settings.as_asked()

    assert asked["repository_url"] == URL
    assert asked["username"] == "someone"
    assert asked["cacert"] == "~/ca.pem"
    assert (asked["retries"], asked["jobs"], asked["timeout"]) == (0, 3, None)
    assert SECRET not in repr({**asked, "password": None})


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"https://{USER}:{PASSWORD}@index.example/legacy/", URL),
        ("https://h/@x", "https://h/@x"),
        (f"u:{PASSWORD}@h", "********@h"),
    ],
)
def test_an_index_is_asked_for_again_without_secrets(name: str, shown: str) -> None:
    """`--repository` may be a URL, and `.pypirc` takes any name for a section."""
    assert Settings(repository_name=name).as_asked()["repository_name"] == shown


def test_the_environment_counts_where_it_is_given() -> None:
    """A program that gives none gets no credentials from there."""
    environment = {"TWINE_TOKEN": "pypi-x", "TWINE_USERNAME": USER}
    settings = Settings(repository_url=URL, environment=environment)

    assert (settings.username, settings.password) == (USER, "pypi-x")
    assert "pypi-x" not in repr(settings.as_asked())


def test_all_projects_may_have_tokens_of_their_own(tmp_path: Path) -> None:
    """Then nothing else is looked for, and the session sends no more than these."""
    (tmp_path / "rc").write_text("[pypi]\ntokens =\n  a = pypi-1\n  b = pypi-2\n")
    settings = Settings(config_file=str(tmp_path / "rc"), non_interactive=True)
    settings.projects = ["a", "b"]

    repository = settings.create_repository()

    assert choose_auth(repository.session.auth, "B") == ("__token__", "pypi-2")
    repository.close()


@pytest.mark.parametrize(
    ("timeout", "send", "answer"), [(None, 60.0, 300.0), (7.5, 7.5, 7.5)]
)
def test_patience_reaches_the_repository(
    timeout: float | None, send: float, answer: float
) -> None:
    """`--timeout` sets the waits for a block and for the answer, `--retries` tries."""
    repository = Settings(
        repository_url=URL, username=USER, password=PASSWORD, timeout=timeout, retries=1
    ).create_repository()

    adapter = repository.session.get_adapter(URL)
    assert isinstance(adapter, Adapter)
    assert adapter.timeouts == Timeouts(connect=10.0, send=send, answer=answer)
    assert repository.policy.tries == 2
