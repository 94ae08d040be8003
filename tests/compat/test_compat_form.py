"""Every metadata field arrives as it does from the PyPA's twine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from compat.sides import Scenario, Sides
from support.dists import make_sdist, make_wheel, make_zip_sdist
from support.index import Answer
from support.secrets import PASSWORD, USER

TO = ("--repository-url", "{url}/legacy/", "-u", USER, "-p", PASSWORD)
UPLOAD = ("upload", "--disable-progress-bar", *TO)
REGISTER = ("register", *TO)
_HEAD = "Metadata-Version: {version}\nName: kettle_Pro.x\nVersion: 1.0rc1\n"
_OLD = _HEAD.format(version="1.1") + (
    "Summary: A kettle\nPlatform: linux\nPlatform: win32\nSupported-Platform: RedHat\n"
    "Keywords: tea water\nHome-page: https://kettle.example\n"
    "Download-URL: https://kettle.example/dl\nAuthor: Änne Ö\n"
    "Author-email: a@kettle.example\nLicense: MIT\n"
    "Classifier: Topic :: Home\nClassifier: Topic :: Utilities\n"
    "Requires: water\nRequires: fire\nProvides: tea\nObsoletes: pot\n"
)
_FULL = _HEAD.format(version="2.4") + (
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
_BODY_IN_HEADER = _HEAD.format(version="2.1") + (
    "Description: First line\n        second line\n        \n        third line\n"
)
_CLASSIC_LICENSE = _HEAD.format(version="2.2") + (
    "License: Several\n        lines of it\nLicense-File: LICENSE\nSummary:\n\nWords.\n"
)
METADATA = {
    "1.1": _OLD,
    "2.4": _FULL,
    "description as a header": _BODY_IN_HEADER,
    "license of several lines": _CLASSIC_LICENSE,
    "nothing but the name": _HEAD.format(version="1.0"),
}
MAKERS: dict[str, tuple[Callable[..., Path], str]] = {
    "wheel": (make_wheel, "kettle_pro_x-1.0rc1-py3-none-any.whl"),
    "sdist": (make_sdist, "kettle_pro_x-1.0rc1.tar.gz"),
    "zip": (make_zip_sdist, "kettle_pro_x-1.0rc1.zip"),
}


def _files(folder: Path, metadata: str, kind: str) -> None:
    make, name = MAKERS[kind]
    made = make(folder, "kettle_Pro.x", "1.0rc1", metadata=metadata)
    assert made.name == name


@pytest.mark.parametrize("command", [UPLOAD, REGISTER], ids=["upload", "register"])
@pytest.mark.parametrize("metadata", METADATA.values(), ids=METADATA)
def test_form_of_a_wheel(metadata: str, command: tuple[str, ...], sides: Sides) -> None:
    """The fields of the form are the same, name by name and value by value."""
    done = sides.assert_same(
        Scenario(
            argv=(*command, "-c", "a comment", MAKERS["wheel"][1]),
            files=lambda folder: _files(folder, metadata, "wheel"),
        )
    )
    assert done.code == 0
    assert done.values("name") == ["kettle-Pro.x"]


@pytest.mark.parametrize("kind", ["sdist", "zip"])
def test_form_of_an_sdist(kind: str, sides: Sides) -> None:
    """An sdist with every field gives the same form."""
    done = sides.assert_same(
        Scenario(
            argv=(*UPLOAD, MAKERS[kind][1]),
            files=lambda folder: _files(folder, _FULL, kind),
        )
    )
    assert done.code == 0
    assert done.values("pyversion") == ["source"]


@pytest.mark.parametrize("status", [400, 404, 500])
def test_register_refused(status: int, sides: Sides) -> None:
    """A refusal ends the run with the same error, after one request."""
    done = sides.assert_same(
        Scenario(
            argv=(*REGISTER, "pkg-1.0-py3-none-any.whl"),
            script=lambda index: index.answer("/legacy/", Answer(status, "No")),
        )
    )
    assert (done.code, done.error, len(done.requests)) == (1, "HTTPError", 1)


def test_register_of_an_absent_file(sides: Sides) -> None:
    """The file must be there, although only its metadata is sent."""
    done = sides.assert_same(Scenario(argv=(*REGISTER, "absent.whl")))
    assert (done.code, done.error) == (1, "PackageNotFound")


def test_import_names_arrive(sides: Sides) -> None:
    """A deliberate difference: no field of the metadata is left out.

    Metadata 2.5 says which import names a project has; the PyPA's twine does not
    send them.
    """
    metadata = _HEAD.format(version="2.5") + (
        "Import-Name: kettle\nImport-Name: kettle._x; private\n"
        "Import-Namespace: tools\n"
    )
    ours, theirs = sides.run(
        Scenario(
            argv=(*UPLOAD, MAKERS["wheel"][1]),
            files=lambda folder: _files(folder, metadata, "wheel"),
        )
    )
    assert ours.code == theirs.code == 0
    assert theirs.values("import_name") == ()
    assert ours.values("import_name") == ["kettle", "kettle._x; private"]
    assert ours.values("import_namespace") == ["tools"]
