"""Where a user name and a password come from, in order."""

import base64
import html
import json
import threading
import types
import urllib.parse
from collections.abc import Callable
from typing import Any

import keyring
import keyring.credentials
import keyring.errors
import pytest
import requests
import responses

from support.secrets import PASSWORD, SECRET, TOKEN
from twine import exceptions
from twine.auth import CredentialInput, Private, Resolver
from twine.terminal import prompts
from twine.terminal.console import Console

PYPI = "https://upload.pypi.org/legacy/"
PRIVATE = "https://index.example/legacy/"


class Vault:
    """What the library `keyring` finds."""

    def __init__(self) -> None:
        """Begin empty."""
        self.passwords: dict[tuple[str, str], str] = {}
        self.credential: keyring.credentials.Credential | None = None
        self.error: BaseException | None = None

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password, or fail."""
        if self.error is not None:
            raise self.error
        return self.passwords.get((service, username))

    def get_credential(
        self, service: str, username: str | None
    ) -> keyring.credentials.Credential | None:
        """Return what is kept for a service, or fail."""
        if self.error is not None:
            raise self.error
        assert (service, username) == (PRIVATE, None)
        return self.credential


@pytest.fixture(autouse=True)
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    """Use an empty keyring of our own."""
    own = Vault()
    for name in ("get_password", "get_credential"):
        monkeypatch.setattr(keyring, name, getattr(own, name))
    return own


class Person:
    """Somebody at the terminal, who knows all answers."""

    def __init__(self) -> None:
        """Begin with the usual answers."""
        self.asked: list[str] = []
        self.answer: str | None = "typed"

    def reply(self, question: str) -> str:
        """Answer a question."""
        self.asked.append(question)
        if self.answer is None:
            raise EOFError
        return self.answer


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Person:
    """Put somebody at the terminal."""
    somebody = Person()
    monkeypatch.setattr(prompts, "can_ask", lambda: True)
    monkeypatch.setattr(prompts, "ask", somebody.reply)
    monkeypatch.setattr(prompts, "ask_secret", somebody.reply)
    return somebody


def resolver(
    url: str = PRIVATE,
    username: str | None = None,
    password: str | None = None,
    **config: str | None,
) -> Resolver:
    """Return who finds the credentials."""
    return Resolver({"repository": url, **config}, CredentialInput(username, password))


def header(found: Resolver) -> str:
    """Return the header that the credentials become."""
    request = requests.Request("POST", PRIVATE).prepare()
    found.authenticator(request)
    return str(request.headers["Authorization"])


def basic(username: str, password: str) -> str:
    """Return the header for credentials."""
    pair = f"{username}:{password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


# Order


def test_an_empty_text_counts_as_given(person: Person) -> None:
    """An empty user name and password are used as they are."""
    found = resolver(username="", password="")

    assert (found.username, found.password) == ("", "")
    assert header(found) == basic("", "")
    assert person.asked == []


def test_the_password_belongs_to_the_user(vault: Vault, person: Person) -> None:
    """A password of somebody else is not used."""
    vault.passwords[PRIVATE, "else"] = "not mine"

    assert resolver(username="u").password == "typed"


def test_a_person_is_asked_last(person: Person) -> None:
    """User name and password are asked for by name, each once."""
    found = resolver()

    assert (found.username, found.password) == ("typed", "typed")
    assert (found.username, found.password) == ("typed", "typed")
    assert person.asked == ["Enter your username: ", "Enter your password: "]


@pytest.mark.parametrize("url", [PYPI, "https://test.pypi.org/legacy/"])
def test_pypi_takes_tokens(url: str, person: Person) -> None:
    """On PyPI the user name is `__token__`, and a token is asked for."""
    with responses.RequestsMock() as index:
        index.get(
            f"https://{url.split('/')[2]}/_/oidc/audience", json={"audience": "x"}
        )
        found = resolver(url)
        assert (found.username, found.password) == ("__token__", "typed")

    assert person.asked == ["Enter your API token: "]
    assert found.is_pypi()


def test_a_user_name_on_pypi_is_asked_for_a_password(person: Person) -> None:
    """Another user name than `__token__` is no matter for trusted publishing."""
    assert resolver(PYPI, username="me").password == "typed"
    assert person.asked == ["Enter your password: "]


# Nobody to ask


@pytest.mark.usefixtures("nobody")
def test_without_a_terminal_nobody_is_asked() -> None:
    """What is missing is told, with the ways to give it."""
    with pytest.raises(exceptions.NonInteractive) as caught:
        _ = resolver().username

    assert PRIVATE in str(caught.value)
    assert "username" in str(caught.value)
    assert "`TWINE_USERNAME`" in str(caught.value)


def test_a_question_without_an_answer_is_an_error(person: Person) -> None:
    """Control-D at a prompt is as good as nobody to ask."""
    person.answer = None

    with pytest.raises(exceptions.NonInteractive, match="got no answer"):
        _ = resolver().username


@pytest.mark.parametrize(
    ("answer", "words"),
    [("", "is empty"), ("  ", "is empty"), ("\x16", "control characters")],
)
def test_a_strange_answer_earns_a_warning(
    person: Person, caplog: pytest.LogCaptureFixture, answer: str, words: str
) -> None:
    """An answer that looks like a failed paste is used, with a warning."""
    person.answer = answer

    assert resolver(username="u").password == answer
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    first, second = record.getMessage().splitlines()
    assert words in first
    assert "Ctrl+V" in second


def test_problems_of_credentials_are_told_with_their_source(
    vault: Vault, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """Wherever a credential comes from it is used, with a warning that names that."""
    value = f'"{PASSWORD}"'
    person.answer = value
    vault.passwords[PRIVATE, "kept"] = value
    configured = {"repository": PRIVATE, "username": "u", "password": value}
    for found in (
        resolver(username="u", password=value),
        Resolver(configured, CredentialInput()),
        resolver(username="kept"),
        resolver(username="u"),
    ):
        assert found.password == value

    lines = [message.partition("\n")[0] for message in caplog.messages]
    assert [
        line.removeprefix("The password from ").removesuffix(
            " has quotation marks around it."
        )
        for line in lines
    ] == [
        "an option or the environment",
        "`.pypirc` or the URL of the index",
        "the keyring",
        "the prompt",
    ]
    assert SECRET not in caplog.text


# Keyring


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (RuntimeError("locked\nand a second line"), "RuntimeError: locked"),
        (SystemExit(7), "SystemExit: 7"),
    ],
)
def test_a_keyring_that_fails_earns_one_line(
    vault: Vault,
    person: Person,
    caplog: pytest.LogCaptureFixture,
    error: BaseException,
    shown: str,
) -> None:
    """A broken backend is warned of in one line, and the next source asked."""
    vault.error = error

    assert resolver(username="u").password == "typed"
    assert caplog.messages == [f"The keyring cannot be used ({shown})."]


def test_an_interrupt_within_a_keyring_passes(vault: Vault, person: Person) -> None:
    """Ctrl-C is no failure of the keyring: nothing else is asked."""
    vault.error = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        _ = resolver(username="u").password
    assert person.asked == []


def test_a_keyring_that_does_not_answer_is_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Once the time is up neither user name nor password is waited for again."""
    ends = threading.Event()
    asked: list[str] = []

    def hang(service: str, username: str | None) -> None:
        asked.append(service)
        ends.wait()

    monkeypatch.setattr(keyring, "get_credential", hang)
    monkeypatch.setattr(keyring, "get_password", hang)
    found = Private({"repository": PRIVATE}, CredentialInput(), keyring_timeout=0.05)
    caplog.set_level("INFO", "twine")
    for _ in range(2):
        with pytest.raises(exceptions.NonInteractive, match="keyring"):
            _ = found.password
    ends.set()

    assert asked == [PRIVATE]
    first, second, *_ = caplog.messages
    assert first == "Asking the keyring for the username ..."
    assert second.startswith("The keyring gave no answer within 0.05 seconds")
    assert caplog.text.count("no answer within") == 1


