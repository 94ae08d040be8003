"""`PackageFile`, the digests, and the archives behind them."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command import write_program
from support.dists import make_sdist, make_wheel, make_zip_sdist, metadata_text
from twine import distribution, exceptions, package, sdist, wheel

_EXTRA = (
    "Summary: A kettle\nKeywords: tea,water\nProject-URL: Docs, https://docs.example\n"
    "Classifier: Topic :: Home\nRequires-Dist: cup\n"
)


@pytest.fixture
def kettle(workdir: Path) -> package.PackageFile:
    """Return a wheel whose project has a name that needs care."""
    metadata = metadata_text("tea_Kettle.pro", "2.0", extra=_EXTRA)
    path = make_wheel(
        workdir, "tea_Kettle.pro", "2.0", tag="cp313-cp313-any", metadata=metadata
    )
    return package.PackageFile.from_filename(str(path), "good tea")


def test_attributes_describe_the_file(kettle: package.PackageFile) -> None:
    """File, project and version are there under their old names."""
    base = "tea_kettle_pro-2.0-cp313-cp313-any.whl"
    assert kettle.basefilename == base
    assert Path(kettle.filename).name == base
    assert kettle.comment == "good tea"
    assert kettle.python_version == "cp313"
    assert kettle.filetype == "bdist_wheel"
    assert kettle.safe_name == package._safe_name("tea_Kettle.pro") == "tea-Kettle.pro"
    assert kettle.version == "2.0"
    assert kettle.signed_filename == f"{kettle.filename}.asc"
    assert kettle.signed_basefilename == f"{base}.asc"
    assert kettle.gpg_signature is None
    assert kettle.attestations is None
    assert kettle.metadata["summary"] == "A kettle"


def test_metadata_dictionary_is_the_form(kettle: package.PackageFile) -> None:
    """The dictionary has the form's names and Python values."""
    assert dict(kettle.metadata_dictionary()) == {
        "name": "tea-Kettle.pro",
        "version": "2.0",
        "metadata_version": "2.1",
        "summary": "A kettle",
        "filetype": "bdist_wheel",
        "pyversion": "cp313",
        "comment": "good tea",
        "sha256_digest": kettle.sha2_digest,
        "blake2_256_digest": kettle.blake2_256_digest,
        "classifiers": ["Topic :: Home"],
        "requires_dist": ["cup"],
        "keywords": ["tea", "water"],
        "project_urls": {"Docs": "https://docs.example"},
        "description": "A few *words*.\n",
        "description_content_type": "text/markdown",
    }


def test_a_package_can_be_made_by_hand(workdir: Path) -> None:
    """Programs may give the metadata themselves."""
    path = make_sdist(workdir)
    made = package.PackageFile(
        str(path),
        None,
        {"metadata_version": "2.1", "name": "by hand", "version": "3"},
        "source",
        "sdist",
    )
    data = dict(made.metadata_dictionary())
    assert (data["name"], data["version"]) == ("by-hand", "3")
    assert made.size == path.stat().st_size
    assert "comment" not in data


def test_add_gpg_signature_reads_the_file(
    kettle: package.PackageFile, workdir: Path
) -> None:
    """The signature travels under the name given, and only once."""
    (workdir / "own.asc").write_bytes(b"SIGNATURE")
    kettle.add_gpg_signature("own.asc", "sent.asc")
    assert kettle.gpg_signature == ("sent.asc", b"SIGNATURE")
    assert dict(kettle.metadata_dictionary())["gpg_signature"] == (
        "sent.asc",
        b"SIGNATURE",
    )
    with pytest.raises(exceptions.InvalidDistribution):
        kettle.add_gpg_signature("own.asc", "sent.asc")


def test_add_attestations_reads_json(
    kettle: package.PackageFile, workdir: Path
) -> None:
    """Each file becomes a value; the form gets them as one JSON text."""
    (workdir / "a.attestation").write_text('{"version": 1}')
    kettle.add_attestations(["a.attestation"])
    assert kettle.attestations == [{"version": 1}]
    assert dict(kettle.metadata_dictionary())["attestations"] == '[{"version": 1}]'
    (workdir / "a.attestation").write_text("{")
    with pytest.raises(exceptions.InvalidDistribution, match=r"a\.attestation"):
        kettle.add_attestations(["a.attestation"])


