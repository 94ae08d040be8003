"""`twine.utils`: small functions that other programs borrow."""

from pathlib import Path

import pytest
import requests

from support.answers import response
from support.index import ScriptedIndex
from twine import exceptions, utils

PRIVATE = "https://mine.example/legacy/"
PYPI = "https://upload.pypi.org/legacy/"
_PYPIRC = (
    "[distutils]\nindex-servers =\n  pypi\n  mine\n[pypi]\nusername = __token__\n"
    "[mine]\nrepository = https://mine.example/legacy/\nusername = me\n"
    "password = 100%%s\n"
)


@pytest.fixture
def pypirc(home: Path) -> str:
    """Write `~/.pypirc`."""
    (home / ".pypirc").write_text(_PYPIRC)
    return utils.DEFAULT_CONFIG_FILE


def test_constants_are_the_addresses_of_pypi() -> None:
    """Programs compare URLs with these."""
    assert utils.DEFAULT_REPOSITORY == "https://upload.pypi.org/legacy/"
    assert utils.TEST_REPOSITORY == "https://test.pypi.org/legacy/"
    assert utils.DEFAULT_CONFIG_FILE == "~/.pypirc"


def test_get_config(pypirc: str, home: Path) -> None:
    """Each index has URL, user name and password; only the default may be missing."""
    config = utils.get_config(pypirc)
    assert set(config) == {"pypi", "mine"}
    assert config["mine"]["repository"] == "https://mine.example/legacy/"
    assert config["mine"]["username"] == "me"
    assert config["mine"]["password"] == "100%%s"
    assert config["pypi"]["password"] is None
    (home / ".pypirc").unlink()
    config = utils.get_config(pypirc)
    assert config["pypi"]["repository"] == utils.DEFAULT_REPOSITORY
    assert config["testpypi"]["repository"] == utils.TEST_REPOSITORY
    with pytest.raises(exceptions.InvalidConfiguration):
        utils.get_config("absent.ini")


def test_get_userpass_value_asks_in_order() -> None:
    """What was given, then the configuration, then the question, then None."""
    get = utils.get_userpass_value
    config: dict[str, str | None] = {"username": "configured"}
    assert get("given", config, "username", lambda: "asked") == "given"
    assert get("", config, "username", lambda: "asked") == ""
    assert get(None, config, "username", lambda: "asked") == "configured"
    assert get(None, {}, "username", lambda: "asked") == "asked"
    assert get(None, {}, "username") is None


def test_certificates_come_from_option_or_configuration() -> None:
    """The two shorthands know the keys of a `.pypirc` section."""
    config = {"ca_cert": "a.pem", "client_cert": "c.pem"}
    assert utils.get_cacert(None, config) == "a.pem"
    assert utils.get_cacert("given.pem", config) == "given.pem"
    assert utils.get_clientcert(None, config) == "c.pem"
    assert utils.get_clientcert(None, {}) is None


@pytest.mark.parametrize(
    ("status", "url", "headers", "kind"),
    [
        (200, PRIVATE, {}, None),
        (400, PRIVATE, {}, requests.HTTPError),
        (301, PRIVATE, {"Location": PYPI}, exceptions.RedirectDetected),
        (405, "https://pypi.org/", {}, exceptions.InvalidPyPIUploadURL),
        (
            410,
            "https://pypi.python.org/pypi",
            {},
            exceptions.UploadToDeprecatedPyPIDetected,
        ),
    ],
)
@pytest.mark.parametrize("verbose", [False, True])
def test_check_status_code(
    status: int,
    url: str,
    headers: dict[str, str],
    kind: type[Exception] | None,
    verbose: bool,
) -> None:
    """A refusal is an `HTTPError` with its response; some have their own exception."""
    answer = response(status, b"in its own words", url=url, headers=headers)
    if kind is None:
        utils.check_status_code(answer, verbose)
        return
    with pytest.raises(kind) as raised:
        utils.check_status_code(answer, verbose)
    if isinstance(raised.value, requests.HTTPError):
        assert str(status) in str(raised.value)
        assert raised.value.response is answer
    else:
        assert "https://upload.pypi.org/legacy/" in str(raised.value)


def test_make_requests_session_introduces_itself(index: ScriptedIndex) -> None:
    """The session is one of requests, and says who asks."""
    with utils.make_requests_session() as session:
        assert isinstance(session, requests.Session)
        session.get(index.url)
    agent = index.requests[0].headers["User-Agent"]
    assert agent.startswith("twine/")
    assert "CPython/" in agent
