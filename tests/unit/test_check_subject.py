"""Distributions read as the rules see them."""

import dataclasses
import hashlib
import os
from pathlib import Path

import pytest

from support import dists
from support.subjects import make_subject
from twine import archives
from twine.check import subject as subjects
from twine.form.fields import FaultKind
from twine.package import PackageFile


def test_subject_of_a_sound_file(tmp_path: Path) -> None:
    """It has the form that an upload would send, the archive and the digest."""
    path = dists.make_wheel(tmp_path, "some_tool")
    subject = subjects.read_subject(str(path))

    assert ("name", "some-tool") in subject.form
    assert subject.filetype == "bdist_wheel"
    assert subject.size == path.stat().st_size
    assert subject.archive.kind == "zip"
    assert subject.sha256() == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (subject.unreadable, subject.faults, subject.attestations) == ("", (), None)


def test_subject_of_a_package_is_the_same(tmp_path: Path) -> None:
    """Before an upload the rules see what `check --pypi` sees."""
    path = str(dists.make_wheel(tmp_path))
    package = PackageFile.from_filename(path, "a comment")

    assert subjects.make_subject(package) == subjects.read_subject(path)


def test_subject_with_faults(tmp_path: Path) -> None:
    """What is wrong with the metadata is part of it."""
    text = dists.metadata_text(extra="Licence: MIT\n").replace("Version: 1.0\n", "")
    subject = subjects.read_subject(str(dists.make_wheel(tmp_path, metadata=text)))

    kinds = {fault.field: fault.kind for fault in subject.faults}
    assert kinds == {"Licence": FaultKind.UNKNOWN, "Version": FaultKind.MISSING}
    assert ("name", "pkg") in subject.form


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pkg.txt", "is not a distribution"),
        ("pkg-1.0.whl", "is not a file"),
        ("fifo-1.0.tar.gz", "is not a file"),
        ("broken-1.0.tar.gz", "is not "),
    ],
)
def test_subject_of_what_cannot_be_read(tmp_path: Path, name: str, words: str) -> None:
    """It is a value like any other, and says why."""
    os.mkfifo(tmp_path / "fifo-1.0.tar.gz")
    (tmp_path / "broken-1.0.tar.gz").write_text("no archive")
    subject = subjects.read_subject(str(tmp_path / name))

    assert words in subject.unreadable
    assert subject.form == ()
    assert bool(subject.filetype) is name.startswith("broken")


def test_subject_of_a_file_that_vanishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that is still running removes a file: that is told, and no digest."""
    path = dists.make_wheel(tmp_path)
    read = archives.read_archive

    def remove(name: str, filetype: str) -> archives.Reading:
        path.unlink()
        return read(name, filetype)

    monkeypatch.setattr(archives, "read_archive", remove)
    subject = subjects.read_subject(str(path))

    assert f"`{path}` cannot be read" in subject.unreadable
    assert subject.sha256() is None


@pytest.mark.parametrize("jobs", [1, 4])
def test_descriptions_are_rendered_once(
    monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """The wheels of a release have the same one: each different text is rendered."""
    texts: list[str] = []

    def note(text: str, stream: object) -> str:
        texts.append(text)
        return "<a href='x.rst'>"

    monkeypatch.setattr("readme_renderer.rst.render", note)
    files = [
        dataclasses.replace(
            make_subject(description="-", description_content_type="text/plain"),
            path=str(number),
            form=(("description", text),),
        )
        for number, text in enumerate(["One.\n", "Two.\n"] * 4)
    ]
    found = list(subjects.read_subjects(lambda one: one, files, jobs=jobs))

    assert [one.path for one in found] == [one.path for one in files]
    assert {one.description.relative_links for one in found} == {("x.rst",)}
    assert list(dict.fromkeys(texts)) == ["One.\n", "Two.\n"]
    # Each is rendered another time, to see whether it has but a title.
    assert len(texts) == 4
    assert subjects.read_subjects(lambda one: one, []) is not None
