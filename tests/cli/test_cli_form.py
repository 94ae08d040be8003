"""The form as the index receives it, field by field."""

import hashlib
import platform
import re
import zipfile
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH

METADATA = """\
Metadata-Version: 2.5
Name: every.Thing_x
Version: 1.0rc1
Summary: sums
Author: Ünï Ödé
Author-email: a@example.org
Maintainer: M
Maintainer-email: m@example.org
License-Expression: MIT OR Apache-2.0
License-File: LICENSE
License-File: docs/NOTICE
Keywords: a,b c,d
Platform: linux
Platform: win
Supported-Platform: RedHat 7.2
Classifier: Programming Language :: Python :: 3
Classifier: Topic :: Software Development
Requires-Python: >=3.9,!=3.10.1
Requires-Dist: requests>=2; python_version < "4"
Requires-Dist: rich
Requires-External: libc
Project-URL: Home, https://example.org/a,b
Project-URL: Docs, https://example.org/docs
Provides-Extra: foo
Provides-Extra: bar-baz
Provides-Dist: old (1.0)
Obsoletes-Dist: older
Dynamic: Classifier
Home-page: https://example.org
Download-URL: https://example.org/dl
Import-Name: every_thing
Import-Name: every_thing._private; private
Import-Namespace: spaces
Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM

# Ünïcode ✓ body
[brackets] and **stars**
"""
EXPECTED = {
    "metadata_version": ["2.5"],
    "name": ["every.Thing-x"],
    "version": ["1.0rc1"],
    "summary": ["sums"],
    "author": ["Ünï Ödé"],
    "author_email": ["a@example.org"],
    "maintainer": ["M"],
    "maintainer_email": ["m@example.org"],
    "license_expression": ["MIT OR Apache-2.0"],
    "license_file": ["LICENSE", "docs/NOTICE"],
    "keywords": ["a, b c, d"],
    "platform": ["linux", "win"],
    "supported_platform": ["RedHat 7.2"],
    "classifiers": [
        "Programming Language :: Python :: 3",
        "Topic :: Software Development",
    ],
    "requires_dist": ['requests>=2; python_version < "4"', "rich"],
    "requires_external": ["libc"],
    "project_urls": ["Home, https://example.org/a,b", "Docs, https://example.org/docs"],
    "provides_extra": ["foo", "bar-baz"],
    "provides_dist": ["old (1.0)"],
    "obsoletes_dist": ["older"],
    "dynamic": ["Classifier"],
    "home_page": ["https://example.org"],
    "download_url": ["https://example.org/dl"],
    "import_name": ["every_thing", "every_thing._private; private"],
    "import_namespace": ["spaces"],
    "description_content_type": ["text/markdown; charset=UTF-8; variant=GFM"],
    "description": ["# Ünïcode ✓ body\n[brackets] and **stars**\n"],
}


