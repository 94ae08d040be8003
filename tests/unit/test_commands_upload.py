"""`twine upload` and `twine register`, called as functions."""

from pathlib import Path

import pytest

from support import dists
from support.index import ScriptedIndex
from support.secrets import PASSWORD, USER
from twine import exceptions
from twine.commands import upload
from twine.package import PackageFile
from twine.settings import Settings

pytestmark = pytest.mark.usefixtures("records_printed")


@pytest.fixture
def settings(index: ScriptedIndex) -> Settings:
    """Return settings for the scripted index."""
    return Settings(repository_url=index.upload_url, username=USER, password=PASSWORD)


def sent(index: ScriptedIndex) -> list[str]:
    """Return the names of the files that were sent, in order."""
    return [request.files["content"][0] for request in index.requests]


def test_verbose_tells_each_file_with_its_size(
    index: ScriptedIndex,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With --verbose files are told while they are read, and the next run is quiet."""
    wheel = dists.make_wheel(tmp_path)
    settings.verbose = True
    upload.upload(settings, [str(wheel)])
    loud = capsys.readouterr().out

    settings.verbose = False
    upload.upload(settings, [str(wheel)])

    assert f"INFO     {wheel}" in loud
    assert " KB" in loud
    assert "INFO" not in capsys.readouterr().out


def test_a_file_that_vanishes_while_it_is_prepared_is_one_error(
    index: ScriptedIndex,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file that was read and is gone cannot be published, and nothing is sent."""
    read = PackageFile.read

    def read_and_remove(filename: str, comment: str | None, **how: bool) -> object:
        found = read(filename, comment, **how)
        Path(filename).unlink()
        return found

    monkeypatch.setattr(PackageFile, "read", read_and_remove)
    path = dists.make_wheel(tmp_path)

    with pytest.raises(exceptions.InvalidDistribution, match=path.name):
        upload.upload(settings, [str(path)])

    assert sent(index) == []
