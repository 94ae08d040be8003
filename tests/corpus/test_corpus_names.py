"""File names, platform tags, sizes: for every rule both kinds of files."""

import dataclasses
from pathlib import Path

import pytest

from support.subjects import (
    Maker,
    breaks_nothing,
    breaks_only,
    found_by,
    make_subject,
    messages,
    named,
    with_name,
)
from twine.rules import Archive, Severity, Subject, names, platforms

RULES = names.RULES
MIB = 1024 * 1024


def sized(size: int) -> Maker:
    """Return what makes a wheel that claims to be so large."""
    return lambda folder: dataclasses.replace(make_subject(), size=size)


def zipped(folder: Path) -> Subject:
    """Return an sdist in a zip file."""
    archive = Archive(kind="zip", names=("tool-1.0/PKG-INFO",))
    return dataclasses.replace(named("tool-1.0.zip"), filetype="sdist", archive=archive)


def long_wheel(length: int) -> Maker:
    """Return what makes a wheel whose name has so many bytes."""
    ends = "-py3-none-any.whl"
    name = "x" * (length - len(f"-1.0{ends}"))
    return with_name(f"{name}-1.0{ends}", name=name)


BREAKS: dict[str, Maker] = {
    "file-name-characters": with_name("tool\t-1.0.tar.gz", name="tool"),
    "file-extension": with_name("tool-1.0.TAR.GZ"),
    "file-name-length": long_wheel(247),
    "zip-sdist": zipped,
    "sdist-file-name": with_name("Tool-1.0.tar.gz"),
    "wheel-file-name": with_name("tool-1.0-x1-py3-none-any.whl"),
    "platform-tag": with_name("tool-1.0-py3-none-macosx_16_0_arm64.whl"),
    "platform-tag-family": with_name("tool-1.0-py3-none-linux_x86_64.whl"),
    "name-mismatch": with_name("tool-1.0-py3-none-any.whl", name="my-tool"),
    "wheel-name-normalized": with_name("My_Tool-1.0-py3-none-any.whl", name="My-Tool"),
    "version-mismatch": with_name("tool-1.0-py3-none-any.whl", version="1.0.1"),
    "file-size": sized(100 * MIB + 1),
    "file-size-limit": sized(1024 * MIB + 1),
    "stdlib-name": with_name("xml_etree-1.0-py3-none-any.whl", name="xml.etree"),
}
PASSES: dict[str, Maker] = {
    "file-name-characters": with_name("tool-1.0.tar.gz"),
    "file-extension": with_name("tool-1.0.tar.gz"),
    "file-name-length": long_wheel(246),
    "zip-sdist": with_name("tool-1.0.tar.gz"),
    "sdist-file-name": with_name(
        "my_tool-1.0.post1.tar.gz", name="My.Tool", version="1.0-1"
    ),
    "wheel-file-name": with_name("tool-1.0-1x-py3-none-any.whl"),
    "platform-tag": with_name("tool-1.0-py3-none-macosx_26_0_arm64.whl"),
    "platform-tag-family": with_name("tool-1.0-py3-none-manylinux1_x86_64.whl"),
    "name-mismatch": with_name("my_tool-1.0-py3-none-any.whl", name="My.Tool"),
    "wheel-name-normalized": with_name("my_tool-1.0-py3-none-any.whl", name="My-Tool"),
    "version-mismatch": with_name("tool-1.0-py3-none-any.whl", version="1.0.0"),
    "file-size": sized(100 * MIB),
    "file-size-limit": sized(1024 * MIB),
    "stdlib-name": with_name("xml_trees-1.0-py3-none-any.whl", name="xml.trees"),
}
# Examples that were tried out on PyPI's own code, by family.
TAKEN = [
    "any", "win32", "win_amd64", "win_arm64", "win_ia64", "linux_armv6l",
    "linux_armv7l", "manylinux1_i686", "manylinux2010_x86_64", "manylinux2014_s390x",
    "manylinux_2_17_x86_64", "manylinux_2_39_riscv64", "manylinux_2_17_ppc64",
    "musllinux_1_2_aarch64", "musllinux_1_2_riscv64", "macosx_10_9_universal2",
    "macosx_11_0_arm64", "macosx_15_0_x86_64", "macosx_26_0_arm64",
    "ios_13_0_arm64_iphoneos", "ios_13_0_x86_64_iphonesimulator",
    "android_21_arm64_v8a", "android_24_x86_64", "pyemscripten_2026_0_wasm32",
]  # fmt: skip
MAY_COME = [
    "macosx_16_0_arm64", "macosx_25_0_arm64", "macosx_27_0_arm64",
    "manylinux_2_17_loongarch64", "musllinux_1_2_ppc64", "musllinux_1_2_loongarch64",
    "win_riscv64", "ios_13_0_arm64_visionos", "android_24_riscv64",
    "pyemscripten_2026_0_wasm64", "macosx_26_0_riscv",
]  # fmt: skip
NEVER = [
    "linux_x86_64", "linux_aarch64", "freebsd_14_0_release_amd64",
    "pyodide_2024_0_wasm32", "emscripten_3_1_58_wasm32", "wasi_0_0_0_wasm32",
    "macosx_11_1_arm64", "macosx_14_6_x86_64", "linux_riscv64", "manylinux2014_riscv64",
    "solaris", "x",
]  # fmt: skip


