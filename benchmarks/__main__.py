"""Compare how long uploads take: this twine, the PyPA's 7.0.0, uv and curl.

    python -m benchmarks [--quick] [--rounds N] [--only WORDS] [--write]

Everything happens on loopback, against an index that keeps nothing. The programs
take turns, and what is judged are ratios of runs that followed each other.
``tox -e bench`` brings all programs but curl along.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import measure, table
from twine.commands.inputs import split_inputs

_METADATA = (
    "Metadata-Version: 2.1\nName: bench\nVersion: 1.0\n"
    "Description-Content-Type: {content_type}\n\n{description}"
)
# READMEs of some pages, as many projects have them.
_MARKDOWN = "# Title\n\n" + "".join(
    f"## Part {part}\n\nSome *words*, and [a link](https://example.org/{part}).\n\n"
    "- an item\n- another one\n\n```python\nprint('a line')\n```\n\n"
    for part in range(50)
)
_RST = "Title {number}\n========\n\n" + "".join(
    f"Part {part}\n-------\n\nSome *words*, `a link <https://example.org/{part}>`_.\n\n"
    "- an item\n- another one\n\n.. code-block:: python\n\n   print('a line')\n\n"
    for part in range(50)
)
_WHEEL = "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: false\nTag: {tag}\n"
_INFO = "bench-1.0.dist-info"
_RECORD = f"bench/data,,\n{_INFO}/METADATA,,\n{_INFO}/WHEEL,,\n{_INFO}/RECORD,,\n"
MEGABYTE = 1_000_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One thing to measure.

    Args:
        title: What it is.
        number: How many wheels.
        size: Bytes in each.
        jobs: How many to send at the same time.
        delay: Seconds that the index thinks about each file.
        tls: Whether it speaks TLS.
        cpu: Whether the time of the processor counts, and not the clock's: what the
            machine does besides must not decide.
        limits: What our time may be at most, as a share of another program's.
        preflight: Seconds that it may add to look at the files as PyPI does first.
            Only that is measured then: ours with preflight, and without.
        check: Whether the wheels are not sent, but checked: each has a README of its
            own.
    """

    title: str
    number: int
    size: int
    jobs: int = 1
    delay: float = 0.0
    tls: bool = False
    cpu: bool = False
    limits: Mapping[str, float] = dataclasses.field(default_factory=dict)
    preflight: float | None = None
    check: bool = False


WORKS = (
    Work(
        title="one wheel of 1 GiB, http",
        number=1,
        size=1024**3,
        limits={"7.0.0": 0.5},
    ),
    Work(
        title="one wheel of 1 GiB, https",
        number=1,
        size=1024**3,
        tls=True,
        limits={"7.0.0": 0.6},
    ),
    Work(
        title="40 wheels of 5 MB, the index takes 0.3 s for each, ``--jobs 8``",
        number=40,
        size=5 * MEGABYTE,
        jobs=8,
        delay=0.3,
        limits={"7.0.0": 0.2},
    ),
    Work(
        title="the same, ``--jobs 1``",
        number=40,
        size=5 * MEGABYTE,
        delay=0.3,
        limits={"7.0.0": 1.0},
    ),
    Work(
        title="100 wheels of 20 kB, CPU time",
        number=100,
        size=20_000,
        cpu=True,
        limits={"7.0.0": 0.6},
    ),
    Work(
        title="preflight of one wheel of 1 GiB",
        number=1,
        size=1024**3 - MEGABYTE,  # a larger file is what PyPI refuses
        preflight=0.2,
    ),
    Work(
        title="preflight of 40 wheels of 5 MB",
        number=40,
        size=5 * MEGABYTE,
        preflight=0.3,
    ),
    Work(
        title="``check`` of 40 wheels with different READMEs of 7 kB, CPU time",
        number=40,
        size=20_000,
        check=True,
        cpu=True,
        limits={"7.0.0": 1.0},
    ),
)
MOST_MEGABYTES = 64.0
GROUPED = 6000
LONGEST_GROUPING = 0.1