@pytest.mark.parametrize("kept", [b"k\xc3\xa4pt", "käpt"])
def test_a_keyring_may_answer_with_bytes(vault: Vault, kept: Any) -> None:
    """Bytes are text in UTF-8."""
    vault.passwords[PRIVATE, "u"] = kept

    assert resolver(username="u").password == "käpt"


@pytest.mark.parametrize("kept", [b"\xff", "\udcff", 7, ["p"]])
def test_an_answer_that_is_not_text_is_a_warning(
    vault: Vault, person: Person, caplog: pytest.LogCaptureFixture, kept: Any
) -> None:
    """What cannot be sent is not used, and the next source is asked."""
    vault.passwords[PRIVATE, "u"] = kept

    assert resolver(username="u").password == "typed"
    shown = caplog.text
    assert f"keyring has a password that is not text (`{type(kept).__name__}`)" in shown


def test_a_credential_without_its_parts_is_a_warning(
    vault: Vault, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer of a backend's own making does not stop the run."""
    vault.credential = object()  # type: ignore[assignment]

    assert resolver().username == "typed"
    assert "The keyring cannot be used (AttributeError" in caplog.text


def test_a_keyring_without_backend_is_no_news(
    vault: Vault, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """Where no backend is installed, the next source is asked in silence."""
    vault.error = keyring.errors.NoKeyringError("none")

    assert resolver().username == "typed"
    assert caplog.messages == []


def test_without_keyring_the_next_source_is_asked(
    person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where keyring is not installed, nothing is said about it."""
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)

    assert resolver(username="u").password == "typed"
    assert caplog.messages == []


def test_an_entry_without_a_name_is_no_name(vault: Vault, person: Person) -> None:
    """A keyring that knows a password but no user name does not stop the run."""
    # As keyring.credentials.AnonymousCredential, which the oldest keyring lacks.
    nameless = types.SimpleNamespace(username=None, password="kept")
    vault.credential = nameless  # type: ignore[assignment]

    assert resolver().username == "typed"


# What is shown


def test_the_sources_are_told_to_those_who_ask(
    vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    """With --verbose each credential's source is told, and no secret."""
    vault.credential = keyring.credentials.SimpleCredential("kept", "ignored")
    vault.passwords[PRIVATE, "kept"] = PASSWORD

    caplog.set_level("INFO", "twine")
    header(resolver())
    header(resolver(username="u", password=PASSWORD))
    configured = {"repository": PRIVATE, "username": "u", "password": PASSWORD}
    header(Resolver(configured, CredentialInput()))

    shown = caplog.text
    assert shown.count("from the keyring.") == 2
    assert shown.count("from an option or the environment.") == 2
    assert shown.count("from `.pypirc` or the URL of the index.") == 2
    assert shown.count("username: kept\n") == 1
    assert shown.count("username: u\n") == 2
    assert shown.count("password: <hidden>\n") == 3
    assert SECRET not in shown


def test_a_token_as_user_name_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    """A token in the wrong place is as secret as in the right one."""
    caplog.set_level("INFO", "twine")
    header(resolver(PYPI, TOKEN, ""))

    shown = caplog.text
    assert "username: <hidden>\n" in shown
    assert "password: <empty>\n" in shown
    assert "is an API token" in shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    "spell",
    [
        str.strip,
        json.dumps,
        lambda text: json.dumps(text, ensure_ascii=False),
        html.escape,
        urllib.parse.quote,
        lambda text: urllib.parse.quote(text, ""),
        urllib.parse.quote_plus,
        lambda text: basic("user", text),
    ],
)
def test_a_password_is_masked_in_every_spelling(spell: Callable[[str], str]) -> None:
    """JSON, HTML, URLs and the header spell it otherwise; nothing of it shows."""
    password = 's3cr3t "<wörd>/&\n'
    echo = spell(password).strip('"').removeprefix("Basic ")

    console = Console()
    given = CredentialInput("user", password)
    header(Resolver({"repository": PRIVATE}, given, console=console))

    assert console.redact(f"you sent {echo}.") == "you sent ********."


def test_no_secret_shows_in_a_repr() -> None:
    """Neither what was given nor what was found is in the repr."""
    given = CredentialInput("u", PASSWORD)
    found = Resolver({"repository": PRIVATE, "password": PASSWORD}, given)
    header(found)

    assert SECRET not in repr([given, found, found.authenticator])
