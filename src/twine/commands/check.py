"""``twine check``: would the distributions be accepted, and their page be shown?"""

from __future__ import annotations

import argparse
import contextlib
import functools
from collections.abc import Sequence

from .. import exceptions
from ..check import description as rendering
from ..check import inspect as inspection
from ..check import render as findings
from ..publish import outcome as report
from ..publish import workers
from ..terminal import console as terminal
from ..terminal import logs
from . import inputs as files
from .parsers import DISABLE_VARIABLE, make_check_parser

_NOTHING = "There is no distribution among the files to check."


def check(
    dists: Sequence[str], strict: bool = False, *, jobs: int = workers.DEFAULT_JOBS
) -> bool:
    """Check distributions and print what was found.

    Args:
        dists: Paths and patterns; signatures and attestations are ignored.
        strict: Whether warnings are failures too.
        jobs: How many distributions to look at at a time.

    Returns:
        Whether a file failed.

    Raises:
        InvalidDistribution: A path does not exist, or a pattern matches nothing.
    """
    screen = terminal.current()
    paths = files.split_inputs(files.find_dists(dists)).dists
    if not paths:
        screen.error(_NOTHING)
        return strict
    failed = False
    look = functools.partial(inspection.check_file, renderer=rendering.Renderer())
    for path, found in zip(
        paths, workers.map_ordered(look, paths, jobs=jobs), strict=True
    ):
        if isinstance(found, Exception):
            raise found
        worst = max((severity for severity, _ in found), default=None)
        verdict = inspection.judge(worst, strict=strict)
        failed = failed or verdict.startswith("FAILED")
        _say_verdict(path, verdict)
        for severity, message in sorted(found, key=lambda one: -one[0]):
            tell = screen.error if severity.name == "ERROR" else screen.warning
            tell(message)
    return failed


def _say_verdict(path: str, verdict: str) -> None:
    name = path.replace("\n", r"\n")  # it must not look like another file's verdict
    terminal.current().print(
        f"Checking {name}: ", suffix=verdict, style=findings.style_of(verdict)
    )


def check_for_pypi(arguments: argparse.Namespace) -> bool:
    """Check distributions as PyPI will, and print what was found.

    Args:
        arguments: What the parser returned.

    Returns:
        Whether a file failed.

    Raises:
        TwineException: There is nothing to check, or no index to ask.
        KeyboardInterrupt: The user stopped it; a document has been printed.
    """
    as_text = arguments.format == "text"
    screen = terminal.current()
    with contextlib.nullcontext() if as_text else screen.reserve_stdout():
        error: exceptions.TwineException | KeyboardInterrupt | None = None
        try:
            found = _inspect(arguments)
        except (exceptions.TwineException, KeyboardInterrupt) as exc:
            if as_text:
                raise
            found, error = inspection.Inspection(files=()), exc
        failed = found.failed or error is not None
        if arguments.format == "json":
            described = report.describe_error(error)
            screen.write_json(
                findings.describe(found) | {"failed": failed, "error": described}
            )
        elif arguments.format == "github":
            for line in findings.render_annotations(found, error):
                screen.write_line(line)
        if isinstance(error, KeyboardInterrupt):
            raise error
        if error is not None:
            screen.failure(error)
        elif found.files:
            _say_findings(found)
    return failed


def _inspect(arguments: argparse.Namespace) -> inspection.Inspection:
    """Look at the files that were given, as PyPI will."""
    ask: inspection.Ask | None = None
    if arguments.online:
        from ..check import online

        index = online.parse_root(arguments.index_url)
        ask = functools.partial(online.ask, index=index)
    inputs = files.split_inputs(files.find_dists(arguments.dists))
    if not inputs.dists:
        if arguments.strict:
            raise exceptions.InvalidDistribution(_NOTHING)
        terminal.current().error(_NOTHING)
    return inspection.inspect_for_pypi(
        inputs.dists,
        strict=arguments.strict,
        disabled=arguments.disable,
        jobs=arguments.jobs or workers.DEFAULT_JOBS,
        ask=ask,
        attestations=inputs.attestations_by_dist,
    )


def _say_findings(found: inspection.Inspection) -> None:
    """Print everything for people."""
    screen = terminal.current()
    styles = {"ERROR": "red", "WARNING": "yellow", "NOTE": "dim"}
    for result in found.files:
        _say_verdict(result.path, result.verdict)
        for severity, text in findings.render_findings(result.findings):
            screen.print_labelled(severity.name, styles[severity.name], text)
    for line in findings.render_unchecked(found):
        screen.print_labelled("NOTE", "dim", line)
    screen.print(found.summary)


def main(args: Sequence[str], *, console: terminal.Console | None = None) -> bool:
    """Run the command.

    Args:
        args: The arguments after ``check``.
        console: Where to print.

    Returns:
        Whether a file failed.
    """
    parsed = make_check_parser().parse_args(list(args))
    return run(parsed, args, console or terminal.Console())


def run(
    parsed: argparse.Namespace,
    args: Sequence[str],  # noqa: ARG001 - other commands look for secrets in them
    console: terminal.Console,
) -> bool:
    """Run the command with parsed arguments; see :func:`main`."""
    with terminal.activate(console), logs.print_records(console):
        return _run(parsed)


def _run(parsed: argparse.Namespace) -> bool:
    parser = make_check_parser()
    jobs = parsed.jobs or workers.DEFAULT_JOBS
    if parsed.list_rules or parsed.explain is not None:
        _tell_of_rules(parser, parsed.explain)
        return False
    if not parsed.dists:
        parser.error("the following arguments are required: dist")
    if parsed.index_url is not None and not parsed.online:
        parser.error("--index-url goes with --online")
    default = parser.get_default("disable")
    if not (parsed.pypi or parsed.online or parsed.format != "text"):
        if parsed.disable != default:
            parser.error("--disable goes with --pypi")
        return check(parsed.dists, strict=parsed.strict, jobs=jobs)
    from .. import rules

    unknown = sorted(set(parsed.disable) - {rule.name for rule in rules.ALL_RULES})
    if unknown:
        where = f" ({DISABLE_VARIABLE})" if unknown[0] in default else ""
        parser.error(f"there is no rule `{unknown[0]}`{where}; see --list-rules")
    return check_for_pypi(parsed)


def _tell_of_rules(parser: argparse.ArgumentParser, name: str | None) -> None:
    """Print all rules, or everything about one."""
    from .. import rules

    screen = terminal.current()
    if name is None:
        for line in findings.render_list(rules.ALL_RULES):
            screen.print(line)
        return
    for rule in rules.ALL_RULES:
        if rule.name == name:
            for line in findings.render_explanation(rule):
                screen.print(line)
            return
    parser.error(f"there is no rule `{name}`; see --list-rules")
