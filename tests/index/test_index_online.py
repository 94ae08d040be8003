"""``twine check --online``: what an index that is asked adds to the findings."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from support import dists
from support.command import Twine
from support.index import Answer, ScriptedIndex
from twine import inspection, online

JSON = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
HTML = {"Content-Type": "text/html"}


def ask(index: ScriptedIndex, path: Path) -> tuple[set[str], tuple[str, ...]]:
    """Return the rules that find something in a file, and what went wrong."""
    found = inspection.inspect_for_pypi(
        [str(path)], ask=lambda all_: online.ask(all_, f"{index.url}/simple/")
    )
    return {one.rule for one in found.files[0].findings}, found.problems


def lists(index: ScriptedIndex, name: str, *files: dict[str, Any], **more: Any) -> None:
    """Let the index have a project with files."""
    answer = Answer.of_json({"files": list(files), **more})
    index.answer(f"/simple/{name}/", answer)


def test_online_json(index: ScriptedIndex, wheel: Path) -> None:
    """Digests, times of upload and the status are judged."""
    file = {
        "filename": wheel.name,
        "hashes": {"sha256": "ab" * 32},
        "upload-time": "2020-01-01T00:00:00Z",
    }
    lists(index, "pkg", file, **{"project-status": {"status": "archived"}})
    found, problems = ask(index, wheel)
    assert {"file-exists", "release-closed", "project-archived"} <= found
    assert not problems


def test_online_html_claims_no_more_than_it_says(
    index: ScriptedIndex, wheel: Path
) -> None:
    """A page tells names and digests, and nothing of times and status."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    page = f'<a href="/f/{wheel.name}#sha256={digest}">x</a>'.encode()
    index.answer("/simple/pkg/", Answer(headers=HTML, body=page))
    found, problems = ask(index, wheel)
    assert "already-uploaded" in found
    assert not found & {"file-exists", "release-closed", "project-new"}
    assert not problems


def test_online_new_project_with_names_alike(
    index: ScriptedIndex, workdir: Path
) -> None:
    """The list of projects is searched across the borders of blocks."""
    path = dists.make_wheel(workdir, "tool")
    index.answer("/simple/tool/", Answer(404, "Not Found"))
    link = b'<a href="/simple/t-00l/">t-00l</a>'
    body = b" " * (2**20 - 14) + link
    index.answer("/simple/", Answer(headers=HTML, body=body, chunked=True))
    found, _ = ask(index, path)
    assert {"project-new", "similar-name"} <= found


@pytest.mark.parametrize(
    "answer",
    [Answer(403, "Forbidden"), Answer(headers=JSON, body=b"{"), Answer(body=b"?")],
)
def test_online_without_an_answer(
    index: ScriptedIndex, wheel: Path, answer: Answer
) -> None:
    """An index that cannot be asked is a problem that is told, and no finding."""
    index.answer("/simple/pkg/", answer)
    found, problems = ask(index, wheel)
    assert len(problems) == 1
    assert not found & {"project-new", "file-exists"}


@pytest.mark.parametrize("exists", [True, False])
def test_online_replaces_suppositions(
    index: ScriptedIndex, workdir: Path, exists: bool
) -> None:
    """A name of the standard library is an error if new, and fine if not."""
    path = dists.make_wheel(workdir, "json")
    if exists:
        lists(index, "json")
    index.answer("/simple/json/", Answer(404, "Not Found"))
    found, _ = ask(index, path)
    assert "stdlib-name" not in found
    assert ("stdlib-name-new" in found) is not exists


def test_online_tries_again(index: ScriptedIndex, wheel: Path) -> None:
    """A busy index is asked again."""
    index.answer("/simple/pkg/", Answer(503, "Busy", {"Retry-After": "0"}), times=1)
    lists(index, "pkg")
    assert ask(index, wheel)[1] == ()


def test_online_command_sends_no_credentials(
    index: ScriptedIndex, wheel: Path, home: Path, twine: Twine
) -> None:
    """Nothing of `.netrc` is sent, and a refusal leaves the exit status alone."""
    (home / ".netrc").write_text("machine 127.0.0.1 login me password secret")
    index.answer("/simple/pkg/", Answer(403, "Forbidden"))
    url = f"{index.url}/simple/"
    result = twine("check", "--online", "--index-url", url, wheel)
    assert result.code == 0, result.text
    assert "cannot be asked" in result.text
    assert [one.auth for one in index.requests] == [None]
