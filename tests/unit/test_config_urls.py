"""Which index a URL means, and what of it is shown."""

import pytest

from support.secrets import PASSWORD, SECRET
from twine import exceptions
from twine.config import known_indexes as indexes

PYPI = "https://upload.pypi.org/legacy/"
TESTPYPI = "https://test.pypi.org/legacy/"


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://index.example/legacy/", "https://index.example/legacy/"),
        ("https://u:p@index.example/x", "https://********@index.example/x"),
        ("https://u@index.example/x", "https://********@index.example/x"),
        ("https://:p@index.example/", "https://********@index.example/"),
        ("https://u:@index.example/", "https://********@index.example/"),
        ("https://u:p%40%2F@index.example/", "https://********@index.example/"),
        ("https://u:a@b@index.example/", "https://********@index.example/"),
        ("https://u:p@[::1]:8080/x", "https://********@[::1]:8080/x"),
        ("https://u:pa/ss@index.example/", "https://********@index.example/"),
        ("https://u:p@[index.example/", "https://********@[index.example/"),
        ("https://u:12#34@index.example/", "https://********@index.example/"),
        ("https://u:#12@index.example/", "https://********@index.example/"),
        ("https://u:?12@index.example/", "https://********@index.example/"),
        ("https://u\t:p\t@index.example/", "https://********@index.example/"),
        ("https://index.example/@scope/x", "https://index.example/@scope/x"),
        ("https://index.example/a@b", "https://index.example/a@b"),
        ("https://[::1]/a@b", "https://[::1]/a@b"),
        ("http://user:12/3secret@host/", "http://********@host/"),
        ("http://user:12/3secret@host:80/x", "http://********@host:80/x"),
        ("http://me@corp.example:12/3secret@host/", "http://********@host/"),
        ("http://u:p://x@index.example/", "http://********@index.example/"),
        ("http://a/?to=http://u:p@b/", "http://a/?to=http://********@b/"),
        ("words without a URL", "words without a URL"),
        ("", ""),
    ],
)
def test_a_url_is_shown_without_its_credentials(url: str, masked: str) -> None:
    """User name and password are replaced by stars, whatever they are made of."""
    assert indexes.sanitize_url(url) == masked


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("http://upload.pypi.org/legacy/", PYPI),
        ("http://test.pypi.org/legacy/", TESTPYPI),
        ("http://pypi.org/legacy/", "https://pypi.org/legacy/"),
        ("http://pypi.python.org/pypi", "https://pypi.python.org/pypi"),
        ("http://index.example/legacy/", "http://index.example/legacy/"),
        ("http://pypi.org.example/", "http://pypi.org.example/"),
        (PYPI, PYPI),
    ],
)
def test_pypi_is_spoken_to_over_tls_only(url: str, normal: str) -> None:
    """`http` becomes `https` for PyPI's hosts and for no other."""
    assert indexes.normalize_repository_url(url) == normal


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://u:p@Index.Example:8080/x", "index.example"),
        ("https://[::1]:80/", "::1"),
        ("https://[::1/", ""),
        ("nothing", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_url(url: str, host: str) -> None:
    """The host is told in lower case without port, or not at all."""
    assert indexes.host_of(url) == host


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (PYPI, "pypi"),
        (TESTPYPI, "testpypi"),
        ("https://UPLOAD.pypi.org/legacy/", "pypi"),
        ("http://upload.pypi.org/legacy/", None),
        ("https://pypi.org/legacy/", None),
        ("https://upload.pypi.org.example/", None),
        ("https://[::1/", None),
    ],
)
def test_known_indexes_are_known_by_their_host(url: str, name: str | None) -> None:
    """Only the upload hosts over TLS are PyPI and TestPyPI."""
    found = indexes.find_known_index(url)

    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("url", "username", "password", "clean"),
    [
        ("https://h/x", None, None, "https://h/x"),
        ("https://u:p@h/x", "u", "p", "https://h/x"),
        ("https://u@h/x", "u", None, "https://h/x"),
        ("https://:p@h/x", "", "p", "https://h/x"),
        ("https://u:@h/x", "u", "", "https://h/x"),
        ("https://u%40h:p%3A%2f@h:1/x?y=1", "u@h", "p:/", "https://h:1/x?y=1"),
        ("https://u:a@b@h/", "u", "a@b", "https://h/"),
        ("http://__token__:t@upload.pypi.org/legacy/", "__token__", "t", PYPI),
        ("HTTPS://[::1]:8080/", None, None, "https://[::1]:8080/"),
    ],
)
def test_credentials_are_taken_out_of_a_url(
    url: str, username: str | None, password: str | None, clean: str
) -> None:
    """User name and password are decoded, and the URL is free of them."""
    index = indexes.parse_repository_url(url)

    assert (index.username, index.password) == (username, password)
    assert index.url == clean


@pytest.mark.parametrize(
    "url",
    [
        "",
        "index.example",
        "https://",
        "https:///path",
        "ftp://u:{}@index.example/",
        "file:///etc/passwd",
        "https://u:{}@index.example:port/",
        "https://u:{}@index.example:99999/",
        "https://u:{}/x@index.example/",
        "https://u:{}@[::1/",
        "u:{}@index.example",
        "//u:{}@index.example/",
        "https:/u:{}@index.example/",
        "https:u:{}@index.example",
        "https:\\\\u:{}@index.example",
    ],
)
def test_what_is_no_url_of_an_index_is_refused_unseen(url: str) -> None:
    """The error says what a URL must be like, and shows no password."""
    with pytest.raises(exceptions.UnreachableRepositoryURLDetected) as caught:
        indexes.parse_repository_url(url.format(PASSWORD))

    assert "https://" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)
