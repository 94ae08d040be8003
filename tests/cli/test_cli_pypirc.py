"""`.pypirc`: which sections count, what may be in it, and what may be wrong with it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, SECRET, TOKEN, TOKEN_AUTH, USER

WritePypirc = Callable[[str], Path]


def section(name: str, url: str, *lines: str) -> str:
    """Return one index as a section."""
    return "\n".join([f"[{name}]", f"repository = {url}", *lines, ""])


LOGIN = (f"username = {USER}", f"password = {PASSWORD}")


def test_a_percent_sign_is_only_a_percent_sign(
    twine: Twine, index: ScriptedIndex, write_pypirc: WritePypirc, wheel: str
) -> None:
    """Values are taken as they are: no interpolation, no comments within a line."""
    password = f"%{SECRET}%%(home)s;#x = y"
    write_pypirc(
        "[distutils]\nindex-servers = mine\n"
        + section("mine", index.upload_url, "username: %u", f"password = {password}")
    )
    twine("upload", "-r", "mine", wheel).success()
    assert index.uploads[0].auth == f"%u:{password}"


@pytest.mark.parametrize("bom", [False, True], ids=["plain", "with a BOM"])
def test_the_file_is_utf8(
    twine: Twine, index: ScriptedIndex, home: Path, wheel: str, bom: bool
) -> None:
    """Names and passwords may have any character; a byte order mark does no harm."""
    text = "[distutils]\nindex-servers = mine\n# ключ\n" + section(
        "mine", index.upload_url, "username = jürgen", f"password = {SECRET}ß✓"
    )
    encoding = "utf-8-sig" if bom else "utf-8"
    (home / ".pypirc").write_text(text, encoding=encoding)
    twine("upload", "-r", "mine", wheel).success()
    assert index.uploads[0].auth == f"jürgen:{SECRET}ß✓"


def test_only_listed_sections_count(
    twine: Twine, index: ScriptedIndex, write_pypirc: WritePypirc, wheel: str
) -> None:
    """A section that `index-servers` does not list is not an index."""
    write_pypirc(
        "[distutils]\nindex-servers = pypi\n"
        + section("other", index.upload_url, *LOGIN)
    )
    said = twine("upload", "-r", "other", wheel).failure("InvalidConfiguration")
    assert "other" in said
    assert index.requests == []


def test_a_listed_section_needs_a_repository(
    twine: Twine, write_pypirc: WritePypirc, wheel: str
) -> None:
    """A listed section without `repository` is an error that names it."""
    write_pypirc(f"[distutils]\nindex-servers = mine\n[mine]\npassword = {SECRET}\n")
    said = twine("upload", "-r", "mine", wheel).failure("InvalidConfiguration")
    assert "mine" in said
    assert "repository" in said


def test_an_unknown_section_is_told_with_the_known_ones(
    twine: Twine, index: ScriptedIndex, write_pypirc: WritePypirc, wheel: str
) -> None:
    """The error about a missing section names it and what there is."""
    write_pypirc(
        "[distutils]\nindex-servers = mine\n"
        + section("mine", index.upload_url, *LOGIN)
    )
    said = twine("upload", "-r", "nope", wheel).failure("InvalidConfiguration")
    assert "nope" in said
    assert "mine" in said


def test_testpypi_must_be_listed_where_there_is_a_list(
    publish: Twine, pypi: FakePyPI, write_pypirc: WritePypirc, wheel: str
) -> None:
    """A list of indexes without `testpypi` leaves it out."""
    write_pypirc("[distutils]\nindex-servers = pypi\n")
    publish("-r", "testpypi", wheel).failure("InvalidConfiguration")
    assert pypi.requests == []


def test_pypi_is_there_though_not_listed(
    publish: Twine, pypi: FakePyPI, write_pypirc: WritePypirc, wheel: str
) -> None:
    """`pypi` keeps its URL whatever the list says."""
    write_pypirc("[distutils]\nindex-servers = mine\n")
    publish("-r", "pypi", wheel).success()
    assert [request.host for request in pypi.uploads] == ["upload.pypi.org"]


def test_the_pypi_section_gives_the_token(
    twine: Twine, pypi: FakePyPI, write_pypirc: WritePypirc, wheel: str
) -> None:
    """A token in `[pypi]` is used for PyPI; the user name is known."""
    write_pypirc(f"[pypi]\npassword = {TOKEN}\n")
    twine("upload", wheel, env=pypi.env).success()
    assert [request.auth for request in pypi.uploads] == [TOKEN_AUTH]


def test_server_login_is_the_default_of_every_index(
    twine: Twine, index: ScriptedIndex, write_pypirc: WritePypirc, wheel: str
) -> None:
    """`[server-login]` fills in what a section leaves out."""
    write_pypirc(
        f"[server-login]\nusername = {USER}\npassword = {SECRET}-of-all\n"
        "[distutils]\nindex-servers = mine\n"
        + section("mine", index.upload_url, f"password = {PASSWORD}")
    )
    twine("upload", "-r", "mine", wheel).success()
    assert index.uploads[0].auth == BASIC_AUTH


@pytest.mark.parametrize("name", ["my.rc", "folder with ünïcode/my rc", "~/my.rc"])
def test_the_config_file_may_be_anywhere(
    twine: Twine,
    index: ScriptedIndex,
    workdir: Path,
    home: Path,
    wheel: str,
    name: str,
) -> None:
    """`--config-file` takes relative paths, any characters and `~`."""
    path = home / name[2:] if name.startswith("~") else workdir / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "[distutils]\nindex-servers = mine\n"
        + section("mine", index.upload_url, *LOGIN)
    )
    twine("upload", "-r", "mine", "--config-file", name, wheel).success()
    assert index.uploads[0].auth == BASIC_AUTH


def test_what_azure_pipelines_writes_works(
    twine: Twine, index: ScriptedIndex, workdir: Path
) -> None:
    """A feed's section, its URL with a slash at the end, and a pattern of wheels."""
    dists.make_wheel(workdir / "dist")
    (workdir / "task.pypirc").write_text(
        "[distutils]\nIndex-servers=myTestFeed\n[myTestFeed]\n"
        f"Repository={index.url}/_packaging/myTestFeed/pypi/upload/\n"
        f"username=build\npassword={PASSWORD}\n"
    )
    given = ("-r", "myTestFeed", "--config-file", workdir / "task.pypirc")
    twine("upload", *given, "dist/*.whl").success()
    (request,) = index.uploads
    assert request.path == "/_packaging/myTestFeed/pypi/upload/"
    assert request.auth == f"build:{PASSWORD}"


