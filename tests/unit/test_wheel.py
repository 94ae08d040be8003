"""Where the metadata of a wheel is, and which wheels have none."""

import zipfile
from pathlib import Path

import pytest

from support import dists
from twine import exceptions
from twine.wheel import Wheel

OWN = dists.metadata_text().encode()
OTHER = dists.metadata_text("other", "9").encode()


def make(folder: Path, name: str, members: dict[str, bytes]) -> str:
    """Make a zip archive and return its path."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return str(path)


def refusal(path: str) -> str:
    """Return why a wheel cannot be read."""
    with pytest.raises(exceptions.InvalidDistribution) as caught:
        Wheel(path).read()
    assert path in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("pkg-1.0-py3-none-any.whl", "py3"),
        ("pkg-1.0-cp313-cp313-manylinux_2_28_x86_64.whl", "cp313"),
        ("pkg-1.0-1local-py2.py3-none-any.whl", "py2.py3"),
        ("a.b_c-1!2.0+x-pp310-none-any.whl", "pp310"),
    ],
)
def test_the_python_tag_is_in_the_name(tmp_path: Path, name: str, python: str) -> None:
    """The form's pyversion is the Python tag, with or without a build number."""
    (tmp_path / name).touch()

    assert Wheel(str(tmp_path / name)).py_version == python


@pytest.mark.parametrize(
    "name",
    ["pkg.whl", "pkg-1.0.whl", "pkg-1.0-py3-none.whl", "a-b-1.0-x-py3-none-any.whl"],
)
def test_a_name_that_is_no_wheels_is_refused(tmp_path: Path, name: str) -> None:
    """A renamed wheel is refused before it is opened."""
    (tmp_path / name).touch()

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        Wheel(str(tmp_path / name))

    assert f"`{name}`" in str(caught.value)


def test_of_several_metadata_folders_only_its_own_counts(tmp_path: Path) -> None:
    """What a wheel bundles has metadata of its own, which is left alone."""
    path = make(
        tmp_path,
        "pkg-1.0-py3-none-any.whl",
        {
            "other-9.dist-info/METADATA": OTHER,
            "pkg/_vendor/other-9.dist-info/METADATA": OTHER,
            "pkg/METADATA": OTHER,
            "METADATA": OTHER,
            "pkg-1.0.dist-info/METADATA": OWN,
            "pkg-1.0.dist-info/licenses/METADATA": OTHER,
            "pkg-2.0.dist-info/METADATA": OTHER,
        },
    )

    assert Wheel(path).read() == OWN


@pytest.mark.parametrize(
    "folder", ["Pkg_Name-1.0", "pkg.name-1.0", "pkg_name-1.0.post0", "PKG_NAME-1"]
)
def test_the_folder_may_spell_the_name_otherwise(tmp_path: Path, folder: str) -> None:
    """A folder that bears the wheel's name in another spelling is its own."""
    path = make(
        tmp_path,
        "pkg_name-1.0-py3-none-any.whl",
        {
            "other-9.dist-info/METADATA": OTHER,
            f"{folder}.dist-info/METADATA": OWN,
        },
    )

    assert Wheel(path).read() == OWN


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([], "none"),
        (["pkg/__init__.py"], "none"),
        (["other-1.0.dist-info/METADATA"], "`other-1.0.dist-info/METADATA`"),
        (["pkg/pkg-1.0.dist-info/METADATA"], "none"),
        (["pkg-1.0.dist-info/METADATA.txt"], "none"),
        (["pkg-1.dist-info/METADATA", "Pkg-2.dist-info/METADATA"], "Pkg-2"),
    ],
)
def test_a_wheel_without_metadata_of_its_own_is_refused(
    tmp_path: Path, members: list[str], words: str
) -> None:
    """The error says which file is missing and which ones were found instead."""
    path = make(tmp_path, "pkg-1.0-py3-none-any.whl", dict.fromkeys(members, OTHER))

    text = refusal(path)

    assert "`pkg-1.0.dist-info/METADATA`" in text
    assert words in text


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"no archive", b"PK\x05\x06" + b"\xff" * 18, b"\x1f\x8b\x08"]
)
def test_what_is_no_zip_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    """An empty or mislabelled file is one clear error."""
    path = tmp_path / "pkg-1.0-py3-none-any.whl"
    path.write_bytes(data)

    assert "a wheel" in refusal(str(path))


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    """METADATA behind a password is told as what it is."""
    path = Path(
        make(tmp_path, "pkg-1.0-py3-none-any.whl", {"pkg-1.0.dist-info/METADATA": OWN})
    )
    data = bytearray(path.read_bytes())
    data[6] |= 1  # general purpose flags of the local header ...
    data[data.index(b"PK\x01\x02") + 8] |= 1  # ... and of the central directory
    path.write_bytes(data)

    assert "encrypted" in refusal(str(path))


@pytest.mark.parametrize("method", [1, 93, 99])
def test_an_unknown_compression_is_refused(tmp_path: Path, method: int) -> None:
    """A member packed in a way that Python cannot unpack is one clear error."""
    path = Path(
        make(tmp_path, "pkg-1.0-py3-none-any.whl", {"pkg-1.0.dist-info/METADATA": OWN})
    )
    data = bytearray(path.read_bytes())
    data[8] = method
    data[data.index(b"PK\x01\x02") + 10] = method
    path.write_bytes(data)

    text = refusal(str(path))
    assert f"method {method}" in text
    assert "`pkg-1.0.dist-info/METADATA`" in text
