"""For each rule on a file alone: files that break it, and others that just do not.

Of the archive itself the cases are in `test_corpus_contents` and `test_corpus_framing`.
"""

import base64
import dataclasses
import json
from pathlib import Path

from support.subjects import (
    Maker,
    Values,
    make_subject,
    named,
    with_fields,
    with_name,
)
from twine.archives.model import Archive
from twine.form.fields import FaultKind, MetadataFault
from twine.rules.model import Rendered, Subject

MIB = 2**20
WHEEL_NAME = "tool-1.0-py3-none-any.whl"


def changed(**fields: object) -> Maker:
    """Return what makes a wheel of which the rules see something else."""
    return lambda folder: dataclasses.replace(make_subject(), **fields)  # type: ignore[arg-type]


def unread(**fields: Values) -> Maker:
    """Return what makes a wheel of which only the form is known."""
    archive = Archive(kind="neither")
    return lambda folder: dataclasses.replace(make_subject(**fields), archive=archive)


def faulty(field: str, kind: FaultKind) -> Maker:
    """Return what makes a wheel with a fault that does not show in its form."""
    fault = MetadataFault(field=field, kind=kind, message=f"`{field}` is wrong")
    return changed(faults=(fault,))


def described(text: str, content_type: str | None = "text/markdown") -> Maker:
    """Return what makes a wheel with a description, rendered as in a real run."""
    return with_fields(description=text, description_content_type=content_type)


def rendered(**fields: object) -> Maker:
    """Return what makes a wheel whose description was rendered."""
    return changed(description=Rendered(**fields))  # type: ignore[arg-type]


def wheel_for(*tags: str) -> Maker:
    """Return what makes a wheel for some platforms."""
    return with_name(f"tool-1.0-py3-none-{'.'.join(tags)}.whl")


def long_wheel(length: int) -> Maker:
    """Return what makes a wheel whose name has so many bytes."""
    ends = "-py3-none-any.whl"
    name = "x" * (length - len(f"-1.0{ends}"))
    return with_name(f"{name}-1.0{ends}", name=name)


def long_sdist(length: int) -> Maker:
    """Return what makes an sdist whose name has so many bytes."""
    name = "x" * (length - len("-1.0.tar.gz"))
    return with_name(f"{name}-1.0.tar.gz", name=name)


def zipped(folder: Path) -> Subject:
    """Return an sdist in a zip file."""
    archive = Archive(kind="zip", names=("tool-1.0/PKG-INFO",))
    return dataclasses.replace(named("tool-1.0.zip"), filetype="sdist", archive=archive)


PUBLISH = "https://docs.pypi.org/attestations/publish/v1"
SLSA = "https://slsa.dev/provenance/v1"
DIGEST = "c0" * 32


def encode(data: bytes) -> str:
    """Return bytes as base64 text."""
    return base64.b64encode(data).decode()


def about(name: str = WHEEL_NAME, **digests: object) -> list[object]:
    """Return the subjects of a statement about one file."""
    return [{"name": name, "digest": {"sha256": DIGEST, **digests}}]


def attestation(
    kind: str = PUBLISH, *, envelope: object = None, **statement: object
) -> dict[str, object]:
    """Return an attestation for the wheel, signed by nobody.

    Args:
        kind: the predicate type
        envelope: the encoded statement, instead of one made of the rest
        statement: other values in the statement
    """
    whole = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": about(),
        "predicateType": kind,
        "predicate": None,
        **statement,
    }
    return {
        "version": 1,
        "verification_material": {
            "certificate": encode(b"certificate"),
            "transparency_entries": [{"logIndex": "1"}],
        },
        "envelope": {
            "statement": envelope or encode(json.dumps(whole).encode()),
            "signature": encode(b"signature"),
        },
    }


def attested(*attestations: object) -> Maker:
    """Return what makes a wheel with attestations."""
    return changed(attestations=attestations, sha256=lambda: DIGEST)


