"""`twine register`, and what both sending commands share."""

from pathlib import Path

import pytest
import requests

from support import dists
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, USER
from twine import exceptions
from twine.commands import register, upload
from twine.settings import Settings


@pytest.fixture
def settings(index: ScriptedIndex) -> Settings:
    """Return settings for the scripted index."""
    return Settings(repository_url=index.upload_url, username=USER, password=PASSWORD)


def test_a_refusal_holds_no_secret(
    index: ScriptedIndex, settings: Settings, tmp_path: Path
) -> None:
    """A program may log what it catches, whatever the index sent back."""
    index.answer("/legacy/", Answer(400, "Bad", body=f"not {PASSWORD}".encode()))

    with pytest.raises(requests.HTTPError) as caught:
        register.register(settings, str(dists.make_wheel(tmp_path)))

    assert "not ********" in str(caught.value)


def test_old_hosts_are_refused_by_both(tmp_path: Path) -> None:
    """Nothing is read or sent for a host that PyPI has given up."""
    settings = Settings(repository_url="https://pypi.python.org/pypi")

    with pytest.raises(exceptions.UploadToDeprecatedPyPIDetected):
        upload.upload(settings, [])
    with pytest.raises(exceptions.UploadToDeprecatedPyPIDetected):
        register.register(settings, "missing")
