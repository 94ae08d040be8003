"""Where an index can be asked what it has."""

import re
from pathlib import Path

import pytest

from twine.config import known_indexes as indexes

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/other-indexes.rst"
# The table of the documentation: where uploads go, and where the index is asked.
ROW = re.compile(
    r"^     - \| ``(https?:\S+)``\n       \| ``(https?:\S+)``$", re.MULTILINE
)
TABLE = ROW.findall(PAGE.read_text("utf-8"))


@pytest.mark.parametrize(("upload_url", "simple_url"), TABLE)
def test_the_simple_api_is_where_the_documentation_says(
    upload_url: str, simple_url: str
) -> None:
    """Each kind of index has a layout of its own; a slash at the end may lack."""
    assert len(TABLE) == 14
    assert indexes.simple_url_of(upload_url) == simple_url
    assert indexes.simple_url_of(upload_url.rstrip("/")) == simple_url


@pytest.mark.parametrize(
    ("upload_url", "simple_url"),
    [
        ("http://localhost:8080", "http://localhost:8080/simple/"),
        ("https://index.example/a/b/c/legacy", "https://index.example/a/b/c/simple/"),
        (
            "https://pkgs.example/org/_packaging/feed@view/pypi/upload",
            "https://pkgs.example/org/_packaging/feed@view/pypi/simple/",
        ),
        (
            "https://gitlab.example/sub/api/v4/projects/a%2Fb/packages/pypi/",
            "https://gitlab.example/sub/api/v4/projects/a%2Fb/packages/pypi/simple/",
        ),
    ],
)
def test_a_layout_may_lie_below_a_path(upload_url: str, simple_url: str) -> None:
    """Servers are put below a path, and names may be encoded."""
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
