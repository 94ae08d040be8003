"""The files in an archive: for every rule a file that breaks it, and a good one."""

import dataclasses
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.oddzips import gzipped, tar_bytes, tar_member
from support.secrets import PYPI_TOKEN, TESTPYPI_TOKEN, find_leak
from support.subjects import (
    INFO,
    WHEEL,
    Maker,
    Values,
    change_wheel,
    make_subject,
    messages,
    named,
    read_subject,
    write_sdist,
)
from twine import rules
from twine.archives.model import Archive
from twine.check import subject as subjects
from twine.rules.model import Subject


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


def entry_points(text: str) -> Maker:
    """Return what makes a wheel with these entry points."""
    data = text.encode(errors="surrogateescape")
    return wheel({f"{INFO}/entry_points.txt": data})


def tagged(filename: str, *tags: str) -> Maker:
    """Return what makes a wheel of some name whose WHEEL has these tags."""
    text = "".join(f"Tag: {tag}\n" for tag in tags).encode()
    subject = named(filename)
    texts = {**subject.archive.texts, f"{INFO}/WHEEL": text}
    archive = dataclasses.replace(subject.archive, texts=texts)
    return lambda folder: dataclasses.replace(subject, archive=archive)


def with_folder(**fields: Values) -> Maker:
    """Return what makes an sdist with a folder of licences."""

    def make(folder: Path) -> Subject:
        path = folder / "tool-1.0.tar.gz"
        licenses = tar_member("tool-1.0/LICENSES", kind=tarfile.DIRTYPE)
        own = [tar_member(name, b"Metadata-Version: 2.1\n") for name in PROJECT]
        path.write_bytes(gzipped(tar_bytes([*own, licenses])))
        return read_subject(path, **fields)

    return make


def token_in(name: str, data: str) -> tuple[Maker, Maker]:
    """Return what makes a wheel and an sdist with some text in a member."""

    def make(folder: Path) -> Subject:
        own = dict.fromkeys(PROJECT, b"Metadata-Version: 2.1\n")
        members = {**own, f"tool-1.0/{name}": data.encode()}
        return read_subject(write_sdist(folder / "tool-1.0.tar.gz", members))

    return wheel({f"tool-1.0/{name}": data.encode()}), make


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
UNIVERSAL = "tool-1.0-py2.py3-none-any.whl"
PY3 = "tool-1.0-py3-none-any.whl"
AMD = "tool-1.0-cp312-cp312-win_amd64.whl"
WINDOWS = "".join(f"{row}\r\n" for row in MEMBERS).encode()
NOTHING_READ = Archive(kind="neither")
LICENSE = b"Do what you like."

