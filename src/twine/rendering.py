"""Render descriptions as PyPI does, and tell why one cannot be rendered.

It is all that a process of :mod:`twine.renderers` loads, and does.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import json
import re
import threading
import warnings
from collections.abc import Iterator

RST = "text/x-rst"
MARKDOWN = "text/markdown"
# The memory that a process has to render with, and what it says when it has begun.
MEBIBYTES = 256
READY = "ready\n"
# A message of docutils: `<string>:12: (WARNING/2) Title underline too short.`
_DOCUTILS = re.compile(r"^<string>:(?P<line>\d*): \((?P<level>\w+)/\d\) ")
_NOTHING = "nothing is left to show"
_ONE_AT_A_TIME = threading.Lock()


def find_problems(media_type: str, text: str) -> tuple[str, ...]:
    """Return why a description would not be rendered; empty if it would.

    Args:
        media_type: What kind of text it is.
        text: The description.

    Returns:
        One text for each problem; the lines after the first quote the description.

    Raises:
        MemoryError: There is not enough memory.
    """
    try:
        if media_type == RST:
            return _rst_problems(text)
        if media_type == MARKDOWN:
            return _markdown_problems(text)
    except MemoryError:
        raise
    except Exception as exc:  # noqa: BLE001 - docutils trips over deep nesting
        return (f"the renderer fails on it with {type(exc).__name__}",)
    return ()  # plain text always can


class _Words:
    """Collect what docutils has to say.

    It is all that docutils needs of a file.
    """

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        """Append some text."""
        self.text += text

    def tell(self) -> int:
        """Return how much has been written."""
        return len(self.text)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Keep what a text defines from all other texts.

    For docutils a role belongs to the process, not to the text that defines it
    (``.. role::``, ``.. default-role::``).
    """
    from docutils.parsers.rst import roles

    with _ONE_AT_A_TIME:
        known: dict[str, object] = getattr(roles, "_roles", {})
        before = dict(known)
        try:
            yield
        finally:
            known.clear()
            known.update(before)


def _rst_problems(text: str) -> tuple[str, ...]:
    from readme_renderer import rst

    words = _Words()
    with _alone():
        rendered = rst.render(text, stream=words)  # type: ignore[arg-type]
    if rendered is not None:
        return ()
    problems: list[str] = []
    for line in words.text.splitlines():
        found = _DOCUTILS.match(line)
        if found is not None:
            where = f"line {found['line']}: " if found["line"] else ""
            level = found["level"].lower()
            problems.append(f"{where}{level}: {line[found.end() :]}")
        elif problems:
            problems[-1] += f"\n{line}"
    return tuple(problems) or (_NOTHING,)


def _markdown_problems(text: str) -> tuple[str, ...]:
    with warnings.catch_warnings():
        # Without its Markdown library it warns, and renders nothing at all.
        warnings.simplefilter("ignore")
        from readme_renderer import markdown
    # Nobody asks without the library; then no text is blamed.
    fails = bool(markdown.variants) and markdown.render(text) is None
    return (_NOTHING,) if fails else ()


def serve() -> None:
    """Answer questions until there are no more: all that such a process does."""
    _limit_memory()
    with open(0, encoding="ascii") as questions, open(1, "w", encoding="ascii") as told:
        told.write(READY)
        told.flush()
        for question in questions:
            seconds, media_type, text = json.loads(question)
            faulthandler.dump_traceback_later(seconds, exit=True)
            problems = find_problems(media_type, text)
            faulthandler.cancel_dump_traceback_later()
            told.write(json.dumps(problems) + "\n")
            told.flush()
            gc.collect()  # docutils leaves circles, which the next one would pay for


def _limit_memory() -> None:
    """Get no more memory than :data:`MEBIBYTES`, where the system can see to that."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        most = MEBIBYTES * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
