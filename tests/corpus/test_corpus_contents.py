"""The files in an archive: for every rule a file that breaks it, and a good one."""

import dataclasses
import tarfile
from pathlib import Path

import pytest

from support import dists
from support.oddzips import gzipped, tar_bytes, tar_member
from support.subjects import (
    INFO,
    WHEEL,
    Maker,
    Values,
    change_wheel,
    found_by,
    make_subject,
    messages,
    read_subject,
    write_sdist,
)
from twine import rules
from twine.check import subject as subjects
from twine.rules import Archive, Severity, Subject


def wheel(
    members: dict[str, bytes | None] | None = None,
    *,
    keep_record: bool = False,
    **fields: Values,
) -> Maker:
    """Return what makes a wheel with other members."""

    def make(folder: Path) -> Subject:
        path = dists.make_wheel(folder, "tool")
        change_wheel(path, members or {}, keep_record=keep_record)
        return read_subject(path, **fields)

    return make


def sdist(*names: str, **fields: Values) -> Maker:
    """Return what makes an sdist with just these members."""

    def make(folder: Path) -> Subject:
        members = dict.fromkeys(names, b"Metadata-Version: 2.1\n")
        path = write_sdist(folder / "tool-1.0.tar.gz", members)
        return read_subject(path, **fields)

    return make


def damaged(name: str) -> Maker:
    """Return what makes a wheel in which one metadata file is damaged."""

    def make(folder: Path) -> Subject:
        text = b"[console_scripts]\ntool = tool:damaged\n"
        path = change_wheel(dists.make_wheel(folder, "tool"), {f"{INFO}/{name}": text})
        path.write_bytes(path.read_bytes().replace(text, text.upper()))
        return read_subject(path)

    return make


def source(text: bytes) -> Maker:
    """Return what makes an sdist with some Python source."""

    def make(folder: Path) -> Subject:
        members = {"tool/secret.py": text}
        return read_subject(dists.make_sdist(folder, "tool", members=members))

    return make


def record(*rows: str) -> dict[str, bytes | None]:
    """Return a RECORD of these rows."""
    return {f"{INFO}/RECORD": "".join(f"{row}\n" for row in rows).encode()}


MEMBERS = [
    f"{name},,"
    for name in (
        "tool/__init__.py",
        f"{INFO}/METADATA",
        f"{INFO}/WHEEL",
        f"{INFO}/RECORD",
    )
]
PROJECT = ("tool-1.0/PKG-INFO", "tool-1.0/pyproject.toml")
BREAKS: dict[str, Maker] = {
    "wheel-missing": wheel({f"{INFO}/WHEEL": None, "Tool-1.0.dist-info/WHEEL": WHEEL}),
    "metadata-missing": wheel({f"{INFO}/METADATA": None}),
    "record-missing": wheel({f"{INFO}/RECORD": None}),
    "multiple-dist-info": wheel({"other-0.1.dist-info/METADATA": b"Name: other\n"}),
    "license-file-missing": wheel(
        {f"{INFO}/LICENSE": b"Do what you like."}, license_file=["LICENSE"]
    ),
    "member-unreadable": damaged("entry_points.txt"),
    "sdist-top-folder": sdist(*PROJECT, "setup.py"),
    "pkg-info-missing": sdist(*(f"./{name}" for name in PROJECT)),
    "encrypted-source": source(b"__pyarmor__(__name__, __file__, b'')"),
    "sdist-root": sdist("tool-main/PKG-INFO", "tool-main/pyproject.toml"),
    "pyproject-missing": sdist("tool-1.0/PKG-INFO", "tool-1.0/setup.py"),
    "record-blank-line": wheel(record(*MEMBERS, "")),
    "record-mismatch": wheel({"tool/more.py": b""}, keep_record=True),
    "wheel-tags": wheel({f"{INFO}/WHEEL": WHEEL + b"Tag: py2-none-any\n"}),
    "entry-points": wheel(
        {f"{INFO}/entry_points.txt": b"[console_scripts]\nmy tool = tool:main\n"}
    ),
}
PASSES: dict[str, Maker] = {
    "wheel-missing": wheel({"Tool-1.0.dist-info/WHEEL": WHEEL}),
    "metadata-missing": wheel({f"{INFO}/METADATA": b""}),
    "record-missing": wheel(record(*MEMBERS)),
    "multiple-dist-info": wheel(
        {"tool/_vendor/other-0.1.dist-info/METADATA": b"Name: other\n"}
    ),
    "license-file-missing": wheel(
        {f"{INFO}/licenses/LICENSE": b"Do what you like."}, license_file=["LICENSE"]
    ),
    "member-unreadable": wheel({f"{INFO}/entry_points.txt": b"[x]\n"}),
    "sdist-top-folder": sdist(*PROJECT, "tool-1.0/setup.py"),
    "pkg-info-missing": sdist(*PROJECT),
    "encrypted-source": source(b"# __pyarmor__ is not allowed\n"),
    "sdist-root": sdist(*PROJECT),
    "pyproject-missing": sdist(*PROJECT),
    "record-blank-line": wheel(record(*MEMBERS)),
    "record-mismatch": wheel({"tool/more.py": b"", f"{INFO}/RECORD.jws": b"x"}),
    "wheel-tags": wheel({f"{INFO}/WHEEL": WHEEL}),
    "entry-points": wheel(
        {f"{INFO}/entry_points.txt": b"[console_scripts]\nmy-t.o_ol = tool:main\n"}
    ),
}


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_contents_of_a_good_file(kind: str, tmp_path: Path) -> None:
    """A file as a build tool makes it breaks no rule at all."""
    text = dists.metadata_text("tool", extra="Summary: A tool.\n")
    make = dists.make_wheel if kind == "wheel" else dists.make_sdist
    path = str(make(tmp_path, "tool", metadata=text))
    assert rules.check_file(subjects.read_subject(path)) == []


