"""The script that measures uploads, with next to nothing to do."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_the_benchmarks_run_and_clean_up(workdir: Path) -> None:
    """A table comes out, no file stays behind, and nothing is judged in small."""
    environment = {**os.environ, "TMPDIR": str(workdir), "TEMP": str(workdir)}
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
    assert not list(workdir.iterdir())
