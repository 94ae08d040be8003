"""``twine check``: would the distributions be accepted, and their page be shown?"""

from __future__ import annotations

import argparse
import functools
import re
from collections.abc import Sequence
from typing import Any

from .. import exceptions
from ..check import render, subject
from ..check.inspect import AskIndex, Inspection, Verdict, inspect, inspect_basics
from ..config import arguments, options
from ..rules.description import RST
from ..rules.model import Subject
from ..terminal.console import Console, current, session
from ..terminal.redaction import spellings
from .files import find_dists, split_inputs

_DISABLE = "TWINE_CHECK_DISABLE"
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

    Args:
        dists: Paths and patterns; signatures and attestations are ignored.
        strict: Whether warnings are failures too.
        jobs: How many distributions to read at a time.
        console: Where to print.

    Returns:
        Whether a file failed.

    Raises:
        InvalidDistribution: A path does not exist, or a pattern matches nothing.
    """
    # Programs call it without one.
    console = console or current()
    paths = split_inputs(find_dists(dists)).dists
    if not paths:
        console.error(_NO_DISTS)
        return strict
    failed = False
    for one in subject.read_subjects(
        subject.read_metadata, paths, jobs=jobs, media_types={RST}
    ):
        report = inspect_basics(one, strict=strict)
        failed = failed or report.verdict.failed
        # At once, while the next files are read.
        _print_verdict(console, report.path, report.verdict)
        for finding in report.findings:
            label = finding.severity.name
            console.label(label, _STYLES[label], finding.message)
    return failed


def _print_verdict(console: Console, path: str, verdict: Verdict) -> None:
    name = path.replace("\n", r"\n")  # it must not look like another file's verdict
    style = render.style_of(verdict)
    console.say(f"Checking {name}: ", last=verdict.value, style=style)


def check_for_pypi(parsed: argparse.Namespace) -> bool:
    """Check distributions as PyPI will, and print what was found.

    Args:
        parsed: What the parser returned.

    Returns:
        Whether a file failed.

    Raises:
        TwineException: There is nothing to check, or no index to ask.
        SystemExit: The user stopped it; a document has been printed.
    """
    as_text = parsed.format == "text"
    with session(aside=not as_text or None) as console:
        error: exceptions.TwineException | KeyboardInterrupt | None = None
        inspection = Inspection()
        try:
            inspection = _inspect(parsed, console)
        except (exceptions.TwineException, KeyboardInterrupt) as exc:
            if as_text:
                raise
            error = exc
        failed = inspection.failed or error is not None
        if parsed.format == "json":
            from ..publish.outcome import describe_error

            document = render.describe_inspection(inspection)
            document |= {"failed": failed, "error": describe_error(error)}
            console.document(document)
        elif parsed.format == "github":
            for line in render.render_annotations(inspection, error):
                console.put(line)
        if isinstance(error, KeyboardInterrupt):
            console.error("Interrupted.")
            raise SystemExit(exceptions.INTERRUPTED)
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

        index = online.parse_root(parsed.index_url)
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

    return inspect(
        subject.read_subjects(read, inputs.dists, jobs=parsed.jobs),
        strict=parsed.strict,
        disabled=parsed.disable,
        ask_index=ask_index,
    )


def _print_findings(console: Console, inspection: Inspection) -> None:
    for report in inspection.files:
        _print_verdict(console, report.path, report.verdict)
        for severity, text in render.render_findings(report.findings):
            console.label(severity.name, _STYLES[severity.name], text)
    for line in render.render_unchecked(inspection):
        console.label("NOTE", "dim", line)
    console.say(inspection.summary)


class _Disable(arguments.EnvironmentDefault):
    """Collect identifiers of rules, those in the environment first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(env=_DISABLE, required=False, **kwargs)
        self.default = [*filter(None, re.split(r"[,\s]+", self.default or ""))]

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Add one."""
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), values])


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of this command's arguments."""
    parser = arguments.CommandParser(
        prog="twine check",
        description="Check distributions before they are published: metadata, and "
        "whether the description can be rendered; with --pypi, everything that PyPI "
        "checks and that can be known from the files.",
    )
    parser.add_argument(
        "dists", nargs="*", metavar="dist", help="the files to check, usually dist/*"
    )
    parser.add_argument(
        "--strict", action="store_true", help="let warnings fail a file too"
    )
    _add_rule_arguments(parser)
    parser.add_argument(
        "-j",
        "--jobs",
        metavar="N",
        type=options.counting_number,
        default=subject.DEFAULT_JOBS,
        help="how many files to check at the same time",
    )
    return parser


def _add_rule_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what has to do with the rules of PyPI."""
    parser.add_argument(
        "--pypi", action="store_true", help="apply the rules of PyPI, offline"
    )
    parser.add_argument(
        "--online",
        action="store_true",
        help="also ask PyPI what it has of these projects (implies --pypi)",
    )
    parser.add_argument(
        "--index-url",
        metavar="URL",
        default=None,
        help="ask this index instead: the root of its simple API",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="how to print the findings: for people, as one JSON document, or as "
        "annotations of GitHub Actions (the last two imply --pypi; default: text)",
    )
    parser.add_argument(
        "--disable",
        metavar="RULE",
        action=_Disable,
        help="leave a rule out; may be repeated (environment: "
        f"{_DISABLE}, names separated by commas or spaces)",
    )
    parser.add_argument(
        "--list-rules", action="store_true", help="list all rules, and exit"
    )
    parser.add_argument(
        "--explain", metavar="RULE", help="tell all about one rule, and exit"
    )


def main(args: Sequence[str], *, console: Console | None = None) -> bool:
    """Run the command.

    Args:
        args: The arguments after ``check``.
        console: Where to print.

    Returns:
        Whether a file failed.
    """
    console = console or current()
    parser = make_parser()
    parsed = parser.parse_args(list(args))
    if parsed.list_rules or parsed.explain is not None:
        _print_rules(console, parser, parsed.explain)
        return False
    # `nargs="+"` would want a file for `--list-rules` as well.
    if not parsed.dists:
        parser.error("the following arguments are required: dist")
    if parsed.index_url is not None and not parsed.online:
        parser.error("--index-url goes with --online")
    default = parser.get_default("disable")
    if not (parsed.pypi or parsed.online or parsed.format != "text"):
        if parsed.disable != default:
            parser.error("--disable goes with --pypi")
        return check(parsed.dists, parsed.strict, jobs=parsed.jobs, console=console)
    from .. import rules

    unknown = sorted(set(parsed.disable) - {rule.name for rule in rules.ALL_RULES})
    if unknown:
        where = f" ({_DISABLE})" if unknown[0] in default else ""
        parser.error(f"there is no rule `{unknown[0]}`{where}; see --list-rules")
    return check_for_pypi(parsed)


def _print_rules(
    console: Console, parser: argparse.ArgumentParser, name: str | None
) -> None:
    """Print all rules, or everything about one."""
    from .. import rules

    if name is None:
        for line in render.render_list(rules.ALL_RULES):
            console.say(line)
        return
    for rule in rules.ALL_RULES:
        if rule.name == name:
            for line in render.render_explanation(rule):
                console.say(line)
            return
    parser.error(f"there is no rule `{name}`; see --list-rules")
