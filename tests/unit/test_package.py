"""One distribution, ready to be sent."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from support import dists
from twine import exceptions, package
from twine.package import HashManager, Hexdigest, PackageFile


def read(
    path: Path, comment: str | None = None, *, validate: bool = True
) -> PackageFile:
    """Read a distribution."""
    return PackageFile.from_filename(str(path), comment, validate=validate)


@pytest.fixture
def wheel(tmp_path: Path) -> PackageFile:
    """Return a wheel of a project whose name needs to be made safe."""
    path = dists.make_wheel(
        tmp_path, "some_pkg", metadata=dists.metadata_text("some_pkg", "1.0")
    )
    return read(path, "a comment")


def test_a_wheel_tells_what_it_is(wheel: PackageFile) -> None:
    """Name, version, kind and Python tag are known after reading."""
    assert wheel.safe_name == "some-pkg"
    assert wheel.version == "1.0"
    assert wheel.filetype == "bdist_wheel"
    assert wheel.python_version == "py3"
    assert wheel.basefilename == "some_pkg-1.0-py3-none-any.whl"
    assert wheel.signed_filename == f"{wheel.filename}.asc"
    assert wheel.signed_basefilename == f"{wheel.basefilename}.asc"


@pytest.mark.parametrize("make", [dists.make_sdist, dists.make_zip_sdist])
def test_an_sdist_is_one_in_either_packing(tmp_path: Path, make: object) -> None:
    """Both kinds of sdist say `sdist` and `source`."""
    assert callable(make)
    found = read(make(tmp_path))

    assert (found.filetype, found.python_version) == ("sdist", "source")


@pytest.mark.parametrize("name", ["pkg-1.0.egg", "pkg-1.0.tar.bz2", "pkg.whl.txt", "x"])
def test_other_kinds_of_files_are_refused(tmp_path: Path, name: str) -> None:
    """A file that ends otherwise is told with the endings there are."""
    (tmp_path / name).touch()

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        read(tmp_path / name)

    for word in (f"`{name}`", ".whl", ".tar.gz", ".zip"):
        assert word in str(caught.value)


def test_every_fault_is_told_with_the_file(tmp_path: Path) -> None:
    """Invalid metadata is one error that lists all that is wrong."""
    text = dists.metadata_text(extra="Flavour: sweet\nRequires-Python: new\n")
    path = dists.make_wheel(tmp_path, metadata=text)

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        read(path)

    assert str(path) in str(caught.value)
    assert "`Flavour`" in str(caught.value)
    assert "`Requires-Python`" in str(caught.value)


def test_another_index_may_accept_what_is_refused_here(tmp_path: Path) -> None:
    """The refusal names the option that sends the file nevertheless."""
    text = dists.metadata_text(
        metadata_version="2.3", extra="License-Expression: MIT\n"
    )

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        read(dists.make_wheel(tmp_path, metadata=text))

    assert "`License-Expression`" in str(caught.value)
    assert "`--no-validate`" in str(caught.value)


def test_a_future_metadata_version_is_told_with_the_way_out(tmp_path: Path) -> None:
    """Metadata newer than we know is refused, with a hint at --no-validate."""
    text = dists.metadata_text(metadata_version="9.9")
    path = dists.make_wheel(tmp_path, metadata=text)

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        read(path)

    assert "9.9" in str(caught.value)
    assert "--no-validate" in str(caught.value)


def test_without_validation_faults_are_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --no-validate the known fields are sent and the faults told."""
    text = dists.metadata_text(metadata_version="9.9", extra="Flavour: sweet\n")
    found = read(dists.make_wheel(tmp_path, metadata=text), validate=False)

    shown = capsys.readouterr().out
    assert shown.startswith("WARNING ")
    assert "`Flavour`" in shown
    assert found.metadata_dictionary()["metadata_version"] == "9.9"


@pytest.mark.parametrize("field", ["Name", "Version", "Metadata-Version"])
def test_without_name_or_version_nothing_can_be_sent(
    tmp_path: Path, field: str
) -> None:
    """Not even --no-validate sends metadata without what names the release."""
    text = dists.metadata_text().replace(f"{field}:", f"X-{field}:")
    path = dists.make_wheel(tmp_path, metadata=text)

    with pytest.raises(exceptions.InvalidDistribution):
        read(path, validate=False)


def test_digests_are_those_of_the_bytes(tmp_path: Path) -> None:
    """Digests of a file of several blocks are the ones that hashlib computes."""
    path = dists.make_wheel(tmp_path, payload=b"x" * (2 * 2**20 + 17))
    found = read(path)
    data = path.read_bytes()

    assert found.sha2_digest == hashlib.sha256(data).hexdigest()
    assert found.blake2_256_digest == hashlib.blake2b(data, digest_size=32).hexdigest()