def quick(work: Work) -> Work:
    """Return the same work with little to do, and nothing to prove."""
    return dataclasses.replace(
        work,
        title=f"in small: {work.title}",
        number=min(work.number, 8),
        size=min(work.size // 16, 32 * MEGABYTE),
        delay=work.delay / 10,
        limits={},
    )


def make_wheels(
    folder: Path, number: int, size: int, *, alike: bool = True
) -> list[Path]:
    """Make wheels of random bytes, all of one release.

    Args:
        folder: Where.
        number: How many.
        size: Bytes in each.
        alike: Whether all have the same README, in Markdown; or else each has one of
            its own, in reStructuredText.
    """
    made = []
    for wheel in range(number):
        content_type, description = "text/markdown", _MARKDOWN
        if not alike:
            content_type, description = "text/x-rst", _RST.format(number=wheel)
        tag = f"py3-none-manylinux_2_{wheel + 5}_x86_64"
        path = folder / f"bench-1.0-{tag}.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            with archive.open("bench/data", "w", force_zip64=True) as data:
                for done in range(0, size, MEGABYTE):
                    data.write(os.urandom(min(MEGABYTE, size - done)))
            archive.writestr(
                f"{_INFO}/METADATA",
                _METADATA.format(content_type=content_type, description=description),
            )
            archive.writestr(f"{_INFO}/WHEEL", _WHEEL.format(tag=tag))
            archive.writestr(f"{_INFO}/RECORD", _RECORD)
        made.append(path)
    if number * size > 100 * MEGABYTE and hasattr(os, "sync"):
        os.sync()  # nothing may be on its way to the disk while we measure
    return made


def measure_work(
    work: Work,
    programs: Mapping[str, measure.Command],
    *,
    rounds: int,
    certificate: Path,
) -> dict[str, list[measure.Result]]:
    """Let the programs take turns at one work; return what each run took.

    Args:
        work: The work.
        programs: The programs.
        rounds: How many turns each has.
        certificate: The folder of the index's certificate.
    """
    results: dict[str, list[measure.Result]] = {name: [] for name in programs}
    ca = certificate / "client.pem" if work.tls else None
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        measure.index_server(work.delay, certificate if work.tls else None) as url,
    ):
        home = Path(name, "home")
        home.mkdir()
        wheels = make_wheels(Path(name), work.number, work.size, alike=not work.check)
        task = measure.Task(url=url, files=wheels, jobs=work.jobs, ca=ca)
        for turn in range(rounds):
            for program, command in programs.items():
                result = measure.run(command(task), ca, home)
                results[program].append(result)
                _tell(f"  round {turn + 1}: {program} {result.seconds:.2f} s")
    return results


def row_of(work: Work, results: Mapping[str, Sequence[measure.Result]]) -> table.Row:
    """Return the table's row for one work.

    Args:
        work: The work.
        results: What each run took, by program.
    """
    times = {
        name: [(run.cpu_seconds if work.cpu else None) or run.seconds for run in runs]
        for name, runs in results.items()
    }
    ratios = {
        name: statistics.median(
            ours / theirs for ours, theirs in zip(times["ours"], others, strict=True)
        )
        for name, others in times.items()
        if name != "ours"
    }
    return table.Row(
        title=work.title,
        values={
            name: f"{statistics.median(seconds):.2f} s"
            for name, seconds in times.items()
        },
        ratios=ratios,
        limit=", ".join(
            f"{limit:g} of {name}'s" for name, limit in work.limits.items()
        ),
        ok=all(
            ratios[name] <= limit
            for name, limit in work.limits.items()
            if name in ratios
        )
        if work.limits.keys() & ratios.keys()
        else None,
    )


