"""What the tests in this folder upload."""

from dataclasses import dataclass
from pathlib import Path

from support import dists


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Hold the files of one version that no other test has uploaded."""

    name: str
    version: str
    wheel: Path
    sdist: Path
    zip_sdist: Path

    @property
    def requirement(self) -> str:
        """Return what to ask pip for."""
        return f"{self.name}=={self.version}"

    def file(self, kind: str) -> Path:
        """Return the `wheel`, the `sdist` or the `zip sdist`."""
        return {
            "wheel": self.wheel,
            "sdist": self.sdist,
            "zip sdist": self.zip_sdist,
        }[kind]


def make_release(folder: Path, name: str, version: str) -> Release:
    """Build the files of one version in `folder`."""
    return Release(
        name=name,
        version=version,
        wheel=dists.make_wheel(folder, name, version),
        sdist=dists.make_sdist(folder, name, version),
        zip_sdist=dists.make_zip_sdist(folder, name, version),
    )
