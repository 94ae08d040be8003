"""`upload`: the rules of PyPI are applied before anything is sent."""

import importlib.metadata
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import PYPI_TOKEN, find_leak


@pytest.mark.parametrize("index", [(), ("-r", "testpypi")], ids=["PyPI", "TestPyPI"])
def test_files_that_pypi_refuses_are_not_sent(
    publish: Twine,
    pypi: FakePyPI,
    workdir: Path,
    wheel: str,
    refused: str,
    index: tuple[str, ...],
) -> None:
    """All reasons of all files are shown, and nothing is sent, of no file."""
    text = dists.metadata_text("other", extra="Home-page: nowhere\n")
    other = dists.make_wheel(workdir, "other", metadata=text).name
    said = publish(*index, wheel, refused, other).failure("InvalidDistribution")

    assert f"{refused}: local-version: " in said
    assert f"{other}: home-page: " in said
    assert wheel not in said
    assert "--no-preflight" in said
    assert pypi.requests == []


def test_no_token_is_minted_for_refused_files(
    twine: Twine, pypi: FakePyPI, refused: str
) -> None:
    """Preflight comes before authentication: not even the audience is asked for."""
    result = twine("upload", refused, env=pypi.github_env)

    result.failure("InvalidDistribution")
    assert pypi.requests == []
    assert (pypi.identities, pypi.minted) == ([], [])


def test_token_in_an_archive_ends_the_run(
    publish: Twine, pypi: FakePyPI, workdir: Path
) -> None:
    """File and line are named; neither is the token shown nor anything sent."""
    members = {".env": f"# mine\nTOKEN={PYPI_TOKEN}\n".encode()}
    sdist = dists.make_sdist(workdir, members=members)

    said = publish("--verbose", sdist.name).failure("InvalidDistribution")

    assert (
        "token-in-archive: `pkg-1.0/.env` holds an API token of PyPI in line 2" in said
    )
    assert find_leak(said) is None
    assert pypi.requests == []


def test_warnings_are_shown_and_notes_are_not(
    publish: Twine, pypi: FakePyPI, workdir: Path, wheel: str, doubtful: str
) -> None:
    """What PyPI may refuse is sent; nobody wants to read about style meanwhile."""
    text = dists.metadata_text("noted", description="")
    noted = dists.make_wheel(workdir, "noted", metadata=text).name

    assert publish(wheel, noted).warnings == []
    result = publish(doubtful)

    result.success()
    assert any("wheel-tags" in line for line in result.warnings)
    assert len(pypi.uploads) == 3


@pytest.mark.usefixtures("without_email_validator")
def test_verbose_preflight_names_libraries(publish: Twine, wheel: str) -> None:
    """`--verbose` shows what a verdict depends on, and what is missing for rules."""
    assert "Not checked" not in publish(wheel).success()
    shown = publish("--verbose", wheel).success()
    assert "Not checked: email-address. It needs email-validator: " in shown
    for library in ("readme-renderer", "docutils"):
        assert f"{library} {importlib.metadata.version(library)}" in shown


def test_rules_that_grow_only_warn(
    publish: Twine, twine: Twine, pypi: FakePyPI, workdir: Path
) -> None:
    """PyPI may know more by now than this release: `check` fails, `upload` warns."""
    text = dists.metadata_text(metadata_version="2.99", extra="Classifier: None :: A\n")
    path = dists.make_wheel(workdir, tag="py3-none-macosx_99_0_arm64", metadata=text)
    checked = twine("check", "--pypi", path)
    # Twine has to be told that it need not understand the metadata either.
    result = publish("--no-validate", path)

    assert checked.code == 1
    result.success()
    for growing in ("classifier-unknown", "platform-tag", "metadata-version"):
        assert f"ERROR    {growing}: " in checked.out
        assert any(growing in line for line in result.warnings)
    assert len(pypi.uploads) == 1


@pytest.mark.parametrize(
    ("option", "env"),
    [(("--no-preflight",), {}), ((), {"TWINE_NO_PREFLIGHT": "1"})],
    ids=["option", "environment"],
)
def test_no_preflight_sends_everything(
    publish: Twine,
    pypi: FakePyPI,
    refused: str,
    option: tuple[str, ...],
    env: dict[str, str],
) -> None:
    """The index decides then."""
    result = publish(*option, refused, env=env)

    result.success()
    assert "local-version" not in result.text
    assert len(pypi.uploads) == 1


def test_private_index_has_no_preflight(
    upload: Twine, index: ScriptedIndex, refused: str
) -> None:
    """A private index takes what PyPI refuses."""
    result = upload(refused)

    result.success()
    assert "local-version" not in result.text
    assert len(index.uploads) == 1


def test_preflight_and_no_preflight_are_a_usage_error(
    upload: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """`--preflight` and `--no-preflight` contradict each other."""
    result = upload("--preflight", "--no-preflight", wheel)

    assert result.code == 2
    assert "not allowed with argument" in result.err
    assert index.requests == []


def test_headers_that_break_off_are_a_warning(
    publish: Twine, pypi: FakePyPI, workdir: Path
) -> None:
    """As with 7.0.0; but it is told, once for all files that have the same metadata."""
    text = dists.metadata_text(extra="Summary: \nZebras\nAuthor: Ada\n")
    names = [
        dists.make_wheel(workdir, metadata=text, tag=f"{tag}-none-any").name
        for tag in ("py2", "py3")
    ]
    result = publish(*names)

    result.success()
    (warning,) = (one for one in result.warnings if "Zebras" in one)
    assert all(name in warning for name in names)
    assert "`Author`" in warning
    assert len(pypi.uploads) == 2