def grouped(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the values of each field."""
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    return values


def test_every_field_arrives_under_its_name(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """The form holds the whole metadata, what the index wants besides, and no more."""
    path = dists.make_sdist(workdir, "every.Thing_x", "1.0rc1", metadata=METADATA)
    upload(path.name).success()
    (request,) = index.uploads
    fields = grouped(request.fields)
    requires = set(fields.pop("requires_python")[0].split(","))
    assert requires == {">=3.9", "!=3.10.1"}
    content = path.read_bytes()
    assert fields == EXPECTED | {
        "pyversion": ["source"],
        "filetype": ["sdist"],
        "sha256_digest": [hashlib.sha256(content).hexdigest()],
        "blake2_256_digest": [hashlib.blake2b(content, digest_size=32).hexdigest()],
        ":action": ["file_upload"],
        "protocol_version": ["1"],
    }
    assert list(request.files) == ["content"]


def test_the_request_is_what_an_index_expects(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """One POST with Basic authentication, our name, and a form of known length."""
    upload(wheel).success()
    (request,) = index.requests
    assert (request.method, request.path) == ("POST", "/legacy/")
    assert request.auth == BASIC_AUTH
    version = re.escape(platform.python_version())
    agent = rf"twine/7\.\S+ {platform.python_implementation()}/{version}"
    assert re.fullmatch(agent, request.headers["User-Agent"])
    assert int(request.headers["Content-Length"]) == len(request.body)
    assert request.headers.get_content_type() == "multipart/form-data"


def test_plain_answers_are_asked_for(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """`Accept` asks for JSON first, so that PyPI puts its reason into the body."""
    upload(wheel).success()
    accepted = index.uploads[0].headers["Accept"].replace(" ", "")
    assert accepted == "application/json;q=0.9,text/plain;q=0.8,text/html;q=0.7"


@pytest.mark.parametrize(
    ("tag", "python"),
    [
        ("py3-none-any", "py3"),
        ("py2.py3-none-any", "py2.py3"),
        ("cp311-cp311-manylinux_2_17_x86_64", "cp311"),
    ],
)
def test_a_wheel_tells_its_python(
    upload: Twine, index: ScriptedIndex, workdir: Path, tag: str, python: str
) -> None:
    """`pyversion` of a wheel is its Python tag."""
    upload(dists.make_wheel(workdir, tag=tag).name).success()
    (request,) = index.uploads
    assert request.value("pyversion") == python
    assert request.value("filetype") == "bdist_wheel"


def test_a_wheel_with_a_build_number_tells_its_python(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """The optional build tag is not mistaken for the Python tag."""
    path = dists.make_wheel(workdir)
    path.rename(workdir / "pkg-1.0-2build-py3-none-any.whl")
    upload("pkg-1.0-2build-py3-none-any.whl").success()
    assert index.uploads[0].value("pyversion") == "py3"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("simple", "simple"),
        ("With_Under__score", "With-Under-score"),
        ("dots.stay", "dots.stay"),
        ("a-_-b", "a-b"),
    ],
)
def test_the_name_is_made_safe(
    upload: Twine, index: ScriptedIndex, workdir: Path, name: str, sent: str
) -> None:
    """Runs of anything but letters, digits and dots become one hyphen."""
    upload(dists.make_wheel(workdir, name).name).success()
    assert index.uploads[0].value("name") == sent


@pytest.mark.parametrize(
    ("header", "field", "value"),
    [
        ("License: MIT\n", "license", "MIT"),
        ("Requires: old\n", "requires", "old"),
        ("Provides: old\n", "provides", "old"),
        ("Obsoletes: old\n", "obsoletes", "old"),
    ],
)
def test_fields_of_old_metadata_are_sent(
    upload: Twine,
    index: ScriptedIndex,
    workdir: Path,
    header: str,
    field: str,
    value: str,
) -> None:
    """Fields that newer metadata replaced still arrive."""
    metadata = dists.metadata_text(extra=header)
    upload(dists.make_wheel(workdir, metadata=metadata).name).success()
    assert index.uploads[0].values(field) == [value]


def test_license_files_of_old_setuptools_are_dropped(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """`License-File` below metadata 2.4 is not an error, and not sent."""
    metadata = dists.metadata_text(extra="License-File: LICENSE\n")
    upload(dists.make_wheel(workdir, metadata=metadata).name).success()
    assert index.uploads[0].values("license_file") == []


def test_only_the_metadata_of_the_wheel_itself_is_read(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """A vendored package's METADATA within a wheel is not the wheel's."""
    path = dists.make_wheel(workdir)
    with zipfile.ZipFile(path, "a") as archive:
        other = dists.metadata_text("other", "9.9")
        archive.writestr("a-9.9.dist-info/METADATA", other)
        archive.writestr("METADATA", other)
        archive.writestr("pkg/_vendor/other-9.9.dist-info/METADATA", other)
    upload(path.name).success()
    (request,) = index.uploads
    assert (request.value("name"), request.value("version")) == ("pkg", "1.0")