def test_a_missing_config_file_is_an_error(
    publish: Twine, pypi: FakePyPI, wheel: str
) -> None:
    """A `--config-file` that is not there is named."""
    said = publish("--config-file", "nope.rc", wheel).failure("InvalidConfiguration")
    assert "nope.rc" in said
    assert pypi.requests == []


@pytest.mark.parametrize(
    "content",
    [
        f"password = {SECRET}\n[distutils]\n".encode(),
        f"[pypi]\npassword {SECRET}\n".encode(),
        f"[pypi]\npassword = {SECRET}\n[pypi]\n".encode(),
        f"[pypi]\npassword = {SECRET}\npassword = {SECRET}\n".encode(),
        f"[pypi {SECRET}\n".encode(),
        f"[pypi]\npassword = {SECRET}ä\n".encode("latin-1"),
        f"[pypi]\npassword = {SECRET}\n".encode("utf-16"),
        f"[pypi]\npassword = {SECRET}\n".encode("utf-16-le"),
        b"\x00\x01\x02\xff",
    ],
    ids=[
        "no section",
        "no equals sign",
        "section twice",
        "key twice",
        "open bracket",
        "Latin-1",
        "UTF-16",
        "UTF-16 without a BOM",
        "binary",
    ],
)
def test_a_malformed_file_is_named_and_never_shown(
    publish: Twine, pypi: FakePyPI, home: Path, wheel: str, content: bytes
) -> None:
    """What cannot be read is an error that shows nothing of the content."""
    (home / ".pypirc").write_bytes(content)
    said = publish(wheel).failure(
        "(InvalidConfiguration|UnableToReadConfigurationFile)"
    )
    assert ".pypirc" in said
    assert pypi.requests == []