BREAKS: dict[str, list[Maker]] = {
    "invalid-distribution": [
        faulty("Licence", FaultKind.UNKNOWN),
        faulty("Summary", FaultKind.REPEATED),
        changed(unreadable="`tool.whl` is not a file."),
        changed(unreadable_attestation="The attestation `x` is not JSON."),
    ],
    "metadata-header-broken": [changed(header_break="The headers end at line 4.")],
    "metadata-version": [
        with_fields(metadata_version=version)
        for version in ("2.6", "2.0", "3.0", "2", "x", None)
    ],
    "field-too-new": [with_fields(metadata_version="2.3", license_expression="MIT")],
    "project-name": [with_fields(name=name) for name in ("-tool", "tool.", None)],
    "invalid-value": [
        with_fields(summary="one\ntwo"),
        with_fields(description_content_type="text/markdown; charset=utf-8"),
        with_fields(requires_dist=["not a requirement"]),
        with_fields(license_expression="Freeware"),
        with_fields(version=None),
        unread(license_file=["../LICENSE"]),
    ],
    "local-version": [
        with_name("tool-1.0+ubuntu1-py3-none-any.whl", version="1.0+ubuntu1")
    ],
    "summary-length": [
        with_fields(summary="x" * 513),
        # PyPI spells a NUL byte with four characters.
        with_fields(summary="x" * 508 + "\0x"),
    ],
    "email-address": [
        with_fields(**{field: address})
        for field in ("author_email", "maintainer_email")
        for address in (
            "Jo Doe <jo@localhost>", "me", "jo at a.org", "a@x.test", "a@192.168.0.1",
        )
    ],
    "project-url-label": [
        with_fields(project_urls=[url])
        for url in ("x" * 33 + ", https://a.org", ", https://a.org")
    ],
    "project-url": [
        with_fields(project_urls=[url])
        for url in ("Home, github.com/jo/tool", "https://a.org")
    ],
    "home-page": [
        *(
            with_fields(home_page=url)
            for url in (
                "ftp://a.org", "mailto:jo@a.org", "git+https://a.org/x.git", "a.org/x",
                "//a.org/tool", "https://a.org:65536", "https://[::1]:70000/",
                "https://a.org/[x]", "https://a.org/?q=[x]", " https://a.org",
            )
        ),
        with_fields(download_url="ftp://a.org/tool"),
    ],
    "classifier-private": [with_fields(classifiers=["Private :: Do Not Upload"])],
    "classifier-unknown": [
        with_fields(classifiers=["Programming Language:: Python"]),
        with_fields(classifiers=["Topic :: Utilities", " "]),
    ],
    "classifier-deprecated": [
        with_fields(classifiers=["Natural Language :: Ukranian"])
    ],
    "direct-reference": [with_fields(requires_dist=["x @ https://a.org/x.whl"])],
    "license-and-expression": [with_fields(license="MIT", license_expression="MIT")],
    "description-rendering": [
        described("Title\n====\n\nWords.\n", "TEXT/X-RST; charset=UTF-8"),
        described("Title\n====\n\nWords.\n", None),
        described(" \n", "text/x-rst"),
    ],
    "description-markdown": [described(" \n\n")],
    "title-only": [described("Title\n=====\n", "text/x-rst")],
    "description-relative-links": [described("[guide](docs/guide.md)")],
    "description-missing": [
        with_fields(description=text) for text in (None, "", "UNKNOWN", "UNKNOWN\n")
    ],
    "content-type-missing": [described("# *Words*", None)],
    "file-name": [
        with_name("tool\t-1.0.tar.gz", name="tool"),
        long_wheel(247),
        long_sdist(256),
    ],
    "zip-sdist": [zipped],
    "sdist-file-name": [
        with_name("Tool-1.0.tar.gz"),
        with_name("my-tool-1.0.tar.gz", name="my-tool"),
        with_name("my.tool-1.0.tar.gz", name="my.tool"),
        with_name("tool-v1.0.tar.gz", version="v1.0"),
        with_name("tool-01.0.tar.gz", version="01.0"),
        with_name("tool-1.0.0.tar.gz"),
        with_name("tool.tar.gz"),
        with_name("tool-latest.tar.gz"),
    ],
    "wheel-file-name": [
        with_name(name)
        for name in (
            "tool-1.0-x1-py3-none-any.whl",
            "tool-1.0-none-any.whl",
            "to__ol-1.0-py3-none-any.whl",
            "tool-one-py3-none-any.whl",
            "tool-1.0-UNKNOWN-none-any.whl",
            "tool-1.0-\N{ARABIC-INDIC DIGIT ONE}-py3-none-any.whl",
            f"tool-{'9' * 200}x-py3-none-any.whl",
        )
    ],
    # Examples that were tried out on PyPI's own code, by family.
    "platform-tag": [
        wheel_for(tag)
        for tag in (
            "macosx_16_0_arm64", "macosx_25_0_arm64", "macosx_27_0_arm64",
            "manylinux_2_17_loongarch64", "musllinux_1_2_ppc64", "win_riscv64",
            "ios_13_0_arm64_visionos", "android_24_riscv64",
            "pyemscripten_2026_0_wasm64", "macosx_26_0_riscv",
        )
    ],
    "platform-tag-family": [
        wheel_for(tag)
        for tag in (
            "linux_x86_64", "linux_aarch64", "freebsd_14_0_release_amd64",
            "pyodide_2024_0_wasm32", "emscripten_3_1_58_wasm32", "wasi_0_0_0_wasm32",
            "macosx_11_1_arm64", "macosx_14_6_x86_64", "manylinux2014_riscv64", "x",
        )
    ]
    + [wheel_for("manylinux_2_17_x86_64", "linux_x86_64")],
    "name-mismatch": [
        with_name(WHEEL_NAME, name="my-tool"),
        with_name("tool-1.0.tar.gz", name="my-tool"),
    ],
    "wheel-name-normalized": [
        with_name("My_Tool-1.0-py3-none-any.whl", name="My-Tool")
    ],
    "version-mismatch": [
        with_name(WHEEL_NAME, version="1.0.1"),
        with_name("tool-1.0.tar.gz", version="2"),
    ],
    "file-size": [changed(size=100 * MIB + 1)],
    "file-size-limit": [changed(size=1024 * MIB + 1)],
    "stdlib-name": [
        with_name(f"{name.lower()}-1.0-py3-none-any.whl", name=name)
        for name in ("typing", "Test", "tomllib", "XML_etree", "asyncore")
    ],
    "attestation-malformed": [
        attested([]),
        attested({"envelope": {"statement": "abc"}}),
        attested({**attestation(), "version": 2}),
    ],
    "attestation-invalid": [
        attested(),
        attested(attestation(), attestation(SLSA), attestation("x")),
        attested(attestation(), attestation(predicate={})),
        attested(attestation("https://spdx.dev/Document/v2.3")),
        attested(attestation("")),
        attested(attestation(predicate={"by": "me"})),
        attested(attestation(envelope=encode(b"no JSON"))),
        attested(attestation(subject=about() * 2)),
    ],
    "attestation-subject": [
        attested(attestation(subject=about("tool-1.0-py2-none-any.whl"))),
        attested(attestation(subject=about("notes.txt"))),
    ],
    "attestation-digest": [attested(attestation(subject=about(sha256="c1" * 32)))],
}  # fmt: skip

