"""Which files the arguments mean, the part they play, and common mistakes."""

import os
from pathlib import Path
from types import ModuleType

import pytest

from support import dists
from support.index import ScriptedIndex
from support.secrets import PASSWORD, SECRET, USER
from twine import exceptions
from twine.commands import inputs, parsers, register, upload
from twine.package import PackageFile
from twine.settings import Settings
from twine.terminal.console import Console


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with a few inputs."""
    folder = tmp_path / "some"
    folder.mkdir()
    for name in ("b.tar.gz", "a.whl", "c[1].whl", "c1.whl"):
        (folder / name).write_bytes(b"x")
    monkeypatch.chdir(folder)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["b.tar.gz"], ["b.tar.gz"]),
        (["*.gz"], ["b.tar.gz"]),
        (["b.tar.gz", "./b.tar.gz", "../some/b.tar.gz", "*.gz"], ["b.tar.gz"]),
        (["c[1].whl"], ["c[1].whl"]),
        (["c[12].whl"], ["c1.whl"]),
        (["b.tar.gz", "c1.whl", "a.whl"], ["c1.whl", "a.whl", "b.tar.gz"]),
        ([], []),
    ],
)
def test_arguments_are_paths_or_patterns(
    arguments: list[str], found: list[str]
) -> None:
    """Patterns are expanded, repetitions dropped, wheels put first."""
    assert inputs.find_dists(arguments) == found


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("", "argument is empty"),
        ("empty", "`empty` is a folder"),
        ("empty", f"`{Path('empty', '*')}`"),
        ("empty/*", "the folder `{empty}` is empty"),
        ("empty/x.whl", "`python -m build`"),
        ("*.egg", "the folder `{here}` has no such file"),
        ("*.egg", "`python -m build`"),
        ("no*/*.whl", "nothing in `{here}` fits that pattern"),
        ("nowhere/*.whl", "the folder `{nowhere}` does not exist"),
        ("testpypi", "`-r testpypi` names the index"),
        ("tsetpypi", "`-r testpypi` names the index"),
        ("testpypi.whl", "has no such file"),
        ("https://index.example/", "`-r URL` names an index"),
        ("u:password@index.example/", "file `********@index.example/`"),
        ("pypi-AgEIcHlwaS5vcmcCJ", "file `********`"),
    ],
)
def test_why_an_argument_means_no_file_is_told(argument: str, words: str) -> None:
    """The message says what is there, or what was meant, and shows no secret."""
    Path("empty").mkdir()

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        inputs.find_dists([argument], lambda: ["testpypi"])

    places = {name: Path(name).absolute() for name in ("empty", "nowhere")}
    assert words.format(here=Path.cwd(), **places) in str(caught.value)


@pytest.mark.usefixtures("folder")
def test_all_arguments_that_mean_no_file_are_named() -> None:
    """One run is enough to learn of all of them."""
    with pytest.raises(exceptions.InvalidDistribution) as caught:
        inputs.find_dists(["missing1*", "a.whl", "*.egg", "[", "missing3.whl"])

    for name in ("missing1*", "*.egg", "[", "missing3.whl"):
        assert f"`{name}`" in str(caught.value)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("pattern", ["*.whl", "?.*", "x.whl"])
def test_a_pattern_works_in_a_folder_with_brackets(pattern: str) -> None:
    """The part of a pattern that exists as a folder is that folder."""
    path = Path("dist [x]", "in [y]", "x.whl")
    path.parent.mkdir(parents=True)
    path.touch()

    assert inputs.find_dists([f"dist [x]/in [y]/{pattern}"]) == [str(path)]
    assert inputs.find_dists([f"dist [x]/*/{pattern}"]) == [str(path)]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0.0 KB"), (1536, "1.5 KB"), (2**20, "1024.0 KB"), (3 * 2**20, "3.0 MB")],
)
def test_sizes_are_told_as_people_write_them(size: int, text: str) -> None:
    """A size has one decimal and the unit that fits."""
    with Path("sparse").open("wb") as file:
        os.truncate(file.fileno(), size)

    assert inputs.get_file_size("sparse") == text


@pytest.mark.usefixtures("folder")
def test_paths_that_differ_in_case_may_be_one_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where capitals do not matter, as on Windows, a file is found once."""
    Path("A.WHL").write_bytes(b"x")
    monkeypatch.setattr("os.path.normcase", str.lower)

    assert inputs.find_dists(["A.WHL", "a.whl"]) == ["A.WHL"]


def test_signatures_are_told_from_distributions() -> None:
    """The name says what a file is; signatures go by their names alone."""
    found = inputs.split_inputs(["x/b.tar.gz", "x/a.whl", "y/a.whl.asc"])

    assert sorted(found.dists) == ["x/a.whl", "x/b.tar.gz"]
    assert found.signatures == {"a.whl.asc": "y/a.whl.asc"}


