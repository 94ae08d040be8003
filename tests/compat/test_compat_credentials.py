"""Credentials and configuration come from the same places, in the same order."""

from pathlib import Path

import pytest

from compat.sides import Scenario, Sides
from support.dists import make_wheel
from support.secrets import PASSWORD, SECRET, USER

WHEEL = "pkg-1.0-py3-none-any.whl"
UPLOAD = ("upload", "--disable-progress-bar")
TO = (*UPLOAD, "--repository-url", "{url}/legacy/")
MINE = (*UPLOAD, "-r", "mine", WHEEL)
_ENV = {"TWINE_USERNAME": "environ", "TWINE_PASSWORD": f"{SECRET}-environ"}
_SECTION = (
    "[distutils]\nindex-servers =\n    pypi\n    mine\n\n[mine]\n"
    "repository = {url}/legacy/\nusername = filed\npassword = s3cr3t%%;#x y\n"
)
_DRAWER = """
import keyring.backend, keyring.credentials

class Drawer(keyring.backend.KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return "s3cr3t-of-" + username if service.endswith("/legacy/") else None

    def get_credential(self, service, username):
        return keyring.credentials.SimpleCredential(username or "kept", "unused")

    def set_password(self, service, username, password):
        raise NotImplementedError
"""
_FILED = "filed:s3cr3t%%;#x y"


def _own_file(folder: Path) -> None:
    make_wheel(folder)
    (folder / "my.ini").write_text(
        "[pypi]\nusername = __token__\npassword = pypi-s3cr3t\n"
    )


def _in_drawer(folder: Path) -> None:
    """Put a keyring where `python -m twine` finds modules."""
    make_wheel(folder)
    (folder / "drawer.py").write_text(_DRAWER)


GIVEN = {
    "options": (
        Scenario(argv=(*TO, "-u", USER, "-p", PASSWORD, WHEEL)),
        f"{USER}:{PASSWORD}",
    ),
    "environment": (Scenario(argv=(*TO, WHEEL), env=_ENV), f"environ:{SECRET}-environ"),
    "options beat the environment": (
        Scenario(argv=(*TO, "-u", USER, "-p", PASSWORD, WHEEL), env=_ENV),
        f"{USER}:{PASSWORD}",
    ),
    "one of each": (
        Scenario(argv=(*TO, "-u", USER, WHEEL), env=_ENV),
        f"{USER}:{SECRET}-environ",
    ),
    "an empty password": (
        Scenario(argv=(*TO, "-u", USER, "-p", "", "--non-interactive", WHEEL)),
        f"{USER}:",
    ),
    "within the URL": (
        Scenario(
            argv=(
                *(*UPLOAD, "--repository-url"),
                *(f"http://{USER}:{PASSWORD}@{{address}}/legacy/", WHEEL),
            )
        ),
        f"{USER}:{PASSWORD}",
    ),
    "a URL from the environment": (
        Scenario(
            argv=(*UPLOAD, "-r", "mine", "-u", USER, "-p", PASSWORD, WHEEL),
            env={"TWINE_REPOSITORY_URL": "{url}/elsewhere/"},
        ),
        f"{USER}:{PASSWORD}",
    ),
    "a section": (Scenario(argv=MINE, pypirc=_SECTION), _FILED),
    "a section from the environment": (
        Scenario(
            argv=(*UPLOAD, WHEEL), pypirc=_SECTION, env={"TWINE_REPOSITORY": "mine"}
        ),
        _FILED,
    ),
    "the environment beats a section": (
        Scenario(argv=MINE, pypirc=_SECTION, env=_ENV),
        f"environ:{SECRET}-environ",
    ),
    "a login for all": (
        Scenario(
            argv=MINE,
            pypirc="[server-login]\nusername = all\npassword = s3cr3t-all\n"
            "[distutils]\nindex-servers = mine\n[mine]\nrepository = {url}/legacy/\n",
        ),
        f"all:{SECRET}-all",
    ),
    "another file": (
        Scenario(
            argv=(*UPLOAD, "--config-file", "my.ini", WHEEL),
            files=_own_file,
            pypi=True,
        ),
        f"__token__:pypi-{SECRET}",
    ),
    "a file in UTF-8": (
        Scenario(argv=MINE, pypirc=_SECTION.replace("filed", "Ünlü")),
        _FILED.replace("filed", "Ünlü"),
    ),
    "the keyring": (
        Scenario(
            argv=(*TO, WHEEL),
            files=_in_drawer,
            env={"PYTHON_KEYRING_BACKEND": "drawer.Drawer"},
        ),
        f"kept:{SECRET}-of-kept",
    ),
    "the keyring for a user": (
        Scenario(
            argv=(*TO, "-u", USER, WHEEL),
            files=_in_drawer,
            env={"PYTHON_KEYRING_BACKEND": "drawer.Drawer"},
        ),
        f"{USER}:{SECRET}-of-{USER}",
    ),
    "PyPI's token in the keyring": (
        Scenario(
            argv=(*UPLOAD, WHEEL),
            files=_in_drawer,
            env={"PYTHON_KEYRING_BACKEND": "drawer.Drawer"},
            pypi=True,
        ),
        f"__token__:{SECRET}-of-__token__",
    ),
    "non-interactive switched off": (
        Scenario(
            argv=(*TO, "-u", USER, "-p", PASSWORD, WHEEL),
            env={"TWINE_NON_INTERACTIVE": "false"},
        ),
        f"{USER}:{PASSWORD}",
    ),
}


