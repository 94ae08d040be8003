"""Whatever is read, there is a value or the one error that was promised."""

import json
import traceback
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.dists import metadata_text
from twine import exceptions
from twine.config import known_indexes as indexes
from twine.config import pypirc as config
from twine.form import attestations
from twine.form import core_metadata as metadata
from twine.form.fields import FIELDS
from twine.index import response, upload_error
from twine.index import simple_api as simple_index
from twine.index.server_message import _MESSAGE_KEYS, MOST_WORDS

WORD = "Zqsecretwordqz"
INI = st.lists(
    st.sampled_from(
        [
            "[distutils]",
            "[pypi]",
            "[server-login]",
            "[DEFAULT]",
            f"[{WORD}]",
            f"index-servers = pypi {WORD}",
            "index-servers =",
            f"  {WORD}",
            f"password = {WORD}",
            f"password : {WORD}%(x)s",
            f"repository = https://u:{WORD}@index.example/",
            f"repository = {WORD}",
            f"repository = http://[{WORD}",
            WORD,
            f"= {WORD}",
            f"[{WORD}",
            f"# {WORD}",
            "",
        ]
    )
    | st.text(max_size=20),
    max_size=8,
).map("\n".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["files", "filename", "hashes", "sha256", "x"])
            | st.sampled_from(_MESSAGE_KEYS)
            | st.just("errors"),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
MARKUP = st.lists(
    st.sampled_from(
        ["<", ">", "<!", "<![", "<![CDATA[", "]]>", "<!--", "<!DOCTYPE", "</", "<?"]
    )
    | st.sampled_from(
        ["<p>", "<title>", "</title>", "<script>", "<pre>", "</pre>", "<a b='", '"']
    )
    | st.sampled_from(["&#", "&amp", "&#x110000;", "%", "words", " ", "\x00"])
    | st.text(max_size=6),
    max_size=12,
).map("".join)


@given(INI)
@example(text="\x00")
def test_a_config_is_read_or_refused_unseen(text: str) -> None:
    """Any text is indexes, or an error that shows none of it."""
    error = None
    try:
        found = config.parse_config(text, "some/.pypirc").indexes
    except exceptions.InvalidConfiguration as refusal:
        error = refusal
    else:
        assert found["pypi"].url
        assert f"'{WORD}'" not in repr(list(found.values()))
    assert error is None or WORD not in "".join(traceback.format_exception(error))


@given(INI, st.sampled_from(["pypi", "testpypi", WORD, "x"]))
def test_an_index_is_selected_or_refused(text: str, name: str) -> None:
    """A name gives an index with a URL that can be used, or one of two errors."""
    try:
        index = config.parse_config(text, "f").select(name)
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
        data = metadata_text().partition("\n\n")[0].encode() + b"\n" + data

    found = metadata.parse_metadata(data)

    assert all(found.faults)
    assert isinstance(metadata.form_parts(metadata.form_values(found.raw)), list)
    missing = {"name", "version", "metadata_version"} - found.raw.keys()
    assert found.faults or not missing


@given(
    st.binary(max_size=200).map(lambda data: data.decode("utf-8", "replace"))
    | MARKUP
    | JSON.map(json.dumps),
    st.sampled_from(
        ["", "text/plain", "text/html", "application/json", "application/xml; x", ";"]
    )
    | st.text(max_size=10),
    st.text(max_size=10),
)
@example("<![%", "text/html", "")
@example("<![x[", "text/html", "")
@example("[" * 100_000, "application/json", "")
def test_any_body_is_boiled_down(body: str, kind: str, reason: str) -> None:
    """Whatever an index says, and claims that it is, becomes one line of words."""
    reply = response.Reply(
        url="https://h/", status=400, reason=reason, content_type=kind, body=body
    )

    said = upload_error.message_of(reply)

    assert "\n" not in said
    assert len(said) <= MOST_WORDS + len(" [...]")
    assert str(upload_error.describe_refusal(reply)).startswith("400")
    assert isinstance(
        response.classify_response(reply), response.Refused | response.Exists
    )


@given(
    st.integers(100, 999) | st.sampled_from([101, 200, 408, 425, 429, 503]),
    st.text(max_size=10) | MARKUP,
    st.none() | st.text(max_size=9),
    st.text(max_size=9) | st.datetimes().map(format_datetime),
)
def test_every_answer_has_a_meaning(
    status: int, body: str, location: str | None, after: str
) -> None:
    """Any status has a meaning, and only 2xx is a success, or 1xx perhaps."""
    reply = response.Reply(
        url="https://h/", status=status, body=body, location=location, retry_after=after
    )

    verdict = response.classify_response(reply)

    success = isinstance(verdict, response.Uploaded | response.Ambiguous)
    assert success is (status < 300)
    if isinstance(verdict, response.TryAgain):
        assert verdict.wait is None or verdict.wait >= 0
        assert status >= 500 or not verdict.in_doubt


@given(
    st.text(max_size=60)
    | MARKUP
    | JSON.map(json.dumps)
    | JSON.map(lambda v: json.dumps({"files": v})),
    st.sampled_from(["text/html", "application/json", "text/plain"]),
)
@example("[" * 100_000, "application/json")
@example("<a href=x><![x[", "text/html")
@example("<a href='//[x/a.whl'>", "text/html")
def test_a_listing_is_read_or_is_none(text: str, kind: str) -> None:
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
        text = json.dumps(attestations.read_attestations([str(path)]))
    except exceptions.InvalidDistribution as error:
        text = str(error)

    assert str(path) in text or text.startswith("[")


@pytest.mark.parametrize("name", ["CON", "a" * 300, "a\nb"])
def test_attestations_may_be_called_anything(tmp_path: Path, name: str) -> None:
    """A path that the system does not like is InvalidDistribution."""
    with pytest.raises(exceptions.InvalidDistribution):
        attestations.read_attestations([str(tmp_path / name)])
