"""`--skip-existing`, and what is said of files that are on the index without it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, SECRET, USER
from support.storing import StoringIndex
from support.tables import read_table

OTHER = "00" * 32
EXISTS = Answer(400, "File already exists ('pkg-1.0.tar.gz'). See the help for more.")
LOGIN = Answer(302, "Found", {"Location": "/users/sign_in"})


def skips(name: str) -> str:
    """Return the line that tells of a skip."""
    return f"Skipping {name} because it appears to already exist\n"


@pytest.mark.parametrize(
    ("name", "web_host"), [("pypi", "pypi.org"), ("testpypi", "test.pypi.org")]
)
def test_listed_file_is_not_sent(
    publish: Twine,
    pypi: FakePyPI,
    workdir: Path,
    wheel: str,
    sdist: str,
    name: str,
    web_host: str,
) -> None:
    """The JSON simple API is asked once, and only what is missing is sent."""
    pypi.existing[sdist] = dists.sha256(workdir / sdist)
    result = publish("-r", name, "--skip-existing", sdist, wheel)
    assert skips(sdist) in result.success()
    assert read_table(result.out) == {wheel: "uploaded", sdist: "skipped"}
    assert "On the index: 2 of 2 files." in result.out
    assert [request.files["content"][0] for request in pypi.uploads] == [wheel]
    (asked,) = (request for request in pypi.requests if request.method == "GET")
    assert asked.url == f"https://{web_host}/simple/pkg/"
    assert "application/vnd.pypi.simple.v1+json" in asked.headers["Accept"]


def test_private_index_is_asked_with_credentials(
    send: Twine, store: StoringIndex, workdir: Path, wheel: str, sdist: str
) -> None:
    """Its simple API stands beside its upload URL."""
    store.stored[wheel] = dists.sha256(workdir / wheel)
    assert skips(wheel) in send("--skip-existing", wheel, sdist).success()
    assert store.sent == [sdist]
    assert {request.auth for request in store.requests} == {f"{USER}:{PASSWORD}"}


@pytest.mark.parametrize("listing", ["json", "html"])
def test_other_content_is_an_error_before_anything_is_sent(
    send: Twine, store: StoringIndex, workdir: Path, wheel: str, listing: str
) -> None:
    """Both digests are named, the file's first."""
    store.listing = "html" if listing == "html" else "json"
    store.stored[wheel] = OTHER
    said = send("--skip-existing", wheel).failure("InvalidDistribution")
    assert said.index(dists.sha256(workdir / wheel)) < said.index(OTHER)
    assert "Skipping" not in said
    assert store.sent == []


def test_index_without_digests_skips_by_name(
    send: Twine, store: StoringIndex, wheel: str
) -> None:
    """A note tells that the content was not compared."""
    store.stored[wheel] = ""
    said = send("--skip-existing", wheel).success()
    assert skips(wheel) in said
    assert "only the name was compared" in said


@pytest.mark.parametrize("answer", [Answer(401, "No"), Answer(403, "No"), LOGIN])
def test_look_up_that_needs_a_log_in_is_an_error(
    send: Twine, store: StoringIndex, wheel: str, answer: Answer
) -> None:
    """Who may not read is not told that the file is absent."""
    store.answer("/simple/pkg/", answer)
    said = send("--skip-existing", wheel).failure("InvalidConfiguration")
    assert f"{store.url}/simple/pkg/` answered {answer.status}" in said
    assert "`--check-url`" in said
    assert store.sent == []


@pytest.mark.parametrize("source", ["option", "variable", "file"])
def test_check_url_says_where_to_ask(
    twine: Twine,
    index: ScriptedIndex,
    store: StoringIndex,
    write_pypirc: Callable[[str], Path],
    workdir: Path,
    wheel: str,
    source: str,
) -> None:
    """It may have credentials of its own, which nothing shows."""
    store.stored[wheel] = dists.sha256(workdir / wheel)
    check_url = f"http://reader:{SECRET}@127.0.0.1:{store.port}/simple"
    text = f"[distutils]\nindex-servers = x\n[x]\nrepository = {index.url}/a/b/c/d/\n"
    write_pypirc(text + (f"check_url = {check_url}\n" if source == "file" else ""))
    given = ("--check-url", check_url) if source == "option" else ()
    env = {"TWINE_CHECK_URL": check_url} if source == "variable" else {}
    login = ("-r", "x", "-u", USER, "-p", PASSWORD, "--verbose", "--skip-existing")
    said = twine("upload", *login, *given, wheel, env=env).success()
    assert skips(wheel) in said
    assert index.requests == []
    assert [one.auth for one in store.requests] == [f"reader:{SECRET}"]


def test_check_url_that_is_none_is_an_error(
    send: Twine, store: StoringIndex, wheel: str
) -> None:
    """Before anything is sent, and without the secret in it."""
    url = f"index.example/simple/?token={SECRET}"
    send("--check-url", url, wheel).failure("UnreachableRepositoryURLDetected")
    assert store.requests == []


@pytest.mark.parametrize("answer", [EXISTS, Answer(409, "It already exists")])
def test_answer_that_the_file_exists_is_a_skip(
    publish: Twine, pypi: FakePyPI, wheel: str, sdist: str, answer: Answer
) -> None:
    """A file that turns out to be there is skipped, and the next one is sent."""
    pypi.answer("/legacy/", answer, times=1)
    said = publish("--skip-existing", wheel, sdist).success()
    assert skips(wheel) in said
    assert skips(sdist) not in said
    assert len(pypi.uploads) == 2


@pytest.mark.parametrize("status", [403, 409])
@pytest.mark.parametrize("is_there", [False, True])
def test_refusal_without_words_is_a_skip_if_the_file_is_listed(
    send: Twine,
    store: StoringIndex,
    workdir: Path,
    wheel: str,
    status: int,
    is_there: bool,
) -> None:
    """The index is asked again: somebody else may have sent the file meanwhile."""
    answer = Answer(status, "No")
    store.answer("/legacy/", store.keeping(answer) if is_there else answer)
    result = send("--skip-existing", wheel)
    assert (skips(wheel) in result.out) is is_there
    assert result.code == (0 if is_there else 1)
    assert len(store.lookups) == 2


def test_existing_file_is_an_error_without_the_option(
    send: Twine, store: StoringIndex, workdir: Path, wheel: str, sdist: str
) -> None:
    """The refusal says that this very file is there, and the table counts it."""
    store.stored[wheel] = dists.sha256(workdir / wheel)
    result = send("--keep-going", wheel, sdist)
    said = result.failure("HTTPError")
    assert "already exists" in said
    assert "this very file" in said
    assert "`--skip-existing`" in said
    assert "On the index: 2 of 2 files." in result.out
    assert "To publish the rest" not in result.out


def test_refusal_of_other_content_names_both_digests(
    send: Twine, store: StoringIndex, workdir: Path, wheel: str
) -> None:
    """Even a 409 without words is explained by what is listed."""
    store.exists = Answer(409, "Conflict")
    store.stored[wheel] = OTHER
    said = send(wheel).failure("HTTPError")
    assert said.index(dists.sha256(workdir / wheel)) < said.index(OTHER)
    assert "publish a new version" in said


def test_wrong_password_is_not_tried_a_second_time(
    send: Twine, store: StoringIndex, wheel: str
) -> None:
    """A 403 alone asks nothing where nobody wants skips: accounts get locked."""
    store.answer("/legacy/", Answer(403, "Forbidden"))
    send(wheel).failure("HTTPError")
    assert [request.method for request in store.requests] == ["POST"]
