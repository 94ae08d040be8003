"""What becomes of a file when the index has one of its name."""

import pytest

from support.answers import response
from twine.index.file_status import (
    Absent,
    Different,
    FileStatus,
    Present,
    Same,
    Unknown,
)
from twine.index.upload_error import UploadError
from twine.publish.existing import settle_before_sending, settle_refusal
from twine.publish.outcome import Outcome, Result, Status, render_table

ONE, TWO = "1a" * 32, "2b" * 32
OTHER = Different(filename="a.whl", sha256=ONE, listed=TWO)
NOT_SENT = Outcome(path="dist/a.whl")
REFUSED = Outcome(
    path="dist/a.whl",
    status="failed",
    error=UploadError(headline="409 Conflict from x", response=response(409)),
)


@pytest.mark.parametrize(
    ("found", "status", "said"),
    [
        (Same(), "skipped", ""),
        (Present(), "skipped", "no SHA-256"),
        (OTHER, "failed", "already exists"),
        (Unknown("It said 401", login_required=True), "failed", "It said 401"),
        (Unknown("It is silent"), None, ""),
        (Absent(), None, ""),
        (Absent(certain=False), None, ""),
    ],
)
def test_what_is_known_before_sending(
    found: FileStatus, status: Status | None, said: str
) -> None:
    """Skip it, fail, or let the answer to the upload decide."""
    outcome = settle_before_sending(NOT_SENT, found)
    assert (outcome and outcome.status) == status
    if outcome is not None:
        assert said in f"{outcome.error}\n{outcome.note}"


@pytest.mark.parametrize("says_exists", [False, True])
@pytest.mark.parametrize(
    ("found", "skipped"),
    [
        (Same(), True),
        (Present(), True),
        (OTHER, False),
        (Absent(), None),
        (Absent(certain=False), None),
        (Unknown("It is silent"), None),
    ],
)
def test_a_refusal_is_a_skip_if_words_or_a_listing_say_so(
    found: FileStatus, skipped: bool | None, says_exists: bool
) -> None:
    """With `--skip-existing`; other content is none, whatever the words are."""
    outcome = settle_refusal(
        REFUSED, found, says_exists=says_exists, skip_existing=True
    )
    expected = says_exists if skipped is None else skipped
    assert outcome.status == ("skipped" if expected else "failed")
    assert (outcome.error is None) is expected
    assert bool(outcome.note) is (expected and found != Same())


@pytest.mark.parametrize(
    ("found", "said", "advice"),
    [
        (Same(), "this very file", "`--skip-existing`"),
        (OTHER, f"is {ONE}, that on the index {TWO}", "publish a new version"),
        (Present(), "no SHA-256", "`--skip-existing`"),
    ],
)
def test_a_refusal_says_what_is_there(
    found: FileStatus, said: str, advice: str
) -> None:
    """Without `--skip-existing` it stays a failure, and tells what to do."""
    outcome = settle_refusal(REFUSED, found, says_exists=True, skip_existing=False)
    assert outcome.status == "failed"
    text = str(outcome.error).splitlines()
    assert text[0] == "409 Conflict from x"
    assert said in text[1]
    assert advice in text[2]
    assert said in outcome.why


def test_a_refused_file_that_is_there_is_counted() -> None:
    """It is on the index, so that nothing is left of it to publish."""
    outcome = settle_refusal(REFUSED, Same(), says_exists=True, skip_existing=False)
    assert render_table([outcome])[-1] == "On the index: 1 of 1 file."
    assert Result(outcomes=[outcome]).left == []
    assert Result(outcomes=[outcome]).error is not None
