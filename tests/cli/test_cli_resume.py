"""After a run that ends badly: a table, and a command that publishes the rest."""

import json
import sys
from pathlib import Path

import pytest

from support.command import Twine
from support.index import Answer, Fault
from support.secrets import PASSWORD, USER
from support.storing import StoringIndex
from support.tables import read_resume_command, read_table

LATER = {"Retry-After": "0"}
LOGIN = {"TWINE_USERNAME": USER, "TWINE_PASSWORD": PASSWORD}


@pytest.mark.parametrize("jobs", ["1", "4"])
@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (Answer(403, "No"), 1),
        (Answer(500, "Broken", LATER), 2),
        (Answer(fault=Fault.RESET_AFTER_BODY), 2),
    ],
)
def test_the_command_publishes_what_is_left(
    twine: Twine,
    store: StoringIndex,
    release: list[str],
    jobs: str,
    fault: Answer,
    times: int,
) -> None:
    """The printed command, run as it is, sends exactly the files that are missing."""
    store.spoil(release[1], fault, times=times)
    url = ("--repository-url", store.upload_url)
    given = ("--retries", "1", "--jobs", jobs, "--disable-progress-bar")

    result = twine("upload", *url, *given, *release, env=LOGIN)

    result.failure()
    table = read_table(result.out)
    assert list(table) == release
    assert table[release[1]] == "failed"
    assert table[release[3]] == "not tried"
    uploaded = {name for name, status in table.items() if status == "uploaded"}
    assert uploaded == store.stored.keys()
    assert f"{len(uploaded)} of 4 files are on the index." in result.out
    before = len(store.sent)

    twine(*read_resume_command(result.out)[1:], env=LOGIN).success()

    assert set(store.sent[before:]) == set(release) - uploaded
    assert store.stored.keys() == set(release)


def test_signatures_and_attestations_go_along(
    twine: Twine, store: StoringIndex, workdir: Path, release: list[str]
) -> None:
    """What belongs to a file that is left is sent with it the second time."""
    for name in release:
        (workdir / f"{name}.asc").write_text(f"signature of {name}")
        attestation = workdir / f"{name}.publish.attestation"
        attestation.write_text(json.dumps({"of": name}))
    store.spoil(release[0], Answer(403, "No"), times=1)
    url = ("--repository-url", store.upload_url)
    extra = ("--attestations", "--comment", 'it\'s $HOME; "quoted"')
    files = sorted(path.name for path in workdir.iterdir())

    result = twine("upload", *url, *extra, *files, env=LOGIN)
    result.failure()
    twine(*read_resume_command(result.out)[1:], env=LOGIN).success()

    assert store.stored.keys() == set(release)
    for request in store.uploads:
        name = request.files["content"][0]
        signature = request.files["gpg_signature"]
        assert signature[2] == f"signature of {name}".encode()
        assert json.loads(request.value("attestations")) == [{"of": name}]
        assert request.value("comment") == 'it\'s $HOME; "quoted"'


@pytest.mark.skipif(sys.platform == "win32", reason="the signer is a shell script")
def test_signatures_made_on_the_way_are_sent(
    twine: Twine, store: StoringIndex, workdir: Path, tmp_path: Path, release: list[str]
) -> None:
    """With `--sign` the second run has a signature for each file as well."""
    signer = tmp_path / "signer"
    # As gpg without a terminal: an existing signature is not overwritten.
    signer.write_text(
        '#!/bin/sh\nset -Ce\nfor last; do :; done\necho made > "$last.asc"\n'
    )
    signer.chmod(0o755)
    store.spoil(release[0], Answer(403, "No"), times=1)
    url = ("--repository-url", store.upload_url)

    result = twine(
        "upload", *url, "--sign", "--sign-with", str(signer), *release, env=LOGIN
    )
    result.failure()
    twine(*read_resume_command(result.out)[1:], env=LOGIN).success()

    assert store.stored.keys() == set(release)
    assert all(r.files["gpg_signature"][2] == b"made\n" for r in store.uploads)


def test_one_file_needs_no_table(
    twine: Twine, store: StoringIndex, release: list[str]
) -> None:
    """A single file that fails is an error and nothing else."""
    store.answer("/legacy/", Answer(403, "No"))

    result = twine(
        "upload", "--repository-url", store.upload_url, release[0], env=LOGIN
    )

    result.failure()
    assert "To publish the rest" not in result.out
