"""What a `.pypirc` says, and which index a name means."""

from pathlib import Path

import pytest

from support.secrets import PASSWORD, SECRET
from twine import exceptions
from twine.config import known_indexes as indexes
from twine.config import pypirc as config

PYPI = "https://upload.pypi.org/legacy/"
TESTPYPI = "https://test.pypi.org/legacy/"
URL = "https://index.example/legacy/"
PRIVATE = f"""
[distutils]
index-servers = private
[private]
repository = {URL}
username = someone
password = 100%safe;#=word
ca_cert = ca.pem
client_cert = client.pem
"""


def parse(text: str) -> dict[str, indexes.Index]:
    """Parse the text of a `.pypirc`."""
    return config.parse_config(text, "some/.pypirc").indexes


def test_an_empty_file_knows_pypi_and_testpypi() -> None:
    """Without a list both public indexes are there, without credentials."""
    assert parse("") == {
        "pypi": indexes.Index(url=PYPI),
        "testpypi": indexes.Index(url=TESTPYPI),
    }


def test_all_keys_of_a_section_are_read() -> None:
    """A section's keys are taken literally: no interpolation, no inline comments."""
    assert parse(PRIVATE)["private"] == indexes.Index(
        url=URL,
        username="someone",
        password="100%safe;#=word",
        ca_cert="ca.pem",
        client_cert="client.pem",
    )


def test_only_listed_sections_count() -> None:
    """A section that the list does not name is none; pypi is always there."""
    text = PRIVATE + "[other]\nrepository = https://other.example/\n"

    assert list(parse(text)) == ["pypi", "private"]


def test_testpypi_must_be_listed_where_there_is_a_list() -> None:
    """A list without testpypi does away with it; one with it brings it back."""
    assert "testpypi" not in parse("[distutils]\nindex-servers =\n  pypi\n")
    assert "testpypi" in parse("[distutils]\nindex-servers =\n  pypi\n  testpypi\n")


def test_known_indexes_need_no_repository() -> None:
    """A section of a known index may give only its credentials."""
    index = parse("[testpypi]\nusername = __token__\npassword = pypi-x\n")["testpypi"]

    assert index == indexes.Index(url=TESTPYPI, username="__token__", password="pypi-x")


def test_a_token_is_a_password_with_a_known_user_name() -> None:
    """It wins over `[server-login]` and the URL; another user name may be given."""
    text = "[distutils]\nindex-servers = a b\n[server-login]\nusername = fallback\n"
    text += "[a]\nrepository = https://a.example/\ntoken = pypi-x\n"
    text += "[b]\nrepository = https://u:p@b.example/\ntoken = pypi-y\n"
    text += "[pypi]\ntokens =\n  one = pypi-1\n  two = pypi-2\n"

    found = parse(text)

    assert (found["a"].username, found["a"].password) == ("__token__", "pypi-x")
    assert (found["b"].username, found["b"].password) == ("u", "pypi-y")
    assert found["pypi"].as_dict()["tokens"] == "\none = pypi-1\ntwo = pypi-2"
    assert "pypi-" not in repr(found)


def test_a_token_beside_a_password_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """The token is used, and a warning names both keys."""
    index = parse(f"[pypi]\ntoken = {PASSWORD}\npassword = x\n")["pypi"]

    assert index.password == PASSWORD
    (message,) = caplog.messages
    assert "`[pypi]` of `some/.pypirc` has both `token` and `password`" in message
    assert SECRET not in message


def test_server_login_fills_the_gaps() -> None:
    """`[server-login]` gives what a section does not."""
    text = PRIVATE.replace("username = someone\n", "") + (
        "[server-login]\nusername = fallback\npassword = fallback\n"
    )
    index = parse(text)["private"]

    assert (index.username, index.password) == ("fallback", "100%safe;#=word")
    assert parse(text)["pypi"].username == "fallback"


def test_an_empty_value_counts_as_given() -> None:
    """An empty user name is not replaced by a default."""
    text = PRIVATE.replace("= someone", "=") + "[server-login]\nusername = fallback\n"

    assert parse(text)["private"].username == ""


def test_a_password_in_a_sections_url_is_taken_out() -> None:
    """Credentials of a section's URL are used, but keys of the section win."""
    text = "[distutils]\nindex-servers = a b\n"
    text += "[a]\nrepository = https://u:p%25@a.example/\n"
    text += "[b]\nrepository = https://u:p@b.example/\nusername = v\npassword = q\n"

    found = parse(text)

    assert found["a"] == indexes.Index(
        url="https://a.example/", username="u", password="p%"
    )
    assert found["b"] == indexes.Index(
        url="https://b.example/", username="v", password="q"
    )


