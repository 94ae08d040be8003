"""``twine check``: would the distributions be accepted, and their page be shown?"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Iterable, Sequence

from .. import exceptions, rules
from ..check import render, subject
from ..check.inspect import AskIndex, FileReport, Inspection, inspect, inspect_basics
from ..config.known_indexes import PYPI, Index, parse_simple_url
from ..rules.description import RST
from ..rules.model import Severity, Subject
from ..terminal import logs
from ..terminal.console import Console, default
from ..terminal.redaction import spellings
from ..terminal.text import suggest
from .inputs import find_dists, split_inputs
from .parsers import DISABLE_VARIABLE, make_check_parser

_NO_DISTS = "There is no distribution among the files to check."
_STYLES = {"ERROR": "red", "WARNING": "yellow", "NOTE": "dim"}


def check(
    dists: Sequence[str],
    strict: bool = False,
    *,
    jobs: int = subject.DEFAULT_JOBS,
    console: Console | None = None,
) -> bool:
    """Check distributions and print what was found.

    Among them may be patterns; signatures and attestations are ignored.

    Returns:
        Whether a file failed.

    Raises:
        InvalidDistribution: A path does not exist, or a pattern matches nothing.
    """
    # Programs call it without one.
    console = console or default()
    paths = split_inputs(find_dists(dists)).dists
    if not paths:
        console.error(_NO_DISTS)
        # No file is wrong; but a strict check of nothing is most likely a wrong path.
        return strict
    failed = False
    for one in subject.read_subjects(
        subject.read_metadata, paths, jobs=jobs, media_types={RST}
    ):
        report = inspect_basics(one, strict=strict)
        failed = failed or report.verdict.failed
        # At once, while the next files are read.
        found = ((finding.severity, finding.message) for finding in report.findings)
        _print_report(console, report, found)
    return failed


def _print_report(
    console: Console, report: FileReport, findings: Iterable[tuple[Severity, str]]
) -> None:
    """Print the verdict on a file, and why; if quiet, only of a file that failed."""
    if console.quiet and not report.verdict.failed:
        return
    name = report.path.replace("\n", r"\n")  # it must not look like another verdict
    verdict, style = report.verdict.value, render.style_of(report.verdict)
    console.print(f"Checking {name}: ", suffix=verdict, style=style, always=True)
    for severity, text in findings:
        console.print_labelled(severity.name, _STYLES[severity.name], text)


def check_for_pypi(parsed: argparse.Namespace, console: Console) -> bool:
    """Check distributions as PyPI will, and print what was found.

    Returns:
        Whether a file failed.

    Raises:
        TwineException: There is nothing to check, or no index to ask.
        KeyboardInterrupt: The user stopped it; a document has been printed.
    """
    if parsed.format == "text":
        inspection = _inspect(parsed, console)
        if inspection.files:
            _print_findings(console, inspection)
        return inspection.failed
    # What a program reads must be the only thing on standard output.
    with console.reserve_stdout():
        error: exceptions.TwineException | KeyboardInterrupt | None = None
        inspection = Inspection()
        try:
            inspection = _inspect(parsed, console)
        except (exceptions.TwineException, KeyboardInterrupt) as exc:
            error = exc
        failed = inspection.failed or error is not None
        if parsed.format == "json":
            # Here: it needs what knows of answers, and no other format does.
            from ..publish.outcome import describe_error

            described = describe_error(error)
            document = render.describe_inspection(inspection)
            console.write_json(document | {"failed": failed, "error": described})
        else:
            for line in render.render_annotations(inspection, error):
                console.write_line(line)
        if isinstance(error, KeyboardInterrupt):
            raise error
        if error is not None:
            console.failure(error)
        elif inspection.files:
            _print_findings(console, inspection)
    return failed


def _inspect(parsed: argparse.Namespace, console: Console) -> Inspection:
    """Read the files that were given, and apply the rules of PyPI to them."""
    ask_index: AskIndex | None = None
    if parsed.online:
        from ..check import online

        index = Index(url=PYPI.simple_url)
        if parsed.index_url is not None:
            index = parse_simple_url(parsed.index_url)
        if index.password:
            console.hide(*spellings(index.username, index.password))
        ask_index = functools.partial(online.ask_index, index=index)
    inputs = split_inputs(find_dists(parsed.dists))
    if not inputs.dists:
        if parsed.strict:
            raise exceptions.InvalidDistribution(_NO_DISTS)
        console.error(_NO_DISTS)

    def read(path: str) -> Subject:
        return subject.read_subject(path, inputs.attestations_by_dist[path])

    jobs = parsed.jobs or subject.DEFAULT_JOBS
    return inspect(
        subject.read_subjects(read, inputs.dists, jobs=jobs),
        strict=parsed.strict,
        disabled=parsed.disable,
        ask_index=ask_index,
    )


def _print_findings(console: Console, inspection: Inspection) -> None:
    for report in inspection.files:
        _print_report(console, report, render.render_findings(report.findings))
    if not console.quiet:
        for line in render.render_unchecked(inspection):
            console.print_labelled("NOTE", "dim", line)
    console.print(inspection.summary)


def main(args: Sequence[str], *, console: Console | None = None) -> bool:
    """Run the command.

    Returns:
        Whether a file failed.
    """
    parsed = make_check_parser().parse_args(list(args))
    return run(parsed, args, console or Console())


def run(
    parsed: argparse.Namespace,
    args: Sequence[str],  # noqa: ARG001 - other commands look for secrets in them
    console: Console,
) -> bool:
    """Run the command with parsed arguments; see :func:`main`."""
    parser = make_check_parser()
    if parsed.list_rules or parsed.explain is not None:
        lines = render.render_list(rules.ALL_RULES)
        if parsed.explain is not None:
            lines = render.render_explanation(_find_rule(parser, parsed.explain))
        for line in lines:
            console.print(line)
        return False
    # `nargs="+"` would want a file for `--list-rules` as well.
    if not parsed.dists:
        parser.error("the following arguments are required: dist")
    if parsed.index_url is not None and not parsed.online:
        parser.error("--index-url goes with --online")
    console.quiet = parsed.quiet
    # Rules that the environment names are in the default: that is not the option.
    default = parser.get_default("disable")
    with logs.print_records(console):
        if not (parsed.pypi or parsed.online or parsed.format != "text"):
            if parsed.disable != default:
                parser.error("--disable goes with --pypi")
            jobs = parsed.jobs or subject.DEFAULT_JOBS
            return check(parsed.dists, parsed.strict, jobs=jobs, console=console)
        for name in parsed.disable:
            _find_rule(parser, name, f" ({DISABLE_VARIABLE})" * (name in default))
        return check_for_pypi(parsed, console)


def _find_rule(
    parser: argparse.ArgumentParser, name: str, origin: str = ""
) -> rules.AnyRule:
    """Return a rule; that there is none of this name is an error of the parser."""
    found = next((rule for rule in rules.ALL_RULES if rule.name == name), None)
    if found is None:
        nearest = suggest(name, (rule.name for rule in rules.ALL_RULES))
        parser.error(f"there is no rule `{name}`{origin}{nearest}; see --list-rules")
    return found
