"""`twine upload` and `twine register`, called as functions."""

import json
import re
from pathlib import Path

import pytest
import requests
import responses

from support import dists
from support.index import Answer, ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, USER
from twine import exceptions
from twine.commands import (
    upload,
)
from twine.package import PackageFile
from twine.repository import Repository
from twine.settings import Settings

PYPI = "https://upload.pypi.org/legacy/"


@pytest.fixture
def settings(index: ScriptedIndex) -> Settings:
    """Return settings for the scripted index."""
    return Settings(repository_url=index.upload_url, username=USER, password=PASSWORD)


@pytest.fixture
def for_pypi() -> Settings:
    """Return settings for PyPI."""
    return Settings(password=PASSWORD)


def sent(index: ScriptedIndex) -> list[str]:
    """Return the names of the files that were sent, in order."""
    return [request.files["content"][0] for request in index.requests]


def test_wheels_are_sent_first(
    index: ScriptedIndex,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All files arrive, wheels first, and each is announced."""
    sdist, wheel = dists.make_sdist(tmp_path), dists.make_wheel(tmp_path)

    upload.upload(settings, [str(sdist), str(wheel), str(sdist)])

    assert sent(index) == [wheel.name, sdist.name]
    assert [request.auth for request in index.requests] == [BASIC_AUTH] * 2
    shown = re.sub(
        r"[0-9.]+ KB in [0-9.]+ s$", "...", capsys.readouterr().out, flags=re.MULTILINE
    )
    assert shown.splitlines() == [
        f"Uploading distributions to {index.upload_url}",
        f"Uploading {wheel.name}",
        f"Uploaded {wheel.name}: ...",
        f"Uploading {sdist.name}",
        f"Uploaded {sdist.name}: ...",
    ]


def test_everything_is_read_before_anything_is_sent(
    index: ScriptedIndex, settings: Settings, tmp_path: Path
) -> None:
    """Faults of all files are told together, and nothing is sent."""
    paths = [dists.make_wheel(tmp_path)]
    for name in ("a-1.0.tar.gz", "b-1.0.zip"):
        (tmp_path / name).write_bytes(b"")
        paths.append(tmp_path / name)

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        upload.upload(settings, [str(path) for path in paths])

    assert "a-1.0.tar.gz" in str(caught.value)
    assert "b-1.0.zip" in str(caught.value)
    assert index.requests == []


def test_one_fault_is_told_as_it_is(settings: Settings, tmp_path: Path) -> None:
    """The error of a single file is not wrapped into a list."""
    path = tmp_path / "a-1.0.tar.gz"
    path.write_bytes(b"")

    with pytest.raises(exceptions.InvalidDistribution) as caught:
        upload.upload(settings, [str(path)])

    assert str(caught.value).startswith(f"`{path}`")


def test_an_error_of_another_kind_is_not_hidden(
    settings: Settings, tmp_path: Path
) -> None:
    """A signing program that is missing is told as such."""
    settings.sign, settings.sign_with = True, "no-such-program-at-all"

    with pytest.raises(exceptions.InvalidSigningExecutable):
        upload.upload(settings, [str(dists.make_wheel(tmp_path))])


def test_signatures_alone_are_an_error(
    index: ScriptedIndex, settings: Settings, tmp_path: Path
) -> None:
    """Without a distribution there is nothing to send."""
    (tmp_path / "a.whl.asc").touch()

    with pytest.raises(exceptions.InvalidDistribution):
        upload.upload(settings, [str(tmp_path / "a.whl.asc")])

    assert index.requests == []


def test_a_signature_goes_with_its_file(
    index: ScriptedIndex, settings: Settings, tmp_path: Path
) -> None:
    """A signature that lies beside a file is sent, and not made again."""
    wheel = dists.make_wheel(tmp_path)
    signature = tmp_path / f"{wheel.name}.asc"
    signature.write_bytes(b"signed")
    settings.sign, settings.sign_with = True, "no-such-program-at-all"

    upload.upload(settings, [str(signature), str(wheel)])

    assert index.requests[0].files["gpg_signature"][::2] == (signature.name, b"signed")


def test_attestations_go_with_their_file(
    index: ScriptedIndex, settings: Settings, tmp_path: Path
) -> None:
    """Attestations are sent if asked for, and required then."""
    wheel, sdist = dists.make_wheel(tmp_path), dists.make_sdist(tmp_path)
    attestation = tmp_path / f"{wheel.name}.publish.attestation"
    attestation.write_text('{"version": 1}')
    settings.attestations = True

    upload.upload(settings, [str(wheel), str(attestation)])
    with pytest.raises(exceptions.InvalidDistribution) as caught:
        upload.upload(settings, [str(wheel), str(attestation), str(sdist)])

    assert json.loads(index.requests[0].value("attestations")) == [{"version": 1}]
    assert sdist.name in str(caught.value)
    assert len(index.requests) == 1


def test_the_first_refusal_ends_the_run(
    index: ScriptedIndex, settings: Settings, tmp_path: Path
) -> None:
    """What comes after a refused file is not sent."""
    index.answer("/legacy/", Answer(400, "Bad", body=b"No such project."))

    with pytest.raises(requests.HTTPError) as caught:
        upload.upload(
            settings,
            [str(dists.make_wheel(tmp_path)), str(dists.make_sdist(tmp_path))],
        )

    assert caught.value.response.status_code == 400
    assert "No such project." in str(caught.value)
    assert len(index.requests) == 1


@responses.activate
def test_what_is_on_pypi_is_skipped(
    for_pypi: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A known file is not sent; one that PyPI refuses as known is skipped too."""
    known, refused = dists.make_wheel(tmp_path), dists.make_sdist(tmp_path)
    for_pypi.skip_existing = True
    responses.get(
        "https://pypi.org/simple/pkg/", json={"files": [{"filename": known.name}]}
    )
    responses.post(PYPI, status=400, body="File already exists.")

    upload.upload(for_pypi, [str(known), str(refused)])

    shown = capsys.readouterr().out
    for name in (known.name, refused.name):
        assert f"Skipping {name} because it appears to already exist" in shown
    assert "View at:" not in shown
    assert len(responses.calls) == 2


@responses.activate
def test_releases_on_pypi_can_be_viewed(
    for_pypi: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After success each release's page is told once, in a stable order."""
    responses.post(PYPI)
    paths = [
        dists.make_wheel(tmp_path),
        dists.make_sdist(tmp_path),
        dists.make_wheel(tmp_path, "another"),
    ]

    upload.upload(for_pypi, [str(path) for path in paths])

    assert capsys.readouterr().out.endswith(
        "\nView at:\n"
        "https://pypi.org/project/another/1.0/\n"
        "https://pypi.org/project/pkg/1.0/\n"
    )


@pytest.mark.parametrize(
    ("status", "body", "asked", "skipped"),
    [
        (409, b"", True, True),
        (400, b"File already exists", True, True),
        (409, b"", False, False),
        (400, b"Bad name", True, False),
        (200, b"", True, False),
    ],
)
def test_which_answers_are_skips(
    tmp_path: Path, status: int, body: bytes, asked: bool, skipped: bool
) -> None:
    """Only an index that says it has the file makes a skip, and only if asked."""
    package = PackageFile.from_filename(str(dists.make_wheel(tmp_path)), None)
    response = requests.Response()
    response.status_code = status
    response._content = body

    assert upload.skip_upload(response, asked, package) is skipped


def test_verbose_tells_each_file_with_its_size(
    index: ScriptedIndex,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With --verbose files are told while they are read, and the next run is quiet."""
    wheel = dists.make_wheel(tmp_path)
    settings.verbose = True
    upload.upload(settings, [str(wheel)])
    loud = capsys.readouterr().out

    settings.verbose = False
    upload.upload(settings, [str(wheel)])

    assert f"INFO     {wheel}" in loud
    assert " KB" in loud
    assert "INFO" not in capsys.readouterr().out


def test_what_other_programs_replace_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Overrides of create_repository and metadata_dictionary are part of the run."""
    forms: list[object] = []

    class FakeRepository(Repository):
        """An index that takes everything."""

        closed = False

        def _upload(self, package: PackageFile) -> requests.Response:
            forms.append(package.metadata_dictionary())
            response = requests.Response()
            response.status_code = 200
            return response

        def close(self) -> None:
            type(self).closed = True
            super().close()

    class FakeSettings(Settings):
        """Settings that know their own index."""

        def create_repository(self) -> Repository:
            return FakeRepository("https://index.example/", None, None)

    monkeypatch.setattr(
        PackageFile, "metadata_dictionary", lambda self: {"name": "replaced"}
    )

    upload.upload(
        FakeSettings(repository_url="https://index.example/"),
        [str(dists.make_wheel(tmp_path))],
    )

    assert forms == [{"name": "replaced"}]
    assert FakeRepository.closed


def test_a_file_that_vanishes_while_it_is_prepared_is_one_error(
    index: ScriptedIndex,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file that was read and is gone cannot be published, and nothing is sent."""
    read = PackageFile.read

    def read_and_remove(filename: str, comment: str | None, **how: bool) -> object:
        found = read(filename, comment, **how)
        Path(filename).unlink()
        return found

    monkeypatch.setattr(PackageFile, "read", read_and_remove)
    path = dists.make_wheel(tmp_path)

    with pytest.raises(exceptions.InvalidDistribution, match=path.name):
        upload.upload(settings, [str(path)])

    assert sent(index) == []
