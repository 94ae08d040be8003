"""Who a request says it comes from."""

from pathlib import Path

import pytest
import requests

from support.secrets import BASIC_AUTH, PASSWORD, SECRET, TOKEN, USER
from twine.index.authentication import (
    basic_auth,
    choose_auth,
    use_project_credentials,
)

URL = "https://index.example/legacy/"


def header(session: requests.Session, project: str | None) -> str | None:
    """Return what a request is sent with, about a project or about none."""
    auth = None if project is None else choose_auth(session.auth, project)
    request = requests.Request("POST", URL, auth=auth)
    return session.prepare_request(request).headers.get("Authorization")


@pytest.mark.parametrize(
    ("project", "username", "password"),
    [
        ("My.Project", "__token__", TOKEN),
        ("other", USER, PASSWORD),
        (None, USER, PASSWORD),
    ],
)
def test_a_project_is_sent_with_its_own_credentials(
    project: str | None, username: str, password: str
) -> None:
    """Any spelling of its name will do; all else is sent with the common ones."""
    with requests.Session() as session:
        session.auth = (USER, PASSWORD)
        use_project_credentials(session, {"my-project": ("__token__", TOKEN)})
        expected = requests.auth._basic_auth_str(username, password)
        assert header(session, project) == expected
        assert SECRET not in repr(session.auth)


def test_what_a_program_sets_wins() -> None:
    """It is not asked for projects."""
    with requests.Session() as session:
        use_project_credentials(session, {"pkg": ("__token__", TOKEN)})
        user, _, password = BASIC_AUTH.partition(":")
        session.auth = (user, password)
        expected = requests.auth._basic_auth_str(user, password)
        assert header(session, "pkg") == expected


def test_without_credentials_none_are_sent(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even those that requests would find in `.netrc`."""
    path = home / ".netrc"
    path.write_text(f"machine index.example login u password {PASSWORD}\n")
    monkeypatch.setenv("NETRC", str(path))

    with requests.Session() as session:
        assert header(session, None) is not None
        use_project_credentials(session, {})
        assert header(session, None) is None
        assert header(session, "pkg") is None


@pytest.mark.parametrize(
    ("username", "password", "pair"),
    [
        ("u", "p", ("u", "p")),
        ("u", "pä", ("u", "pä")),
        ("u", "日本", (b"u", "日本".encode())),
        ("é", "€", ("é".encode(), "€".encode())),
    ],
)
def test_credentials_of_any_letters_can_be_sent(
    username: str, password: str, pair: tuple[object, object]
) -> None:
    """What Latin-1 lacks is sent as UTF-8."""
    assert basic_auth(username, password) == pair
    request = requests.Request("GET", URL).prepare()
    requests.auth.HTTPBasicAuth(*pair)(request)
    assert request.headers["Authorization"].startswith("Basic ")
