"""Several files seen together: for every rule a set that breaks it, and a good one."""

import dataclasses

import pytest

from support.subjects import Values, make_subject, named
from twine import rules
from twine.rules.model import Finding, Severity, Subject, release_rule

WHEEL = "tool-1.0-py3-none-any.whl"
SDIST = "tool-1.0.tar.gz"


def file(
    filename: str, content: str = "", folder: str = "dist", **fields: Values
) -> Subject:
    """Return a distribution whose digest and size are those of some text."""
    return dataclasses.replace(
        named(filename, **fields),
        path=f"{folder}/{filename}",
        size=len(content or filename),
        sha256=lambda: content or filename,
    )


def wheel(tag: str, content: str = "", **fields: Values) -> Subject:
    """Return a wheel for some Python."""
    return file(f"tool-1.0-{tag}-none-any.whl", content, "dist", **fields)


def dynamic(name: str, *required: str, version: str = "2.6") -> Subject:
    """Return a file whose requirements are dynamic, if it is an sdist."""
    fields = ["Requires-dist"] if name == SDIST else []
    return file(name, metadata_version=version, dynamic=fields, requires_dist=required)


def copies(one: Subject, *tags: str) -> list[Subject]:
    """Return a wheel under the names of wheels for other Pythons."""
    names = [f"tool-1.0-{tag}-none-any.whl" for tag in tags]
    return [
        dataclasses.replace(one, filename=name, path=f"dist/{name}") for name in names
    ]


BREAKS: dict[str, list[Subject]] = {
    "second-sdist": [
        file("my-tool-1.0.tar.gz", name="my-tool"),
        file("my_tool-1.0.tar.gz", name="my.tool", version="1.0.0"),
    ],
    "same-content": copies(wheel("py3", "x"), "py3", "py2"),
    "same-name": [file(WHEEL, "x"), file(WHEEL, "y", "old")],
    "releases-differ": [file(WHEEL), file("x-1.0-py3-none-any.whl", name="x")],
    "metadata-differs": [file(WHEEL), file("tool-1.0.tar.gz", summary="Another.")],
    "dynamic-value": [dynamic(SDIST, "a", "b"), dynamic(WHEEL, "b", "c")],
}
PASSES: dict[str, list[Subject]] = {
    "second-sdist": [
        file("tool-1.0.tar.gz"),
        file("tool-1.1.tar.gz", version="1.1"),
        file(WHEEL),
    ],
    "same-content": [wheel("py3", "x"), wheel("py2", "y")],
    "same-name": [file(WHEEL, "x"), file(WHEEL, "x", "old")],
    "releases-differ": [wheel("py3"), wheel("py2", name="Tool", version="1.0.0")],
    "metadata-differs": [
        wheel(
            "py3", classifiers=["Topic :: Games/Entertainment", "Topic :: Utilities"]
        ),
        wheel(
            "py2", classifiers=["Topic :: Utilities", "Topic :: Games/Entertainment"]
        ),
    ],
    "dynamic-value": [dynamic(SDIST, "a", "b"), dynamic(WHEEL, "b", "c", "a")],
}


def found_in(subjects: list[Subject]) -> list[Finding]:
    """Return what the rules find in several files."""
    return list(rules.check_release(subjects))


def test_corpus_releases_is_whole() -> None:
    """No rule is without files that break it and others that just do not."""
    assert BREAKS.keys() == PASSES.keys() == {rule.name for rule in release_rule.rules}


@pytest.mark.parametrize("name", BREAKS)
def test_corpus_releases_broken(name: str) -> None:
    """What breaks a rule is found by this rule, and is no other error."""
    found = found_in(BREAKS[name])
    assert name in {one.rule for one in found}
    assert {one.rule for one in found if one.severity is Severity.ERROR} <= {name}
    paths = {subject.path for subject in BREAKS[name]}
    assert all(one.path in paths and one.message.endswith(".") for one in found)