@pytest.mark.parametrize(
    "owned",
    [
        {"a.whl": ["at/a.whl.publish.attestation"], "b.tar.gz": []},
        {"a.whl": ["./a.whl.publish.attestation", "../x/a.whl.build.attestation"]},
        {
            "a.whl": ["a.whl.attestation"],
            "b.tar.gz": ["b.tar.gz.a.b.attestation"],
        },
        # Where one file's name begins with another's, the longer one is meant.
        {"a.zip": [], "a.zip.zip": ["a.zip.zip.publish.attestation"]},
        # Of two files of one name, the one beside it is meant, if there is one.
        {
            "one/a.whl": ["./one/a.whl.x.attestation", "at/a.whl.y.attestation"],
            "two/a.whl": ["at/a.whl.y.attestation", "two/a.whl.x.attestation"],
        },
    ],
)
def test_an_attestation_belongs_to_the_file_that_it_names(
    owned: dict[str, list[str]],
) -> None:
    """It may be in any folder, spelled in any way."""
    paths = [*owned, *dict.fromkeys(path for some in owned.values() for path in some)]

    assert inputs.split_inputs(paths).attestations_by_dist == owned


def test_attestations_of_nobody_are_known() -> None:
    """What was given in vain can be told."""
    paths = ["a.whl", "at/a.whl.x.attestation", "b.whl.x.attestation", "a.attestation"]
    found = inputs.split_inputs(paths)

    assert found.attestations_by_dist == {"a.whl": paths[1:2]}
    assert inputs.find_orphans(paths, found) == paths[2:]


def arguments(index: ScriptedIndex, *more: str | Path) -> list[str]:
    """Return a command line for the scripted index."""
    login = ("--repository-url", index.upload_url, "-u", USER)
    return [*login, *(str(argument) for argument in more)]


@pytest.mark.parametrize("name", ["testpypi", "private"])
def test_an_index_among_the_files_is_told(home: Path, name: str) -> None:
    """Indexes are those that are known, and those of `.pypirc`."""
    (home / ".pypirc").write_text(
        "[distutils]\nindex-servers = private\n[private]\nrepository = x\n"
    )

    with pytest.raises(exceptions.InvalidDistribution, match=f"`-r {name}`"):
        inputs.find_files([name], Settings())


def test_a_broken_file_hides_no_missing_one(home: Path) -> None:
    """A `.pypirc` that nobody needs is not what is wrong."""
    (home / ".pypirc").write_text("no section")

    with pytest.raises(exceptions.InvalidDistribution, match="no file `private`"):
        inputs.find_files(["private"], Settings())


@pytest.mark.parametrize(
    ("command", "option", "words"),
    [
        (upload, "-p", "The password"),
        (register, "-p", "The password"),
        (upload, "-c", "The comment"),
    ],
)
def test_a_value_that_is_a_distribution_is_told(
    command: ModuleType,
    option: str,
    words: str,
    index: ScriptedIndex,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`-p $UNSET dist/*` takes the first file for the password, and leaves it out."""
    wheel, sdist = dists.make_wheel(tmp_path), dists.make_sdist(tmp_path)

    command.main(arguments(index, "-p", PASSWORD, option, wheel, sdist))

    first, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("WARNING")
    assert f"{words} is the name of a distribution: `{wheel}`" in first


@pytest.mark.parametrize("name", ["missing.whl", "folder.whl", "secret.txt"])
def test_other_passwords_are_not_told(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A warning is for the name of a distribution that is there."""
    (tmp_path / "folder.whl").mkdir()
    (tmp_path / "secret.txt").touch()

    parsed = parsers.make_upload_parser().parse_args(["-p", str(tmp_path / name), "x"])
    inputs.hide_secrets([], parsed, Console())

    assert caplog.messages == []


def test_several_versions_of_a_project_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Project and versions are named; the same version may be spelled in two ways.

    All releases are listed for those who want to know more: that several projects are
    published together is no mistake.
    """
    paths = [
        dists.make_wheel(tmp_path, version="1.0"),
        dists.make_wheel(tmp_path, version="1.1"),
        dists.make_sdist(tmp_path, version="1.1"),
        dists.make_wheel(tmp_path, "other", version="1.0"),
        dists.make_sdist(tmp_path, "other", version="1.0.0"),
    ]

    with caplog.at_level("INFO", "twine"):
        inputs.warn_of_versions(PackageFile.from_filename(str(p), None) for p in paths)

    told, warning = (message for message in caplog.messages)
    assert told == "The files are of 3 releases: pkg 1.0, pkg 1.1, other 1.0."
    assert "`pkg` are of 2 versions: 1.0, 1.1." in warning


def test_old_versions_are_told_before_anything_is_sent(
    index: ScriptedIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The upload goes on."""
    paths = [dists.make_wheel(tmp_path, version=v) for v in ("1.0", "1.1")]

    upload.main(arguments(index, "-p", PASSWORD, *paths))

    shown = capsys.readouterr().out
    assert shown.index("2 versions") < shown.index("Uploading pkg-1.0")
    assert shown.count("versions") == 1
    assert len(index.uploads) == 2
    assert SECRET not in shown
