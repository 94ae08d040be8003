"""No secret shows, whichever source it comes from and whatever becomes of the run."""

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import keyring
import keyring.backend
import pytest
import requests

from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import SECRET, USER, find_leak
from support.wire import Received
from twine.commands import parsers
from twine.commands.upload import upload
from twine.settings import Settings

WORD = f"pypi-{SECRET}-planted"
"""Planted in one source at a time; find_leak knows a part of it."""


@dataclass(frozen=True, kw_only=True)
class Planted:
    """Where the secret is."""

    args: tuple[str, ...] = ("-r", "my-index")
    env: dict[str, str] = field(default_factory=dict)
    section: str = ""
    userinfo: str = ""
    netrc: str = ""
    vault: dict[str, str] = field(default_factory=dict)


SOURCES = {
    "option": Planted(args=("-r", "my-index", "-u", USER, "-p", WORD)),
    "option for the user name": Planted(
        args=("-r", "my-index", "-u", WORD, "-p", f"{SECRET}-other")
    ),
    **{
        name: Planted(env={name: WORD, "TWINE_USERNAME": USER})
        for name in (
            "TWINE_PASSWORD",
            "TWINE_TOKEN",
            "TWINE_PASSWORD_MY_INDEX",
            "TWINE_TOKEN_MY_INDEX",
        )
    },
    "password": Planted(section=f"username = {USER}\npassword = {WORD}"),
    "token": Planted(section=f"token = {WORD}"),
    "tokens": Planted(section=f"tokens =\n  other = {SECRET}\n  pkg = {WORD}"),
    "URL": Planted(userinfo=f"{USER}:{WORD}@"),
    "URL of the command line": Planted(args=("-r", f"http://{USER}:{WORD}@")),
    ".netrc": Planted(netrc=f"login {USER} password {WORD}"),
    "keyring": Planted(section=f"username = {USER}", vault={USER: WORD}),
    "token in the keyring": Planted(vault={"pypi_token:project:pkg": WORD}),
}


class Vault(keyring.backend.KeyringBackend):
    """A keyring that holds what a test puts in."""

    priority = 9
    held: dict[str, str]

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is held for a user name."""
        return self.held.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Refuse to store anything."""
        raise NotImplementedError


@pytest.fixture(params=[*SOURCES.values()], ids=[*SOURCES])
def argv(
    request: pytest.FixtureRequest,
    index: ScriptedIndex,
    home: Path,
    write_pypirc: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[list[str], dict[str, str]]:
    """Plant the secret, and return the arguments and variables that lead to it."""
    planted: Planted = request.param
    url = index.upload_url.replace("//", f"//{planted.userinfo}")
    write_pypirc(
        "[distutils]\nindex-servers = my-index\n[my-index]\n"
        f"repository = {url}\n{planted.section}\n"
    )
    if planted.netrc:
        (home / ".netrc").write_text(f"machine 127.0.0.1 {planted.netrc}\n")
    monkeypatch.setattr(Vault, "held", planted.vault, raising=False)
    monkeypatch.setitem(sys.modules, "vault", sys.modules[__name__])
    host = index.upload_url.removeprefix("http://")
    args = [arg + host if arg.endswith("@") else arg for arg in planted.args]
    return args, {**planted.env, "PYTHON_KEYRING_BACKEND": "vault.Vault"}


def quote_credentials(request: Received) -> Answer:
    """Refuse, and quote in body, reason and headers what was sent."""
    sent = f"{request.headers['Authorization']} {request.auth}"
    return Answer(403, f"No {request.auth}", {"X-Sent": sent}, body=sent.encode())


@pytest.mark.parametrize(
    "command",
    [
        ("upload", "--verbose"),
        ("upload", "--verbose", "--dry-run"),
        ("upload", "--verbose", "--skip-existing", "--format", "json"),
        ("register", "--verbose"),
        ("upload", "--no-such-option"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("refused", [False, True])
def test_no_output_shows_a_secret(
    twine: Twine,
    index: ScriptedIndex,
    wheel: str,
    argv: tuple[list[str], dict[str, str]],
    command: tuple[str, ...],
    refused: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not even where the index quotes what it was sent; every call looks for leaks."""
    args, env = argv
    if refused:
        index.answer("/legacy/", quote_credentials)

    twine(command[0], *args, *command[1:], wheel, env=env)

    uploads = [request.auth or "" for request in index.uploads]
    sends = "--dry-run" not in command and "--no-such-option" not in command
    assert [WORD in auth for auth in uploads] == [True] * sends
    assert find_leak("\n".join(map(repr, [caplog.text, caplog.records]))) is None


def test_no_exception_shows_a_secret(
    index: ScriptedIndex,
    wheel: str,
    workdir: Path,
    home: Path,
    argv: tuple[list[str], dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A program may print what it catches, and any object it has, with its context."""
    args, env = argv
    for name, value in {**env, "HOME": str(home), "USERPROFILE": str(home)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.chdir(workdir)
    index.answer("/legacy/", quote_credentials)
    args += ["--non-interactive", wheel]
    parsed = parsers.make_upload_parser().parse_args(args)
    settings = Settings.from_argparse(parsed)

    with pytest.raises(requests.HTTPError) as caught:
        upload(settings, parsed.dists)

    assert WORD in (index.uploads[0].auth or "")
    told = [*traceback.format_exception(caught.value), repr(caught.value)]
    told += map(repr, [settings, settings.auth, settings.auth.explanations])
    assert find_leak("\n".join(told)) is None


def test_no_refusal_of_the_configuration_shows_a_secret(
    twine: Twine, index: ScriptedIndex, wheel: str, home: Path
) -> None:
    """What contradicts itself, or cannot be read, is told without its value."""
    given = ("upload", "-r", index.upload_url, wheel)
    both = {"TWINE_PASSWORD": WORD, "TWINE_TOKEN": f"{WORD}-2"}
    twine(*given, env=both).failure("InvalidConfiguration")
    (home / ".pypirc").write_text(f"[pypi]\ntokens = {WORD}\n")
    twine("upload", wheel).failure("InvalidConfiguration")
    (home / ".pypirc").unlink()
    (home / ".netrc").write_text(f"machine x\n{WORD} y\n")
    twine(*given).failure("NonInteractive")
    assert index.requests == []


@pytest.mark.parametrize("extra", [("--verbose",), ("--verbose", "--dry-run")])
def test_no_minted_token_shows(
    twine: Twine, pypi: FakePyPI, wheel: str, extra: tuple[str, ...]
) -> None:
    """Neither the identity nor the token that it was exchanged for."""
    pypi.answer("/legacy/", quote_credentials)

    twine("upload", *extra, wheel, env=pypi.github_env)

    assert len(pypi.minted) == 1
    assert SECRET in pypi.minted[0]