PASSES: dict[str, list[Maker]] = {
    "invalid-distribution": [changed(faults=())],
    "metadata-header-broken": [changed(header_break="")],
    "metadata-version": [
        with_fields(metadata_version=version, description_content_type=None)
        for version in ("1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5")
    ],
    "field-too-new": [with_fields(metadata_version="2.4", license_expression="MIT")],
    "project-name": [with_name("t-1.0-py3-none-any.whl", name="T")],
    "invalid-value": [
        with_fields(**{field: [value]})
        for field, value in (
            ("summary", "one {name}"),
            ("description_content_type", "TEXT/X-RST; charset=UTF-8"),
            ("requires_dist", 'attrs[x]>=23; python_version < "3.12"'),
            ("license_expression", "mit OR LicenseRef-Own"),
            ("version", " v1.0.0"),
        )
    ],
    "local-version": [
        with_name("tool-1.0.post1.dev3-py3-none-any.whl", version="1.0.post1.dev3")
    ],
    "summary-length": [with_fields(summary="x" * 512)],
    "email-address": [
        with_fields(author_email=address)
        for address in (
            "Jo Doe <jo@example.org>", "a@example.com", "a@[127.0.0.1]",
            "jürgen@example.org", "John Doe <>", "Foo, Bar <x@y.org>", "me, you",
            "a@b.org, c@localhost", "A <a@b.org>; C <me>",
            '"Doe, Jo" <jo@example.org>',
        )
    ],
    "project-url-label": [with_fields(project_urls=["x" * 32 + ", https://a.org"])],
    "project-url": [with_fields(project_urls=["Home, https://github.com/jo/tool"])],
    "home-page": [
        with_fields(home_page=url)
        for url in (
            "HTTP://a.org/tool", "https:", "https://a.org/two words", "https://A.org",
            "https://jo@a.org:65535/x", "https://a.org/%5Bx%5D", "https://a.org#[x]",
            "https://exämple.org/ä", "https://a.org:", "https://[::1]:80/", "UNKNOWN",
        )
    ],
    "classifier-private": [with_fields(classifiers=["Topic :: Utilities"])],
    "classifier-unknown": [with_fields(classifiers=["Programming Language :: Python"])],
    "classifier-deprecated": [
        with_fields(classifiers=["Natural Language :: Ukrainian"])
    ],
    "direct-reference": [with_fields(requires_dist=["x>=1"])],
    "license-and-expression": [
        with_fields(
            license_expression="MIT",
            classifiers=["License :: OSI Approved :: MIT License"],
        ),
        # The word UNKNOWN and the empty text count as not sent.
        with_fields(license="  UNKNOWN\n", license_expression="MIT"),
        with_fields(license="", license_expression="MIT"),
    ],
    "description-rendering": [
        described("Title\n=====\n\nWords.\n", "text/x-rst"),
        described(".. code:: no-such-language\n\n   x = 1\n", "text/x-rst"),
        described("Title\n=\n", "text/plain"),
        described("Title\n==\n\n.. raw:: html\n"),
    ],
    "description-markdown": [
        described(" .\n", "text/markdown; variant=GFM"),
        described("<!-- nothing to see -->"),
        described(" ", "text/plain"),
    ],
    "title-only": [
        described("Title\n=====\n\nOther\n=====\n", "text/x-rst")
    ],
    "description-relative-links": [described("[guide](#guide) `![x](x.png)`")],
    "description-missing": [with_fields(description=".")],
    "content-type-missing": [described("", None)],
    "file-name": [with_name("tool-1.0.tar.gz"), long_wheel(246), long_sdist(255)],
    "zip-sdist": [with_name("tool-1.0.tar.gz")],
    "sdist-file-name": [
        with_name("my_tool-1.0.post1.tar.gz", name="My.Tool", version="1.0-1")
    ],
    "wheel-file-name": [
        with_name("tool-1.0-1x-py3-none-any.whl"),
        with_name("tool-1.0-py2.py3-none-any.whl", version="1.0.0"),
        with_name("a_b_c-1.0-py3-none-any.whl", name="A.b--C", version="v1.0"),
        with_name("tool-1.0-3.6-none-any.whl"),
        with_name("tool-1!1.0-py3-none-any.whl", version="1!1.0"),
    ],
    "platform-tag": [
        wheel_for(tag)
        for tag in (
            "any", "win32", "win_amd64", "win_arm64", "win_ia64", "linux_armv6l",
            "linux_armv7l", "manylinux1_i686", "manylinux2010_x86_64",
            "manylinux2014_s390x", "manylinux_2_17_x86_64", "manylinux_2_39_riscv64",
            "manylinux_2_17_ppc64", "musllinux_1_2_aarch64", "musllinux_1_2_riscv64",
            "macosx_10_9_universal2", "macosx_11_0_arm64", "macosx_15_0_x86_64",
            "macosx_26_0_arm64", "ios_13_0_arm64_iphoneos",
            "ios_13_0_x86_64_iphonesimulator", "android_21_arm64_v8a",
            "android_24_x86_64", "pyemscripten_2026_0_wasm32", "WIN_AMD64",
        )
    ],
    "platform-tag-family": [wheel_for("manylinux1_x86_64")],
    "name-mismatch": [with_name("my_tool-1.0-py3-none-any.whl", name="My.Tool")],
    "wheel-name-normalized": [
        with_name("my_tool-1.0-py3-none-any.whl", name="My-Tool")
    ],
    "version-mismatch": [with_name(WHEEL_NAME, version="1.0.0")],
    "file-size": [changed(size=100 * MIB)],
    "file-size-limit": [changed(size=1024 * MIB)],
    "stdlib-name": [with_name("xml_trees-1.0-py3-none-any.whl", name="xml.trees")],
    "attestation-malformed": [attested(attestation()), changed(attestations=None)],
    "attestation-invalid": [
        attested(attestation(SLSA, predicate={"x": 1}), attestation()),
    ],
    "attestation-subject": [
        attested(attestation(subject=about("Tool-1.0.0-py3-none-any.whl")))
    ],
    "attestation-digest": [attested(attestation(subject=about()))],
}  # fmt: skip