def test_a_bad_url_hurts_only_its_own_section() -> None:
    """A section whose URL is nonsense is an error when it is chosen, not before."""
    text = "[distutils]\nindex-servers = bad\n"
    text += f"[bad]\nrepository=ftp://u:{PASSWORD}@h/\n"
    found = config.parse_config(text, "some/.pypirc")

    assert found.indexes["pypi"].url == PYPI
    assert SECRET not in repr(found)
    with pytest.raises(exceptions.UnreachableRepositoryURLDetected) as caught:
        found.select("bad")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"password = {PASSWORD}\n[pypi]\n", "line 1"),
        (f"[pypi]\n{PASSWORD}\n", "line 2"),
        (f"[pypi]\nok = 1\n= {PASSWORD}\n{PASSWORD}\n", "line 3, 4"),
        (f"[{PASSWORD}]\n[{PASSWORD}]\n", "line 2"),
        (f"[pypi]\n{PASSWORD} = 1\n{PASSWORD} = {PASSWORD}\n", "line 3"),
    ],
)
def test_a_malformed_file_is_located_and_never_quoted(text: str, line: str) -> None:
    """The message names the file and the line, and shows nothing of its content."""
    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        parse(text)

    assert "some/.pypirc" in str(caught.value)
    assert line in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("old", "new", "name", "words"),
    [
        ("", "", "other", "no index `other` in {}; it knows `pypi`, `private`."),
        ("", "", "Privat", "no index `Privat` (did you mean `private`?) in {}; it"),
        ("repository", "url", "private", "`[private]` of {} has no `repository`"),
        (URL, "", "private", "`[private]` of {} has an empty `repository`"),
        (
            "[private]",
            "[pypi]\nrepository =\n[x]",
            "pypi",
            "`[pypi]` of {} has an empty",
        ),
        ("= private", "= pypi,", "private", "not list the section `[private]` of {}"),
        (URL, f'"https://u:{PASSWORD}@h/"', "private", "in {} has quotes around it"),
        (URL, f"{URL} # {PASSWORD}", "private", "in {} has what looks like a comment"),
    ],
)
def test_why_an_index_cannot_be_used_is_told(
    home: Path, old: str, new: str, name: str, words: str
) -> None:
    """File and section are named, and what is wrong with them; no value is shown."""
    path = home / ".pypirc"
    path.write_text(PRIVATE.replace(old, new) if old else PRIVATE)

    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        config.read_index("~/.pypirc", name)

    assert words.format(f"`{path}`") in str(caught.value)
    assert SECRET not in str(caught.value)


def test_the_file_that_was_read_is_named_to_those_who_ask(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With --verbose one line has the whole path; a missing file is not named."""
    caplog.set_level("INFO", "twine")
    config.read_config("~/.pypirc")
    assert caplog.messages == []
    (home / ".pypirc").write_text(PRIVATE)
    config.read_config("~/.pypirc")

    assert str(home / ".pypirc") in caplog.messages[0]


def test_a_home_that_is_no_folder_is_fine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user whose home is `/dev/null`, or any other file, has no `~/.pypirc`."""
    nowhere = tmp_path / "nowhere"
    nowhere.write_bytes(b"")
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(nowhere))

    assert config.read_config("~/.pypirc").indexes["pypi"].url == PYPI


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_file_is_utf8_with_or_without_a_mark(home: Path, mark: bytes) -> None:
    """A file that Windows' editor saved is read like any other."""
    text = "[pypi]\npassword = Grüße\n"
    (home / ".pypirc").write_bytes(mark + text.encode())

    assert config.read_config("~/.pypirc").indexes["pypi"].password == "Grüße"


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (None, exceptions.InvalidConfiguration, "does not exist"),
        (b"\xff\xfe[\x00", exceptions.UnableToReadConfigurationFile, "UTF-8"),
        (b"[pypi\n", exceptions.InvalidConfiguration, "line 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, content: bytes | None, error: type[Exception], words: str
) -> None:
    """A given file must be there, be text, and make sense."""
    path = tmp_path / "rc"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(error) as caught:
        config.read_config(str(path))

    assert str(path) in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "url", "what"),
    [
        ("", None, "--repository"),
        (" ", None, "--repository"),
        ("pypi", "", "--repository-url"),
        ("x", "\n", "--repository-url"),
    ],
)
def test_an_index_that_is_given_but_empty_is_refused(
    name: str, url: str | None, what: str
) -> None:
    """What was meant for another index never goes to PyPI instead."""
    with pytest.raises(exceptions.InvalidConfiguration, match=f"`{what}` is empty"):
        config.get_repository_from_config("~/.pypirc", name, url)


@pytest.mark.parametrize(
    "name",
    ["http:/u:{}@h/", "https//u:{}@h/", "u:{}@h/", "https//{}@h/"],
)
def test_a_mistyped_url_shows_no_password(home: Path, name: str) -> None:
    """Neither as the name that was asked for nor among those that are known."""
    typed = name.format(PASSWORD)
    (home / ".pypirc").write_text(
        f"[distutils]\nindex-servers = u:{PASSWORD}@h\n[u:{PASSWORD}@h]\n"
    )

    with pytest.raises(exceptions.InvalidConfiguration) as caught:
        config.read_index("~/.pypirc", typed)

    assert "index `********@h/`" in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["https://index.example/legacy", "https://INDEX.example:443/legacy/", None],
)
def test_a_url_finds_its_section(home: Path, url: str | None) -> None:
    """A URL, given either way, gets the credentials of the section that has it."""
    (home / ".pypirc").write_text(PRIVATE)
    name = "pypi" if url else URL

    index = config.read_index("~/.pypirc", name, url)

    assert index.url == url or name
    assert (index.username, index.password) == ("someone", "100%safe;#=word")
    assert index.ca_cert == "ca.pem"


def test_credentials_in_the_url_beat_those_of_the_section(home: Path) -> None:
    """What a URL brings along is used, an empty password too."""
    (home / ".pypirc").write_text(PRIVATE)

    index = config.read_index("~/.pypirc", "", "https://me:@index.example/legacy/")

    assert (index.username, index.password) == ("me", "")


def test_another_url_gets_no_credentials(home: Path) -> None:
    """A URL that no section has stands alone."""
    (home / ".pypirc").write_text(PRIVATE)

    index = config.read_index("~/.pypirc", "private", "https://other.example/")

    assert index == indexes.Index(url="https://other.example/")


@pytest.mark.parametrize("content", [b"nonsense\n", b"\xff\xfe"])
def test_a_url_needs_no_sound_file(
    home: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """With a URL, a broken file is a warning."""
    (home / ".pypirc").write_bytes(content)

    index = config.read_index("~/.pypirc", "pypi", "https://other.example/")

    assert index == indexes.Index(url="https://other.example/")
    assert caplog.records[0].levelname == "WARNING"