@pytest.mark.parametrize(("scenario", "expected"), GIVEN.values(), ids=GIVEN)
def test_credentials(scenario: Scenario, expected: str, sides: Sides) -> None:
    """The index gets the credentials of the source that wins."""
    done = sides.assert_same(scenario)
    assert done.code == 0
    assert done.credentials == [expected]


ASKED = {
    "both": (
        Scenario(
            argv=(*TO, WHEEL),
            typed=(
                ("Enter your username: ", USER),
                ("Enter your password: ", PASSWORD),
            ),
        ),
        f"{USER}:{PASSWORD}",
    ),
    "the password": (
        Scenario(
            argv=(*TO, "-u", USER, WHEEL),
            typed=(("Enter your password: ", PASSWORD),),
        ),
        f"{USER}:{PASSWORD}",
    ),
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
    ours, theirs = sides.run(scenario)
    assert ours.code == theirs.code == 0
    assert ours.credentials == theirs.credentials == [expected]


MISSING = {
    "the user name": Scenario(argv=(*TO, "--non-interactive", WHEEL)),
    "the password": Scenario(argv=(*TO, "-u", USER, "--non-interactive", WHEEL)),
    "by variable": Scenario(
        argv=(*TO, "-u", USER, WHEEL), env={"TWINE_NON_INTERACTIVE": "1"}
    ),
    "PyPI's token": Scenario(argv=(*UPLOAD, "--non-interactive", WHEEL), pypi=True),
}


@pytest.mark.parametrize("scenario", MISSING.values(), ids=MISSING)
def test_missing_credentials(scenario: Scenario, sides: Sides) -> None:
    """Where nobody may be asked, the run ends before anything is sent."""
    ours, theirs = sides.run(scenario)
    assert (ours.code, ours.error) == (theirs.code, theirs.error)
    assert (ours.code, ours.error) == (1, "NonInteractive")
    assert ours.uploads == theirs.uploads == ()


CONFIGURATION = {
    "an unknown section": Scenario(argv=(*UPLOAD, "-r", "other", WHEEL)),
    "a section that is not listed": Scenario(
        argv=MINE,
        pypirc="[distutils]\nindex-servers = pypi\n[mine]\nrepository = {url}/x/\n",
    ),
    "testpypi not listed": Scenario(
        argv=(*UPLOAD, "-r", "testpypi", "-p", PASSWORD, WHEEL),
        pypirc="[distutils]\nindex-servers = pypi\n",
    ),
    "a section without a URL": Scenario(
        argv=MINE, pypirc="[distutils]\nindex-servers = mine\n[mine]\nusername = a\n"
    ),
    "no such file": Scenario(argv=(*UPLOAD, "--config-file", "absent.ini", WHEEL)),
}


@pytest.mark.parametrize("scenario", CONFIGURATION.values(), ids=CONFIGURATION)
def test_configuration_that_cannot_be_used(scenario: Scenario, sides: Sides) -> None:
    """A mistake in the configuration ends the run before anything is sent."""
    ours, theirs = sides.run(scenario)
    assert ours.code == theirs.code == 1
    assert ours.error == "InvalidConfiguration"
    assert theirs.crashed or theirs.error == "InvalidConfiguration"
    assert ours.requests == theirs.requests == ()


TRUST = {
    "an option": Scenario(
        argv=(*TO, "-u", USER, "-p", PASSWORD, "--cert", "{ca}", WHEEL), tls=True
    ),
    "the environment": Scenario(
        argv=(*TO, "-u", USER, "-p", PASSWORD, WHEEL),
        env={"TWINE_CERT": "{ca}"},
        tls=True,
    ),
    "a section": Scenario(argv=MINE, pypirc=f"{_SECTION}ca_cert = {{ca}}\n", tls=True),
    "a client certificate": Scenario(
        argv=(
            *(*TO, "-u", USER, "-p", PASSWORD, "--cert", "{ca}"),
            *("--client-cert", "{client}", WHEEL),
        ),
        tls=True,
        ask_client=True,
    ),
}


@pytest.mark.parametrize("scenario", TRUST.values(), ids=TRUST)
def test_certificates(scenario: Scenario, sides: Sides) -> None:
    """An index with an authority of its own is reached."""
    done = sides.assert_same(scenario)
    assert (done.code, len(done.uploads)) == (0, 1)
