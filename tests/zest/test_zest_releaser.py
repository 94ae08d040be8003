"""zest.releaser publishes through our `twine.cli.dispatch`, in its own process.

The environment that runs these tests needs, beside the package under test and the
usual test tools (pytest, trustme):

* `zest.releaser` (it brings `build`, `setuptools` and `wheel` with it);
* `git` on the path.

The tox environment `zest` has zest.releaser. Where it or git is missing the tests fail
and say so; nothing is skipped. The sample project needs nothing to be built, and pip
may not ask any index, so the index of the test is all that is ever spoken to.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from support.command import Result, clean_environment
from support.index import Answer, ScriptedIndex
from support.secrets import SECRET, find_leak
from support.wire import Received

FINISHED_WITHIN: Final = 150.0  # seconds; two environments are made for the builds
USERNAME: Final = "alice"
PASSWORD: Final = f"only%{SECRET}: us#"
SDIST: Final = "kettle-1.0.tar.gz"
WHEEL: Final = "kettle-1.0-py3-none-any.whl"


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

    def run(
        self, *command: str, answers: str = "", env: Mapping[str, str] | None = None
    ) -> Result:
        """Run one of the commands; `answers` are typed ahead, a line per question."""
        program, *arguments = command
        found = shutil.which(program, path=sysconfig.get_path("scripts"))
        assert found is not None, f"{program} is not beside {sys.executable}"
        return self._run([found, *arguments], answers, env or {})

    def commit(self, version: str | None = None) -> None:
        """Commit the project to git, at another version if one is given."""
        if version is not None:
            path = self.project / "pyproject.toml"
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("1.0.dev0", version), encoding="utf-8")
        for command in ("init --quiet", "add --all", "commit --quiet --message Begin"):
            finished = self._run(["git", *command.split()], "", {})
            assert finished.code == 0, finished

    def _run(self, command: list[str], answers: str, env: Mapping[str, str]) -> Result:
        finished = subprocess.run(
            command,
            cwd=self.project,
            env=clean_environment(self.home, {**_offline(self.home), **env}),
            input=answers,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=FINISHED_WITHIN,
            check=False,
        )
        return Result(
            code=finished.returncode, out=finished.stdout, err=finished.stderr
        )


def _offline(home: Path) -> dict[str, str]:
    """Return the variables that keep git and pip to themselves."""
    return {
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "Alice" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "a@example.org" for who in ("AUTHOR", "COMMITTER")},
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INDEX": "1",
        "TMPDIR": str(home),  # where zest.releaser checks out the tag, and leaves it
    }


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
    assert find_leak(released.text) is None


def test_repository_url_in_the_environment(zest: Zest, index: ScriptedIndex) -> None:
    """Release to the URL in the environment, which needs no `.pypirc` section."""
    (zest.home / ".pypirc").write_text("[zest.releaser]\ncreate-wheel = no\n")
    zest.commit(version="1.0")

    released = zest.run(
        "release",
        "--no-input",
        env={
            "TWINE_REPOSITORY_URL": index.upload_url,
            "TWINE_USERNAME": USERNAME,
            "TWINE_PASSWORD": PASSWORD,
        },
    )

    assert released.code == 0, released.text
    assert sent(index) == [("file_upload", SDIST)]
    assert index.uploads[0].auth == f"{USERNAME}:{PASSWORD}"


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
    assert find_leak(released.text) is None


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
