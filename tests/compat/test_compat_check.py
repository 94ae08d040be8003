"""`check` and the command line itself: verdicts, usage errors and help."""

from collections.abc import Callable
from pathlib import Path

import pytest

from compat.sides import SDIST, WHEEL, Scenario, Sides, file_with, wheel_with
from support.dists import make_sdist, make_wheel, make_zip_sdist, metadata_text


def _rst(text: str, content_type: str | None = "text/x-rst") -> Callable[[Path], Path]:
    return wheel_with(metadata_text(content_type=content_type, description=text))


def _metadata(**keywords: str) -> Callable[[Path], Path]:
    return wheel_with(metadata_text(**keywords))


def _with_companions(folder: Path) -> None:
    make_wheel(folder)
    (folder / f"{WHEEL}.asc").touch()
    (folder / f"{WHEEL}.publish.attestation").touch()


def _good_and_bad(folder: Path) -> None:
    make_wheel(folder)
    make_sdist(folder, metadata=metadata_text(content_type=None))


PASSED: dict[str, Callable[[Path], object]] = {
    "markdown": make_wheel,
    "an sdist": make_sdist,
    "a zip sdist": make_zip_sdist,
    "plain text": _rst("*not closed", "text/plain"),
    "markdown that is odd": _rst("[not closed", "text/markdown; variant=CommonMark"),
    "reStructuredText": _rst("Title\n=====\n\nText.\n"),
    "metadata 2.4": _metadata(
        metadata_version="2.4", extra="License-Expression: MIT\nLicense-File: L\n"
    ),
    "License-File before its time": _metadata(extra="License-File: LICENSE\n"),
    "attestations and signatures": _with_companions,
}
WARNED: dict[str, Callable[[Path], object]] = {
    "no content type": _rst("Words.\n", None),
    "no description": _rst(""),
    "an unknown description": _rst("UNKNOWN\n"),
    "the second of two files": _good_and_bad,
}
FAILED: dict[str, Callable[[Path], object]] = {
    "a short underline": _rst("A long title\n====\n\nText.\n"),
    "an unknown role": _rst("Some :nope:`text`.\n"),
    "an unknown directive": _rst(".. nope::\n\n   Text.\n"),
    "a file included": _rst(".. include:: /etc/hostname\n"),
    "raw HTML": _rst(".. raw:: html\n\n   <b>bold</b>\n"),
    "no content type, bad text": _rst(".. nope::\n", None),
}


VERDICTS = {
    **{name: (("--strict",), files, 0, ": PASSED") for name, files in PASSED.items()},
    **{name: ((), files, 0, "with warnings") for name, files in WARNED.items()},
    **{
        f"{name}, strict": (("--strict",), files, 1, "due to warnings")
        for name, files in WARNED.items()
    },
    **{name: ((), files, 1, ": FAILED") for name, files in FAILED.items()},
}


@pytest.mark.parametrize(
    ("options", "files", "code", "verdict"), VERDICTS.values(), ids=VERDICTS
)
def test_verdict(
    options: tuple[str, ...],
    files: Callable[[Path], object],
    code: int,
    verdict: str,
    sides: Sides,
) -> None:
    """Each file has the same status line, and the run the same exit status."""
    argv = ("check", *options, "*")
    done = sides.assert_same(Scenario(argv=argv, files=files))
    assert done.code == code
    assert verdict in done.status_lines[-1]


INVALID: dict[str, Callable[[Path], object]] = {
    "an unknown content type": _rst("Words.\n", "text/x-tea"),
    "an unknown variant": _rst("Words.\n", "text/markdown; variant=Tea"),
    "an egg": file_with("pkg.egg"),
    "an unknown field": _metadata(extra="Colour: red\n"),
    "a bad requirement": _metadata(extra="Requires-Dist: a b\n"),
    "a bad Python": _metadata(extra="Requires-Python: three\n"),
    "a field twice": _metadata(extra="Summary: a\nSummary: b\n"),
    "a field before its time": _metadata(metadata_version="1.2"),
    "a bad name": _metadata(name="-pkg-"),
    "a bad version": _metadata(version="one"),
    "no metadata version": wheel_with("Name: pkg\nVersion: 1.0\n\nWords.\n"),
    "no name": wheel_with("Metadata-Version: 2.1\nVersion: 1.0\n\nWords.\n"),
}


@pytest.mark.parametrize("files", INVALID.values(), ids=INVALID)
def test_check_calls_the_same_files_invalid(
    files: Callable[[Path], object], sides: Sides
) -> None:
    """Both name the same error and end with 1.

    A deliberate difference is only in the line that names the file: ours has a
    verdict on it, because it goes on to the next file.
    """
    done = sides.assert_same(
        Scenario(argv=("check", "*"), files=files), "code", "error"
    )
    assert done.ending == (1, "InvalidDistribution", 0)
    [line] = done.status_lines
    assert line.endswith(": FAILED")


def test_check_without_distributions(sides: Sides) -> None:
    """Signatures alone are no failure."""
    files = file_with(f"{WHEEL}.asc")
    assert sides.assert_same(Scenario(argv=("check", "*"), files=files)).code == 0


COMMAND_LINES: dict[str, tuple[tuple[str, ...], int]] = {
    "check of an absent file": (("check", "absent.whl"), 1),
    "check of an absent pattern": (("check", "absent-*"), 1),
    "no command": ((), 2),
    "an unknown command": (("frobnicate",), 2),
    "no file to upload": (("upload",), 2),
    "no file to check": (("check",), 2),
    "two files to register": (("register", "a.whl", SDIST), 2),
    "an unknown option": (("upload", "--nope", WHEEL), 2),
    "an option without its value": (("upload", WHEEL, "-u"), 2),
    "help": (("--help",), 0),
    "help for upload": (("upload", "--help"), 0),
    "help for check": (("check", "--help"), 0),
    "help for register": (("register", "-h"), 0),
}


@pytest.mark.parametrize(("argv", "code"), COMMAND_LINES.values(), ids=COMMAND_LINES)
def test_command_line(argv: tuple[str, ...], code: int, sides: Sides) -> None:
    """Failures end with 1, usage errors with 2, and help with 0."""
    done = sides.assert_same(Scenario(argv=argv))
    assert done.code == code
    assert done.error == ("InvalidDistribution" if code == 1 else None)
    assert code == 1 or "usage: twine" in done.text
