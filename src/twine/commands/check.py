"""``twine check``: would the metadata be accepted, and the description rendered?"""

from __future__ import annotations

import argparse
import dataclasses
import email.message
import io
import re
from collections.abc import Iterator, Sequence

from .. import console, exceptions, files
from ..package import PackageFile

# A message of docutils: `<string>:12: (WARNING/2) Title underline too short.`
_DOCUTILS = re.compile(r"^<string>:(?P<line>\d*): \((?P<level>\w+)/\d\) ")


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Something about one file.

    Args:
        fails: Whether the file fails because of it; otherwise it is a warning.
        message: What it is.
    """

    fails: bool
    message: str


def check(dists: Sequence[str], strict: bool = False) -> bool:
    """Check distributions and print what was found.

    Args:
        dists: Paths and patterns; signatures and attestations are ignored.
        strict: Whether warnings are failures too.

    Returns:
        Whether a file failed.

    Raises:
        InvalidDistribution: A path does not exist, or a pattern matches nothing.
    """
    screen = console.current()
    inputs = files.split_inputs(files.find_dists(dists))
    if not inputs.dists:
        screen.error("There is no distribution among the files to check.")
        return strict
    failed = False
    for filename in inputs.dists:
        findings = check_file(filename)
        verdict, style = _verdict(findings, strict)
        screen.say(f"Checking {filename}: ", last=verdict, style=style)
        for finding in findings:
            (screen.error if finding.fails else screen.warning)(finding.message)
        failed = failed or style == "red"
    return failed


def _verdict(findings: Sequence[Finding], strict: bool) -> tuple[str, str]:
    """Return the word for a file's findings, and its colour."""
    if any(finding.fails for finding in findings):
        return "FAILED", "red"
    if not findings:
        return "PASSED", "green"
    if strict:
        return "FAILED due to warnings", "red"
    return "PASSED with warnings", "yellow"


def check_file(filename: str) -> list[Finding]:
    """Return what is to be said about one distribution."""
    try:
        package = PackageFile.from_filename(filename, comment=None)
    except exceptions.InvalidDistribution as exc:
        return [Finding(True, f"{type(exc).__name__}: {exc}")]
    raw = package.metadata
    return list(
        _check_description(raw.get("description"), raw.get("description_content_type"))
    )


def _check_description(
    description: str | None, content_type: str | None
) -> Iterator[Finding]:
    if content_type is None:
        yield Finding(
            False,
            "`Description-Content-Type` is missing: the description is read as "
            "reStructuredText.",
        )
    if description is None or description.strip() in {"", "UNKNOWN"}:
        yield Finding(
            False, "The description is missing: the project's page will be empty."
        )
        return
    if content_type is None or _media_type(content_type) == "text/x-rst":
        problems = render_problems(description)
        if problems:
            yield Finding(
                True,
                "The description cannot be rendered as reStructuredText:\n"
                + "\n".join(problems),
            )


def _media_type(content_type: str) -> str:
    message = email.message.Message()
    message["content-type"] = content_type
    return message.get_content_type()


def render_problems(description: str) -> list[str]:
    """Return why reStructuredText would not be rendered; empty if it would.

    Args:
        description: The text.
    """
    # Rendering needs docutils, which takes its time to load.
    from readme_renderer import rst

    stream = io.StringIO()
    try:
        if rst.render(description, stream=stream) is not None:
            return []
    except Exception as exc:  # noqa: BLE001 - docutils trips over deep nesting
        return [f"- the renderer fails on it ({type(exc).__name__})"]
    problems = []
    for line in stream.getvalue().splitlines():
        found = _DOCUTILS.match(line)
        if found is None:
            problems.append(f"  {line}".rstrip())
            continue
        where = f"line {found['line']}: " if found["line"] else ""
        problems.append(f"- {where}{found['level'].lower()}: {line[found.end() :]}")
    return problems or ["- nothing is left to show"]


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of this command's arguments."""
    parser = argparse.ArgumentParser(
        prog="twine check",
        description="Check distributions before they are published: metadata, and "
        "whether the description can be rendered.",
    )
    parser.add_argument(
        "dists", nargs="+", metavar="dist", help="the files to check, usually dist/*"
    )
    parser.add_argument(
        "--strict", action="store_true", help="let warnings fail a file too"
    )
    return parser


def main(args: Sequence[str]) -> bool:
    """Run the command.

    Args:
        args: The arguments after ``check``.

    Returns:
        Whether a file failed.
    """
    parsed = make_parser().parse_args(list(args))
    return check(parsed.dists, strict=parsed.strict)
