"""`--wait`: the command ends when the index lists what was uploaded."""

import json
from collections.abc import Callable

import pytest

from support.command import Twine
from support.index import Answer
from support.secrets import LOGIN
from support.storing import StoringIndex
from support.wire import Received
from twine.publish import wait


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask again at once."""
    monkeypatch.setattr(wait, "FIRST_PAUSE", 0.01)


def slowly(store: StoringIndex, questions: int) -> Callable[[Received], Answer]:
    """Return a reply that lists nothing for so many questions."""
    asked = 0

    def reply(request: Received) -> Answer:
        nonlocal asked
        asked += 1
        if asked > questions:
            return store.default_answer(request)
        return Answer.of_json({"meta": {"api-version": "1.0"}, "files": []})

    return reply


def test_command_ends_when_the_index_lists_every_file(
    send: Twine, store: StoringIndex, wheel: str, sdist: str
) -> None:
    """The index is asked again, once for a project, until it has both files."""
    store.answer("/simple/pkg/", slowly(store, 2))
    said = send("--wait", wheel, sdist).success()
    assert "Waiting until the index lists 2 files\n" in said
    assert "The index lists 2 files, after " in said
    assert len(store.lookups) == 3


def test_file_that_is_not_listed_in_time_is_an_error(
    send: Twine, store: StoringIndex, wheel: str, sdist: str
) -> None:
    """It says which one, and that it need not be sent again."""
    store.answer("/simple/pkg/", slowly(store, 10**6))
    said = send("--wait", "0.05", wheel, sdist).failure("NotListed")
    assert "Uploaded, but after 0.05 s the index does not list 2 of 2 files: " in said
    assert f"`{wheel}`" in said
    assert "To publish the rest" not in said
    said = send("--wait", "0.05", "--skip-existing", wheel).failure("NotListed")
    assert f"the index does not list the file: `{wheel}`" in said


def test_document_tells_what_was_uploaded_and_what_was_waited_for(
    send: Twine, store: StoringIndex, wheel: str, sdist: str
) -> None:
    """That they are not listed is no failure of the files."""
    store.answer("/simple/pkg/", slowly(store, 10**6))
    result = send("--wait", "0.05", "--format", "json", wheel, sdist)
    assert result.code == 1
    document = json.loads(result.out)
    assert [file["status"] for file in document["files"]] == ["uploaded", "uploaded"]
    assert document["error"]["type"] == "NotListed"


def test_other_content_is_an_alarm(
    send: Twine, store: StoringIndex, wheel: str
) -> None:
    """What the index lists must be what was sent."""

    def swap(request: Received) -> Answer:
        store.keep(request)
        store.stored[wheel] = "0" * 64
        return Answer()

    store.spoil(wheel, swap)
    said = send("--wait", wheel).failure("InvalidDistribution")
    assert "with other content" in said
    assert "0" * 64 in said


def test_index_that_wants_a_login_is_not_waited_for(
    send: Twine, store: StoringIndex, wheel: str
) -> None:
    """It would not tell in five minutes either."""
    store.answer("/simple/pkg/", Answer(401, "Unauthorized"))
    said = send("--wait", wheel).failure("NotListed")
    assert "401" in said
    assert len(store.uploads) == 1


def test_index_that_cannot_be_asked_is_refused_before_anything_is_sent(
    twine: Twine, store: StoringIndex, wheel: str
) -> None:
    """Where the simple API is cannot be told from every URL."""
    url = f"{store.url}/some/upload/api/of/its/own"
    said = twine("upload", "--wait", "--repository-url", url, wheel, env=LOGIN).failure(
        "UnsupportedConfiguration"
    )
    assert "`--wait`" in said
    assert "`--check-url`" in said
    assert store.requests == []


def test_nothing_is_waited_for_after_a_refusal(
    send: Twine, store: StoringIndex, wheel: str
) -> None:
    """What was refused will not be listed."""
    store.spoil(wheel, Answer(400, "No"))
    send("--wait", wheel).failure("HTTPError")
    assert store.lookups == []


STAGED = Answer.of_json({"links": {"publish": "/sessions/1"}, "status": "pending"})


def test_staged_release_is_not_called_published(
    send: Twine, store: StoringIndex, wheel: str
) -> None:
    """An index may hold it back, and says so in a success (PEP 694)."""
    store.answer("/legacy/", STAGED)
    said = send(wheel).success()
    assert f"Staged {wheel}: the index holds it back\n" in said
    assert "Uploaded" not in said


def test_staged_release_is_not_waited_for(
    send: Twine, store: StoringIndex, wheel: str
) -> None:
    """Nobody knows when it will be published."""
    store.answer("/legacy/", STAGED)
    assert "staged" in send("--wait", wheel).failure("NotListed")
    assert store.lookups == []