def test_fips_mode_does_without_blake2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Python may not use BLAKE2, its digest is left out of the form."""

    def forbidden(*args: object, **kwargs: object) -> None:
        raise ValueError("disabled for FIPS")

    monkeypatch.setattr(hashlib, "blake2b", forbidden)
    found = read(dists.make_wheel(tmp_path))

    form = found.metadata_dictionary()
    assert "blake2_256_digest" not in form
    assert form["sha256_digest"] == found.sha2_digest
    assert found.blake2_256_digest is None


def test_a_hash_manager_hashes_one_file(tmp_path: Path) -> None:
    """Before it reads, it has the digests of nothing; afterwards, of the file."""
    (tmp_path / "x").write_bytes(b"x")
    manager = HashManager(str(tmp_path / "x"))
    before = manager.hexdigest()

    manager.hash()

    assert before.sha2 == hashlib.sha256().hexdigest()
    assert manager.hexdigest() == Hexdigest(
        hashlib.sha256(b"x").hexdigest(),
        hashlib.blake2b(b"x", digest_size=32).hexdigest(),
    )


def test_a_file_that_went_away_is_told(wheel: PackageFile) -> None:
    """A file that was deleted after it was read is InvalidDistribution."""
    Path(wheel.filename).unlink()

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        wheel.metadata_dictionary()

    assert wheel.filename in str(caught.value)


def test_the_form_holds_what_is_known(wheel: PackageFile) -> None:
    """The form has the fields of the metadata and those of the file."""
    form = wheel.metadata_dictionary()

    assert form == {
        "metadata_version": "2.1",
        "name": "some-pkg",
        "version": "1.0",
        "description": "A few *words*.\n",
        "description_content_type": "text/markdown",
        "pyversion": "py3",
        "filetype": "bdist_wheel",
        "comment": "a comment",
        "sha256_digest": wheel.sha2_digest,
        "blake2_256_digest": wheel.blake2_256_digest,
    }


def test_attestations_travel_as_one_json_list(
    wheel: PackageFile, tmp_path: Path
) -> None:
    """What the files hold becomes one list, in order."""
    paths = []
    for number in (1, 2):
        path = tmp_path / f"{number}.attestation"
        path.write_text(json.dumps({"number": number}))
        paths.append(str(path))

    wheel.add_attestations(paths)

    sent = wheel.metadata_dictionary()["attestations"]
    assert isinstance(sent, str)
    assert json.loads(sent) == [{"number": 1}, {"number": 2}]


def test_a_signature_travels_as_a_file(wheel: PackageFile, tmp_path: Path) -> None:
    """A signature is sent under the name that it is given; there can be only one."""
    (tmp_path / "any").write_bytes(b"signed")
    wheel.add_gpg_signature(str(tmp_path / "any"), wheel.signed_basefilename)

    assert wheel.metadata_dictionary()["gpg_signature"] == (
        "some_pkg-1.0-py3-none-any.whl.asc",
        b"signed",
    )
    with pytest.raises(exceptions.InvalidDistribution) as caught:
        wheel.add_gpg_signature(str(tmp_path / "any"), "again")
    assert wheel.basefilename in str(caught.value)


def test_a_signature_that_cannot_be_read_is_named(
    wheel: PackageFile, tmp_path: Path
) -> None:
    """A signature that is gone is told with its path."""
    missing = str(tmp_path / "missing.asc")

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        wheel.add_gpg_signature(missing, "x.asc")

    assert missing in str(caught.value)


@pytest.mark.parametrize(
    ("identity", "user"), [(None, ()), ("me@x", ("--local-user", "me@x"))]
)
def test_signing_adds_what_the_program_wrote(
    wheel: PackageFile,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    identity: str | None,
    user: tuple[str, ...],
) -> None:
    """The program is told whose key to use; its armoured signature is sent."""

    def write(arguments: tuple[str, ...]) -> None:
        Path(f"{arguments[-1]}.asc").write_text("|".join(arguments[:-1]))

    monkeypatch.setattr(PackageFile, "run_gpg", staticmethod(write))

    wheel.sign("some-gpg", identity)

    expected = "|".join(("some-gpg", "--detach-sign", *user, "-a")).encode()
    assert wheel.gpg_signature == (wheel.signed_basefilename, expected)
    assert capsys.readouterr().out == f"Signing {wheel.basefilename}\n"


def test_a_signing_program_is_run_through_one_door() -> None:
    """Other programs call run_gpg of the class; it fails like ours."""
    with pytest.raises(exceptions.InvalidSigningExecutable):
        PackageFile.run_gpg(("no-such-program-at-all", "-a"))


def test_the_old_name_of_safe_name_stays() -> None:
    """`_safe_name` is what other programs import."""
    assert package._safe_name("a_b") == "a-b"


def test_a_file_in_a_traceback_tells_nothing(wheel: PackageFile) -> None:
    """The repr of a package does not pour its content out."""
    assert "a comment" not in repr(wheel)


def test_a_name_that_begins_with_a_hyphen_is_no_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signing program is given a path that it cannot take for an option."""
    monkeypatch.chdir(tmp_path)
    seen: list[str] = []

    def write(arguments: tuple[str, ...]) -> None:
        seen.append(arguments[-1])
        Path(f"{arguments[-1]}.asc").write_text("signed")

    monkeypatch.setattr(PackageFile, "run_gpg", staticmethod(write))
    found = PackageFile(
        "-x.whl",
        None,
        {"metadata_version": "2.1", "name": "x", "version": "1"},
        "py3",
        "bdist_wheel",
    )
    found.sign("gpg", None)

    assert seen == [os.path.join(".", "-x.whl")]  # noqa: PTH118 - as text
    assert found.gpg_signature == ("-x.whl.asc", b"signed")
