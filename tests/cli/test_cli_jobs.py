"""Several files in one run: the table, and a command that publishes the rest."""

import json
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.command import Result, Twine, write_program
from support.fakepypi import FakePyPI
from support.index import Answer, Fault
from support.secrets import LOGIN
from support.storing import StoringIndex
from support.tables import read_table

Resume = Callable[[str], Result]
LATER = {"Retry-After": "0"}
NO = Answer(403, "No")


def read_resume_command(text: str) -> list[str]:
    """Return the words of the command that publishes what is left."""
    found = re.search(
        r"^To publish the rest:\n +(twine upload .*)$", text, re.MULTILINE
    )
    assert found is not None, text
    return shlex.split(found[1])


@pytest.fixture
def resume(twine: Twine) -> Resume:
    """Return a function that runs the command that a failed run has printed."""
    return lambda printed: twine(*read_resume_command(printed)[1:], env=LOGIN)


def test_success_has_no_table(send: Twine, release: list[str]) -> None:
    """Off a terminal there is one line for each file as it is done, and no more."""
    said = send("--jobs", "2", *release).success()

    assert read_table(said) == {}
    assert "To publish the rest" not in said
    for name in release:
        lines = re.findall(rf"^Uploaded {re.escape(name)}: .* s$", said, re.MULTILINE)
        assert len(lines) == 1


def test_one_failed_file_has_no_table(
    send: Twine, store: StoringIndex, release: list[str]
) -> None:
    """A single file that fails is an error and nothing else."""
    store.answer("/legacy/", NO)

    result = send(release[0])

    result.failure()
    assert "To publish the rest" not in result.out


@pytest.mark.parametrize("jobs", ["1", "4"])
@pytest.mark.parametrize(
    ("fault", "times"),
    [(Answer(500, "Broken", LATER), 2), (Answer(fault=Fault.RESET_AFTER_BODY), 2)],
    ids=["500", "reset"],
)
def test_resume_command_publishes_what_is_left(
    send: Twine,
    resume: Resume,
    store: StoringIndex,
    release: list[str],
    jobs: str,
    fault: Answer,
    times: int,
) -> None:
    """The printed command, run as it is, sends exactly the files that are missing."""
    store.spoil(release[1], fault, times=times)

    result = send("--retries", "1", "--jobs", jobs, *release)

    result.failure()
    table = read_table(result.out)
    assert list(table) == release
    assert (table[release[1]], table[release[3]]) == ("failed", "not tried")
    uploaded = {name for name, status in table.items() if status == "uploaded"}
    assert uploaded == store.stored.keys()
    assert f"Known to be on the index: {len(uploaded)} of 4 files." in result.out
    before = len(store.sent)

    resume(result.out).success()

    assert set(store.sent[before:]) == set(release) - uploaded
    assert store.stored.keys() == set(release)


@pytest.mark.parametrize("jobs", ["1", "4"])
def test_keep_going_fails_at_the_end(
    send: Twine,
    resume: Resume,
    store: StoringIndex,
    workdir: Path,
    release: list[str],
    jobs: str,
) -> None:
    """A refused file leaves the others a chance, and the run fails all the same."""
    other = dists.make_wheel(workdir, "other").name
    store.spoil(release[1], Answer(400, "Bad", body=b"Too odd."), times=1)

    result = send("--keep-going", "--jobs", jobs, *release, other)

    assert "Too odd." in result.failure("HTTPError")
    table = read_table(result.out)
    assert table[release[1]] == "failed"
    # Who installs meanwhile must not get the sdist for want of a wheel.
    assert table[release[3]] == "not tried"
    assert store.stored.keys() == {release[0], release[2], other}

    resume(result.out).success()

    assert store.stored.keys() == {*release, other}
    assert len(store.sent) == 6


def test_resume_command_keeps_signatures_attestations_and_comment(
    send: Twine, resume: Resume, store: StoringIndex, workdir: Path, release: list[str]
) -> None:
    """What belongs to a file that is left is sent with it the second time."""
    for name in release:
        (workdir / f"{name}.asc").write_text(f"signature of {name}")
        attestation = workdir / f"{name}.publish.attestation"
        attestation.write_text(json.dumps({"of": name}))
    store.spoil(release[0], NO, times=1)
    comment = 'it\'s $HOME; "quoted"'
    files = sorted(path.name for path in workdir.iterdir())

    result = send("--attestations", "--comment", comment, *files)
    result.failure()
    resume(result.out).success()

    assert store.stored.keys() == set(release)
    for request in store.uploads:
        name = request.files["content"][0]
        signature = request.files["gpg_signature"]
        assert signature[2] == f"signature of {name}".encode()
        assert json.loads(request.value("attestations")) == [{"of": name}]
        assert request.value("comment") == comment


@pytest.mark.skipif(sys.platform == "win32", reason="the signer is a shell script")
def test_resume_command_sends_signatures_made_before(
    send: Twine, resume: Resume, store: StoringIndex, tmp_path: Path, release: list[str]
) -> None:
    """With `--sign` the second run has a signature for each file as well."""
    # As gpg without a terminal: an existing signature is not overwritten.
    script = 'set -Ce\necho made > "$last.asc"'
    signer = write_program(tmp_path / "signer", script)
    store.spoil(release[0], NO, times=1)

    result = send("--sign", "--sign-with", signer, *release)
    result.failure()
    resume(result.out).success()

    assert store.stored.keys() == set(release)
    assert all(r.files["gpg_signature"][2] == b"made\n" for r in store.uploads)


def test_skipped_file_is_in_the_table(
    publish: Twine, pypi: FakePyPI, workdir: Path, wheel: str, sdist: str
) -> None:
    """A skipped file is on the index, and the command leaves it out."""
    pypi.existing[wheel] = dists.sha256(workdir / wheel)
    pypi.answer("/legacy/", NO)

    result = publish("--skip-existing", wheel, sdist)

    result.failure()
    assert read_table(result.out) == {wheel: "skipped", sdist: "failed"}
    words = read_resume_command(result.out)
    assert sdist in words
    assert wheel not in words
    assert "--skip-existing" in words
