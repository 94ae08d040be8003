"""zest.releaser publishes through our `twine.cli.dispatch`, in its own process.

The tox environment `zest` has zest.releaser; git must be on the path. The sample
project needs nothing to be built, and pip may not ask any index.
"""

import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.command import Result, clean_environment
from support.index import Answer, ScriptedIndex
from support.secrets import SECRET, find_leak
from support.wire import Received

USERNAME = "alice"
PASSWORD = f"only%{SECRET}: us#"
SDIST = "kettle-1.0.tar.gz"
WHEEL = "kettle-1.0-py3-none-any.whl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zest:
    """Release the sample project with the commands of zest.releaser."""

    home: Path
    project: Path

    def configure(self, index: ScriptedIndex, zest: str) -> None:
        """Write the `~/.pypirc` that both zest.releaser and twine read."""
        (self.home / ".pypirc").write_text(
            "[distutils]\n"
            "index-servers =\n"
            "    company\n"
            "[company]\n"
            f"repository = {index.upload_url}\n"
            f"username = {USERNAME}\n"
            f"password = {PASSWORD}\n"
            f"[zest.releaser]\n{zest}",
            encoding="utf-8",
        )

    def run(self, program: str, *arguments: str, answers: str = "") -> Result:
        """Run one of the commands; `answers` are typed ahead, a line per question."""
        found = Path(sysconfig.get_path("scripts"), program)
        finished = subprocess.run(
            [found, *arguments],
            cwd=self.project,
            env=self._environment(),
            input=answers,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=150,  # two environments are made for the builds
            check=False,
        )
        done = Result(
            code=finished.returncode, out=finished.stdout, err=finished.stderr
        )
        assert not (leak := find_leak(done.text)), leak
        return done

    def commit(self, version: str | None = None) -> None:
        """Commit the project to git, at another version if one is given."""
        if version is not None:
            path = self.project / "pyproject.toml"
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("1.0.dev0", version), encoding="utf-8")
        for command in ("init --quiet", "add --all", "commit --quiet --message Begin"):
            argv = ["git", *command.split()]
            subprocess.run(argv, cwd=self.project, env=self._environment(), check=True)

    def _environment(self) -> dict[str, str]:
        """Return an environment that keeps git and pip to themselves."""
        offline = {
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "Alice" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "a@example.org" for who in ("AUTHOR", "COMMITTER")},
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INDEX": "1",
            "TMPDIR": str(self.home),  # where zest.releaser leaves the tag's checkout
        }
        return clean_environment(self.home, offline)


@pytest.fixture
def zest(home: Path, tmp_path: Path) -> Zest:
    """Copy the sample project to where it may be changed."""
    project = tmp_path / "kettle"
    sample = Path(__file__).parent / "sample"
    shutil.copytree(sample, project, ignore=shutil.ignore_patterns("__pycache__"))
    return Zest(home=home, project=project)


def sent(index: ScriptedIndex) -> list[tuple[str, str]]:
    """Return the action and the file name of every form, in the order of arrival."""
    return [
        (form.value(":action"), form.files.get("content", ("", "", b""))[0])
        for form in index.uploads
    ]


def test_full_release_uploads_sdist_and_wheel(zest: Zest, index: ScriptedIndex) -> None:
    """Release without a question: both files arrive, with the `.pypirc` credentials."""
    zest.configure(index, "push-changes = no\n")
    zest.commit()

    released = zest.run("fullrelease", "--no-input")

    assert released.code == 0, released.text
    assert sorted(sent(index)) == [("file_upload", WHEEL), ("file_upload", SDIST)]
    assert {form.auth for form in index.uploads} == {f"{USERNAME}:{PASSWORD}"}
    assert {form.value("version") for form in index.uploads} == {"1.0"}
    assert f"Uploading distributions to {index.upload_url}" in released.out
    # zest.releaser's own log goes on as it has set it up.
    assert "\nINFO: Reminder: tag checkout is in " in released.err


@pytest.mark.parametrize("answers", ["y\n" * 4, None], ids=["retry", "no input"])
def test_refusal_is_reported_and_may_be_retried(
    zest: Zest, index: ScriptedIndex, answers: str | None
) -> None:
    """The refusal is caught as a `requests.HTTPError`, and its reason is shown.

    Where somebody answers, the second call of `dispatch` in the same process uploads
    the file; without input the release fails.
    """
    zest.configure(index, "create-wheel = no\n")
    zest.commit(version="1.0")
    refusal = Answer(status=403, reason="No such token")
    index.answer("/legacy/", refusal, times=1)

    options = () if answers else ("--no-input",)
    released = zest.run("release", *options, answers=answers or "")

    assert (released.code == 0) is bool(answers), released.text
    assert "Response status code: 403\n" in released.out
    assert "Reason: No such token\n" in released.out
    assert ("Retry this command?" in released.out) is bool(answers)
    assert sent(index) == [("file_upload", SDIST)] * (2 if answers else 1)


def test_index_that_no_longer_registers(zest: Zest, index: ScriptedIndex) -> None:
    """Go on to the upload when the index says that registering is over.

    zest.releaser knows that answer by the reason of the response, word for word.
    """
    zest.configure(index, "create-wheel = no\nregister = yes\n")
    zest.commit(version="1.0")
    over = "This API is no longer supported, instead simply upload the file."

    def answer(form: Received) -> Answer:
        registers = form.value(":action") == "submit"
        return Answer(status=410, reason=over) if registers else Answer()

    index.answer("/legacy/", answer)

    released = zest.run("release", "--no-input")

    assert released.code == 0, released.text
    assert sent(index) == [("submit", ""), ("file_upload", SDIST)]
    assert "Response status code" not in released.out
