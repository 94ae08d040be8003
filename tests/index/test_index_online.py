"""``twine check --online``: what an index that is asked adds to the findings."""

import functools
import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from support import dists
from support.command import Twine
from support.index import Answer, Fault, ScriptedIndex, unused_port
from support.patience import hasty
from support.secrets import PASSWORD, USER
from twine import exceptions
from twine.check import online
from twine.check.inspect import inspect
from twine.check.subject import read_subject
from twine.config.known_indexes import parse_simple_url

JSON = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
HTML = {"Content-Type": "text/html"}


def ask(
    index: ScriptedIndex | str, *paths: Path, disabled: Collection[str] = ()
) -> tuple[set[str], tuple[str, ...]]:
    """Return the rules that find something in some files, and what went wrong."""
    policy, _ = hasty()
    url = index if isinstance(index, str) else f"{index.url}/simple/"
    root = parse_simple_url(url)
    found = inspect(
        [read_subject(str(path)) for path in paths],
        disabled=disabled,
        ask_index=functools.partial(online.ask_index, index=root, policy=policy),
    )
    return {one.rule for file in found.files for one in file.findings}, found.problems


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


@pytest.mark.parametrize(
    "file",
    [
        {},
        {"upload-time": "2020-01-01T00:00:00"},
        {"upload-time": "long ago"},
        {"upload-time": 5},
    ],
)
def test_online_without_times(
    index: ScriptedIndex, workdir: Path, file: dict[str, Any]
) -> None:
    """A release is closed only if the index says when a file was uploaded."""
    lists(index, "pkg", {"filename": "pkg-1.0-cp39-cp39-win32.whl", **file})
    found, problems = ask(index, dists.make_wheel(workdir, "pkg"))
    assert "release-closed" not in found
    assert problems == ()


def test_online_new_project(index: ScriptedIndex, wheel: Path) -> None:
    """A project that the index does not know is new."""
    index.answer("/simple/pkg/", Answer(404, "Not Found"))
    assert ask(index, wheel) == ({"project-new"}, ())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(403, "Forbidden"),
        Answer(500, "Broken"),
        Answer(fault=Fault.RESET_AFTER_BODY),
        Answer(headers=JSON, body=b"{"),
        Answer(body=b"?"),
    ],
)
def test_online_without_an_answer(
    index: ScriptedIndex, wheel: Path, answer: Answer
) -> None:
    """An index that cannot be asked is a problem that is told, and no finding."""
    index.answer("/simple/pkg/", answer)
    found, problems = ask(index, wheel)
    assert len(problems) == 1
    assert not found & {"project-new", "file-exists"}


def test_online_without_an_index(wheel: Path, workdir: Path) -> None:
    """An index that refuses connections is told once, and not tried once more."""
    other = dists.make_wheel(workdir, "other")
    url = f"http://127.0.0.1:{unused_port()}/simple"
    found, problems = ask(url, wheel, other)
    assert len(problems) == 1
    assert problems[0].startswith(f"`{url}/` told nothing about `pkg`: ")
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


def test_online_uses_credentials_of_the_url(
    index: ScriptedIndex, wheel: Path, twine: Twine
) -> None:
    """Credentials in the URL are for this index, and nothing shows them."""
    index.answer("/simple/pkg/", Answer(403, f"No {PASSWORD}"))
    url = f"http://{USER}:{PASSWORD}@127.0.0.1:{index.port}/simple"
    result = twine("check", "--online", "--index-url", url, wheel)
    assert "told nothing about `pkg`" in result.text
    assert PASSWORD not in result.text
    assert {one.auth for one in index.requests} == {f"{USER}:{PASSWORD}"}


@pytest.mark.parametrize("kind", ["text", "json", "github"])
def test_online_command_wants_a_url(wheel: Path, twine: Twine, kind: str) -> None:
    """What is no URL of an index is an error, before anything is asked."""
    url = f"http://{USER}:{PASSWORD}@index.example:99999/simple/"
    given = ("--online", "--format", kind, "--index-url", url)
    result = twine("check", *given, wheel)
    assert result.code == 1
    assert "UnreachableRepositoryURLDetected" in result.text
    assert PASSWORD not in result.text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://a.example/x/?token=hidden", "`http://a.example/x/`"),
        ("http://a.example/x?token=hidden", "`http://a.example/x/`"),
        ("http://a.example/x/#hidden", "`http://a.example/x/`"),
        ("http://a.example/x/?token=hi@hidden", "`http://a.example/x/`"),
        ("http://a.example?token=hidden", "`http://a.example/`"),
        ("http://u:hidden@a.example/x/?token=hidden", "`http://a.example/x/`"),
        ("http://u:12#hidden@a.example/x/", "`http://********@a.example/x/`"),
        ("http://u:12?hidden@a.example/x/?hidden", "`http://********@a.example/x/`"),
        ("http://a.example:99999/x/?token=hidden", "`http://a.example:99999/x/`"),
        ("a.example/x/?token=hidden", "`a.example/x/`"),
        ("u:hidden@a.example/x/", "a.example/x/`"),
        ("ftp://u:hidden@a.example/x/", "`ftp://********@a.example/x/`"),
        ("", "``"),
    ],
)
def test_online_shows_no_query(url: str, shown: str) -> None:
    """A query or a fragment may hold a token: the error shows neither."""
    with pytest.raises(exceptions.UnreachableRepositoryURLDetected) as caught:
        parse_simple_url(url)
    assert shown in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_online_command_sends_no_credentials(
    index: ScriptedIndex, wheel: Path, home: Path, twine: Twine
) -> None:
    """Nothing of `.netrc` is sent, and a refusal leaves the exit status alone."""
    (home / ".netrc").write_text("machine 127.0.0.1 login me password secret")
    index.answer("/simple/pkg/", Answer(403, "Forbidden"))
    url = f"{index.url}/simple/"
    result = twine("check", "--online", "--index-url", url, wheel)
    assert result.code == 0, result.text
    assert "told nothing about `pkg`" in result.text
    assert [one.auth for one in index.requests] == [None]
