"""Publish within this process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from support.index import ScriptedIndex
from support.secrets import PASSWORD, USER
from twine.commands import upload
from twine.publish.outcome import Outcome, Result
from twine.settings import Settings
from twine.terminal import logs


def publish(index: ScriptedIndex, paths: Sequence[Path], **options: Any) -> Result:
    """Publish files with keywords of `Settings`; return what became of each."""
    given = {"repository_url": index.upload_url, "timeout": 2.0, **options}
    settings = Settings(username=USER, password=PASSWORD, **given)
    with logs.print_records(settings.console):
        return upload.publish(settings, [str(path) for path in paths])


def publish_one(index: ScriptedIndex, path: Path, **options: Any) -> Outcome:
    """Publish one file to an index, and return what became of it."""
    (outcome,) = publish(index, [path], **options).outcomes
    return outcome
