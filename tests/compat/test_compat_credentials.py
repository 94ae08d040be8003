"""Credentials and configuration come from the same places, in the same order."""

from pathlib import Path
from typing import Any

import pytest

from compat.sides import LOGIN, TO, UPLOAD, WHEEL, Scenario, Sides, upload
from support.dists import make_wheel
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, USER

_ENV = {"TWINE_USERNAME": "environ", "TWINE_PASSWORD": f"{SECRET}-environ"}
_SECTION = (
    "[distutils]\nindex-servers =\n    pypi\n    mine\n\n[mine]\n"
    "repository = {url}/legacy/\nusername = filed\npassword = s3cr3t%%;#x y\n"
)
_FILED = "filed:s3cr3t%%;#x y"
_KEYRING = """
import keyring.backend, keyring.credentials

class Keyring(keyring.backend.KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return "s3cr3t-of-" + username if service.endswith("/legacy/") else None

    def get_credential(self, service, username):
        return keyring.credentials.SimpleCredential(username or "kept", "unused")

    def set_password(self, service, username, password):
        raise NotImplementedError
"""


def _anonymous(*argv: str, **given: Any) -> Scenario:
    return Scenario(argv=(*TO, *argv, WHEEL), **given)


def _section(text: str = _SECTION, **given: Any) -> Scenario:
    return Scenario(argv=(*UPLOAD, "-r", "mine", WHEEL), pypirc=text, **given)


def _with_keyring(*argv: str, **given: Any) -> Scenario:
    def make(folder: Path) -> None:
        make_wheel(folder)
        # Where `python -m twine` finds modules.
        (folder / "own_keyring.py").write_text(_KEYRING)

    env = {"PYTHON_KEYRING_BACKEND": "own_keyring.Keyring"}
    return Scenario(argv=(*argv, WHEEL), files=make, env=env, **given)


def _with_own_file(folder: Path) -> None:
    make_wheel(folder)
    (folder / "my.ini").write_text(
        "[pypi]\nusername = __token__\npassword = pypi-s3cr3t\n"
    )


GIVEN = {
    "options": (upload(), BASIC_AUTH),
    "environment": (_anonymous(env=_ENV), f"environ:{SECRET}-environ"),
    "options beat the environment": (upload(env=_ENV), BASIC_AUTH),
    "one of each": (_anonymous("-u", USER, env=_ENV), f"{USER}:{SECRET}-environ"),
    "an empty password": (
        _anonymous("-u", USER, "-p", "", "--non-interactive"),
        f"{USER}:",
    ),
    "within the URL": (
        Scenario(
            argv=(
                *(*UPLOAD, "--repository-url"),
                *(f"http://{USER}:{PASSWORD}@{{address}}/legacy/", WHEEL),
            )
        ),
        BASIC_AUTH,
    ),
    "a URL from the environment": (
        Scenario(
            argv=(*UPLOAD, "-r", "mine", *LOGIN, WHEEL),
            env={"TWINE_REPOSITORY_URL": "{url}/elsewhere/"},
        ),
        BASIC_AUTH,
    ),
    "a section": (_section(), _FILED),
    "a section from the environment": (
        Scenario(
            argv=(*UPLOAD, WHEEL), pypirc=_SECTION, env={"TWINE_REPOSITORY": "mine"}
        ),
        _FILED,
    ),
    "the environment beats a section": (
        _section(env=_ENV),
        f"environ:{SECRET}-environ",
    ),
    "a login for all": (
        _section(
            "[server-login]\nusername = all\npassword = s3cr3t-all\n"
            "[distutils]\nindex-servers = mine\n[mine]\nrepository = {url}/legacy/\n"
        ),
        f"all:{SECRET}-all",
    ),
    "another file": (
        Scenario(
            argv=(*UPLOAD, "--config-file", "my.ini", WHEEL),
            files=_with_own_file,
            pypi=True,
        ),
        f"__token__:pypi-{SECRET}",
    ),
    "a file in UTF-8": (
        _section(_SECTION.replace("filed", "Ünlü")),
        _FILED.replace("filed", "Ünlü"),
    ),
    "the keyring": (_with_keyring(*TO), f"kept:{SECRET}-of-kept"),
    "the keyring for a user": (
        _with_keyring(*TO, "-u", USER),
        f"{USER}:{SECRET}-of-{USER}",
    ),
    "PyPI's token in the keyring": (
        _with_keyring(*UPLOAD, pypi=True),
        f"__token__:{SECRET}-of-__token__",
    ),
    "non-interactive switched off": (
        upload(env={"TWINE_NON_INTERACTIVE": "false"}),
        BASIC_AUTH,
    ),
}