# What a rule says, whole or from its beginning.
MESSAGES: list[tuple[Maker, str, list[str]]] = [
    *(
        (with_fields(metadata_version=version), "metadata-version", [message])
        for version, message in (
            (None, "`Metadata-Version` is missing."),
            ("3.0", "`Metadata-Version` `3.0` is not known to PyPI."),
            ("2.6", "`Metadata-Version` `2.6` is not known to PyPI; it is for "),
        )
    ),
    (
        with_fields(summary="x" * 508 + "\0x"),
        "summary-length",
        ["`Summary` has 513 characters, 512 are allowed."],
    ),
    (
        # PyPI says the first thing that is wrong; all of them are reported here.
        with_fields(
            requires_dist=["a b", "fine", "c d"],
            requires_python="3",
            summary="a\nb",
        ),
        "invalid-value",
        [
            "`Requires-Dist`: 'a b' is invalid for 'requires-dist': ",
            "`Requires-Dist`: 'c d' is invalid for 'requires-dist': ",
            "`Requires-Python`: '3' is invalid for 'requires-python': ",
            "`Summary`: 'summary' ",
        ],
    ),
    (
        with_fields(project_urls=["A, a.org", "B, https://b.org", "A,", ",", ", b"]),
        "project-url",
        [
            "The project URL `a.org` labelled `A` does not start with `https://`.",
            "The project URL labelled `A` has no address.",
            "A project URL has no address.",
            "The project URL `b` does not start with `https://`.",
        ],
    ),
    (
        with_fields(project_urls=[", https://a.org", ","]),
        "project-url-label",
        ["The project URL `https://a.org` has no label.", "A project URL has no l"],
    ),
    (with_fields(classifiers=["a", " "]), "classifier-unknown", [
        "PyPI does not know the classifier `a`.", "A classifier is empty.",
    ]),
    (
        with_name("My.Tool-1.0.post1.tar.gz", name="My.Tool", version="1.0-1"),
        "sdist-file-name",
        ["The name `My.Tool-1.0.post1.tar.gz` must be `my_tool-1.0.post1.tar.gz`."],
    ),
    (with_name("tool.whl"), "wheel-file-name", [
        "The name `tool.whl` is not a wheel's: it should have 5 or 6 parts between ",
    ]),
    *(
        (with_name(f"tool-1.0-{tags}-x86_64_v3.whl"), "wheel-file-name", [
            f"The name `tool-1.0-{tags}-x86_64_v3.whl` is not a wheel's: it is that of",
        ])
        for tags in ("cp312-cp312-linux_x86_64", "1-py3-none-any")
    ),
    (with_name("tool-1.0-x1-py3-none-any.whl"), "wheel-file-name", [
        "The name `tool-1.0-x1-py3-none-any.whl` is not a wheel's: the build tag `x1` d"
    ]),
    (with_name("a\tb\n-1.0.tar.gz"), "file-name", [
        "The name `a b -1.0.tar.gz` has the characters U+0009, U+000A."
    ]),
    (
        attested(attestation(), attestation(SLSA, subject=about(sha256="c1"))),
        "attestation-digest",
        ["Attestation 2 is for the digest `c1`, not this file's."],
    ),
    (
        rendered(problems=("line 3: error: Unknown role.\n   more", "line 5: x")),
        "description-rendering",
        [
            "The description cannot be rendered as reStructuredText: line 3: error: Un",
            "The description cannot be rendered as reStructuredText: line 5: x.",
        ],
    ),
]  # fmt: skip
