"""Metadata files: what they say, what is wrong with them, how they travel."""

import typing
from collections.abc import Iterator

import packaging.metadata
import pytest

from support.dists import metadata_text
from twine.form import core_metadata as metadata
from twine.form import headers
from twine.form.fields import FIELDS, FaultKind

# What PyPI calls the fields; anything else it ignores without a word.
FORM_NAMES = [
    "metadata_version", "name", "version", "summary", "description", "keywords",
    "home_page", "author", "author_email", "license", "platform", "supported_platform",
    "download_url", "classifiers", "requires", "provides", "obsoletes", "maintainer",
    "maintainer_email", "requires_dist", "provides_dist", "obsoletes_dist",
    "requires_external", "requires_python", "project_urls", "description_content_type",
    "provides_extra", "dynamic", "license_expression", "license_file", "import_name",
    "import_namespace",
]  # fmt: skip


def parse(extra: str = "", version: str = "2.1") -> metadata.CoreMetadata:
    """Parse plain metadata with some more header lines."""
    text = metadata_text(metadata_version=version, extra=extra)
    return metadata.parse_metadata(text.encode())


def messages(found: metadata.CoreMetadata) -> list[str]:
    """Return the faults as text."""
    return [str(fault) for fault in found.faults]


def test_no_field_is_forgotten() -> None:
    """Each field that `packaging` reads has a name in the form, and vice versa."""
    known = set(packaging.metadata.RawMetadata.__annotations__)

    assert {field.raw for field in FIELDS} == known


def test_the_form_has_pypis_names() -> None:
    """The fields travel under the names that PyPI reads, each once."""
    assert sorted(field.form for field in FIELDS) == sorted(FORM_NAMES)


def test_a_field_that_nobody_mapped_is_an_error() -> None:
    """A field that a newer `packaging` learns cannot be left out silently."""
    raw = typing.cast("packaging.metadata.RawMetadata", {"name": "x", "flavour": "y"})

    with pytest.raises(KeyError, match="flavour"):
        metadata.form_values(raw)


def test_sound_metadata_has_no_faults() -> None:
    """What a build tool writes is read as it is."""
    found = parse("Summary: Some words\nRequires-Dist: a>=1\nRequires-Dist: b\n")

    assert found.faults == ()
    assert found.raw["summary"] == "Some words"
    assert found.raw["requires_dist"] == ["a>=1", "b"]
    assert found.raw["description"] == "A few *words*.\n"


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3"])
def test_license_files_of_old_setuptools_are_dropped(version: str) -> None:
    """Below metadata 2.4, License-File is neither a fault nor sent."""
    # Before 2.1 a description had no type.
    text = metadata_text(
        metadata_version=version,
        content_type="text/plain" if version >= "2.1" else None,
        extra="License-File: LICENSE\nLicense-File: NOTICE\n",
    )
    found = metadata.parse_metadata(text.encode())

    assert found.faults == ()
    assert "license_files" not in found.raw


def test_license_files_of_today_are_kept() -> None:
    """From metadata 2.4 on, License-File is a field like any other."""
    assert parse("License-File: LICENSE\n", "2.4").raw["license_files"] == ["LICENSE"]


