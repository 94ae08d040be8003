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
from twine.auth.keyring import Keyring
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
        "`--password`",
        "the configuration",
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
    found = Private(
        {"repository": PRIVATE}, CredentialInput(), keyring=Keyring(timeout=0.05)
    )
    caplog.set_level("INFO", "twine")
    for _ in range(2):
        with pytest.raises(exceptions.NonInteractive, match="keyring"):
            _ = found.password
    ends.set()

    assert asked == [PRIVATE]
    first, second, third, *_ = caplog.messages
    assert first == "Asking the keyring for the username ..."
    assert second.startswith("Its backend is `keyring.backends.null.Keyring")
    assert third.startswith("The keyring gave no answer within 0.05 seconds")
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
    nothing = "`TWINE_PASSWORD`, `TWINE_TOKEN`, the configuration, `.netrc`"
    kept = f"password comes from the keyring; nothing in `--password`, {nothing}."
    assert shown.count(kept) == 1
    assert shown.count("The password comes from `--password`.") == 1
    assert shown.count("The username `u` comes from the configuration; nothing") == 1
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


# Projects


def test_a_project_may_have_a_token_of_its_own(vault: Vault) -> None:
    """`tokens` of `.pypirc` first, then the keyring, by the normalized name."""
    vault.passwords[PRIVATE, "pypi_token:project:kept"] = "pypi-kept"
    vault.passwords[PRIVATE, "pypi_token:project:filed"] = "pypi-unused"
    found = resolver(tokens="Filed = filed-token")

    assert found.find_project_credentials("filed") == ("__token__", "filed-token")
    assert found.find_project_credentials("kept") == ("__token__", "pypi-kept")
    assert found.find_project_credentials("other") is None
    assert [str(one) for one in found.explanations] == [
        "The token for `filed` comes from `tokens` in the configuration.",
        "The token for `kept` comes from the keyring.",
    ]


def test_a_user_may_have_a_token_for_all_projects(vault: Vault) -> None:
    """It is asked for after the project's, and sent without the user's name."""
    vault.passwords[PRIVATE, "pypi_token:user:ada"] = "pypi-ada"

    found = resolver(username="ada")

    assert found.find_project_credentials("any") == ("__token__", "pypi-ada")
    assert resolver().find_project_credentials("any") is None
    assert found.username == "ada"


@pytest.mark.parametrize(
    ("given", "configured", "expected"),
    [
        ({"password": "p"}, {}, None),
        ({"password": "p"}, {"tokens": "one = t"}, None),
        ({}, {"password": "p"}, None),
        ({}, {"password": "p", "tokens": "one = t"}, ("__token__", "t")),
        ({"username": "u"}, {"tokens": "one = t"}, ("u", "t")),
        ({}, {"username": "u", "tokens": "one = t"}, ("__token__", "t")),
    ],
)
def test_what_is_given_is_for_all_projects(
    vault: Vault,
    given: dict[str, Any],
    configured: dict[str, str],
    expected: tuple[str, str] | None,
) -> None:
    """Only `tokens` are stronger than the password of the same section."""
    vault.passwords[PRIVATE, "pypi_token:project:one"] = "pypi-kept"
    config = {"repository": PRIVATE, **configured}

    found = Resolver(config, CredentialInput(**given))

    assert found.find_project_credentials("one") == expected


def test_a_backend_that_logs_in_has_no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers for any user name, but that is no token of a project."""
    asked: list[str] = []

    def log_in(service: str, username: str) -> str:
        asked.append(username)
        return PASSWORD

    monkeypatch.setattr(keyring, "get_password", log_in)

    assert resolver(username="u").find_project_credentials("one") is None
    assert asked == ["pypi_token:project:one"]


def test_a_token_of_a_project_is_no_user_name(vault: Vault, person: Person) -> None:
    """Some backends return any entry of a service when no user name is known."""
    vault.credential = keyring.credentials.SimpleCredential(
        "pypi_token:project:one", PASSWORD
    )

    assert resolver().username == "typed"


# Without the keyring, or with nothing else


def test_a_keyring_that_is_off_is_not_imported(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is asked."""
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    keyring_off = Keyring("off")
    found = Resolver({"repository": PRIVATE}, CredentialInput(), keyring=keyring_off)

    assert found.find_project_credentials("one") is None
    assert (found.username, found.password) == ("typed", "typed")
    assert keyring_off.problem is None


@pytest.mark.parametrize(
    ("username", "error", "words"),
    [
        (None, None, f"has no username for `{PRIVATE}`"),
        ("u", None, f"has no password for `{PRIVATE}`"),
        ("u", keyring.errors.NoKeyringError("none"), "has no backend"),
        ("u", RuntimeError("locked"), "cannot be used (RuntimeError: locked)"),
    ],
)
def test_a_keyring_that_is_required_is_the_last_source(
    vault: Vault,
    person: Person,
    username: str | None,
    error: Exception | None,
    words: str,
) -> None:
    """What it does not have is an error that says so; nobody else is asked."""
    vault.error = error
    found = Resolver(
        {"repository": PRIVATE}, CredentialInput(username), keyring=Keyring("required")
    )

    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        _ = found.password

    assert f"The keyring {words}, and `--keyring required`" in str(caught.value)
    assert person.asked == []


def test_a_keyring_that_fails_is_asked_once(
    vault: Vault, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """Another question might open another window; the error names the reason."""
    vault.error = RuntimeError("locked")
    person.answer = None

    with pytest.raises(exceptions.NonInteractive) as caught:
        _ = resolver().username

    told = "is missing; the keyring cannot be used (RuntimeError: locked), and"
    assert told in str(caught.value)
    assert caplog.text.count("locked") == 1


# Keep what was typed


@pytest.mark.parametrize(
    ("answer", "priority", "kept"),
    [
        ("y", 5, True),
        (" YES ", 1, True),
        ("", 5, False),
        ("n", 5, False),
        ("y", 0.5, False),
    ],
)
def test_a_typed_password_may_be_kept(
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    priority: float,
    kept: bool,
) -> None:
    """Only a clear yes stores it, and only a recommended backend is offered."""
    stored: list[tuple[str, ...]] = []
    backend = types.SimpleNamespace(priority=priority)
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    monkeypatch.setattr(keyring, "set_password", lambda *entry: stored.append(entry))
    found = resolver(username="u")
    assert found.password == "typed"
    person.answer = answer

    found.offer_to_keep()

    assert stored == ([(PRIVATE, "u", "typed")] if kept else [])
    assert len(person.asked) == (2 if priority >= 1 else 1)


@pytest.mark.parametrize("found", [resolver(password="p"), resolver()])
def test_only_a_typed_password_is_offered(found: Resolver, person: Person) -> None:
    """What was given, or never looked for, is in its place already."""
    if found.input.password:
        _ = found.password
    found.offer_to_keep()

    assert [question for question in person.asked if "keyring" in question] == []


def test_no_answer_keeps_nothing(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control-D, and a keyring that fails, do not spoil a run that went well."""
    backend = types.SimpleNamespace(priority=5)
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    found = resolver(username="u")
    _ = found.password
    person.answer = None

    found.offer_to_keep()

    assert "in the keyring? [y/N]" in person.asked[-1]
