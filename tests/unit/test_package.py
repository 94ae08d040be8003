"""One distribution, ready to be sent."""

import os
from pathlib import Path

import pytest

from support import dists
from twine import exceptions
from twine.package import PackageFile

pytestmark = pytest.mark.usefixtures("records_printed")


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


def test_every_fault_is_told_with_the_file(tmp_path: Path) -> None:
    """Invalid metadata is one error that lists all that is wrong."""
    text = dists.metadata_text(extra="Flavour: sweet\nRequires-Python: new\n")
    path = dists.make_wheel(tmp_path, metadata=text)

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        read(path)

    assert str(path) in str(caught.value)
    assert "`Flavour`" in str(caught.value)
    assert "`Requires-Python`" in str(caught.value)


@pytest.mark.parametrize(
    ("version", "extra", "fault"),
    [("2.3", "License-Expression: MIT\n", "`License-Expression`"), ("9.9", "", "9.9")],
)
def test_another_index_may_accept_what_is_refused_here(
    tmp_path: Path, version: str, extra: str, fault: str
) -> None:
    """The refusal names the option that sends the file nevertheless."""
    text = dists.metadata_text(metadata_version=version, extra=extra)

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        read(dists.make_wheel(tmp_path, metadata=text))

    assert fault in str(caught.value)
    assert "`--no-validate`" in str(caught.value)


@pytest.mark.parametrize("field", ["Name", "Version", "Metadata-Version"])
def test_without_name_or_version_nothing_can_be_sent(
    tmp_path: Path, field: str
) -> None:
    """Not even --no-validate sends metadata without what names the release."""
    text = dists.metadata_text().replace(f"{field}:", f"X-{field}:")
    path = dists.make_wheel(tmp_path, metadata=text)

    with pytest.raises(exceptions.InvalidDistribution):
        read(path, validate=False)


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
