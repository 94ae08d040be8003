"""The functions behind the commands, and how they find their files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.answers import response
from support.dists import make_wheel, metadata_text
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, USER
from twine import commands, exceptions
from twine.commands import check, register, upload
from twine.package import PackageFile
from twine.settings import Settings


def test_upload_main_takes_a_command_line(index: ScriptedIndex, workdir: Path) -> None:
    """`upload.main` is the command without its name."""
    args = ["--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD]
    upload.main([*args, "--disable-progress-bar", str(make_wheel(workdir))])
    assert [request.auth for request in index.uploads] == [BASIC_AUTH]


@pytest.mark.parametrize(
    ("status", "reason", "body", "exists"),
    [
        (409, "Conflict", "", False),
        (409, "Conflict", "It already exists", True),
        (400, "File already exists.", "", True),
        (400, "Bad Request", "The file already exists", True),
        (200, "OK", "", False),
        (400, "Invalid name", "", False),
        (403, "Forbidden", "", False),
    ],
)
def test_skip_upload(
    status: int, reason: str, body: str, exists: bool, workdir: Path
) -> None:
    """The answers that mean "there already" are skipped if, and only if, asked."""
    package = PackageFile.from_filename(str(make_wheel(workdir)), None)
    answer = response(status, body.encode(), reason=reason)
    assert upload.skip_upload(answer, True, package) is exists
    assert not upload.skip_upload(answer, False, package)


def test_make_package_attaches_signature_and_attestations(
    workdir: Path, make_settings: Callable[..., Settings]
) -> None:
    """The file comes back with what belongs to it."""
    wheel = make_wheel(workdir)
    signature = workdir / f"{wheel.name}.asc"
    signature.write_bytes(b"SIGNATURE")
    attestation = workdir / f"{wheel.name}.publish.attestation"
    attestation.write_text('{"version": 1}')
    package = upload._make_package(
        str(wheel),
        {signature.name: str(signature)},
        [str(attestation)],
        make_settings(attestations=True, comment="good"),
    )
    assert package.gpg_signature == (signature.name, b"SIGNATURE")
    assert package.attestations == [{"version": 1}]
    assert package.comment == "good"


def test_make_package_reads_attestations_only_when_asked(
    workdir: Path, make_settings: Callable[..., Settings]
) -> None:
    """Without the setting they are not even read; with it there must be some."""
    path = str(make_wheel(workdir))
    package = upload._make_package(path, {}, ["absent.attestation"], make_settings())
    assert package.attestations is None
    assert package.gpg_signature is None
    with pytest.raises(exceptions.InvalidDistribution, match="attestation"):
        upload._make_package(path, {}, [], make_settings(attestations=True))


def test_check_tells_whether_a_file_failed(
    workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """True means failed; warnings fail only when strict. `main` returns the same."""
    vague = str(make_wheel(workdir, metadata=metadata_text(content_type=None)))
    assert not check.check([vague])
    assert check.check([vague], strict=True)
    out = capsys.readouterr().out
    assert "PASSED with warnings" in out
    assert "FAILED due to warnings" in out
    assert not check.main([vague])
    assert check.main(["--strict", vague])


def test_register_announces_the_metadata(
    index: ScriptedIndex, workdir: Path, make_settings: Callable[..., Settings]
) -> None:
    """`register` sends the form without the file."""
    register.register(make_settings(), str(make_wheel(workdir)))
    [request] = index.uploads
    assert request.value(":action") == "submit"
    assert request.value("name") == "pkg"
    assert request.files == {}


def test_register_main_takes_a_command_line(
    index: ScriptedIndex, workdir: Path
) -> None:
    """`register.main` is the command without its name."""
    args = ["--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD]
    register.main([*args, str(make_wheel(workdir))])
    assert [request.auth for request in index.uploads] == [BASIC_AUTH]


def test_find_dists(workdir: Path) -> None:
    """Patterns are expanded, wheels first; one that matches nothing is named."""
    (workdir / "dist").mkdir()
    for name in ("a-1.tar.gz", "b-1.whl"):
        (workdir / "dist" / name).touch()
    found = commands._find_dists(["dist/*.tar.gz", "dist/*.whl"])
    assert found == [str(Path("dist/b-1.whl")), str(Path("dist/a-1.tar.gz"))]
    assert commands._group_wheel_files_first(["b.zip", "z.whl"]) == ["z.whl", "b.zip"]
    with pytest.raises(exceptions.InvalidDistribution, match=r"nothing/\*"):
        commands._find_dists(["nothing/*"])


def test_split_inputs() -> None:
    """Signatures go by base name, attestations by distribution; it is a tuple."""
    attestation = "dist/a.whl.publish.attestation"
    inputs = commands._split_inputs(
        ["dist/a.whl", "dist/b.tar.gz", "sig/a.whl.asc", attestation]
    )
    dists, signatures, attestations = inputs
    assert isinstance(inputs, commands.Inputs)
    assert dists == inputs.dists == ["dist/a.whl", "dist/b.tar.gz"]
    assert signatures == inputs.signatures == {"a.whl.asc": "sig/a.whl.asc"}
    assert attestations == inputs.attestations_by_dist
    assert attestations == {"dist/a.whl": [attestation], "dist/b.tar.gz": []}