def row_of_preflight(
    work: Work, results: Mapping[str, Sequence[measure.Result]]
) -> table.Row:
    """Return the row for what preflight adds to one work.

    Args:
        work: The work.
        results: What each run took: ours, and the same without preflight.
    """
    added = statistics.median(
        one.seconds - other.seconds
        for one, other in zip(results["ours"], results["without"], strict=True)
    )
    return table.Row(
        title=work.title,
        values={"ours": f"{added:+.2f} s"},
        ratios={},
        limit=f"{work.preflight:g} s",
        ok=added <= (work.preflight or 0),
    )


def row_of_memory(
    results: Sequence[Mapping[str, Sequence[measure.Result]]],
) -> table.Row:
    """Return the row for memory: the peak of each program over all works.

    Args:
        results: What each run took, by program, for each work.
    """
    peaks: dict[str, float] = {}
    for by_program in results:
        for name, runs in by_program.items():
            used = [run.megabytes for run in runs if run.megabytes is not None]
            peaks[name] = max([peaks.get(name, 0.0), *used])
    known = {name: peak for name, peak in peaks.items() if peak}
    return table.Row(
        title="peak memory, the most of any of these",
        values={name: f"{peak:.0f} MB" for name, peak in known.items()},
        ratios={
            name: known["ours"] / peak
            for name, peak in known.items()
            if name != "ours" and "ours" in known
        },
        limit=f"{MOST_MEGABYTES:g} MB",
        ok=known["ours"] <= MOST_MEGABYTES if "ours" in known else None,
    )


def row_of_grouping(rounds: int) -> table.Row:
    """Measure how long it takes to tell which attestations go with which files.

    Args:
        rounds: How often.
    """
    dists = [f"dist/bench-1.{n}-py3-none-any.whl" for n in range(GROUPED // 2)]
    paths = [*dists, *(f"{dist}.publish.attestation" for dist in dists)]
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        inputs = split_inputs(paths)
        times.append(time.perf_counter() - begun)
        if not all(inputs.attestations_by_dist[dist] for dist in dists):
            raise RuntimeError("an attestation was not found")
    seconds = statistics.median(times)
    return table.Row(
        title=f"grouping {GROUPED:,} paths with attestations",
        values={"ours": f"{seconds:.3f} s"},
        ratios={},
        limit=f"{LONGEST_GROUPING:g} s",
        ok=seconds <= LONGEST_GROUPING,
    )


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "--quick", action="store_true", help="little to do: only shows that it works"
    )
    parser.add_argument(
        "--rounds", type=int, metavar="N", help="turns of each program (default: 5)"
    )
    parser.add_argument(
        "--only", metavar="WORDS", default="", help="only works with this in the title"
    )
    parser.add_argument(
        "--write", action="store_true", help="write the table into the documentation"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table and return whether a limit was missed."""
    parser = make_parser()
    asked = parser.parse_args(arguments)
    if asked.write and (asked.quick or asked.only):
        parser.error("only a whole measurement is worth writing down")
    rounds = asked.rounds or (1 if asked.quick else 5)
    works = [work for work in WORKS if asked.only in work.title]
    programs = measure.find_programs()
    results = []
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        certificate = Path(name, "tls")
        if any(work.tls for work in works):
            measure.make_certificate(certificate)
        for work in works:
            chosen = quick(work) if asked.quick else work
            _tell(chosen.title)
            compared = programs
            if work.preflight is not None:
                compared = measure.PREFLIGHT
            elif work.check:
                compared = measure.find_checkers()
            results.append(
                measure_work(chosen, compared, rounds=rounds, certificate=certificate)
            )
            row = row_of if work.preflight is None else row_of_preflight
            rows.append(row(chosen, results[-1]))
    if results:
        rows.append(row_of_memory(results))
    if asked.only in "grouping":
        rows.append(row_of_grouping(max(rounds, 3)))
    print(table.as_text(rows))
    if asked.write:
        table.write(rows, rounds)
    missed = any(row.ok is False for row in rows)
    return int(missed and not asked.quick)


if __name__ == "__main__":
    sys.exit(main())
