"""Which files are meant, in which order they go, and what is refused."""

import sys
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.index import ScriptedIndex
from support.wire import Received

needs_bytes = pytest.mark.skipif(
    sys.platform != "linux", reason="names of files are text there"
)


def sent_names(index: ScriptedIndex) -> list[str]:
    """Return the names of the files that arrived, in their order."""
    return [_content_name(request) for request in index.uploads]


def _content_name(request: Received) -> str:
    return request.files["content"][0]


def test_wheels_go_first_and_the_order_is_kept_otherwise(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
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


@pytest.mark.parametrize("folder", ["with spaces", "ünïcödé ✓", "[b]red[/b]"])
def test_paths_may_have_any_characters(
    upload: Twine, index: ScriptedIndex, workdir: Path, folder: str
) -> None:
    """Only the base name is sent, whatever the folder is called."""
    path = dists.make_wheel(workdir / folder)
    upload(path).success()
    assert sent_names(index) == [path.name]


@pytest.mark.parametrize("name", ["no-such-1.0.tar.gz", "dist/*.whl", "[a-c].whl"])
def test_what_matches_nothing_is_an_error(
    upload: Twine, index: ScriptedIndex, wheel: str, name: str
) -> None:
    """A path or pattern without a file is an error that names it; nothing is sent."""
    said = upload(wheel, name).failure("InvalidDistribution")
    assert name in said
    assert index.requests == []


@pytest.mark.parametrize(
    "second", ["{file}", "./{file}", "../{folder}/{file}", "*.whl"]
)
def test_a_file_named_twice_is_sent_once(
    upload: Twine, index: ScriptedIndex, workdir: Path, wheel: str, second: str
) -> None:
    """The same file under two names is one file."""
    upload(wheel, second.format(file=wheel, folder=workdir.name)).success()
    assert sent_names(index) == [wheel]


def test_signatures_alone_are_an_error(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """There must be something to sign."""
    (workdir / "pkg-1.0.tar.gz.asc").write_text("signature")
    upload("pkg-1.0.tar.gz.asc").failure("InvalidDistribution")
    assert index.requests == []


@pytest.mark.parametrize(
    "name",
    [
        "pkg-1.0.egg",
        "pkg-1.0.tar.bz2",
        "pkg-1.0.tgz",
        "pkg-1.0.exe",
        "pkg-1.0.rpm",
        "pkg-1.0.tar",
        "README",
        "pkg-1.0.gz",
    ],
)
def test_other_kinds_of_files_are_refused(
    upload: Twine, index: ScriptedIndex, workdir: Path, wheel: str, name: str
) -> None:
    """Only wheels and sdists are distributions."""
    (workdir / name).write_bytes(b"x")
    said = upload(wheel, name).failure("InvalidDistribution")
    assert name in said
    assert index.requests == []


def test_a_large_file_arrives_whole(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """Bytes that look like a form's boundary or a line end do no harm."""
    payload = b"\r\n--boundary--\r\n" * 300_000
    path = dists.make_wheel(workdir, payload=payload)
    upload(path.name).success()
    assert index.uploads[0].files["content"][2] == path.read_bytes()


def test_every_broken_file_is_told(
    upload: Twine, index: ScriptedIndex, workdir: Path, broken_sdist: str
) -> None:
    """All faults of all files come in one message."""
    (workdir / "other-1.0-py3-none-any.whl").write_bytes(b"no zip")
    said = upload(broken_sdist, "other-1.0-py3-none-any.whl")
    message = said.failure("InvalidDistribution")
    assert broken_sdist in message
    assert "other-1.0-py3-none-any.whl" in message
    assert index.requests == []


@needs_bytes
def test_a_name_that_is_not_text_is_refused(
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


@needs_bytes
def test_a_folder_need_not_have_a_text_for_a_name(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """Only the file's own name is sent."""
    path = dists.make_sdist(workdir / "k\udcff")

    upload(path.relative_to(workdir)).success()

    assert sent_names(index) == [path.name]
