"""Make an environment of its own with the PyPA's twine, to compare ours with.

    python tools/reference.py FOLDER

It is only ever run as a command; ours and theirs share an import name, so that
the two can never live in one environment. It has the libraries that ours is tested
with: another docutils renders in another time, and finds other words.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENT = "twine==7.0.0"
CONSTRAINTS = Path(__file__).resolve().parent / "constraints.txt"


def make_reference(folder: Path) -> None:
    """Create the environment, unless an earlier run left it complete."""
    done = folder / "complete"
    wanted = REQUIREMENT + CONSTRAINTS.read_text(encoding="utf-8")
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return
    venv.EnvBuilder(clear=True, with_pip=True).create(folder)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "-c", str(CONSTRAINTS), REQUIREMENT], check=True)
    done.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    make_reference(Path(sys.argv[1]).resolve())
