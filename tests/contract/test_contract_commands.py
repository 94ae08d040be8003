"""The functions behind the commands, and how they find their files."""

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from support.dists import make_sdist, make_wheel, metadata_text
from support.index import Answer, ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, USER
from twine import commands, exceptions
from twine.commands import check, register, upload
from twine.package import PackageFile
from twine.settings import Settings


def _response(status: int, reason: str = "", body: str = "") -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason = status, reason
    response._content = body.encode()
    response.url = "https://upload.pypi.org/legacy/"
    return response


def test_upload_sends_each_file(
    index: ScriptedIndex, workdir: Path, make_settings: Callable[..., Settings]
) -> None:
    """`upload` sends files with the settings' credentials, and returns nothing."""
    paths = [str(make_wheel(workdir)), str(make_sdist(workdir))]
    upload.upload(make_settings(), paths)
    assert [r.files["content"][0] for r in index.uploads] == [
        "pkg-1.0-py3-none-any.whl",
        "pkg-1.0.tar.gz",
    ]
    assert {r.auth for r in index.uploads} == {BASIC_AUTH}


def test_upload_raises_the_refusal(
    index: ScriptedIndex, workdir: Path, make_settings: Callable[..., Settings]
) -> None:
    """A refusal is an `HTTPError` that holds the response."""
    index.answer("/legacy/", Answer(403, "Forbidden"))
    with pytest.raises(requests.HTTPError) as raised:
        upload.upload(make_settings(), [str(make_wheel(workdir))])
    assert raised.value.response.status_code == 403


def test_upload_main_takes_a_command_line(index: ScriptedIndex, workdir: Path) -> None:
    """`upload.main` is the command without its name."""
    args = ["--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD]
    upload.main([*args, "--disable-progress-bar", str(make_wheel(workdir))])
    assert [request.auth for request in index.uploads] == [BASIC_AUTH]


@pytest.mark.parametrize(
    ("status", "reason", "body"),
    [
        (409, "Conflict", ""),
        (400, "File already exists.", ""),
        (400, "Bad Request", "The file already exists"),
    ],
)
def test_skip_upload_knows_a_file_that_exists(
    status: int, reason: str, body: str, workdir: Path
) -> None:
    """The answers that mean "there already" are skipped if, and only if, asked."""
    package = PackageFile.from_filename(str(make_wheel(workdir)), None)
    response = _response(status, reason, body)
    assert upload.skip_upload(response, True, package)
    assert not upload.skip_upload(response, False, package)


@pytest.mark.parametrize(
    ("status", "reason"), [(200, "OK"), (400, "Invalid name"), (403, "Forbidden")]
)
def test_skip_upload_skips_nothing_else(
    status: int, reason: str, workdir: Path
) -> None:
    """Success and other refusals are not skips."""
    package = PackageFile.from_filename(str(make_wheel(workdir)), None)
    assert not upload.skip_upload(_response(status, reason), True, package)


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


def test_make_package_leaves_attestations_that_nobody_asked_for(
    workdir: Path, make_settings: Callable[..., Settings]
) -> None:
    """Without the setting, attestations are not even read."""
    path = str(make_wheel(workdir))
    package = upload._make_package(path, {}, ["absent.attestation"], make_settings())
    assert package.attestations is None
    assert package.gpg_signature is None


def test_make_package_misses_attestations_that_were_asked_for(
    workdir: Path, make_settings: Callable[..., Settings]
) -> None:
    """With the setting, a file without attestations cannot be sent."""
    path = str(make_wheel(workdir))
    with pytest.raises(exceptions.InvalidDistribution, match="attestation"):
        upload._make_package(path, {}, [], make_settings(attestations=True))


def test_check_tells_whether_a_file_failed(
    workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """True means failed; warnings fail only when strict."""
    good = str(make_wheel(workdir))
    vague = str(make_wheel(workdir, "vague", metadata=metadata_text(content_type=None)))
    assert not check.check([good, vague])
    assert check.check([good, vague], strict=True)
    out = capsys.readouterr().out
    assert "PASSED with warnings" in out
    assert "FAILED due to warnings" in out


def test_check_main_takes_a_command_line(workdir: Path) -> None:
    """`check.main` returns what `check` returns."""
    vague = str(make_wheel(workdir, metadata=metadata_text(content_type=None)))
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


def test_register_misses_a_file(
    workdir: Path, make_settings: Callable[..., Settings]
) -> None:
    """A file that is not there is `PackageNotFound`."""
    with pytest.raises(exceptions.PackageNotFound, match=r"absent\.whl"):
        register.register(make_settings(), "absent.whl")


def test_register_main_takes_a_command_line(
    index: ScriptedIndex, workdir: Path
) -> None:
    """`register.main` is the command without its name."""
    args = ["--repository-url", index.upload_url, "-u", USER, "-p", PASSWORD]
    register.main([*args, str(make_wheel(workdir))])
    assert [request.auth for request in index.uploads] == [BASIC_AUTH]


def test_find_dists_expands_patterns_wheels_first(workdir: Path) -> None:
    """Patterns are expanded, and wheels come before sdists."""
    for name in ("a-1.tar.gz", "b-1.whl", "a-1.whl"):
        (workdir / "dist").mkdir(exist_ok=True)
        (workdir / "dist" / name).touch()
    found = commands._find_dists(["dist/*.tar.gz", "dist/*.whl"])
    assert found[-1] == str(Path("dist/a-1.tar.gz"))
    assert sorted(found[:2]) == [str(Path("dist/a-1.whl")), str(Path("dist/b-1.whl"))]


def test_find_dists_refuses_what_matches_nothing(workdir: Path) -> None:
    """A pattern without a file is an error that names it."""
    with pytest.raises(exceptions.InvalidDistribution, match=r"nothing/\*"):
        commands._find_dists(["nothing/*"])


def test_group_wheel_files_first_keeps_the_order_otherwise() -> None:
    """Wheels move to the front, and nothing else changes its place."""
    files = ["b.tar.gz", "z.whl", "a.zip", "y.whl"]
    grouped = commands._group_wheel_files_first(files)
    assert grouped == ["z.whl", "y.whl", "b.tar.gz", "a.zip"]


def test_split_inputs_tells_three_kinds_of_files() -> None:
    """Signatures go by base name, attestations by distribution."""
    inputs = commands._split_inputs(
        [
            "dist/a.whl",
            "dist/b.tar.gz",
            "sig/a.whl.asc",
            "dist/a.whl.publish.attestation",
            "dist/a.whl.build.attestation",
        ]
    )
    assert inputs.dists == ["dist/a.whl", "dist/b.tar.gz"]
    assert inputs.signatures == {"a.whl.asc": "sig/a.whl.asc"}
    assert sorted(inputs.attestations_by_dist["dist/a.whl"]) == [
        "dist/a.whl.build.attestation",
        "dist/a.whl.publish.attestation",
    ]
    assert inputs.attestations_by_dist["dist/b.tar.gz"] == []


def test_inputs_is_a_tuple_of_three() -> None:
    """Programs unpack what `_split_inputs` returns, and make their own."""
    dists, signatures, attestations = commands.Inputs(
        dists=["a"], signatures={}, attestations_by_dist={"a": []}
    )
    assert (dists, signatures, attestations) == (["a"], {}, {"a": []})