def test_contents_of_another_folder(tmp_path: Path) -> None:
    """The message about a missing file shows where it is instead."""
    members = {f"{INFO}/WHEEL": None, "Tool-1.0.dist-info/WHEEL": WHEEL}
    found = messages(wheel(members)(tmp_path), "wheel-missing")
    assert f"no `{INFO}/WHEEL`" in found[0]
    assert "`Tool-1.0.dist-info/WHEEL`" in found[0]


def test_contents_license_in_sdist(tmp_path: Path) -> None:
    """An sdist has its licence files in the top folder."""
    there = sdist(*PROJECT, "tool-1.0/docs/COPYING", license_file=["docs/COPYING"])
    assert found_by(there(tmp_path)) == []
    missing = sdist(*PROJECT, "tool-1.0/COPYING", license_file=["docs/COPYING"])
    assert messages(missing(tmp_path), "license-file-missing") == [
        "The archive has no `tool-1.0/docs/COPYING`."
    ]


def test_contents_license_folder_in_sdist(tmp_path: Path) -> None:
    """A folder that the archive has an entry for is a member, too."""
    path = tmp_path / "tool-1.0.tar.gz"
    folder = tar_member("tool-1.0/LICENSES", kind=tarfile.DIRTYPE)
    own = [tar_member(name, b"Metadata-Version: 2.1\n") for name in PROJECT]
    path.write_bytes(gzipped(tar_bytes([*own, folder])))

    assert found_by(read_subject(path, license_file=["LICENSES"])) == []
    assert found_by(read_subject(path, license_file=["COPYING"])) == [
        "license-file-missing"
    ]


def test_sdist_tops_are_named(tmp_path: Path) -> None:
    """The messages show what is at the top of an sdist."""
    several = sdist(*PROJECT, "setup.py", "./docs/x")(tmp_path)
    assert messages(several, "sdist-top-folder") == [
        "At its top the sdist has `docs`, `setup.py`, `tool-1.0` instead of one folder."
    ]
    flat = sdist("PKG-INFO")(tmp_path)
    assert messages(flat, "pkg-info-missing") == [
        "The sdist has nothing but `PKG-INFO`, without its folder."
    ]
    dotted = sdist(*(f"./{name}" for name in PROJECT))(tmp_path)
    assert messages(dotted, "pkg-info-missing") == [
        "The sdist has no `tool-1.0/PKG-INFO`; it has `./tool-1.0/PKG-INFO`."
    ]


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe,,\n", b"tool/__init__.py,,\r,\n"],
    ids=["not UTF-8", "stray carriage return"],
)
def test_record_that_cannot_be_read(data: bytes, tmp_path: Path) -> None:
    """A RECORD that is no UTF-8 text or no table counts as missing."""
    found = found_by(wheel({f"{INFO}/RECORD": data})(tmp_path), [Severity.ERROR])
    assert found == ["record-missing"]


@pytest.mark.parametrize(
    ("rows", "finds"),
    [
        (MEMBERS[:3], True),
        ([*MEMBERS, "tool/gone.py,,"], True),
        ([*MEMBERS, "tool/,,"], True),
        ([MEMBERS[0].replace("/", "\\"), *MEMBERS[1:]], False),
        ([*MEMBERS, MEMBERS[0]], False),
        ([*MEMBERS, f"{INFO}/RECORD.p7s,,"], False),
        ([row.rstrip(",") for row in MEMBERS], False),
    ],
    ids=["not itself", "gone", "folder", "back-slash", "twice", "signature", "short"],
)
def test_record_members(rows: list[str], finds: bool, tmp_path: Path) -> None:
    """RECORD is compared with the members as two sets of names."""
    found = found_by(wheel(record(*rows))(tmp_path))
    assert found == (["record-mismatch"] if finds else [])


def test_record_with_line_ends_of_windows(tmp_path: Path) -> None:
    """Either line end is fine; a blank line with a carriage return is blank."""
    good = "".join(f"{row}\r\n" for row in MEMBERS).encode()
    assert found_by(wheel({f"{INFO}/RECORD": good})(tmp_path)) == []
    blank = wheel({f"{INFO}/RECORD": good + b"\r\n"})(tmp_path)
    assert found_by(blank) == ["record-blank-line"]


