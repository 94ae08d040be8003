"""Several files at once, and what becomes of the others when one fails."""

import re
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer
from support.secrets import PASSWORD, USER
from support.storing import StoringIndex
from support.tables import read_resume_command, read_table

LATER = {"Retry-After": "0"}
LOGIN = {"TWINE_USERNAME": USER, "TWINE_PASSWORD": PASSWORD}


def test_a_run_that_ends_well_has_no_table(
    twine: Twine, store: StoringIndex, release: list[str]
) -> None:
    """Off a terminal there is one line for each file as it is done, and no more."""
    url = ("--repository-url", store.upload_url)

    said = twine("upload", *url, "--jobs", "2", *release, env=LOGIN).success()

    assert read_table(said) == {}
    assert "To publish the rest" not in said
    for name in release:
        assert (
            len(re.findall(rf"^Uploaded {re.escape(name)}: .* s$", said, re.MULTILINE))
            == 1
        )


@pytest.mark.parametrize("jobs", ["1", "4"])
def test_keep_going_fails_at_the_end(
    twine: Twine, store: StoringIndex, workdir: Path, release: list[str], jobs: str
) -> None:
    """A refused file leaves the others a chance, and the run fails all the same."""
    other = dists.make_wheel(workdir, "other").name
    store.spoil(release[1], Answer(400, "Bad", body=b"Too odd."), times=1)
    url = ("--repository-url", store.upload_url)

    result = twine(
        "upload", *url, "--keep-going", "--jobs", jobs, *release, other, env=LOGIN
    )

    said = result.failure("HTTPError")
    assert "Too odd." in said
    table = read_table(result.out)
    assert table[release[1]] == "failed"
    # Who installs meanwhile must not get the sdist for want of a wheel.
    assert table[release[3]] == "not tried"
    assert store.stored.keys() == {release[0], release[2], other}

    twine(*read_resume_command(result.out)[1:], env=LOGIN).success()
    assert store.stored.keys() == {*release, other}
    assert len(store.sent) == 6


def test_what_was_skipped_is_in_the_table(
    publish: Twine, pypi: FakePyPI, wheel: str, sdist: str
) -> None:
    """A skipped file is on the index, and the command leaves it out."""
    pypi.existing[wheel] = "00" * 32
    pypi.answer("/legacy/", Answer(403, "No"))

    result = publish("--skip-existing", wheel, sdist)

    result.failure()
    assert read_table(result.out) == {wheel: "skipped", sdist: "failed"}
    words = read_resume_command(result.out)
    assert sdist in words
    assert wheel not in words
    assert "--skip-existing" in words


def test_jobs_from_the_environment(
    twine: Twine, store: StoringIndex, release: list[str]
) -> None:
    """`TWINE_JOBS`, `TWINE_RETRIES` and `TWINE_TIMEOUT` are the options' defaults."""
    store.answer("/legacy/", Answer(503, "Busy", LATER), times=1)
    env = {**LOGIN, "TWINE_JOBS": "3", "TWINE_RETRIES": "0", "TWINE_TIMEOUT": "1"}
    url = ("--repository-url", store.upload_url)

    twine("upload", *url, *release, env=env).failure()
    assert len(store.uploads) == 1

    twine("upload", *url, *release, env=env).success()
    assert len(store.stored) == 4
