"""Whatever the metadata says arrives in the form as it was."""

import string
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from packaging.metadata import parse_email
from urllib3.filepost import encode_multipart_formdata

from support.wire import parse_form
from twine.form import core_metadata as metadata
from twine.index.upload_body import make_fields

BOUNDARY = "0123456789abcdef"

LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"]),
    min_size=1,
    max_size=30,
)
NAME = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?", fullmatch=True)
VERSION = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}(rc[0-9])?", fullmatch=True)
LABEL = st.text(string.ascii_letters + " ", min_size=1, max_size=20).map(str.strip)
BODY = st.text(
    st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc"])
    | st.just("\n"),
    max_size=300,
)
SINGLE = {
    "Summary": "summary",
    "Home-page": "home_page",
    "Author": "author",
    "Author-email": "author_email",
    "Maintainer": "maintainer",
    "License": "license",
    "Download-URL": "download_url",
}
REPEATED = {
    "Classifier": "classifiers",
    "Platform": "platform",
    "Supported-Platform": "supported_platform",
    "Requires-External": "requires_external",
    "Requires": "requires",
    "Provides": "provides",
    "Obsoletes": "obsoletes",
    "Provides-Extra": "provides_extra",
}


@st.composite
def metadata_files(draw: st.DrawFn) -> tuple[str, Counter[tuple[str, str]]]:
    """Return the text of a metadata file, and the form that it should become."""
    headers = [("Metadata-Version", "2.1")]
    headers += [("Name", draw(NAME)), ("Version", draw(VERSION))]
    fields = [("metadata_version", "2.1"), ("version", headers[2][1])]
    fields += [("name", headers[1][1])]
    for header, field in SINGLE.items():
        for value in draw(st.lists(LINE, max_size=1)):
            headers.append((header, value))
            fields.append((field, value))
    for header, field in REPEATED.items():
        for value in draw(st.lists(LINE, max_size=3)):
            headers.append((header, value))
            fields.append((field, value))
    urls = draw(st.dictionaries(LABEL.filter(bool), LINE, max_size=3))
    for label, url in urls.items():
        headers.append(("Project-URL", f"{label}, {url}"))
        fields.append(("project_urls", f"{label}, {url}"))
    body = draw(BODY)
    if body:
        fields.append(("description", body))
    text = "".join(f"{name}: {value}\n" for name, value in headers) + f"\n{body}"
    return text, Counter(fields)


def send(parts: list[tuple[str, str | tuple[str, bytes]]]) -> Counter[tuple[str, str]]:
    """Return the fields that an index receives."""
    body, _ = encode_multipart_formdata(make_fields(parts), BOUNDARY)
    received = parse_form(body, BOUNDARY.encode())
    return Counter((part.name, part.content.decode()) for part in received)


@given(metadata_files())
def test_metadata_arrives_as_it_was(
    case: tuple[str, Counter[tuple[str, str]]],
) -> None:
    """File, form, wire, index: every value arrives once, unchanged, and no other."""
    text, expected = case
    raw, unparsed = parse_email(text.encode())

    assert unparsed == {}
    assert metadata.parse_metadata(text.encode()).raw == raw
    assert send(metadata.form_parts(metadata.form_values(raw))) == expected


VALUES = st.dictionaries(
    st.from_regex(r"[a-z_:]{1,12}", fullmatch=True).filter(
        lambda key: key != "keywords"
    ),
    st.none()
    | st.text(st.characters(codec="utf-8"), max_size=40)
    | st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=4)
    | st.tuples(LINE.map(lambda name: name.replace('"', "")), st.binary(max_size=40)),
    max_size=6,
)


@given(VALUES)
def test_any_text_survives_the_wire(
    values: dict[str, metadata.FormValue | None],
) -> None:
    """Line ends, boundaries and bytes within a value change nothing in a form."""
    parts = metadata.form_parts(values)
    fields = make_fields(parts or [("a", "b")])
    body, _ = encode_multipart_formdata(fields, BOUNDARY)
    received = parse_form(body, BOUNDARY.encode())

    sent = [
        (key, value.encode() if isinstance(value, str) else value[1])
        for key, value in parts or [("a", "b")]
    ]
    assert [(part.name, part.content) for part in received] == sent


@given(st.text(max_size=40))
def test_a_safe_name_is_safe_and_final(name: str) -> None:
    """Only letters, digits, dots and single hyphens are left; once is enough."""
    safe = metadata.safe_name(name)

    assert set(safe) <= set(string.ascii_letters + string.digits + ".-")
    assert "--" not in safe
    assert metadata.safe_name(safe) == safe
