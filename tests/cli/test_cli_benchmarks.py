"""The script that measures uploads, with next to nothing to do."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_the_benchmarks_run_and_clean_up(tmp_path: Path) -> None:
    """A table comes out, no file stays behind, and nothing is judged in small."""
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", "20 kB"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    head, row, memory = done.stdout.splitlines()
    assert head.startswith("Work ")
    assert row.startswith("in small: 100 wheels of 20 kB, CPU time ")
    assert memory.startswith("peak memory")
    assert not list(tmp_path.iterdir())
