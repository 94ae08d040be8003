"""Read what `twine upload` prints when several files end badly."""

import re
import shlex

_ROW = re.compile(
    r"^  (uploaded|skipped|failed|not tried) +(\S+?)(?::|$)", re.MULTILINE
)
_COMMAND = re.compile(r"^To publish the rest:\n +(twine upload .*)$", re.MULTILINE)


def read_table(text: str) -> dict[str, str]:
    """Return the files of the table, with what became of each."""
    return {name: status for status, name in _ROW.findall(text)}


def read_resume_command(text: str) -> list[str]:
    """Return the words of the command that publishes what is left."""
    found = _COMMAND.search(text)
    assert found is not None, text
    return shlex.split(found[1])