@pytest.mark.parametrize(
    ("extra", "field", "kind", "words"),
    [
        ("Summary: a\nSummary: b\n", "Summary", FaultKind.REPEATED, "more than once"),
        ("Name: other\n", "Name", FaultKind.REPEATED, "more than once"),
        ("Description: x\n", "Description", FaultKind.REPEATED, "more than once"),
        (
            "Project-URL: A, https://a\nProject-URL: A, https://b\n",
            "Project-URL",
            FaultKind.REPEATED,
            "the same label twice",
        ),
        ("Flavour: sweet\n", "Flavour", FaultKind.UNKNOWN, "is not a field"),
        ("Requires-Python: new\n", "Requires-Python", FaultKind.INVALID, "new"),
        ("Requires-Dist: ~~~\n", "Requires-Dist", FaultKind.INVALID, "~~~"),
        ("License-Expression: MIT\n", "License-Expression", FaultKind.TOO_NEW, "2.4"),
        ("Dynamic: Name\n", "Dynamic", FaultKind.TOO_NEW, "2.2"),
        ("Author: \udcff\n", "Author", FaultKind.NOT_UTF8, "is not UTF-8"),
        ("Classifier: \udcff\nClassifier: b\n", "Classifier", FaultKind.NOT_UTF8, ""),
        ("Project-URL: \udcff, https://a\n", "Project-URL", FaultKind.NOT_UTF8, ""),
        (
            "Description-Content-Type: text/plain; " + "a=b; " * 100_000 + "\n",
            "Description-Content-Type",
            FaultKind.TOO_LONG,
            "has more than 1000 characters",
        ),
    ],
)
def test_fault_has_field_and_kind(
    extra: str, field: str, kind: FaultKind, words: str
) -> None:
    """A fault is a value; its message has the field's name as it is in the file."""
    text = metadata_text(content_type=None, extra=extra)
    (fault,) = metadata.parse_metadata(text.encode(errors="surrogateescape")).faults

    assert (fault.field, fault.kind) == (field, kind)
    assert fault.message.startswith(f"`{field}`")
    assert words in fault.message


def test_repetition_among_other_bytes_is_one() -> None:
    """What is given twice is so whatever is not UTF-8 elsewhere in the file."""
    extra = "Author: \udcff\nSummary: a\nSummary: b\n"
    data = metadata_text(extra=extra).encode(errors="surrogateescape")

    assert "`Summary` is given more than once" in messages(
        metadata.parse_metadata(data)
    )


@pytest.mark.parametrize("field", ["Name", "Version", "Metadata-Version"])
def test_required_field_is_missing(field: str) -> None:
    """Metadata without a name, a version or its own version has a fault."""
    lines = metadata_text().splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith(f"{field}:"))

    (fault,) = metadata.parse_metadata(text.encode()).faults
    assert (fault.field, fault.kind) == (field, FaultKind.MISSING)
    assert fault.message == f"`{field}` is missing"


@pytest.mark.parametrize(
    "version", ["9.9", "2", "", "two", "2.", "2." + "1" * 5000, "-1.0"]
)
def test_any_version_of_the_metadata_is_read(version: str) -> None:
    """A metadata version that nobody knows is a fault that names the field."""
    text = metadata_text(metadata_version=version, extra="License-File: x\n")

    faults = metadata.parse_metadata(text.encode()).faults

    assert any(fault.field == "Metadata-Version" for fault in faults)


def test_description_in_another_encoding_is_a_fault() -> None:
    """Metadata must be UTF-8."""
    data = metadata_text(description="Grüße").encode("latin-1")

    (fault,) = metadata.parse_metadata(data).faults
    assert (fault.field, fault.kind) == ("Description", FaultKind.NOT_UTF8)


def test_every_value_of_a_field_is_validated() -> None:
    """The library names but the first that is wrong."""
    found = parse("Requires-Dist: a b\nRequires-Dist: fine\nRequires-Dist: c d\n")

    assert [str(fault)[:25] for fault in found.faults] == [
        "`Requires-Dist`: 'a b' is",
        "`Requires-Dist`: 'c d' is",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("count", "excess"), [(249_995, 0), (250_001, 1)])
def test_very_many_lines_are_a_fault(end: str, count: int, excess: int) -> None:
    """Each of them would be an object of its own while they are parsed."""
    text = metadata_text() + "x\n" * (count - metadata_text().count("\n"))

    found = metadata.parse_metadata(text.replace("\n", end).encode())

    assert messages(found) == ["there are more than 250000 lines"] * excess


@pytest.fixture
def _nothing_is_remembered() -> Iterator[None]:
    """Forget what was read before and during a test that changes how to read."""
    metadata._parse.cache_clear()
    yield
    metadata._parse.cache_clear()


