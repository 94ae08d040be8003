"""`.pypirc`: which sections count, what may be in it, and what may be wrong with it."""

from collections.abc import Callable
from pathlib import Path

from support import dists
from support.command import Twine
from support.fakepypi import FakePyPI
from support.index import ScriptedIndex
from support.secrets import PASSWORD, TOKEN, TOKEN_AUTH, USER

WritePypirc = Callable[[str], Path]


def section(name: str, url: str, *lines: str) -> str:
    """Return one index as a section."""
    return "\n".join([f"[{name}]", f"repository = {url}", *lines, ""])


LOGIN = (f"username = {USER}", f"password = {PASSWORD}")


def test_the_pypi_section_gives_the_token(
    twine: Twine, pypi: FakePyPI, write_pypirc: WritePypirc, wheel: str
) -> None:
    """A token in `[pypi]` is used for PyPI; the user name is known."""
    write_pypirc(f"[pypi]\npassword = {TOKEN}\n")
    twine("upload", wheel, env=pypi.env).success()
    assert [request.auth for request in pypi.uploads] == [TOKEN_AUTH]


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
