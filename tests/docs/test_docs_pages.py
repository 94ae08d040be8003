"""What every page promises: links that are safe, numbers that were measured."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from twine.commands import parsers

PROJECT = Path(__file__).resolve().parents[2]
_URL = re.compile(r"https?://(?!\.\.\.)[^\s`<>\"'()\[\]|\\{}]+")
# A proxy is reached without TLS; `HOST` is the reader's own.
_WITHOUT_TLS = {"127.0.0.1", "host", "proxy.example.com"}


def read_texts() -> Iterator[tuple[str, str]]:
    """Yield each page and each module, with its path."""
    for pattern in ("*.md", "changelog/*.md", "docs/**/*.rst", "src/**/*.py"):
        for path in PROJECT.glob(pattern):
            yield str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8")


def test_links_to_other_sites_use_tls() -> None:
    """Each URL of a page or of a message is `https`, and has a host."""
    faults = []
    for path, text in read_texts():
        for url in _URL.findall(text):
            parts = urlsplit(url.rstrip(".,;:*"))
            safe = parts.scheme == "https" or parts.hostname in _WITHOUT_TLS
            if not parts.hostname or not safe or "//" in parts.path:
                faults.append((path, url))

    assert faults == []


def test_numbers_of_the_readme_were_measured() -> None:
    """What it says of time and memory is in the table that the benchmark writes."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    (fact,) = re.findall(r"^- \*\*Fast\*\*(.*?)\n\n", readme, re.DOTALL | re.MULTILINE)
    performance = PROJECT / "docs" / "explanation" / "performance.rst"
    measured = re.findall(
        r"- ([\d.]+ (?:s|MB))$", performance.read_text(), re.MULTILINE
    )

    claimed = re.findall(r"[\d.]+ (?:s|MB)\b", fact)

    assert len(claimed) == 5
    assert set(claimed) <= set(measured)


def test_commands_on_all_pages_have_known_options() -> None:
    """No page shows a command with an option that does not exist."""
    command = r"\btwine (upload|check|register)\b((?: [^`\s|>]+)*)"
    for path, text in read_texts():
        for name, given in re.findall(command, text):
            known = parsers.PARSERS[name]()._option_string_actions.keys()
            shown = set(re.findall(r"(?<= )--?[a-z][a-z-]*", given))
            assert shown <= known, (path, name, given)