@pytest.mark.parametrize(("scenario", "expected"), GIVEN.values(), ids=GIVEN)
def test_credentials(scenario: Scenario, expected: str, sides: Sides) -> None:
    """The index gets the credentials of the source that wins."""
    done = sides.assert_same(scenario)
    assert done.code == 0
    assert done.credentials == [expected]


_ASK_PASSWORD = ("Enter your password: ", PASSWORD)
ASKED = {
    "both": (
        _anonymous(typed=(("Enter your username: ", USER), _ASK_PASSWORD)),
        BASIC_AUTH,
    ),
    "the password": (_anonymous("-u", USER, typed=(_ASK_PASSWORD,)), BASIC_AUTH),
    "PyPI's token": (
        Scenario(
            argv=(*UPLOAD, WHEEL),
            typed=(("Enter your API token: ", f"pypi-{SECRET}"),),
            pypi=True,
        ),
        f"__token__:pypi-{SECRET}",
    ),
}


@pytest.mark.parametrize(("scenario", "expected"), ASKED.values(), ids=ASKED)
def test_prompts(scenario: Scenario, expected: str, sides: Sides) -> None:
    """A person at a terminal is asked the same questions."""
    done = sides.assert_same(scenario, "code", "credentials")
    assert (done.code, done.credentials) == (0, [expected])


MISSING = {
    "the user name": _anonymous("--non-interactive"),
    "the password": _anonymous("-u", USER, "--non-interactive"),
    "by variable": _anonymous("-u", USER, env={"TWINE_NON_INTERACTIVE": "1"}),
    "PyPI's token": Scenario(argv=(*UPLOAD, "--non-interactive", WHEEL), pypi=True),
}


@pytest.mark.parametrize("scenario", MISSING.values(), ids=MISSING)
def test_missing_credentials(scenario: Scenario, sides: Sides) -> None:
    """Where nobody may be asked, the run ends before anything is sent."""
    done = sides.assert_same(scenario, "ending")
    assert done.ending == (1, "NonInteractive", 0)


_UNUSABLE = {
    "an unknown section": Scenario(argv=(*UPLOAD, "-r", "other", WHEEL)),
    "a section that is not listed": _section(
        "[distutils]\nindex-servers = pypi\n[mine]\nrepository = {url}/x/\n"
    ),
    "testpypi not listed": Scenario(
        argv=(*UPLOAD, "-r", "testpypi", "-p", PASSWORD, WHEEL),
        pypirc="[distutils]\nindex-servers = pypi\n",
    ),
    "a section without a URL": _section(
        "[distutils]\nindex-servers = mine\n[mine]\nusername = a\n"
    ),
    "no such file": Scenario(argv=(*UPLOAD, "--config-file", "absent.ini", WHEEL)),
}


@pytest.mark.parametrize("scenario", _UNUSABLE.values(), ids=_UNUSABLE)
def test_configuration_that_cannot_be_used(scenario: Scenario, sides: Sides) -> None:
    """A mistake in the configuration ends the run before anything is sent."""
    ours, theirs = sides.run(scenario)
    assert ours.code == theirs.code == 1
    assert ours.error == "InvalidConfiguration"
    assert theirs.crashed or theirs.error == "InvalidConfiguration"
    assert ours.requests == theirs.requests == ()


TRUSTED = {
    "an option": upload("--cert", "{ca}", WHEEL, tls=True),
    "the environment": upload(env={"TWINE_CERT": "{ca}"}, tls=True),
    "a section": _section(f"{_SECTION}ca_cert = {{ca}}\n", tls=True),
    "a client certificate": upload(
        *("--cert", "{ca}", "--client-cert", "{client}", WHEEL),
        tls=True,
        ask_client=True,
    ),
}


@pytest.mark.parametrize("scenario", TRUSTED.values(), ids=TRUSTED)
def test_certificates(scenario: Scenario, sides: Sides) -> None:
    """An index with an authority of its own is reached."""
    assert sides.assert_same(scenario).ending == (0, None, 1)
