"""Where an index can be asked what it has."""

import pytest

from twine.config import known_indexes as indexes


@pytest.mark.parametrize(
    ("upload_url", "simple_url"),
    [
        ("https://upload.pypi.org/legacy/", "https://pypi.org/simple/"),
        ("https://test.pypi.org/legacy/", "https://test.pypi.org/simple/"),
        ("http://localhost:8080", "http://localhost:8080/simple/"),
        ("http://localhost:8080/", "http://localhost:8080/simple/"),
        ("https://index.example/legacy/", "https://index.example/simple/"),
        ("https://index.example/a/b/c/legacy", "https://index.example/a/b/c/simple/"),
        (
            "https://pkgs.example/org/proj/_packaging/feed/pypi/upload/",
            "https://pkgs.example/org/proj/_packaging/feed/pypi/simple/",
        ),
        (
            "https://pkgs.example/org/_packaging/feed@view/pypi/upload",
            "https://pkgs.example/org/_packaging/feed@view/pypi/simple/",
        ),
        (
            "https://jfrog.example/artifactory/api/pypi/pypi-local",
            "https://jfrog.example/artifactory/api/pypi/pypi-local/simple/",
        ),
        (
            "https://gitlab.example/api/v4/projects/7/packages/pypi",
            "https://gitlab.example/api/v4/projects/7/packages/pypi/simple/",
        ),
        (
            "https://gitlab.example/sub/api/v4/projects/a%2Fb/packages/pypi/",
            "https://gitlab.example/sub/api/v4/projects/a%2Fb/packages/pypi/simple/",
        ),
        (
            "https://gitea.example/api/packages/me/pypi",
            "https://gitea.example/api/packages/me/pypi/simple/",
        ),
        (
            "https://d-1.d.codeartifact.eu-west-1.amazonaws.com/pypi/repo/",
            "https://d-1.d.codeartifact.eu-west-1.amazonaws.com/pypi/repo/simple/",
        ),
        (
            "http://nexus.example:8081/repository/pypi-hosted/",
            "http://nexus.example:8081/repository/pypi-hosted/simple/",
        ),
        (
            "http://localhost:3141/user/dev/",
            "http://localhost:3141/user/dev/+simple/",
        ),
        ("http://localhost:3141/user/dev", "http://localhost:3141/user/dev/+simple/"),
    ],
)
def test_the_simple_api_is_found_beside_the_upload_url(
    upload_url: str, simple_url: str
) -> None:
    """Each kind of index has a layout of its own."""
    assert indexes.simple_url_of(upload_url) == simple_url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "https://index.example/simple/pypi/",
        "https://index.example/a/simple/",
        "https://index.example/upload",
        "https://index.example/a/b/c/d",
    ],
)
def test_another_layout_cannot_be_asked(url: str) -> None:
    """Nothing is guessed about a URL that looks like none of them."""
    assert indexes.simple_url_of(url) is None
