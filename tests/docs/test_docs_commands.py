"""Every command of the tutorial and of the README, as it stands there."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.command import clean_environment, plain
from support.fakepypi import FakePyPI
from support.secrets import TOKEN
from support.terminal import Terminal
from twine.config.known_indexes import TESTPYPI

PROJECT = Path(__file__).resolve().parents[2]
TUTORIAL = "docs/tutorial/first-upload.rst"
PAGES = (TUTORIAL, "README.md")
PROMPT = "Enter your API token:"
# A block of reStructuredText, or one of Markdown, with what marks it as not to be run.
_BLOCK = re.compile(
    r"^(?:\.\. not run: (?P<why>.+)\n\n)?\.\. code-block:: console\n\n"
    r"(?P<body>(?: {3}.*\n|\n)+)"
    r"|^(?:<!-- not run: (?P<md_why>.+) -->\n\n)?```(?:console|shell)\n"
    r"(?P<md_body>(?:.*\n)+?)```$",
    re.MULTILINE,
)
_FILE = re.compile(
    r"^\.\. code-block:: \w+\n   :caption: (?P<name>.+)\n\n(?P<body>(?: {3}.*\n|\n)+)",
    re.MULTILINE,
)
# What differs from one run to the next.
_MEASURED = re.compile(r"[\d.]+ [KMG]?B in [\d.]+ s")
# `$ python -m build` would get hatchling from PyPI; the tests have it.
_PYTHON = """#!/bin/sh
case "$*" in
    "-m build") exec {python} -m build --no-isolation ;;
    *) exec {python} "$@" ;;
esac
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command, what the page says that it prints, and why it is not run, if so."""

    command: str
    output: str
    not_run: str | None


def read_steps(page: str) -> Iterator[Step]:
    """Yield the commands of a page, in their order."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    for block in _BLOCK.finditer(text):
        body = block["body"] or block["md_body"]
        lines = [line.removeprefix("   ") for line in body.strip("\n").splitlines()]
        if not lines[0].startswith("$ "):
            lines = [f"$ {line}" for line in lines]
        for command in re.split(r"^\$ ", "\n".join(lines), flags=re.MULTILINE)[1:]:
            first, _, output = command.partition("\n")
            yield Step(
                command=first,
                output=output.strip(),
                not_run=block["why"] or block["md_why"],
            )


def test_commands_that_are_not_run() -> None:
    """All the others are: what is left out says why, and is what pip has to fetch."""
    steps = [step for page in PAGES for step in read_steps(page)]

    left_out = [step.command for step in steps if step.not_run]

    assert left_out == [
        'python -m pip install "path/to/twine[preview]"',
        "python -m pip install build",
        f"python -m pip install --index-url {TESTPYPI.simple_url} --no-deps kettle",
        'python -c "import kettle; print(kettle.boil())"',
        "python -m pip install .",
        "python -m pip install tox && python -m tox -e demo",
        "python -m pip install tox && python -m tox",
    ]
    assert len(steps) - len(left_out) == 9


def test_front_page_shows_the_screen_of_the_readme() -> None:
    """What is tried for one of them holds for the other."""
    shown = [step for step in read_steps("docs/index.rst") if step.output]

    assert shown == [step for step in read_steps("README.md") if step.output]
    assert len(shown) == 3


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """Return a PATH on which `python` and `twine` are those under test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    texts = {
        "python": _PYTHON.format(python=sys.executable),
        "twine": f'#!/bin/sh\nexec {sys.executable} -m twine "$@"\n',
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture
def project(workdir: Path) -> Path:
    """Write the files of the tutorial into `workdir`."""
    text = (PROJECT / TUTORIAL).read_text(encoding="utf-8")
    for found in _FILE.finditer(text):
        path = workdir / found["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(re.sub("^   ", "", found["body"], flags=re.MULTILINE))
    return workdir


@pytest.mark.skipif(sys.platform == "win32", reason="has no pty")
@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_the_page_says(
    page: str, project: Path, programs: str, home: Path, pypi: FakePyPI
) -> None:
    """Each works on the project of the tutorial, and its output stands on the page."""
    shell = shutil.which("sh")
    assert shell is not None
    given = {**pypi.env, "PATH": programs, "TERM": "dumb"}
    environment = clean_environment(home, given)
    for step in read_steps(page):
        if step.not_run:
            continue
        argv = [shell, "-c", step.command]
        with Terminal(argv, cwd=project, env=environment) as terminal:
            if PROMPT in step.output:
                terminal.expect(PROMPT)
                terminal.type_line(TOKEN)
            code, screen = terminal.finish()
        assert code == 0, screen
        assert re.fullmatch(_pattern(step.output), _comparable(screen)), screen

    assert {upload.auth for upload in pypi.uploads} == {f"__token__:{TOKEN}"}


def _comparable(text: str) -> str:
    lines = [line.rstrip() for line in plain(text).strip().splitlines()]
    return _MEASURED.sub("N KB in N s", "\n".join(lines))


def _pattern(output: str) -> str:
    """Return a regular expression for an output in which `...` stands for anything."""
    return re.escape(_comparable(output)).replace(r"\.\.\.", "(?s:.*)")
