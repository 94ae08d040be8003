"""Drive pip as a user of one index does, cut off from every other index."""

import hashlib
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from support.command import clean_environment

FINISHED_WITHIN: Final = 120.0  # seconds

# How pip is told to take only this kind of file.
_ONLY: Final[Mapping[str, str]] = {
    "wheel": "--only-binary=:all:",
    "sdist": "--no-binary=:all:",
    "zip sdist": "--no-binary=:all:",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pip:
    """Run pip against the index at `simple_url`, with everything below `folder`."""

    simple_url: str
    folder: Path

    def download(self, kind: str, requirement: str) -> Path:
        """Download the one file of that kind, and return where it lies."""
        target = self.folder / f"downloaded-{kind}"
        self._run("download", "--dest", str(target), _ONLY[kind], requirement)
        (path,) = target.iterdir()
        return path

    def install(self, kind: str, requirement: str) -> Path:
        """Install from a file of that kind into a folder, and return the folder."""
        target = self.folder / f"installed-{kind}"
        self._run("install", "--target", str(target), _ONLY[kind], requirement)
        return target

    def _run(self, command: str, *arguments: str) -> None:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        # `--isolated` ignores PIP_* variables and the user's configuration, but not
        # the machine's; the null device as configuration file shuts that out too.
        environment = clean_environment(home, {"PIP_CONFIG_FILE": os.devnull})
        options = ["--no-deps", "--no-cache-dir", "--index-url", self.simple_url]
        pip = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"]
        finished = subprocess.run(
            [*pip, command, *options, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
            cwd=self.folder,
            timeout=FINISHED_WITHIN,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout


def installed_version(folder: Path, name: str) -> str:
    """Return the version of the distribution `name` that lies in `folder`."""
    found = importlib.metadata.distributions(name=name, path=[str(folder)])
    (distribution,) = found
    return distribution.version


def sha256(path: Path) -> str:
    """Return the SHA-256 digest of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
