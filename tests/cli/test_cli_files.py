"""Which files are meant, in which order they go, and what is refused."""

import sys
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.index import ScriptedIndex

needs_bytes = pytest.mark.skipif(
    sys.platform != "linux", reason="names of files are text there"
)


def sent_names(index: ScriptedIndex) -> list[str]:
    """Return the names of the files that arrived, in their order."""
    return [request.files["content"][0] for request in index.uploads]


def test_wheels_go_first(upload: Twine, index: ScriptedIndex, workdir: Path) -> None:
    """Wheels go before sdists; within each kind the order given stays."""
    names = [
        dists.make_sdist(workdir, "b").name,
        dists.make_wheel(workdir, "d").name,
        dists.make_zip_sdist(workdir, "a").name,
        dists.make_wheel(workdir, "c").name,
    ]
    said = upload(*names).success()
    expected = [names[1], names[3], names[0], names[2]]
    assert sent_names(index) == expected
    lines = [line for line in said.splitlines() if line.startswith("Uploading ")]
    assert lines[1:] == [f"Uploading {name}" for name in expected]


@pytest.mark.parametrize(
    "folder",
    [
        "with spaces",
        "ünïcödé ✓",
        "[b]red[/b]",
        pytest.param("\udcff", marks=needs_bytes),
    ],
)
def test_folder_may_have_any_name(
    upload: Twine, index: ScriptedIndex, workdir: Path, folder: str
) -> None:
    """Only the base name is sent, whatever the folder is called."""
    path = dists.make_wheel(workdir / folder)
    upload(path.relative_to(workdir)).success()
    assert sent_names(index) == [path.name]


@pytest.mark.parametrize("name", ["no-such-1.0.tar.gz", "README", "pkg-1.0.egg"])
def test_what_is_no_distribution_is_an_error(
    upload: Twine, index: ScriptedIndex, workdir: Path, wheel: str, name: str
) -> None:
    """No file, or a file of another kind, is an error that names it."""
    for other in ("README", "pkg-1.0.egg"):
        (workdir / other).touch()
    assert name in upload(wheel, name).failure("InvalidDistribution")
    assert index.requests == []


@needs_bytes
def test_file_name_that_is_not_text_is_refused(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """The error names the file with escapes, together with what else is wrong."""
    path = dists.make_sdist(workdir, "a")
    path.rename(workdir / "k\udcff-1.0.tar.gz")
    (workdir / "b-1.0.tar.gz").write_bytes(b"")

    said = upload("*.gz").failure("InvalidDistribution")

    assert "`k\\udcff-1.0.tar.gz`" in said
    assert "`b-1.0.tar.gz`" in said
    assert index.requests == []


def test_signatures_alone_are_an_error(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """There must be a distribution that is signed."""
    (workdir / "pkg-1.0.tar.gz.asc").write_text("signature")
    upload("pkg-1.0.tar.gz.asc").failure("InvalidDistribution")
    assert index.requests == []
