"""`twine check`, called as a function."""

import json
from pathlib import Path

import pytest

from support import dists
from twine.commands import check


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
        check.main(["--format", kind, str(dists.make_wheel(tmp_path))])

    shown = capsys.readouterr()
    if kind == "json":
        assert json.loads(shown.out)["failed"] is True
    else:
        assert shown.out == "::error title=twine::Interrupted.\n"
