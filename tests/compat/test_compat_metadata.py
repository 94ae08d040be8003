"""Metadata and archives are read, refused and sent as by the PyPA's twine."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from compat.sides import LOGIN, SDIST, TO, Scenario, Sides, upload, wheel_with
from support.dists import make_sdist, make_wheel, make_zip_sdist

_FULL_HEAD = "Metadata-Version: {version}\nName: kettle_Pro.x\nVersion: 1.0rc1\n"
_OLD = _FULL_HEAD.format(version="1.1") + (
    "Summary: A kettle\nPlatform: linux\nPlatform: win32\nSupported-Platform: RedHat\n"
    "Keywords: tea water\nHome-page: https://kettle.example\n"
    "Download-URL: https://kettle.example/dl\nAuthor: Änne Ö\n"
    "Author-email: a@kettle.example\nLicense: MIT\n"
    "Classifier: Topic :: Home\nClassifier: Topic :: Utilities\n"
    "Requires: water\nRequires: fire\nProvides: tea\nObsoletes: pot\n"
)
_FULL = _FULL_HEAD.format(version="2.4") + (
    "Dynamic: Classifier\nDynamic: Requires-Dist\nPlatform: linux\nPlatform: win32\n"
    'Supported-Platform: RedHat 7.2\nSummary: A kettle, "hot" <b>\n'
    "Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM\n"
    "Keywords: tea,hot water\nHome-page: https://kettle.example\n"
    "Download-URL: https://kettle.example/dl\nAuthor: Änne Ö\n"
    "Author-email: a@kettle.example\nMaintainer: M\n"
    "Maintainer-email: m@kettle.example\nLicense-Expression: MIT OR Apache-2.0\n"
    "License-File: LICENSE\nLicense-File: docs/NOTICE\nClassifier: Topic :: Home\n"
    "Classifier: Topic :: Utilities\nRequires-Python: >=3.9,!=3.10.1\n"
    'Requires-Dist: cup>=2; python_version < "4"\nRequires-Dist: sugar\n'
    "Requires-External: fire\nProject-URL: Home, https://kettle.example/a,b\n"
    "Project-URL: Docs, https://kettle.example/docs\nProvides-Extra: milk\n"
    "Provides-Extra: lemon-slice\nProvides-Dist: pot (1.0)\nObsoletes-Dist: samovar\n"
    "\n# Kettle ✓\n\n[brackets] and **stars**\r\nlast line without an end"
)
FORMS = {
    "1.1": _OLD,
    "2.4": _FULL,
    "nothing but the name": _FULL_HEAD.format(version="1.0"),
}
MAKERS: dict[str, tuple[Callable[..., Path], str]] = {
    "wheel": (make_wheel, "kettle_pro_x-1.0rc1-py3-none-any.whl"),
    "sdist": (make_sdist, "kettle_pro_x-1.0rc1.tar.gz"),
    "zip": (make_zip_sdist, "kettle_pro_x-1.0rc1.zip"),
}


def _send(command: str, metadata: str, kind: str = "wheel") -> Scenario:
    make, name = MAKERS[kind]
    return Scenario(
        argv=(command, *TO[1:], *LOGIN, "-c", "a comment", name),
        files=lambda folder: make(folder, "kettle_Pro.x", "1.0rc1", metadata=metadata),
    )


@pytest.mark.parametrize("command", ["upload", "register"])
@pytest.mark.parametrize("metadata", FORMS.values(), ids=FORMS)
def test_form_of_a_wheel(metadata: str, command: str, sides: Sides) -> None:
    """The fields of the form are the same, name by name and value by value."""
    done = sides.assert_same(_send(command, metadata))
    assert done.code == 0
    assert done.values("name") == ["kettle-Pro.x"]


@pytest.mark.parametrize("kind", ["sdist", "zip"])
def test_form_of_an_sdist(kind: str, sides: Sides) -> None:
    """An sdist with every field gives the same form."""
    done = sides.assert_same(_send("upload", _FULL, kind))
    assert done.code == 0
    assert done.values("pyversion") == ["source"]


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
def test_odd_metadata_is_sent(metadata: str, sides: Sides) -> None:
    """What the index may accept is sent, and with the same form."""
    done = sides.assert_same(upload(files=wheel_with(metadata)))
    assert done.ending == (0, None, 1)


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
def test_invalid_metadata_is_refused(metadata: str | bytes, sides: Sides) -> None:
    """What would be refused by the index is refused before anything is sent."""
    done = sides.assert_same(upload(files=wheel_with(metadata)))
    assert done.ending == (1, "InvalidDistribution", 0)


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


_OWN = ("pkg-1.0/PKG-INFO", _INFO)
_OTHER = _INFO.replace(b"pkg", b"other")
ARCHIVES = {
    "folders among the members": (_tar(("pkg-1.0", None), _OWN, ("pkg-1.0/a", b"")), 0),
    "another PKG-INFO deeper": (_tar(_OWN, ("pkg-1.0/x.egg-info/PKG-INFO", _OTHER)), 0),
    "a long name": (_tar(_OWN, ("pkg-1.0/" + "a" * 300, b"")), 0),
    "PKG-INFO in its folder alone": (_tar(_OWN, ("pkg-1.0", None)), 0),
    "PKG-INFO alone": (_tar(_OWN), 1),
    "another folder": (_tar(("other/PKG-INFO", _INFO), ("other/a", b"")), 0),
    "PKG-INFO that begins with a dot": (
        _tar(("./pkg-1.0/PKG-INFO", _INFO), ("./pkg-1.0/a", b"")),
        1,
    ),
    "two folders": (_tar(_OWN, ("other/a", b"")), 1),
    "a file beside the folder": (_tar(_OWN, ("a", b"")), 1),
    "no PKG-INFO": (_tar(("pkg-1.0/a", b"")), 1),
    "only a deeper PKG-INFO": (_tar(("pkg-1.0/a/PKG-INFO", _INFO)), 1),
    "PKG-INFO without a version": (_tar(("pkg-1.0/PKG-INFO", b"Name: pkg\n")), 1),
}


@pytest.mark.parametrize(("files", "code"), ARCHIVES.values(), ids=ARCHIVES)
def test_sdist(files: Callable[[Path], None], code: int, sides: Sides) -> None:
    """The one PKG-INFO in the one folder counts."""
    done = sides.assert_same(upload(SDIST, files=files))
    assert (done.code, done.error) == (code, "InvalidDistribution" if code else None)
