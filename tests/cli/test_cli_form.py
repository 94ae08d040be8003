"""The form as the index receives it, field by field."""

import hashlib
import platform
import re
from pathlib import Path

from support import dists
from support.command import Twine
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH

DESCRIPTION = "# Ünïcode ✓ body\n[brackets] and **stars**\n"
FIELDS = [  # the header, the field of the form, the value of both
    ("Metadata-Version", "metadata_version", "2.5"),
    ("Version", "version", "1.0rc1"),
    ("Summary", "summary", "sums"),
    ("Author", "author", "Ünï Ödé"),
    ("Author-email", "author_email", "a@example.org"),
    ("Maintainer", "maintainer", "M"),
    ("Maintainer-email", "maintainer_email", "m@example.org"),
    ("License-Expression", "license_expression", "MIT OR Apache-2.0"),
    ("License-File", "license_file", "LICENSE"),
    ("License-File", "license_file", "docs/NOTICE"),
    ("Platform", "platform", "linux"),
    ("Platform", "platform", "win"),
    ("Supported-Platform", "supported_platform", "RedHat 7.2"),
    ("Classifier", "classifiers", "Programming Language :: Python :: 3"),
    ("Classifier", "classifiers", "Topic :: Software Development"),
    ("Requires-Python", "requires_python", ">=3.9"),
    ("Requires-Dist", "requires_dist", 'requests>=2; python_version < "4"'),
    ("Requires-Dist", "requires_dist", "rich"),
    ("Requires-External", "requires_external", "libc"),
    ("Project-URL", "project_urls", "Home, https://example.org/a,b"),
    ("Project-URL", "project_urls", "Docs, https://example.org/docs"),
    ("Provides-Extra", "provides_extra", "foo"),
    ("Provides-Extra", "provides_extra", "bar-baz"),
    ("Provides-Dist", "provides_dist", "old (1.0)"),
    ("Obsoletes-Dist", "obsoletes_dist", "older"),
    ("Dynamic", "dynamic", "Classifier"),
    ("Home-page", "home_page", "https://example.org"),
    ("Download-URL", "download_url", "https://example.org/dl"),
    ("Import-Name", "import_name", "every_thing"),
    ("Import-Name", "import_name", "every_thing._private; private"),
    ("Import-Namespace", "import_namespace", "spaces"),
    (
        "Description-Content-Type",
        "description_content_type",
        "text/markdown; charset=UTF-8; variant=GFM",
    ),
]


def test_form_has_every_field(
    upload: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """The form holds the whole metadata, what the index wants besides, and no more."""
    text = "Name: every.Thing_x\nKeywords: a,b c,d\n"
    text += "".join(f"{header}: {value}\n" for header, _, value in FIELDS)
    path = dists.make_sdist(
        workdir, "every.Thing_x", "1.0rc1", metadata=f"{text}\n{DESCRIPTION}"
    )
    upload(path.name).success()
    (request,) = index.uploads
    content = path.read_bytes()
    expected = [
        *((field, value) for _, field, value in FIELDS),
        ("name", "every.Thing-x"),
        ("keywords", "a, b c, d"),
        ("description", DESCRIPTION),
        ("pyversion", "source"),
        ("filetype", "sdist"),
        ("sha256_digest", hashlib.sha256(content).hexdigest()),
        ("blake2_256_digest", hashlib.blake2b(content, digest_size=32).hexdigest()),
        (":action", "file_upload"),
        ("protocol_version", "1"),
    ]
    for name, _ in expected:
        assert request.values(name) == [v for field, v in expected if field == name]
    assert len(request.fields) == len(expected)
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
