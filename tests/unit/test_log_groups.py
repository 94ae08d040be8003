"""The groups of a log that CI services fold."""

import re

import pytest

from twine.terminal.console import Console
from twine.terminal.log_groups import log_group


def shown(console: Console, capsys: pytest.CaptureFixture[str], title: str) -> str:
    """Return what is printed around one line."""
    with log_group(console, title):
        console.print("a line")
    return capsys.readouterr().out


def test_github_actions_gets_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The title is on one line: what follows another would be a command of its own."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    text = shown(Console(), capsys, "dist/a\n::error::b.whl")

    assert text == "::group::dist/a ::error::b.whl\na line\n::endgroup::\n"


def test_gitlab_gets_sections(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Begin and end have one name, of the characters that GitLab takes."""
    monkeypatch.setenv("GITLAB_CI", "true")

    text = shown(Console(), capsys, "dist/ä+1.whl")

    pattern = (
        "\x1b[0Ksection_start:T:dist___1.whl[collapsed=true]\r\x1b[0Kdist/ä+1.whl\n"
        "a line\n\x1b[0Ksection_end:T:dist___1.whl\r\x1b[0K\n"
    )
    assert re.fullmatch(re.escape(pattern).replace("T", "[0-9]{10}"), text)


@pytest.mark.parametrize(
    ("variable", "to_stderr"), [("CI", False), ("GITHUB_ACTIONS", True)]
)
def test_other_logs_have_no_groups(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    to_stderr: bool,
) -> None:
    """Neither those of other services nor what is printed beside a document."""
    monkeypatch.setenv(variable, "true")
    console = Console(to_stderr=to_stderr)
    with log_group(console, "a.whl"):
        console.print("a line")

    assert "".join(capsys.readouterr()) == "a line\n"


def test_a_group_ends_with_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What follows is not folded away with it."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    with pytest.raises(ValueError, match="x"), log_group(Console(), "a"):
        raise ValueError("x")

    assert capsys.readouterr().out.endswith("::endgroup::\n")
