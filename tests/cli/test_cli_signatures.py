"""Signatures: those that are there, and those that GPG makes."""

import sys
from pathlib import Path

import pytest

from support.command import Twine, write_program
from support.index import ScriptedIndex

WHEEL = "pkg-1.0-py3-none-any.whl"
SIGNATURE = "-----BEGIN PGP SIGNATURE-----\nfake\n"
needs_sh = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Return an empty folder that is to be the whole PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


def write_gpg(folder: Path) -> None:
    """Write a `gpg` that notes its arguments and signs."""
    note = f"printf '%s\\n' \"$@\" > '{folder}/arguments'"
    write_program(folder / "gpg", f"{note}\nprintf %s '{SIGNATURE}' > \"$last.asc\"")


def assert_signed(index: ScriptedIndex) -> None:
    """Check that the one upload carried the fake signature."""
    (request,) = index.uploads
    name, _, content = request.files["gpg_signature"]
    assert (name, content) == (f"{WHEEL}.asc", SIGNATURE.encode())


def test_signature_goes_with_its_file(
    upload: Twine, index: ScriptedIndex, workdir: Path, wheel: str, sdist: str
) -> None:
    """`FILE.asc` is sent as a file part of FILE's form, and of no other."""
    (workdir / f"{wheel}.asc").write_text(SIGNATURE)
    upload(sdist, f"{wheel}.asc", wheel).success()
    unsigned = index.requests.pop()
    assert list(unsigned.files) == ["content"]
    assert_signed(index)


@needs_sh
@pytest.mark.parametrize("option", [("-s",), ("--sign", "--identity", "me")])
def test_gpg_signs_each_file(
    upload: Twine,
    index: ScriptedIndex,
    programs: Path,
    wheel: str,
    option: tuple[str, ...],
) -> None:
    """`--sign` calls gpg for a detached, armoured signature and sends it."""
    write_gpg(programs)
    said = upload(*option, wheel, env={"PATH": str(programs)}).success()
    assert f"Signing {wheel}\n" in said
    user = ["--local-user", "me"] if "me" in option else []
    arguments = (programs / "arguments").read_text().splitlines()
    assert arguments == ["--detach-sign", *user, "-a", wheel]
    assert_signed(index)


@needs_sh
def test_given_signature_is_not_made_again(
    upload: Twine, index: ScriptedIndex, programs: Path, workdir: Path, wheel: str
) -> None:
    """With `--sign` a signature given by the user is sent as it is."""
    write_gpg(programs)
    (workdir / f"{wheel}.asc").write_text(SIGNATURE)
    upload("-s", wheel, f"{wheel}.asc", env={"PATH": str(programs)}).success()
    assert not (programs / "arguments").exists()
    assert_signed(index)