@pytest.mark.parametrize("rest", [[MEMBERS[0]] * 100_001, ["," * 2**17]])
def test_record_that_is_too_long(rest: list[str], tmp_path: Path) -> None:
    """A RECORD of more rows, or longer ones, than any wheel needs is not read."""
    (found,) = messages(wheel(record(*MEMBERS, *rest))(tmp_path), "record-mismatch")
    assert found.endswith(
        "rows, or very long ones; it was not compared with the members."
    )


def test_record_with_many_missing(tmp_path: Path) -> None:
    """A message names a few members, and how many more there are."""
    more: dict[str, bytes | None] = {f"tool/m{n:02}.py": b"" for n in range(12)}
    found = messages(wheel(more, keep_record=True)(tmp_path), "record-mismatch")
    assert found == [
        (
            "`RECORD` does not list `tool/m00.py`, `tool/m01.py`, `tool/m02.py`, "
            "`tool/m03.py`, `tool/m04.py` and 7 more."
        )
    ]


@pytest.mark.parametrize(
    ("filename", "tags", "agrees"),
    [
        ("tool-1.0-py2.py3-none-any.whl", ["py2-none-any", "py3-none-any"], True),
        ("tool-1.0-py2.py3-none-any.whl", ["py2.py3-none-any"], True),
        ("tool-1.0-1-py3-none-any.whl", ["py3-none-any"], True),
        ("tool-1.0-cp312-cp312-win_amd64.whl", ["cp312-cp312-Win_AMD64"], True),
        ("tool-1.0-py2.py3-none-any.whl", ["py3-none-any"], False),
        ("tool-1.0-py3-none-any.whl", [], False),
    ],
)
def test_wheel_tags_agree(filename: str, tags: list[str], agrees: bool) -> None:
    """Sets of tags are compared, however they are compressed."""
    text = "".join(f"Tag: {tag}\n" for tag in tags)
    archive = Archive(kind="zip", texts={f"{INFO}/WHEEL": text.encode()})
    subject = dataclasses.replace(make_subject(), filename=filename, archive=archive)
    assert ("wheel-tags" not in found_by(subject)) is agrees


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ([], "no tags"),
        (["py2-none-any"], "the tag `py2-none-any`"),
        (["py2.py3-none-any"], "the tags `py2-none-any`, `py3-none-any`"),
    ],
)
def test_wheel_tags_are_named(tags: list[str], words: str) -> None:
    """The message shows the tags of both places, one, several or none."""
    text = "".join(f"Tag: {tag}\n" for tag in tags)
    archive = Archive(kind="zip", texts={f"{INFO}/WHEEL": text.encode()})
    subject = dataclasses.replace(make_subject(), archive=archive)
    assert messages(subject, "wheel-tags") == [
        f"`WHEEL` has {words}, the file's name has the tag `py3-none-any`."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[console_scripts]\nbin/tool = tool:main\n",
        "[gui_scripts]\nmy tool = tool:main\n",
        "[console_scripts]\na = tool:main\na = tool:main\n",
        "[console_scripts]\n[console_scripts]\n",
        "[console_scripts]\ntool: tool.main\n",
        "tool = tool:main\n",
        "[DEFAULT]\nmy tool = x\n[console_scripts]\ntool = tool:main\n",
        "[other]\nno value\n",
        "\ufeff[console_scripts]\ntool = tool:main\n",
        "[x]\n\udce4 = y\n",
    ],
)
def test_entry_points_refused(text: str, tmp_path: Path) -> None:
    """Entry points that PyPI cannot read, or would not want, are reported."""
    data = text.encode(errors="surrogateescape")
    subject = wheel({f"{INFO}/entry_points.txt": data})(tmp_path)
    assert found_by(subject) == ["entry-points"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[console_scripts]\ntool = tool:main\nTool = tool:main\n",
        "[console_scripts]\nwörks = tool:main\n",
        "[my.plugins]\nany name / at all = tool:x [extra]\n",
        "# why\n[gui_scripts]\n; because\nt = 100%\n",
        "[DEFAULT]\nmy tool = x\n",
    ],
)
def test_entry_points_taken(text: str, tmp_path: Path) -> None:
    """Names in other groups, values and comments are not looked at."""
    subject = wheel({f"{INFO}/entry_points.txt": text.encode()})(tmp_path)
    assert found_by(subject) == []


def test_contents_of_an_archive_that_cannot_be_read() -> None:
    """Of an archive that was not read nothing is said but that."""
    archive = Archive(kind="neither")
    for filetype, filename in (
        ("bdist_wheel", "tool-1.0-py3-none-any.whl"),
        ("sdist", "tool-1.0.tar.gz"),
    ):
        subject = dataclasses.replace(
            make_subject(license_file=["LICENSE"]),
            filetype=filetype,
            filename=filename,
            archive=archive,
        )
        assert found_by(subject) == []


def test_contents_entry_points_of_odd_lines_only(tmp_path: Path) -> None:
    """Of very many lines that cannot be read the message names a few."""
    text = b"[console_scripts]\n" + b"odd\n" * 10_000
    subject = wheel({f"{INFO}/entry_points.txt": text})(tmp_path)

    (found,) = messages(subject, "entry-points")

    assert "'odd" in found
    assert len(found) < 300