@pytest.mark.parametrize("name", PASSES)
def test_corpus_releases_kept(name: str) -> None:
    """What just keeps a rule is not found by it."""
    found = found_in(PASSES[name])
    assert name not in {one.rule for one in found}
    assert [one for one in found if one.severity is Severity.ERROR] == []


def test_releases_of_nothing() -> None:
    """Of no files and of one file there is nothing to say."""
    assert found_in([]) == []
    assert found_in([make_subject()]) == []


def test_releases_name_both_files() -> None:
    """The later file gets the finding, which names the earlier one."""
    first, second = BREAKS["same-content"]
    (finding,) = found_in([first, second])
    assert finding.path == second.path
    assert f"`{first.filename}`" in finding.message


def test_releases_read_a_digest_only_if_they_must() -> None:
    """Files are not read when their sizes tell them apart."""

    def fail() -> str:
        raise AssertionError

    one, other = wheel("py3", "x"), wheel("py2", "xx")
    files = [dataclasses.replace(file, sha256=fail) for file in (one, other)]
    assert found_in(files) == []


def test_releases_with_unknown_digests() -> None:
    """Files whose digests are not known are not called the same."""
    files = [
        dataclasses.replace(wheel(tag), size=1, sha256=lambda: None)
        for tag in ("py3", "py3", "py2")
    ]
    assert found_in(files) == []


def test_releases_metadata_that_differs_is_named() -> None:
    """The note names the fields, by the names they have in the file."""
    files = [wheel("py3", requires_dist=["a"]), wheel("py2", requires_python=">=3")]
    (finding,) = found_in(files)
    assert finding.severity is Severity.NOTE
    assert "`Requires-Dist`, `Requires-Python` differ from" in finding.message


def test_releases_keep_dynamic_values_since_metadata_2_6() -> None:
    """What is lost is named; in older metadata a dynamic field promises nothing."""
    new = [dynamic(SDIST, "a"), dynamic(WHEEL, "b")]
    old = [dynamic(SDIST, "a", version="2.5"), dynamic(WHEEL, "b", version="2.5")]
    (told,) = [one.message for one in found_in(new) if one.rule == "dynamic-value"]
    assert told == f"`Requires-Dist` lacks `a`, which `{SDIST}` states."
    assert "dynamic-value" not in {one.rule for one in found_in(old)}


def test_releases_of_one_name_are_told_apart_by_their_folders() -> None:
    """Of two files of one name the note shows the path; otherwise a name will do."""
    others = [
        file(WHEEL, "x", "other", summary="Another."),
        wheel("py2", summary="Another."),
    ]
    told = [
        one.message
        for other in others
        for one in found_in([file(WHEEL, "y"), other])
        if one.rule == "metadata-differs"
    ]
    assert told == [
        f"`Summary` differs from what `dist/{WHEEL}` says.",
        f"`Summary` differs from what `{WHEEL}` says.",
    ]


def test_releases_metadata_may_end_its_lines_otherwise() -> None:
    """A wheel built on Windows says the same with other line ends."""
    one, other = "A.\n\nB.\n", "A.\r\n\r\nB."
    assert (
        found_in([wheel("py3", description=one), wheel("py2", description=other)]) == []
    )
    (finding,) = found_in(
        [wheel("py3", description=one), wheel("py2", description="A.")]
    )
    assert "`Description` differs from" in finding.message


@pytest.mark.parametrize(
    ("other", "message"),
    [
        # Versions are compared within a project only.
        (
            file("x-2.0-py3-none-any.whl", name="x", version="2.0"),
            "The files are of 2 projects: `tool`, `x`.",
        ),
        (
            file("tool-2.0-py3-none-any.whl", version="2.0"),
            "The files of `tool` are of 2 versions: `1.0`, `2.0`.",
        ),
    ],
)
def test_releases_that_differ_are_named(other: Subject, message: str) -> None:
    """The note names the projects, or the versions of one of them."""
    (finding,) = found_in([file(WHEEL), other])
    assert (finding.rule, finding.message) == ("releases-differ", message)
