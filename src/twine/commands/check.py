"""``twine check``: would the distributions be accepted, and their page be shown?"""

from __future__ import annotations

import argparse
import contextlib
import functools
import re
from collections.abc import Sequence
from typing import Any

from .. import exceptions
from ..check import description as rendering
from ..check import inspect as inspection
from ..check import render as findings
from ..config import arguments as environment
from ..config import options
from ..publish import outcome as report
from ..publish import workers
from ..terminal import console as terminal
from ..terminal import logs
from . import inputs as files

_DISABLE = "TWINE_CHECK_DISABLE"
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
        jobs=arguments.jobs,
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


class _Disable(environment.EnvironmentDefault):
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
    parser = environment.CommandParser(
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
        default=workers.DEFAULT_JOBS,
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


def main(args: Sequence[str], *, console: terminal.Console | None = None) -> bool:
    """Run the command.

    Args:
        args: The arguments after ``check``.
        console: Where to print.

    Returns:
        Whether a file failed.
    """
    screen = console or terminal.Console()
    with terminal.activate(screen), logs.print_records(screen):
        return _run(args)


def _run(args: Sequence[str]) -> bool:
    parser = make_parser()
    parsed = parser.parse_args(list(args))
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
        return check(parsed.dists, strict=parsed.strict, jobs=parsed.jobs)
    from .. import rules

    unknown = sorted(set(parsed.disable) - {rule.name for rule in rules.ALL_RULES})
    if unknown:
        where = f" ({_DISABLE})" if unknown[0] in default else ""
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
