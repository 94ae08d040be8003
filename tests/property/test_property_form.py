"""Whatever the metadata says arrives in the form as it was."""

import string
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from packaging.metadata import parse_email
from urllib3.filepost import encode_multipart_formdata

from support.wire import parse_form
from twine.form import core_metadata as metadata
from twine.form.fields import FIELDS
from twine.index.upload_body import make_fields

BOUNDARY = "0123456789abcdef"

LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"]),
    min_size=1,
    max_size=30,
)
LABEL = st.text(string.ascii_letters + " ", min_size=1, max_size=20).map(str.strip)
BODY = st.text(
    st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc"])
    | st.just("\n"),
    max_size=300,
)
FIXED = [("metadata_version", "2.1"), ("name", "pkg"), ("version", "1.0")]
SINGLE = ("summary", "home_page", "author", "author_email", "license")
REPEATED = ("classifiers", "platform", "requires_external", "provides_extra")
HEADERS = {field.form: field.header for field in FIELDS}


@st.composite
def forms(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Return the fields of a form that valid metadata can give, body excepted."""
    fields = list(FIXED)
    for names, most in ((SINGLE, 1), (REPEATED, 3)):
        for name in names:
            fields += [(name, value) for value in draw(st.lists(LINE, max_size=most))]
    urls = draw(st.dictionaries(LABEL.filter(bool), LINE, max_size=3))
    return [*fields, *(("project_urls", f"{key}, {url}") for key, url in urls.items())]


@given(forms(), BODY)
def test_metadata_arrives_as_it_was(form: list[tuple[str, str]], body: str) -> None:
    """File, form, wire, index: every value arrives once, unchanged, and no other."""
    text = "".join(f"{HEADERS[name]}: {value}\n" for name, value in form)
    raw, unparsed = parse_email(f"{text}\n{body}".encode())

    assert unparsed == {}
    parts = metadata.form_parts(metadata.form_values(raw))
    data, _ = encode_multipart_formdata(make_fields(parts), BOUNDARY)
    received = parse_form(data, BOUNDARY.encode())

    expected = Counter([*form, *([("description", body)] if body else [])])
    assert Counter((part.name, part.content.decode()) for part in received) == expected


@given(st.text(max_size=40))
def test_safe_name_is_idempotent(name: str) -> None:
    """Only letters, digits, dots and single hyphens are left; once is enough."""
    safe = metadata.safe_name(name)

    assert set(safe) <= set(string.ascii_letters + string.digits + ".-")
    assert "--" not in safe
    assert metadata.safe_name(safe) == safe
