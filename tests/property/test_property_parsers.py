"""Whatever is read, there is a value or the one error that was promised."""

import json
import traceback
from email.utils import format_datetime
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from support import dists
from twine import exceptions
from twine.config import known_indexes as indexes
from twine.config import pypirc as config
from twine.form import core_metadata as metadata
from twine.form import signing
from twine.form.fields import FIELDS
from twine.index import response, upload_error
from twine.index import simple_api as simple_index
from twine.index.server_message import _MESSAGE_KEYS, MAX_MESSAGE_LENGTH, find_message

WORD = "Zqsecretwordqz"
INI = st.lists(
    st.sampled_from([
        "[distutils]", "[pypi]", "[server-login]", "[DEFAULT]", f"[{WORD}]",
        f"index-servers = pypi {WORD}", "index-servers =", f"  {WORD}",
        f"password = {WORD}", f"password : {WORD}%(x)s",
        f"repository = https://u:{WORD}@index.example/", f"repository = {WORD}",
        f"repository = http://[{WORD}", WORD, f"= {WORD}", f"[{WORD}", f"# {WORD}", "",
    ])
    | st.text(max_size=20),
    max_size=8,
).map("\n".join)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["files", "filename", "hashes", "sha256", "x", "errors"])
            | st.sampled_from(_MESSAGE_KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
MARKUP = st.lists(
    st.sampled_from([
        "<", ">", "<!", "<![", "<![CDATA[", "]]>", "<!--", "<!DOCTYPE", "</", "<?",
        "<p>", "<title>", "</title>", "<script>", "<pre>", "</pre>", "<a b='", '"',
        "&#", "&amp", "&#x110000;", "%", "words", " ", "\x00",
    ])
    | st.text(max_size=6),
    max_size=12,
).map("".join)  # fmt: skip


@given(INI, st.sampled_from(["pypi", "testpypi", WORD, "x"]))
@example(text="\x00", name="pypi")
def test_pypirc_is_read_or_refused_unseen(text: str, name: str) -> None:
    """Any text gives an index with a URL, or an error that shows none of the text."""
    refusal = None
    try:
        found = config.parse_config(text, "some/.pypirc")
    except exceptions.InvalidConfiguration as error:
        refusal = error
    if refusal is not None:
        assert WORD not in "".join(traceback.format_exception(refusal))
        return
    assert f"'{WORD}'" not in repr(list(found.indexes.values()))
    try:
        index = found.select(name)
    except (
        exceptions.InvalidConfiguration,
        exceptions.UnreachableRepositoryURLDetected,
    ):
        return
    assert indexes.host_of(index.url or "")
    assert "@" not in (index.url or "").partition("://")[2].partition("/")[0]


LINES = st.lists(
    st.sampled_from([f"{field.header}: ".encode() for field in FIELDS]).flatmap(
        lambda head: st.binary(max_size=20).map(head.__add__)
    )
    | st.binary(max_size=30),
    max_size=8,
).map(b"\n".join)


@given(st.binary(max_size=200) | LINES, st.booleans())
@example(b"Metadata-Version: 2." + b"1" * 5000, False)
@example(b"Project-URL", True)
@example(b"Keywords:\n\xff", True)
def test_metadata_is_read_with_its_faults(data: bytes, complete: bool) -> None:
    """Any bytes are fields, which can be sent, and faults, which can be told."""
    if complete:
        data = dists.metadata_text().partition("\n\n")[0].encode() + b"\n" + data

    found = metadata.parse_metadata(data)

    assert all(found.faults)
    assert isinstance(metadata.form_parts(metadata.form_values(found.raw)), list)
    missing = {"name", "version", "metadata_version"} - found.raw.keys()
    assert found.faults or not missing


@given(
    st.integers(100, 999) | st.sampled_from([101, 200, 408, 425, 429, 503]),
    st.text(max_size=99) | MARKUP | JSON.map(json.dumps),
    st.sampled_from(["text/plain", "text/html", "application/json", ";"]),
    st.none() | st.text(max_size=9),
    st.text(max_size=9) | st.datetimes().map(format_datetime),
)
@example(400, "<![%", "text/html", None, "")
@example(400, "<![x[", "text/html", None, "")
@example(400, "[" * 100_000, "application/json", None, "")
def test_response_has_a_meaning_and_a_message(
    status: int, body: str, kind: str, location: str | None, after: str
) -> None:
    """Any answer is one line of words; only 2xx is a success."""
    reply = response.Reply(
        url="https://h/",
        status=status,
        content_type=kind,
        body=body,
        location=location,
        retry_after=after,
    )

    said = find_message(body, kind, "")
    verdict = response.classify_response(reply)

    assert "\n" not in said
    assert len(said) <= MAX_MESSAGE_LENGTH + len(" [...]")
    assert str(upload_error.describe_refusal(reply)).startswith(str(status))
    success = isinstance(verdict, response.Uploaded | response.Ambiguous)
    assert success is (200 <= status < 300)
    if isinstance(verdict, response.TryAgain):
        assert verdict.wait is None or verdict.wait >= 0
        assert verdict.in_doubt is (status not in {408, 425, 429})


@given(
    st.text(max_size=60) | MARKUP | JSON.map(lambda v: json.dumps({"files": v})),
    st.sampled_from(["text/html", "application/json", "text/plain"]),
)
@example("[" * 100_000, "application/json")
@example("<a href=x><![x[", "text/html")
@example("<a href='//[x/a.whl'>", "text/html")
def test_simple_page_is_read_or_refused(text: str, kind: str) -> None:
    """Any text is a listing of texts, or a ValueError."""
    try:
        found = simple_index.parse_listing(text, kind)
    except ValueError:
        return
    for name, digest in found.files.items():
        assert isinstance(name, str)
        assert digest is None or isinstance(digest, str)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 100_000)
@example(b"\xef\xbb\xbf{}")
def test_attestations_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    """Any bytes are JSON, which can be sent, or InvalidDistribution."""
    path = tmp_path / "x.attestation"
    path.write_bytes(data)

    try:
        text = json.dumps(signing.read_attestations([str(path)]))
    except exceptions.InvalidDistribution as error:
        text = str(error)

    assert str(path) in text or text.startswith("[")
