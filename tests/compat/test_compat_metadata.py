"""Odd metadata and odd archives are read, or refused, as by the PyPA's twine."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from compat.sides import Scenario, Sides
from support.dists import make_wheel
from support.secrets import PASSWORD, USER

WHEEL = "pkg-1.0-py3-none-any.whl"
SDIST = "pkg-1.0.tar.gz"
UPLOAD = (
    *("upload", "--disable-progress-bar", "--repository-url", "{url}/legacy/"),
    *("-u", USER, "-p", PASSWORD),
)
_HEAD = "Metadata-Version: {}\nName: pkg\nVersion: 1.0\n"


def _old(lines: str, body: str = "\nWords.\n") -> str:
    return _HEAD.format("2.1") + lines + body


def _new(lines: str) -> str:
    return _HEAD.format("2.4") + lines


READ = {
    "license and expression": _new("License-Expression: MIT\nLicense: MIT\n"),
    "empty fields": _old("Keywords:\nLicense:\nSummary:\nAuthor: \n"),
    "empty repeated fields": _old("Platform:\nSupported-Platform:\n"),
    "fields called UNKNOWN": _old(
        "License: UNKNOWN\nPlatform: UNKNOWN\nAuthor: UNKNOWN\n"
    ),
    "a URL without a label": _old("Project-URL: https://kettle.example\n"),
    "labels that differ in case": _old(
        "Project-URL: A, https://a.example\nProject-URL: a, https://b.example\n"
    ),
    "labels with blanks": _old("Project-URL:  A b ,  https://a.example \n"),
    "Windows line ends": _old("Summary: A kettle\n").replace("\n", "\r\n"),
    "spaces in requirements": _old(
        "Requires-Dist: a ( >=1 ) ; python_version<'3'\nRequires-Dist: b[x, y]\n"
        "Requires-Python: >= 3 , < 4\n"
    ),
    "fields in odd case": _old("SUMMARY: A kettle\nhome-PAGE: https://a.example\n"),
    "extras in odd case": _old("Provides-Extra: Foo_Bar\nProvides-Extra: x.y\n"),
    "no body": _old("", ""),
    "a body of blank lines": _old("", "\n\n\n  Words.  \n\n\n"),
    "a version that is not normal": _HEAD.format("2.1").replace("1.0", "1.0-RC1"),
    "another name than the file": _HEAD.format("2.1").replace("pkg", "Other._x"),
    "a license in small letters": _new("License-Expression: mit\n"),
}


@pytest.mark.parametrize("metadata", READ.values(), ids=READ)
def test_metadata(metadata: str, sides: Sides) -> None:
    """What the index may accept is sent, and with the same form."""
    done = sides.assert_same(
        Scenario(
            argv=(*UPLOAD, WHEEL),
            files=lambda folder: make_wheel(folder, metadata=metadata),
        )
    )
    assert (done.code, len(done.uploads)) == (0, 1)


REFUSED: dict[str, str | bytes] = {
    "the same label twice": _old(
        "Project-URL: A, https://a.example\nProject-URL: A, https://b.example\n"
    ),
    "a description twice": _old("Description: first\n"),
    "Latin-1": _old("Author: Ünne\n").encode("latin-1"),
    "a license expression too early": _old("License-Expression: MIT\n"),
    "a license that is no expression": _new("License-Expression: My License\n"),
    "a license file elsewhere": _new("License-File: ../LICENSE\n"),
    "a dynamic name": _new("Dynamic: Name\n"),
    "an unknown dynamic field": _new("Dynamic: Colour\n"),
    "an extra with a blank": _old("Provides-Extra: a b\n"),
    "metadata version 2.0": _HEAD.format("2.0"),
    "metadata version 2": _HEAD.format("2"),
    "a name with a blank": _old("").replace("pkg", "my pkg"),
}


@pytest.mark.parametrize("metadata", REFUSED.values(), ids=REFUSED)
def test_metadata_that_is_refused(metadata: str | bytes, sides: Sides) -> None:
    """What would be refused by the index is refused before anything is sent."""
    done = sides.assert_same(
        Scenario(
            argv=(*UPLOAD, WHEEL),
            files=lambda folder: make_wheel(folder, metadata=metadata),
        )
    )
    assert (done.code, done.error) == (1, "InvalidDistribution")
    assert done.requests == ()


_INFO = _old("").encode()


def _tar(*members: tuple[str, bytes | None]) -> Callable[[Path], None]:
    """Return a function that makes an sdist of files, and of folders without data."""

    def make(folder: Path) -> None:
        with tarfile.open(folder / SDIST, "w:gz") as archive:
            for name, data in members:
                member = tarfile.TarInfo(name)
                if data is None:
                    member.type = tarfile.DIRTYPE
                member.size = len(data or b"")
                archive.addfile(member, io.BytesIO(data or b""))

    return make


ARCHIVES = {
    "folders among the members": (
        _tar(("pkg-1.0", None), ("pkg-1.0/PKG-INFO", _INFO), ("pkg-1.0/a", b"")),
        0,
    ),
    "another PKG-INFO deeper": (
        _tar(
            ("pkg-1.0/PKG-INFO", _INFO),
            ("pkg-1.0/x.egg-info/PKG-INFO", _INFO.replace(b"pkg", b"other")),
        ),
        0,
    ),
    "a long name": (
        _tar(("pkg-1.0/PKG-INFO", _INFO), ("pkg-1.0/" + "a" * 300, b"")),
        0,
    ),
    "PKG-INFO in its folder alone": (
        _tar(("pkg-1.0/PKG-INFO", _INFO), ("pkg-1.0", None)),
        0,
    ),
    "PKG-INFO alone": (_tar(("pkg-1.0/PKG-INFO", _INFO)), 1),
    "two PKG-INFO": (
        _tar(
            ("pkg-1.0/PKG-INFO", b"junk"),
            ("pkg-1.0/PKG-INFO", _INFO),
            ("pkg-1.0/a", b""),
        ),
        0,
    ),
    "two folders, one in the other": (
        _tar(("pkg-1.0/src/PKG-INFO", _INFO), ("pkg-1.0/src/a", b"")),
        0,
    ),
    "another folder": (_tar(("other/PKG-INFO", _INFO), ("other/a", b"")), 0),
    "absolute names": (_tar(("/pkg-1.0/PKG-INFO", _INFO), ("/pkg-1.0/a", b"")), 0),
    "absolute names without a folder": (_tar(("/PKG-INFO", _INFO), ("/a", b"")), 1),
    "PKG-INFO that begins with a dot": (
        _tar(("./pkg-1.0/PKG-INFO", _INFO), ("./pkg-1.0/a", b"")),
        1,
    ),
    "another file that begins with a dot": (
        _tar(("pkg-1.0/PKG-INFO", _INFO), ("./pkg-1.0/a", b"")),
        0,
    ),
    "two folders": (_tar(("pkg-1.0/PKG-INFO", _INFO), ("other/a", b"")), 1),
    "a file beside the folder": (_tar(("pkg-1.0/PKG-INFO", _INFO), ("a", b"")), 1),
    "a folder called PKG-INFO": (_tar(("pkg-1.0/PKG-INFO", None)), 1),
    "no PKG-INFO": (_tar(("pkg-1.0/a", b"")), 1),
    "only a deeper PKG-INFO": (_tar(("pkg-1.0/a/PKG-INFO", _INFO)), 1),
    "PKG-INFO without a version": (_tar(("pkg-1.0/PKG-INFO", b"Name: pkg\n")), 1),
}


@pytest.mark.parametrize(("files", "code"), ARCHIVES.values(), ids=ARCHIVES)
def test_sdist(files: Callable[[Path], None], code: int, sides: Sides) -> None:
    """The one PKG-INFO in the one folder counts."""
    done = sides.assert_same(Scenario(argv=(*UPLOAD, SDIST), files=files))
    assert done.code == code
    assert done.error == ("InvalidDistribution" if code else None)


COMPANIONS = {
    "a signature in another folder": ("sub/{wheel}.asc", ()),
    "a signature of another file": ("other.whl.asc", ()),
    "an attestation of another file": ("other.whl.publish.attestation", ()),
    "a broken attestation": ("{wheel}.publish.attestation", ("--attestations",)),
}


@pytest.mark.parametrize(("name", "options"), COMPANIONS.values(), ids=COMPANIONS)
def test_companions(name: str, options: tuple[str, ...], sides: Sides) -> None:
    """Signatures belong by base name, attestations by whole path."""
    name = name.format(wheel=WHEEL)

    def make(folder: Path) -> None:
        make_wheel(folder)
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"{ no JSON")

    done = sides.assert_same(
        Scenario(argv=(*UPLOAD, *options, WHEEL, name), files=make)
    )
    assert done.code == (1 if options else 0)
