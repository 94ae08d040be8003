"""Look for false alarms: apply the rules to what well-known projects published.

PyPI has taken these files, so a finding of the severity error is a fault of the rule;
except that PyPI became stricter about the names of files in October 2025, and older
files keep theirs (`KNOWN`).

Without arguments all of `PROJECTS` are downloaded with pip, one after the other, each
into a folder that is removed again. Names of projects restrict it to these;
`--folder` looks at files that are there already, and downloads nothing.
"""

from __future__ import annotations

import argparse
import collections
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from twine.check.inspect import inspect
from twine.check.subject import read_subject, read_subjects
from twine.rules.model import Severity

# Small and pure: a wheel and an sdist.
PURE = """
attrs black build cachetools certifi charset-normalizer click colorama django
docutils fastapi filelock flask h11 hatchling httpcore httpx hypothesis idna
itsdangerous jinja2 jsonschema markdown more-itertools packaging pathspec platformdirs
pluggy poetry-core pygments pyparsing pytest python-dateutil pytz requests rich
s3transfer setuptools six starlette tomli tqdm typing-extensions tzdata
urllib3 virtualenv wheel
""".split()  # noqa: SIM905 - easier to read and to sort
# Native: wheels for several platforms.
NATIVE = """
aiohttp cffi coverage cryptography greenlet grpcio lxml markupsafe mypy numpy orjson
pandas pillow protobuf psutil pydantic-core pyyaml ruff scipy sqlalchemy uv wrapt
""".split()  # noqa: SIM905
PROJECTS = (*PURE, *NATIVE)

_WHEEL = ("--only-binary", ":all:")
_PLATFORMS = ("manylinux_2_28_x86_64", "macosx_14_0_arm64", "win_amd64")
_MANYLINUX = ("manylinux_2_17_x86_64", "manylinux2014_x86_64")
_PATIENCE = 180  # seconds for one download
_ENOUGH = 60  # projects that a full run must have seen

# Why PyPI has a file with such an error all the same, by rule and file name.
KNOWN: dict[tuple[str, str], str] = {}


def download(project: str, folder: Path) -> Iterator[str]:
    """Download up to three files of a project, and yield what failed.

    Args:
        project: Its name.
        folder: Where the files go.
    """
    if project in NATIVE:
        wanted = [_on_platform(platform) for platform in _PLATFORMS]
    else:
        # The project's own sdist; what it is built with may come as wheels.
        wanted = [[*_WHEEL], ["--no-binary", project]]
    for choice in wanted:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--dest", str(folder)]
        try:
            subprocess.run(
                [*command, *choice, project],
                check=True,
                timeout=_PATIENCE,
                capture_output=True,
            )
        except subprocess.SubprocessError as exc:
            yield f"{project} ({' '.join(choice)}): {type(exc).__name__}"


def _on_platform(platform: str) -> list[str]:
    tags = [platform, *(_MANYLINUX if platform.startswith("manylinux") else ())]
    switches = [switch for tag in tags for switch in ("--platform", tag)]
    return [*_WHEEL, "--python-version", "3.12", *switches]


def print_findings(paths: Sequence[Path], counts: collections.Counter[str]) -> None:
    """Print and count every finding in some files.

    Args:
        paths: The files.
        counts: What was seen so far; grows.
    """
    found = inspect(read_subjects(read_subject, [str(path) for path in paths]))
    counts["not checked"] += len(found.unchecked)
    for report in found.files:
        name = Path(report.path).name
        counts["files"] += 1
        print(f"{name}: {report.verdict.value}", flush=True)
        for finding in report.findings:
            reason = KNOWN.get((finding.rule, name))
            if finding.severity is Severity.ERROR and reason is not None:
                counts["known"] += 1
                print(f"  known: {finding.rule}: {reason}")
                continue
            counts[str(finding.severity)] += 1
            print(f"  {finding.severity}: {finding.rule}: {finding.message}")


def main() -> int:
    """Return 1 if there was an error that no list explains, or too little to see."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("projects", nargs="*", metavar="PROJECT")
    parser.add_argument("--folder", type=Path, help="files that are there already")
    arguments = parser.parse_args()
    counts: collections.Counter[str] = collections.Counter()
    if arguments.folder is not None:
        for path in sorted(arguments.folder.rglob("*")):
            if path.name.endswith((".whl", ".tar.gz")):
                print_findings([path], counts)
    else:
        for project in arguments.projects or PROJECTS:
            with tempfile.TemporaryDirectory() as folder:
                for failure in download(project, Path(folder)):
                    counts["not downloaded"] += 1
                    print(f"not downloaded: {failure}")
                files = sorted(Path(folder).iterdir())
                counts["projects"] += bool(files)
                print_findings(files, counts)
    print(", ".join(f"{what}: {number}" for what, number in counts.items()))
    everything = arguments.folder is None and not arguments.projects
    too_few = not counts["files"] or (everything and counts["projects"] < _ENOUGH)
    return int(bool(counts["error"] or counts["not checked"] or too_few))


if __name__ == "__main__":
    sys.exit(main())