@pytest.mark.usefixtures("_nothing_is_remembered")
def test_a_validator_that_stumbles_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value over which the library trips is told like any other fault."""

    def stumble(*args: object, **kwargs: object) -> None:
        raise IndexError("out of range")

    monkeypatch.setattr(packaging.metadata.Metadata, "from_raw", stumble)

    assert any("IndexError" in fault for fault in messages(parse()))


@pytest.mark.usefixtures("_nothing_is_remembered")
def test_faults_that_belong_to_no_field_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A group may hold errors of another kind, and fields that we do not know."""

    def complain(*args: object, **kwargs: object) -> None:
        raise packaging.metadata.ExceptionGroup(
            "several",
            [
                ValueError("a value of some kind"),
                packaging.metadata.InvalidMetadata("flavour", "too sweet"),
            ],
        )

    monkeypatch.setattr(packaging.metadata.Metadata, "from_raw", complain)

    assert set(messages(parse())) == {"a value of some kind", "`flavour`: too sweet"}


def test_the_form_has_one_part_for_each_value() -> None:
    """Lists are repeated, labels joined to URLs, keywords joined to one another."""
    found = parse(
        "Keywords: a,b\nClassifier: X\nClassifier: Y\n"
        "Project-URL: Home, https://h\nProject-URL: Docs, https://d\n"
    )
    parts = metadata.form_parts(metadata.form_values(found.raw))

    assert ("keywords", "a, b") in parts
    assert [value for key, value in parts if key == "classifiers"] == ["X", "Y"]
    assert [value for key, value in parts if key == "project_urls"] == [
        "Home, https://h",
        "Docs, https://d",
    ]


