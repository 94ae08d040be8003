"""Read what `twine upload` prints when several files end badly."""

import re

_ROW = re.compile(
    r"^  (uploaded|skipped|failed|not tried) +(\S+?)(?::|$)", re.MULTILINE
)


def read_table(text: str) -> dict[str, str]:
    """Return the files of the table, with what became of each."""
    return {name: status for status, name in _ROW.findall(text)}
