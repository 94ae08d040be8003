"""What `~/.netrc` has for the host of an index."""

from pathlib import Path

import pytest

from support.secrets import PASSWORD, SECRET
from twine.auth.netrc_file import read_login

URL = "https://Index.example:8443/legacy/"
ENTRY = f"machine index.example\n login ada\n password {PASSWORD}\n"
_NOTHING = (None, None)


def found(text: str, path: Path) -> tuple[str | None, str | None]:
    """Return user name and password that a file has for the index."""
    path.write_text(text)
    return read_login(URL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENTRY, ("ada", PASSWORD)),
        (f"machine index.example password {PASSWORD}", (None, PASSWORD)),
        ("machine index.example login ada", _NOTHING),
        (ENTRY.replace("index", "other"), _NOTHING),
        # It is for any host, so it was not meant for this one.
        (ENTRY.replace("machine index.example", "default"), _NOTHING),
    ],
)
def test_the_entry_of_the_host_counts(
    text: str, expected: tuple[str | None, str | None], home: Path
) -> None:
    """Upper case and port are no matter; `default` is nobody's password."""
    assert found(text, home / ".netrc") == expected


def test_a_variable_names_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`NETRC` wins over the home folder; on Windows the name begins with `_`."""
    assert read_login(URL) == _NOTHING
    (home / "_netrc").write_text(ENTRY)
    assert read_login(URL) != _NOTHING
    monkeypatch.setenv("NETRC", str(tmp_path / "missing"))
    assert read_login(URL) == _NOTHING
    monkeypatch.setenv("NETRC", str(home / "_netrc"))
    assert read_login(URL) != _NOTHING


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"machine index.example\n{PASSWORD} x".encode(), "malformed in line 2"),
        (b"machine \xff\xfe", "cannot be read"),
    ],
)
def test_a_broken_file_is_a_warning_that_shows_nothing(
    content: bytes, words: str, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The next source is asked."""
    (home / ".netrc").write_bytes(content)

    assert read_login(URL) == _NOTHING
    assert words in caplog.text
    assert SECRET not in caplog.text
