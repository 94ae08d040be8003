"""Keep the manual page twine(1) that Sphinx has built, or compare it with the one kept.

It is kept so that nobody needs Sphinx to install from the source, or to package it.
`tox -e man` runs `manual_page.py keep BUILT`, `tox -e docs` runs `compare BUILT`.
"""

import sys
from pathlib import Path

KEPT = Path(__file__).resolve().parents[1] / "docs" / "man" / "twine.1"


def read_text(path: Path) -> str:
    """Return a manual page without comments, in which tools write their versions.

    Args:
        path: The page, in the language of troff.
    """
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith('.\\"'))


def main(arguments: list[str]) -> int:
    """Return 1, and say what to do, if the page that is kept is an old one.

    Args:
        arguments: `keep` or `compare`, and the page just built.
    """
    action, built = arguments
    text = read_text(Path(built))
    if action == "keep":
        KEPT.write_text(text, encoding="utf-8")
    elif read_text(KEPT) != text:
        print(f"{KEPT} is out of date: run `python -m tox -e man`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