def test_sign_runs_the_program(kettle: package.PackageFile, workdir: Path) -> None:
    """A detached armoured signature is asked for, and becomes part of the form."""
    script = 'echo "$@" > arguments\nprintf SIGNED > "$last.asc"'
    kettle.sign(write_program(workdir / "signer", script), "me")
    assert (workdir / "arguments").read_text().split() == [
        *("--detach-sign", "--local-user", "me", "-a", kettle.filename)
    ]
    assert kettle.gpg_signature == (kettle.signed_basefilename, b"SIGNED")


def test_run_gpg_without_a_program() -> None:
    """A program that is not installed is an error of its own kind."""
    with pytest.raises(exceptions.InvalidSigningExecutable):
        package.PackageFile.run_gpg(("no-such-signer", "-a", "file"))


@pytest.mark.parametrize("name", ["pkg-1.0.egg", "pkg-1.0.tar.bz2", "pkg-1.0"])
def test_from_filename_refuses_other_files(name: str, workdir: Path) -> None:
    """Only wheels, `.tar.gz` and `.zip` are distributions."""
    (workdir / name).touch()
    with pytest.raises(exceptions.InvalidDistribution):
        package.PackageFile.from_filename(name, None)


def test_digests_are_those_of_the_file(kettle: package.PackageFile) -> None:
    """The digests can be checked with hashlib; `Hexdigest` is a named pair."""
    data = Path(kettle.filename).read_bytes()
    expected = (
        hashlib.sha256(data).hexdigest(),
        hashlib.blake2b(data, digest_size=32).hexdigest(),
    )
    assert (kettle.sha2_digest, kettle.blake2_256_digest) == expected
    manager = package.HashManager(kettle.filename)
    manager.hash()
    digest = manager.hexdigest()
    assert isinstance(digest, package.Hexdigest)
    assert digest._replace(blake2=None) == (expected[0], None)
    assert (digest.sha2, digest.blake2) == tuple(digest) == expected


def test_wheel_finds_candidates_for_metadata() -> None:
    """Paths that mention METADATA come taken apart, the shortest first."""
    names = ["x/y/METADATA", "pkg-1.0.dist-info/METADATA", "pkg/__init__.py"]
    assert wheel.Wheel.find_candidate_metadata_files(names) == [
        ["pkg-1.0.dist-info", "METADATA"],
        ["x", "y", "METADATA"],
    ]


@pytest.mark.parametrize(
    ("make", "general", "kind", "python"),
    [
        (make_wheel, wheel.Wheel, wheel.Wheel, "py3"),
        (make_sdist, sdist.SDist, sdist.TarGzSDist, "source"),
        (make_zip_sdist, sdist.SDist, sdist.ZipSDist, "source"),
    ],
)
def test_readers_of_distributions(
    make: Callable[[Path], Path],
    general: Callable[[str], distribution.Distribution],
    kind: type[distribution.Distribution],
    python: str,
    workdir: Path,
) -> None:
    """Each kind of file has its reader, by class and by the two tables.

    `SDist(...)` is the class that can read the archive; the base class reads nothing.
    """
    path = make(workdir)
    [filetype] = {
        filetype
        for extension, filetype in package.DIST_EXTENSIONS.items()
        if path.name.endswith(extension)
    }
    assert package.DIST_TYPES[filetype](str(path)).read() == metadata_text().encode()
    found = general(str(path))
    assert type(found) is type(kind(str(path))) is kind
    assert found.py_version == python
    assert found.read() == metadata_text().encode()
    path.unlink()
    with pytest.raises(exceptions.InvalidDistribution):
        general(str(path))
    with pytest.raises((TypeError, NotImplementedError)):
        distribution.Distribution().read()  # type: ignore[abstract,call-arg]