BREAKS: dict[str, list[Maker]] = {
    "wheel-missing": [wheel({f"{INFO}/WHEEL": None})],
    "metadata-missing": [wheel({f"{INFO}/METADATA": None})],
    "record-missing": [
        wheel({f"{INFO}/RECORD": None}),
        # One that is no UTF-8 text or no table counts as missing.
        wheel({f"{INFO}/RECORD": b"\xff\xfe,,\n"}),
        wheel({f"{INFO}/RECORD": b"tool/__init__.py,,\r,\n"}),
    ],
    "dist-info-count": [wheel({"other-0.1.dist-info/METADATA": b"Name: other\n"})],
    "license-file-missing": [
        wheel({f"{INFO}/LICENSE": LICENSE}, license_file=["LICENSE"]),
        with_folder(license_file=["COPYING"]),
    ],
    "member-unreadable": [damaged("entry_points.txt")],
    "sdist-top-folder": [sdist(*PROJECT, "setup.py")],
    "pkg-info-missing": [sdist(*(f"./{name}" for name in PROJECT))],
    "encrypted-source": [source(b"%s__(__name__, __file__, b'')" % b"__pyarmor")],
    "token-in-archive": [wheel({"tool/.pypirc": PYPI_TOKEN.encode()})],
    "pyproject-missing": [sdist("tool-1.0/PKG-INFO", "tool-1.0/setup.py")],
    "record-blank-line": [
        wheel(record(*MEMBERS, "")),
        wheel({f"{INFO}/RECORD": WINDOWS + b"\r\n"}),
    ],
    "record-mismatch": [
        wheel({"tool/more.py": b""}, keep_record=True),
        wheel(record(*MEMBERS[:3])),
        wheel(record(*MEMBERS, "tool/gone.py,,")),
        wheel(record(*MEMBERS, "tool/,,")),
    ],
    "record-signature": [
        wheel({f"{INFO}/RECORD.jws": b"{}"}),
        wheel({f"{INFO}/RECORD.p7s": b"x"}),
    ],
    "wheel-tags": [
        tagged(UNIVERSAL, "py3-none-any"),
        tagged(UNIVERSAL, "py2.py3-none-any"),
        tagged(PY3),
        wheel({f"{INFO}/WHEEL": WHEEL + b"Comment: \xff\n"}),
    ],
    "entry-points": [
        entry_points(text)
        for text in (
            "[console_scripts]\nbin/tool = tool:main\n",
            "[gui_scripts]\nmy tool = tool:main\n",
            "[console_scripts]\na = tool:main\na = tool:main\n",
            "[console_scripts]\ntool: tool.main\n",
            "[DEFAULT]\nmy tool = x\n[console_scripts]\ntool = tool:main\n",
            "\ufeff[console_scripts]\ntool = tool:main\n",
            "[x]\n\udce4 = y\n",
        )
    ],
}
PASSES: dict[str, list[Maker]] = {
    "wheel-missing": [wheel()],
    "metadata-missing": [wheel({f"{INFO}/METADATA": b""})],
    "record-missing": [wheel(record(*MEMBERS))],
    "dist-info-count": [
        wheel({"tool/_vendor/other-0.1.dist-info/METADATA": b"Name: other\n"})
    ],
    "license-file-missing": [
        wheel({f"{INFO}/licenses/LICENSE": LICENSE}, license_file=["LICENSE"]),
        sdist(*PROJECT, "tool-1.0/docs/COPYING", license_file=["docs/COPYING"]),
        with_folder(license_file=["LICENSES"]),
        # Of an archive that was not read nothing is said but that.
        lambda folder: dataclasses.replace(
            make_subject(license_file=["LICENSE"]), archive=NOTHING_READ
        ),
    ],
    "member-unreadable": [wheel({f"{INFO}/entry_points.txt": b"[x]\n"})],
    "sdist-top-folder": [sdist(*PROJECT, "tool-1.0/setup.py")],
    "pkg-info-missing": [sdist(*PROJECT)],
    "encrypted-source": [source(b"# __pyarmor__ is not allowed\n")],
    "token-in-archive": [wheel({"tool/.pypirc": PYPI_TOKEN[:150].encode()})],
    "pyproject-missing": [sdist(*PROJECT)],
    "record-blank-line": [wheel(record(*MEMBERS))],
    "record-mismatch": [
        wheel({"tool/more.py": b"", f"{INFO}/RECORD.jws": b"x"}),
        wheel({f"{INFO}/RECORD": WINDOWS}),
        wheel(record(MEMBERS[0].replace("/", "\\"), *MEMBERS[1:])),
        wheel(record(*MEMBERS, MEMBERS[0])),
        wheel(record(*(row.rstrip(",") for row in MEMBERS))),
    ],
    "record-signature": [wheel({f"tool/{INFO}/RECORD.p7s": b"x"})],
    "wheel-tags": [
        tagged(UNIVERSAL, "py2-none-any", "py3-none-any"),
        tagged("tool-1.0-1-py3-none-any.whl", "py3-none-any"),
        tagged(AMD, "cp312-cp312-Win_AMD64"),
    ],
    "entry-points": [
        entry_points(text)
        for text in (
            "[console_scripts]\nmy-t.o_ol = tool:main\nTool = tool:main\n",
            "[console_scripts]\nwörks = tool:main\n",
            "[my.plugins]\nany name / at all = tool:x [extra]\n",
            "# why\n[gui_scripts]\n; because\nt = 100%\n",
        )
    ],
}
MESSAGES: list[tuple[Maker, str, list[str]]] = [
    (
        wheel({f"{INFO}/WHEEL": None, "Tool-1.0.dist-info/WHEEL": WHEEL}),
        "wheel-missing",
        [f"The wheel has no `{INFO}/WHEEL`; it has `Tool-1.0.dist-info/WHEEL`."],
    ),
    (
        sdist(*PROJECT, "tool-1.0/COPYING", license_file=["docs/COPYING"]),
        "license-file-missing",
        ["The archive has no `tool-1.0/docs/COPYING`."],
    ),
    (
        sdist(*PROJECT, "setup.py", "./docs/x"),
        "sdist-top-folder",
        ["At its top the sdist has `docs`, `setup.py`, `tool-1.0` instead of one fol"],
    ),
    (
        sdist("PKG-INFO"),
        "pkg-info-missing",
        ["The sdist has nothing but `PKG-INFO`, without its folder."],
    ),
    (
        sdist(*(f"./{name}" for name in PROJECT)),
        "pkg-info-missing",
        ["The sdist has no `tool-1.0/PKG-INFO`; it has `./tool-1.0/PKG-INFO`."],
    ),
    (
        wheel({f"tool/m{n:02}.py": b"" for n in range(12)}, keep_record=True),
        "record-mismatch",
        ["`RECORD` does not list `tool/m00.py`, `tool/m01.py`, `tool/m02.py`, "],
    ),
    *(
        (
            tagged(PY3, *tags),
            "wheel-tags",
            [f"`WHEEL` has {words}"],
        )
        for tags, words in (
            ([], "no tags, the file's name has the tag `py3-none-any`."),
            (["py2-none-any"], "the tag `py2-none-any`, the file's name has the tag "),
            (["py2.py3-none-any"], "`py2.py3-none-any`, a line for several tags; "),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize("make", [dists.make_wheel, dists.make_sdist])
def test_good_file_breaks_no_rule(make: Callable[..., Path], tmp_path: Path) -> None:
    """A file as a build tool makes it breaks no rule at all."""
    text = dists.metadata_text("tool", extra="Summary: A tool.\n")
    path = str(make(tmp_path, "tool", metadata=text))
    assert rules.check_file(subjects.read_subject(path)) == []


def test_entry_points_of_odd_lines_only(tmp_path: Path) -> None:
    """Of very many lines that cannot be read the message names a few."""
    subject = entry_points("[console_scripts]\n" + "odd\n" * 10_000)(tmp_path)

    (found,) = messages(subject, "entry-points")

    assert "'odd" in found
    assert len(found) < 300


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("notes.md", f"a\nb\n'{PYPI_TOKEN}'\n", 3),
        (".env", f"TOKEN={TESTPYPI_TOKEN}", 1),
        ("src/TOOL.PY", f"\n{PYPI_TOKEN}{'x' * 90} {PYPI_TOKEN}", 2),
        ("PKG-INFO", f"Metadata-Version: 2.1\nAuthor: {PYPI_TOKEN}\n", 2),
        ("x.dist-info/METADATA", f"Author: {PYPI_TOKEN}\n", 1),
        ("token.bin", PYPI_TOKEN, 0),
        ("notes.md", PYPI_TOKEN.replace("pypi-", "pypi_"), 0),
        ("notes.md", PYPI_TOKEN.ljust(5 * 2**20 + 1), 0),
    ],
)
def test_token_is_found_and_not_told(
    name: str, data: str, line: int, tmp_path: Path
) -> None:
    """Member and line are named, in wheels and sdists, and no part of the token."""
    for make in token_in(name, data):
        said = messages(make(tmp_path), "token-in-archive")

        wanted = f"`tool-1.0/{name}` holds an API token of PyPI in line {line}."
        assert said == ([wanted] if line else [])
        assert find_leak("".join(said)) is None