def test_a_folder_is_no_config_file(
    publish: Twine, pypi: FakePyPI, home: Path, wheel: str
) -> None:
    """A `.pypirc` that is a folder is an error, not a traceback."""
    (home / ".pypirc").mkdir()
    said = publish(wheel).failure()
    assert ".pypirc" in said
    assert pypi.requests == []


def test_a_repository_url_finds_its_section(
    twine: Twine, index: ScriptedIndex, write_pypirc: WritePypirc, wheel: str
) -> None:
    """`--repository-url` of an index in `.pypirc` is sent that index's credentials."""
    write_pypirc(
        "[distutils]\nindex-servers = mine\n"
        + section("mine", index.upload_url, *LOGIN)
    )
    twine("upload", "--repository-url", index.upload_url, wheel).success()
    assert index.uploads[0].auth == BASIC_AUTH


@pytest.mark.parametrize(("asked", "known"), [("/a", "/a/"), ("/a/", "/a")])
def test_a_repository_url_is_used_as_it_was_given(
    twine: Twine,
    index: ScriptedIndex,
    write_pypirc: WritePypirc,
    wheel: str,
    asked: str,
    known: str,
) -> None:
    """A section that differs in the last slash gives credentials, not its URL."""
    write_pypirc(
        "[distutils]\nindex-servers = mine\n"
        + section("mine", f"{index.url}{known}", *LOGIN)
    )
    twine("upload", "--repository-url", f"{index.url}{asked}", wheel).success()
    sent = [(request.path, request.auth) for request in index.requests]
    assert sent == [(asked, BASIC_AUTH)]


def test_another_url_gets_no_credentials_of_a_section(
    twine: Twine, index: ScriptedIndex, write_pypirc: WritePypirc, wheel: str
) -> None:
    """Credentials of one index never go to another URL."""
    write_pypirc(
        "[distutils]\nindex-servers = mine\n"
        + section("mine", index.upload_url, *LOGIN)
    )
    url = f"{index.url}/another/"
    twine("upload", "--repository-url", url, wheel).failure("NonInteractive")
    assert index.requests == []


def test_a_password_in_a_sections_url_is_taken_out(
    twine: Twine, index: ScriptedIndex, write_pypirc: WritePypirc, wheel: str
) -> None:
    """Credentials in `repository` are used, and shown as eight stars."""
    address = f"127.0.0.1:{index.port}/legacy/"
    write_pypirc(
        "[distutils]\nindex-servers = mine\n"
        + section("mine", f"http://{USER}:{SECRET}%2F1@{address}")
    )
    said = twine("upload", "-r", "mine", "--verbose", wheel).success()
    assert "Uploading distributions to http://" in said
    (request,) = index.uploads
    assert request.auth == f"{USER}:{SECRET}/1"
    assert request.headers["Host"] == f"127.0.0.1:{index.port}"


def test_a_nul_character_is_told_by_its_line(
    twine: Twine, index: ScriptedIndex, write_pypirc: WritePypirc, wheel: str
) -> None:
    """What no path may hold is one error."""
    write_pypirc(
        "[distutils]\nindex-servers = mine\n"
        + section("mine", index.upload_url, *LOGIN, "ca_cert = a\0b")
    )

    said = twine("upload", "-r", "mine", wheel).failure("InvalidConfiguration")

    assert "line 7 holds a NUL character" in said
    assert index.requests == []


@pytest.mark.skipif(os.name == "nt", reason="has no /dev/null")
def test_a_user_without_a_home_needs_no_file(
    twine: Twine, index: ScriptedIndex, wheel: str
) -> None:
    """With `/dev/null` as home, as system users have it, there is no `.pypirc`."""
    given = ("-u", USER, "-p", PASSWORD)
    home = {"HOME": os.devnull}
    result = twine(
        "upload", "--repository-url", index.upload_url, *given, wheel, env=home
    )
    result.success()
    assert result.warnings == []
    assert len(index.uploads) == 1
    said = twine("upload", "-r", "nowhere", *given, wheel, env=home).failure()
    assert "There is no index `nowhere`" in said