def test_corpus_names_is_whole() -> None:
    """No rule is without a distribution that breaks it and one that just does not."""
    assert BREAKS.keys() == PASSES.keys() == {rule.name for rule in RULES}


@pytest.mark.parametrize("name", BREAKS)
def test_corpus_names_broken(name: str, tmp_path: Path) -> None:
    """What breaks a rule is found by this rule, and is no other error."""
    breaks_only(BREAKS[name](tmp_path), name)


@pytest.mark.parametrize("name", PASSES)
def test_corpus_names_kept(name: str, tmp_path: Path) -> None:
    """What just keeps a rule is not found by it, and is no error."""
    breaks_nothing(PASSES[name](tmp_path), name)


def wheel_for(*tags: str) -> Subject:
    """Return a wheel for some platforms."""
    return named(f"tool-1.0-py3-none-{'.'.join(tags)}.whl")


@pytest.mark.parametrize("tag", TAKEN)
def test_platforms_taken(tag: str) -> None:
    """A platform that PyPI knows is taken, in capitals too."""
    assert found_by(wheel_for(tag)) == []
    assert found_by(wheel_for(tag.upper())) == []


@pytest.mark.parametrize("tag", MAY_COME)
def test_platforms_that_may_come(tag: str) -> None:
    """What a known family lacks is reported by the rule that grows."""
    assert found_by(wheel_for(tag)) == ["platform-tag"]
    assert platforms.platform_tag.grows


@pytest.mark.parametrize("tag", NEVER)
def test_platforms_refused(tag: str) -> None:
    """Other platforms are refused for good."""
    assert found_by(wheel_for(tag)) == ["platform-tag-family"]
    assert not platforms.platform_tag_family.grows


def test_platforms_are_all_looked_at() -> None:
    """Every tag of a compressed set must be one that PyPI takes."""
    subject = wheel_for("manylinux_2_17_x86_64", "linux_x86_64", "macosx_16_0_arm64")
    assert found_by(subject) == ["platform-tag", "platform-tag-family"]
    assert "`linux_x86_64`" in messages(subject, "platform-tag-family")[0]


@pytest.mark.parametrize(
    "filename",
    [
        "tool-1.0-none-any.whl",
        "tool-1.0-1-2-py3-none-any.whl",
        "to__ol-1.0-py3-none-any.whl",
        "tool-one-py3-none-any.whl",
        "to+ol-1.0-py3-none-any.whl",
        "tool-1.0-b1-py3-none-any.whl",
        "tool-1.0-\N{ARABIC-INDIC DIGIT ONE}-py3-none-any.whl",
        f"tool-{'9' * 200}x-py3-none-any.whl",
    ],
)
def test_wheel_names_refused(filename: str) -> None:
    """A wheel's name that cannot be taken apart is reported as that."""
    assert "wheel-file-name" in found_by(named(filename))


