"""`twine check`, called as a function."""

import json
from pathlib import Path

import pytest

from support import dists
from twine.commands import check


def wheel(
    folder: Path,
    description: str = "Some *words*.\n",
    content_type: str | None = "text/markdown",
    name: str = "pkg",
) -> str:
    """Make a wheel with a description and return its path."""
    text = dists.metadata_text(name, description=description, content_type=content_type)
    return str(dists.make_wheel(folder, name, metadata=text))


@pytest.mark.parametrize(
    ("description", "content_type"),
    [
        ("# Fine\n", "text/markdown"),
        ("Fine\n====\n\nWords.\n", "text/x-rst"),
        ("Fine\n====\n\nWords.\n", "text/x-rst; charset=UTF-8"),
        ("not\n=\n*even* `rst\n", "text/plain"),
        ("unclosed ``literal\n", "text/markdown; charset=UTF-8; variant=GFM"),
    ],
)
def test_a_sound_description_passes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    description: str,
    content_type: str,
) -> None:
    """Markdown and plain text never fail; sound reStructuredText passes."""
    path = wheel(tmp_path, description, content_type)

    assert not check.check([path])
    assert capsys.readouterr().out == f"Checking {path}: PASSED\n"


@pytest.mark.parametrize("kind", ["json", "github"])
def test_ctrl_c_leaves_what_a_program_can_read(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    """Standard output has the document or the annotation, and nothing else."""

    def interrupted(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "inspect", interrupted)
    with pytest.raises(KeyboardInterrupt):
        check.main(["--format", kind, wheel(tmp_path)])

    shown = capsys.readouterr()
    if kind == "json":
        assert json.loads(shown.out)["failed"] is True
    else:
        assert shown.out == "::error title=twine::Interrupted.\n"