def test_a_value_that_is_not_there_is_not_sent() -> None:
    """None and empty lists leave no part; files stay what they are."""
    parts = metadata.form_parts(
        {"comment": None, "classifiers": [], "gpg_signature": ("a.asc", b"x"), "y": ""}
    )

    assert parts == [("gpg_signature", ("a.asc", b"x")), ("y", "")]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("plain", "plain"),
        ("some_name", "some-name"),
        ("zope.interface", "zope.interface"),
        ("a__-_b", "a-b"),
        ("a b/c", "a-b-c"),
        ("Grüße", "Gr-e"),
        ("UPPER9", "UPPER9"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    """Every run of other characters becomes one hyphen."""
    assert metadata.safe_name(name) == safe


def test_the_same_metadata_read_twice_is_not_shared() -> None:
    """What one file's metadata is changed to does not show in its twin's."""
    data = metadata_text(extra="Classifier: A :: B\n").encode()
    first = metadata.parse_metadata(data)
    first.raw["classifiers"].append("C :: D")
    first.raw["name"] = "another"

    again = metadata.parse_metadata(data)

    assert again.raw["classifiers"] == ["A :: B"]
    assert again.raw["name"] == "pkg"


@pytest.mark.usefixtures("_nothing_is_remembered")
def test_a_field_of_tomorrow_is_a_fault_and_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A newer `packaging` may read a field that we cannot send."""
    read = packaging.metadata.parse_email

    def read_more(data: bytes) -> tuple[object, object]:
        raw, unparsed = read(data)
        return {**raw, "flavour": ["sweet"]}, unparsed

    monkeypatch.setattr(packaging.metadata, "parse_email", read_more)
    found = parse()

    (fault,) = (fault for fault in messages(found) if "does not know" in fault)
    assert "`flavour`" in fault
    assert "--no-validate" in fault
    assert metadata.form_values(found.raw)["name"]


README = "Title\n=====\n\nSome text::\n\n    code\n\nEnd.\n"


def fold(text: str, prefix: str) -> str:
    """Return a text as old build tools wrote it into a header."""
    return text.replace("\n", f"\n{prefix}")


@pytest.mark.parametrize("prefix", [" " * 8, " " * 7 + "|"], ids=["spaces", "bar"])
@pytest.mark.parametrize("text", [README, f"\n{README}", "Grüße:\n\n\tx\n  |y|\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_folded_description_is_unfolded(prefix: str, text: str, end: str) -> None:
    """What is judged and sent is the README as it was written, line ends and all."""
    header = f"Description: {fold(text, prefix)}\nPlatform: any\n"
    data = metadata_text(description="", extra=header).replace("\n", end).encode()
    found = metadata.parse_metadata(data)

    assert found.raw["description"] == text.replace("\n", end)
    assert found.raw["platforms"] == ["any"]
    assert found.faults == ()


def test_other_headers_are_unfolded() -> None:
    """A licence of several paragraphs is folded in the same way."""
    found = parse("License: MIT\n        \n        Do what you like.\n")

    assert found.raw["license"] == "MIT\n\nDo what you like."


def test_description_in_the_body_is_not_unfolded() -> None:
    """There the spaces are the text's own: code, for example."""
    text = "Run::\n        make\n        make install\n"
    found = metadata.parse_metadata(metadata_text(description=text).encode())

    assert found.raw["description"] == text


@pytest.mark.parametrize(
    ("extra", "excerpt"),
    [
        ("Requires-Dist: a >=2 foo\n", "a >=2 foo\n  ~~~~^"),
        (f"Requires-Dist: a >=2 foo{'o' * 100}\n", ""),
        ("Requires-Python: new\n", ""),
    ],
)
def test_fault_shows_the_place_in_a_requirement(extra: str, excerpt: str) -> None:
    """Carets stand below it, if the line is not so long that it would be wrapped."""
    (fault,) = parse(extra).faults

    assert fault.excerpt == excerpt
    assert "\n" not in fault.message


@pytest.mark.parametrize(
    ("value", "unfolded"),
    [
        ("a", "a"),
        ("a\n        b\n\n        c\n   ", "a\nb\n\nc\n"),
        ("a\n            b", "a\n    b"),
        ("a\n        b\n       c", "a\n        b\n       c"),
        ("a\n\tb", "a\n\tb"),
        ("a\n       |b\n        c", "a\n       |b\n        c"),
        ("a\n        |b", "a\n|b"),
        ("a\x0c\x1c\n        b\u2028", "a\x0c\x1c\nb\u2028"),
    ],
)
def test_unfolding(value: str, unfolded: str) -> None:
    """Only what stands before every line is taken away, and blank lines are blank."""
    assert headers.unfold(value) == unfolded


def test_header_break_is_found() -> None:
    """A line break in a value: the line is told, and what is read as description."""
    extra = "Summary: \nDeployment \x1b[31mof zebras\nHome-page: https://a\n"
    found = parse(f"{extra}Author: Ada\nAuthor: Bo\nX: y\nRequires-Dist: requests\n")

    assert found.header_break == (
        "The headers of the metadata end at line 6, `Deployment of zebras`, which is "
        "no header: all that follows is read as the description. Lost are `Home-page`, "
        "`Author`, `Requires-Dist`."
    )
    assert "requires_dist" not in found.raw


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (metadata_text(), 0),
        (metadata_text(description="Name: x\nAnd more\n"), 0),
        (metadata_text(extra="License: MIT\n more\n\t\n and more\n"), 0),
        ("Name: pkg\nVersion: 1.0", 0),
        ("", 0),
        ("Name: pkg\n# Title\n\nWords.\n", 2),
        ("Name: pkg\r\nA B: c\r\n\r\n", 2),
        ("Name: pkg\n\nVersion: 1.0\nA\n", 0),
        ("\ufeffName: pkg\n", 1),
        ("Name: pkg\n" + "x" * 100 + "\n", 2),
    ],
)
def test_header_break_is_no_other_line(text: str, line: int) -> None:
    """Only a line that is no header, before the first blank one, breaks them off."""
    found = metadata.parse_metadata(text.encode()).header_break

    assert f"at line {line}, " in found if line else found == ""
    assert len(found) < 180


def test_header_break_is_where_the_parser_stops() -> None:
    """The description that the library reads begins with the line that is told."""
    for line in (
        b"a",
        b"a b: c",
        b"\xc3\xa4: b",
        b"\x0c",
        b"<<< HEAD",
        b"-x",
        b":",
        b"From",
    ):
        data = b"Name: pkg\nSummary: a\n" + line + b"\nHome-page: b\n\nWords.\n"
        raw, _ = packaging.metadata.parse_email(data)
        broken = "Home-page" in raw.get("description", "")

        assert bool(metadata.parse_metadata(data).header_break) is broken, line
