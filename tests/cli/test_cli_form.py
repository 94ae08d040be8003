"""The form as the index receives it, field by field."""

import hashlib
import platform
import re
from pathlib import Path

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


def test_form_has_every_field(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """The form holds the whole metadata, what the index wants besides, and no more."""
    path = dists.make_sdist(workdir, "every.Thing_x", "1.0rc1", metadata=METADATA)
    upload(path.name).success()
    (request,) = index.uploads
    fields = {name: request.values(name) for name, _ in request.fields}
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


def test_request_is_an_authenticated_form(
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
    # JSON first, so that PyPI puts its reason into the body.
    accepted = request.headers["Accept"].replace(" ", "")
    assert accepted == "application/json;q=0.9,text/plain;q=0.8,text/html;q=0.7"
