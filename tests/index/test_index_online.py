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
from twine.check import inspect as inspection
from twine.check import online
from twine.terminal import console

JSON = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
HTML = {"Content-Type": "text/html"}


def ask(
    index: ScriptedIndex | str, *paths: Path, disabled: Collection[str] = ()
) -> tuple[set[str], tuple[str, ...]]:
    """Return the rules that find something in some files, and what went wrong."""
    policy, _ = hasty()
    url = index if isinstance(index, str) else f"{index.url}/simple/"
    root = online.parse_root(url)
    asked = functools.partial(online.ask, index=root, policy=policy)
    found = inspection.inspect_for_pypi(
        [str(path) for path in paths], ask=asked, disabled=disabled
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
    """That the age of releases is not told is told once, unless nobody asked."""
    paths = [dists.make_wheel(workdir, name) for name in ("one", "two", "pkg")]
    for name in ("one", "two"):
        lists(index, name, {"filename": f"{name}-1.0-cp39-cp39-win32.whl", **file})
    old = {"filename": "pkg-0.9.tar.gz", **file}
    lists(index, "pkg", old)
    found, problems = ask(index, *paths)
    assert "release-closed" not in found
    assert list(problems) == [
        (
            f"`{index.url}/simple/` told nothing about the age of `one 1.0`, "
            "`two 1.0`: `release-closed` could not be checked"
        )
    ]
    assert ask(index, *paths, disabled=["release-closed"])[1] == ()


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
    ("kind", "body"),
    [
        (
            HTML,
            b"<a href='too1/'>x</a><a href=\"./tool/\">x</a><a>x</a><a href='/'>x</a>",
        ),
        (HTML, b'<a class="x" href="/root/pypi/+simple/too1?x#y">too1</a>'),
        (
            JSON,
            b'{"projects": [{"name": "Tool"}, {"_last-serial": 1, "name":"T.O.O.l"}]}',
        ),
    ],
)
def test_online_lists_of_projects(
    index: ScriptedIndex, workdir: Path, kind: dict[str, str], body: bytes
) -> None:
    """Names that look alike are found however an index writes its list."""
    path = dists.make_wheel(workdir, "tool")
    index.answer("/simple/tool/", Answer(404, "Not Found"))
    index.answer("/simple/", Answer(headers=kind, body=body))
    found, problems = ask(index, path)
    assert "similar-name" in found
    assert not problems


@pytest.mark.parametrize(
    "answer",
    [
        Answer(403, "Forbidden"),
        Answer(500, "Broken"),
        Answer(headers=HTML, body=b"<a href='too1/'>", fault=Fault.HALF),
        Answer(headers=HTML, body=b"<h1>Sign in</h1>"),
    ],
)
def test_online_without_a_list_of_projects(
    index: ScriptedIndex, workdir: Path, answer: Answer
) -> None:
    """Whether a name is too similar stays open, and that is told."""
    path = dists.make_wheel(workdir, "tool")
    index.answer("/simple/tool/", Answer(404, "Not Found"))
    index.answer("/simple/", answer)
    found, problems = ask(index, path)
    assert "project-new" in found
    assert "similar-name" not in found
    assert len(problems) == 1
    assert "look alike" in problems[0]


def test_online_several_new_names_that_look_alike(
    index: ScriptedIndex, workdir: Path
) -> None:
    """All new names are compared with the list, and with each other."""
    paths = [dists.make_wheel(workdir, name) for name in ("foo_bar", "foobar", "x")]
    for name in ("foo-bar", "foobar", "x"):
        index.answer(f"/simple/{name}/", Answer(404, "Not Found"))
    index.answer("/simple/", Answer(headers=HTML, body=b"<a href='f00-bar/'></a>"))
    root = online.parse_root(f"{index.url}/simple/")
    found = inspection.inspect_for_pypi(
        [str(path) for path in paths], ask=functools.partial(online.ask, index=root)
    )
    told = [
        [one.message for one in file.findings if one.rule == "similar-name"]
        for file in found.files
    ]
    new = "which is new as well: the second of the two would be refused."
    assert told == [
        [
            "`foo-bar` is too similar to `f00-bar`.",
            f"`foo-bar` is too similar to `foobar`, {new}",
        ],
        [
            "`foobar` is too similar to `f00-bar`.",
            f"`foobar` is too similar to `foo-bar`, {new}",
        ],
        [],
    ]


def test_online_new_name_like_an_existing_one_of_the_run(
    index: ScriptedIndex, workdir: Path
) -> None:
    """A project that exists is not to blame for a new one that looks like it."""
    paths = [dists.make_wheel(workdir, name) for name in ("foo_bar", "foobar")]
    lists(index, "foo-bar")
    index.answer("/simple/foobar/", Answer(404, "Not Found"))
    index.answer("/simple/", Answer(headers=HTML, body=b"<a href='foo-bar/'></a>"))
    assert "similar-name" not in ask(index, paths[0])[0]
    assert "similar-name" in ask(index, *paths)[0]
    root = online.parse_root(f"{index.url}/simple/")
    found = inspection.inspect_for_pypi(
        [str(path) for path in paths], ask=functools.partial(online.ask, index=root)
    )
    assert [
        any(one.rule == "similar-name" for one in file.findings) for file in found.files
    ] == [False, True]


def test_online_redirected(index: ScriptedIndex, workdir: Path) -> None:
    """Where an index is instead is told, for projects and for their list."""
    paths = [dists.make_wheel(workdir, name) for name in ("pkg", "tool")]
    moved = Answer(301, "Moved", {"Location": "/root/?token=hidden"})
    index.answer("/simple/pkg/", moved)
    index.answer("/simple/tool/", Answer(404, "Not Found"))
    index.answer("/simple/", moved)
    _, problems = ask(index, *paths)
    assert len(problems) == 2
    for problem in problems:
        assert f"answered 301 and redirects to `{index.url}/root/`; " in problem
        assert "hidden" not in problem


def test_online_reads_the_list_of_projects_once(
    index: ScriptedIndex, workdir: Path
) -> None:
    """It is long: it is read once for all new projects, and only if it is needed."""
    paths = [dists.make_wheel(workdir, name) for name in ("one", "two", "pkg")]
    index.answer("/simple/one/", Answer(404, "Not Found"))
    index.answer("/simple/two/", Answer(404, "Not Found"))
    lists(index, "pkg")
    index.answer("/simple/", Answer(headers=HTML, body=b"<a href='0ne/'></a>"))
    assert "similar-name" in ask(index, *paths)[0]
    assert [one.path for one in index.requests].count("/simple/") == 1
    ask(index, *paths, disabled=["similar-name"])
    ask(index, paths[2])
    assert [one.path for one in index.requests].count("/simple/") == 1


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


def test_online_tries_again(index: ScriptedIndex, wheel: Path) -> None:
    """A busy index is asked again."""
    index.answer("/simple/pkg/", Answer(503, "Busy", {"Retry-After": "0"}), times=1)
    lists(index, "pkg")
    assert ask(index, wheel)[1] == ()


def test_online_uses_what_the_url_says(index: ScriptedIndex, wheel: Path) -> None:
    """Credentials in the URL are for this index, and nothing shows them."""
    lists(index, "pkg")
    url = f"http://{USER}:{PASSWORD}@127.0.0.1:{index.port}/simple"
    with console.activate(console.Console()) as screen:
        assert ask(url, wheel)[1] == ()
        assert PASSWORD not in screen.sanitize(f"you sent {PASSWORD}")
    assert [one.auth for one in index.requests] == [f"{USER}:{PASSWORD}"]


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
        online.parse_root(url)
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
