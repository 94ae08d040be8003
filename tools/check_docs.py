"""Look through built documentation for error boxes and for links that lead nowhere.

Run it on what Sphinx has built: `python tools/check_docs.py docs/_build/html`. The
build itself fails on a warning, but a theme may still put an error into a page, and
Sphinx does not look at links that are written as plain URLs.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What docutils puts around an error, and around the text that it could not read.
_ERROR_CLASSES = {"system-message", "problematic"}
# Furo (2025.12.19) writes an error above a table of contents within the page: its
# stylesheet matches `.contents` without this class, so the HTML has no other sign.
_CONTENTS_ALLOWED = "this-will-duplicate-information-and-it-is-still-useful-here"


@dataclass
class Page(HTMLParser):
    """What one page has: its anchors, its links, and the error boxes in it."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what a tag says.

        Args:
            tag: The name of the tag.
            attrs: Its attributes.
        """
        values = {name: value or "" for name, value in attrs}
        self.anchors.update(filter(None, (values.get("id"), values.get("name"))))
        self.links += [values[name] for name in ("href", "src") if name in values]
        classes = set(values.get("class", "").split())
        self.errors += sorted(classes & _ERROR_CLASSES)
        if "contents" in classes and _CONTENTS_ALLOWED not in classes:
            self.errors.append("contents")


def find_faults(folder: Path) -> Iterator[str]:
    """Yield one line for each error box and each broken link, by page.

    Args:
        folder: The root of the built documentation.
    """
    pages = {path: _read_page(path) for path in sorted(folder.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(folder).as_posix()
        for error in page.errors:
            yield f"{name}: there is an error box (class `{error}`)"
        for link in dict.fromkeys(page.links):
            if not _leads_somewhere(link, path, pages):
                yield f"{name}: the link `{link}` leads nowhere"


def _read_page(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _leads_somewhere(link: str, start: Path, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True  # another site, which this check does not ask
    target = (start.parent / unquote(parts.path)).resolve() if parts.path else start
    if not target.is_file():
        return False
    if not parts.fragment or target not in pages:
        return True
    return unquote(parts.fragment) in pages[target].anchors


def main(arguments: list[str]) -> int:
    """Print every fault, and return 1 if there is one.

    Args:
        arguments: The folder with the built documentation.
    """
    folder = Path(arguments[0]).resolve()
    if not (folder / "index.html").is_file():
        print(f"there is no documentation in {folder}")
        return 1
    faults = list(find_faults(folder))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