@pytest.mark.parametrize(
    ("filename", "name", "version"),
    [
        ("tool-1.0-1-py3-none-any.whl", "tool", "1.0"),
        ("tool-1.0-py2.py3-none-any.whl", "tool", "1.0.0"),
        ("a_b_c-1.0-py3-none-any.whl", "A.b--C", "v1.0"),
        ("tool-1.0-3.6-none-any.whl", "tool", "1.0"),
        ("tool-1!1.0-py3-none-any.whl", "tool", "1!1.0"),
    ],
)
def test_wheel_names_taken(filename: str, name: str, version: str) -> None:
    """A wheel's name may spell the version in another way than its metadata."""
    assert found_by(named(filename, name=name, version=version)) == []


@pytest.mark.parametrize(
    ("filename", "name", "version"),
    [
        ("my-tool-1.0.tar.gz", "my-tool", "1.0"),
        ("my.tool-1.0.tar.gz", "my.tool", "1.0"),
        ("tool-1.0-1.tar.gz", "tool", "1.0-1"),
        ("tool-v1.0.tar.gz", "tool", "v1.0"),
        ("tool-01.0.tar.gz", "tool", "01.0"),
        ("tool-1.0.0.tar.gz", "tool", "1.0"),
        ("tool.tar.gz", "tool", "1.0"),
        ("tool-latest.tar.gz", "tool", "1.0"),
    ],
)
def test_sdist_names_refused(filename: str, name: str, version: str) -> None:
    """An sdist has one name and no other."""
    subject = named(filename, name=name, version=version)
    assert set(found_by(subject, [Severity.ERROR])) & {
        "sdist-file-name",
        "version-mismatch",
        "name-mismatch",
    }


def test_sdist_name_that_it_should_have() -> None:
    """The message says what the sdist's name must be."""
    subject = named("My.Tool-1.0.post1.tar.gz", name="My.Tool", version="1.0-1")
    assert messages(subject, "sdist-file-name") == [
        "The name `My.Tool-1.0.post1.tar.gz` must be `my_tool-1.0.post1.tar.gz`."
    ]


def test_sdist_of_another_project() -> None:
    """An sdist of another project or version is reported as that."""
    assert found_by(named("tool-1.0.tar.gz", name="other")) == ["name-mismatch"]
    assert found_by(named("tool-1.0.tar.gz", version="2")) == ["version-mismatch"]


def test_names_as_long_as_a_name_can_be() -> None:
    """An sdist's name may have 255 bytes, and a wheel's no more than 246."""
    name = "x" * (255 - len("-1.0.tar.gz"))
    assert found_by(named(f"{name}-1.0.tar.gz", name=name)) == []
    name += "x"
    assert found_by(named(f"{name}-1.0.tar.gz", name=name)) == ["file-name-length"]


@pytest.mark.parametrize("name", ["typing", "Test", "tomllib", "XML_etree", "asyncore"])
def test_stdlib_names(name: str) -> None:
    """Names of modules of any Python's standard library are only warned of."""
    stem = name.lower()
    subject = named(f"{stem}-1.0-py3-none-any.whl", name=name)
    assert found_by(subject, [Severity.WARNING]) == ["stdlib-name"]
    assert found_by(subject, [Severity.ERROR]) == []


@pytest.mark.parametrize(
    ("filename", "rule", "words"),
    [
        ("tool.whl", "wheel-file-name", "5 or 6 parts between hyphens, not 1."),
        ("a-b-c.whl", "wheel-file-name", "5 or 6 parts between hyphens, not 3."),
        ("a\tb-1.0.tar.gz", "file-name-characters", "the character U+0009."),
        (
            "a\tb\n-1.0.tar.gz",
            "file-name-characters",
            "the characters U+0009, U+000A.",
        ),
    ],
)
def test_names_are_counted_in_plain_english(
    filename: str, rule: str, words: str
) -> None:
    """One thing is told of as one, several as several."""
    (found,) = messages(named(filename), rule)
    assert found.endswith(words)


def test_names_of_versions_are_explained_for_both_kinds() -> None:
    """What PyPI says of a wheel of another version, it does not say of an sdist."""
    (rule,) = (one for one in RULES if one.name == "version-mismatch")
    for said in ("Version in filename should be", "is invalid, should be"):
        assert rule.gist in said
        assert f"``{said}``" in rule.explanation
