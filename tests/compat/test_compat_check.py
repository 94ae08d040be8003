"""`check` gives the verdicts that the PyPA's twine gives."""

from collections.abc import Callable
from pathlib import Path

import pytest

from compat.sides import Scenario, Sides
from support.dists import make_sdist, make_wheel, make_zip_sdist, metadata_text

WHEEL = "pkg-1.0-py3-none-any.whl"


def _rst(text: str, content_type: str | None = "text/x-rst") -> Callable[[Path], Path]:
    return lambda folder: make_wheel(
        folder, metadata=metadata_text(content_type=content_type, description=text)
    )


def _metadata(**keywords: str) -> Callable[[Path], Path]:
    return lambda folder: make_wheel(folder, metadata=metadata_text(**keywords))


def _with_companions(folder: Path) -> None:
    make_wheel(folder)
    (folder / f"{WHEEL}.asc").touch()
    (folder / f"{WHEEL}.publish.attestation").touch()


FILES: dict[str, Callable[[Path], object]] = {
    "markdown": make_wheel,
    "an sdist": make_sdist,
    "a zip sdist": make_zip_sdist,
    "plain text": _rst("*not closed", "text/plain"),
    "markdown that is odd": _rst("[not closed", "text/markdown; variant=CommonMark"),
    "reStructuredText": _rst("Title\n=====\n\nText.\n"),
    "a short underline": _rst("A long title\n====\n\nText.\n"),
    "an unknown role": _rst("Some :nope:`text`.\n"),
    "an unknown directive": _rst(".. nope::\n\n   Text.\n"),
    "a file included": _rst(".. include:: /etc/hostname\n"),
    "raw HTML": _rst(".. raw:: html\n\n   <b>bold</b>\n"),
    "no content type": _rst("Words.\n", None),
    "no content type, bad text": _rst(".. nope::\n", None),
    "no description": _rst(""),
    "an unknown description": _rst("UNKNOWN\n"),
    "metadata 2.4": _metadata(
        metadata_version="2.4", extra="License-Expression: MIT\nLicense-File: L\n"
    ),
    "License-File before its time": _metadata(extra="License-File: LICENSE\n"),
    "attestations and signatures": _with_companions,
}


@pytest.mark.parametrize("strict", [(), ("--strict",)], ids=["plain", "strict"])
@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_check(
    files: Callable[[Path], object], strict: tuple[str, ...], sides: Sides
) -> None:
    """Every file gets the same verdict, and the run the same end."""
    done = sides.assert_same(Scenario(argv=("check", *strict, "*"), files=files))
    assert done.status_lines
    assert done.code == int(any("FAILED" in line for line in done.status_lines))


def _two(folder: Path) -> None:
    make_wheel(folder)
    broken = metadata_text(content_type="text/x-rst", description=".. nope::\n")
    make_sdist(folder, metadata=broken)


def test_check_of_several_files(sides: Sides) -> None:
    """Each file has a verdict, in the same order, and one that fails is enough."""
    scenario = Scenario(argv=("check", "pkg-1.0.tar.gz", WHEEL), files=_two)
    done = sides.assert_same(scenario)
    assert (done.code, len(done.status_lines)) == (1, 2)


BROKEN: dict[str, Callable[[Path], object]] = {
    "an unknown content type": _rst("Words.\n", "text/x-tea"),
    "an unknown variant": _rst("Words.\n", "text/markdown; variant=Tea"),
    "an egg": lambda folder: (folder / "pkg.egg").touch(),
    "an unknown field": _metadata(extra="Colour: red\n"),
    "a bad requirement": _metadata(extra="Requires-Dist: a b\n"),
    "a bad Python": _metadata(extra="Requires-Python: three\n"),
    "a field twice": _metadata(extra="Summary: a\nSummary: b\n"),
    "a field before its time": _metadata(
        metadata_version="1.2", content_type="text/markdown"
    ),
    "a bad name": _metadata(name="-pkg-"),
    "a bad version": _metadata(version="one"),
    "no metadata version": lambda folder: make_wheel(
        folder, metadata="Name: pkg\nVersion: 1.0\n\nWords.\n"
    ),
    "no name": lambda folder: make_wheel(
        folder, metadata="Metadata-Version: 2.1\nVersion: 1.0\n\nWords.\n"
    ),
}


@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
def test_check_of_a_broken_file(files: Callable[[Path], object], sides: Sides) -> None:
    """Both call the file invalid and end with 1.

    A deliberate difference is only in the line that names the file: ours has a
    verdict on it, because it goes on to the next file.
    """
    ours, theirs = sides.run(Scenario(argv=("check", "*"), files=files))
    assert ours.code == theirs.code == 1
    assert ours.error == theirs.error == "InvalidDistribution"
    [line] = ours.status_lines
    assert line.endswith(": FAILED")


def test_check_without_distributions(sides: Sides) -> None:
    """Signatures alone are no failure."""
    files = (f"{WHEEL}.asc",)
    scenario = Scenario(
        argv=("check", "*"), files=lambda folder: (folder / files[0]).touch()
    )
    assert sides.assert_same(scenario).code == 0


@pytest.mark.parametrize("argument", ["absent.whl", "absent-*"])
def test_check_of_nothing(argument: str, sides: Sides) -> None:
    """A name or a pattern without a file is an error."""
    done = sides.assert_same(Scenario(argv=("check", argument)))
    assert (done.code, done.error) == (1, "InvalidDistribution")


USAGE = {
    "no command": (),
    "an unknown command": ("frobnicate",),
    "no file to upload": ("upload",),
    "no file to check": ("check",),
    "no file to register": ("register",),
    "two files to register": ("register", "a.whl", "b.whl"),
    "an unknown option": ("upload", "--nope", WHEEL),
    "an option without its value": ("upload", WHEEL, "-u"),
    "help": ("--help",),
    "help for upload": ("upload", "--help"),
    "help for check": ("check", "--help"),
    "help for register": ("register", "-h"),
}


@pytest.mark.parametrize("argv", USAGE.values(), ids=USAGE)
def test_usage(argv: tuple[str, ...], sides: Sides) -> None:
    """Mistakes end with 2, and help with 0."""
    done = sides.assert_same(Scenario(argv=argv))
    asked = "--help" in argv or "-h" in argv
    assert done.code == (0 if asked else 2)
    assert "usage: twine" in done.text
