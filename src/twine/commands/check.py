"""``twine check``: would the distributions be accepted, and their page be shown?"""

from __future__ import annotations

import argparse
import functools
import os
import re
from collections.abc import Sequence
from typing import Any

from .. import (
    console,
    environment,
    exceptions,
    files,
    findings,
    inspection,
    options,
    report,
)

_DISABLE = "TWINE_CHECK_DISABLE"


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
    paths = _distributions(dists)
    if not paths:
        return strict
    found = inspection.inspect(paths, strict=strict)
    screen = console.current()
    for result in found.files:
        _say_verdict(result)
        for finding in result.findings:
            # Without rules there is nothing to look up by an identifier.
            tell = screen.error if finding.severity.name == "ERROR" else screen.warning
            tell(finding.message)
    return found.failed


def _distributions(dists: Sequence[str]) -> list[str]:
    inputs = files.split_inputs(files.find_dists(dists))
    if not inputs.dists:
        console.current().error("There is no distribution among the files to check.")
    return inputs.dists


def _say_verdict(result: inspection.FileReport) -> None:
    console.current().say(
        f"Checking {result.path}: ",
        last=result.verdict,
        style=findings.style_of(result),
    )


def check_for_pypi(arguments: argparse.Namespace) -> bool:
    """Check distributions as PyPI will, and print what was found.

    Args:
        arguments: What the parser returned.

    Returns:
        Whether a file failed.

    Raises:
        InvalidDistribution: A path does not exist, or a pattern matches nothing.
    """
    as_text = arguments.format == "text"
    with console.session(aside=not as_text or None) as screen:
        error: exceptions.TwineException | None = None
        try:
            found = _inspect(arguments)
        except exceptions.TwineException as exc:
            if as_text:
                raise
            found, error = inspection.Inspection(files=()), exc
        failed = found.failed or error is not None
        if not found.files:
            failed = failed or bool(arguments.strict)
        if arguments.format == "json":
            described = report.describe_error(error)
            screen.document(
                findings.describe(found) | {"failed": failed, "error": described}
            )
        elif arguments.format == "github":
            for line in findings.render_annotations(found, error):
                screen.put(line)
        if error is not None:
            screen.failure(error)
        elif found.files:
            _say_findings(found)
    return failed


def _inspect(arguments: argparse.Namespace) -> inspection.Inspection:
    """Look at the files that were given, as PyPI will."""
    paths = _distributions(arguments.dists)
    if not paths:
        return inspection.Inspection(files=())
    ask: inspection.Ask | None = None
    if arguments.online:
        from .. import online

        ask = functools.partial(
            online.ask,
            index_url=arguments.index_url,
            leave_out=arguments.disable,
        )
    return inspection.inspect_for_pypi(
        paths,
        strict=arguments.strict,
        disabled=arguments.disable,
        jobs=arguments.jobs,
        ask=ask,
    )


def _say_findings(found: inspection.Inspection) -> None:
    """Print everything for people."""
    screen = console.current()
    styles = {"ERROR": "red", "WARNING": "yellow", "NOTE": "dim"}
    for result in found.files:
        _say_verdict(result)
        for finding in result.findings:
            label = finding.severity.name
            screen.label(label, styles[label], findings.render_finding(finding))
    for line in findings.render_unchecked(found):
        screen.label("NOTE", "dim", line)
    screen.say(found.summary)


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
    parser = argparse.ArgumentParser(
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
        default=min(4, os.cpu_count() or 1),
        help="how many files to look at at the same time",
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


def main(args: Sequence[str]) -> bool:
    """Run the command.

    Args:
        args: The arguments after ``check``.

    Returns:
        Whether a file failed.
    """
    parser = make_parser()
    parsed = parser.parse_args(list(args))
    if parsed.list_rules or parsed.explain is not None:
        _tell_of_rules(parser, parsed.explain)
        return False
    if not parsed.dists:
        parser.error("the following arguments are required: dist")
    if parsed.index_url is not None and not parsed.online:
        parser.error("--index-url goes with --online")
    if not (parsed.pypi or parsed.online or parsed.format != "text"):
        return check(parsed.dists, strict=parsed.strict)
    from .. import rules

    unknown = sorted(set(parsed.disable) - {rule.name for rule in rules.ALL_RULES})
    if unknown:
        parser.error(f"there is no rule {', '.join(unknown)}; see --list-rules")
    return check_for_pypi(parsed)


def _tell_of_rules(parser: argparse.ArgumentParser, name: str | None) -> None:
    """Print all rules, or everything about one."""
    from .. import rules

    screen = console.current()
    if name is None:
        for line in findings.render_list(rules.ALL_RULES):
            screen.say(line)
        return
    for rule in rules.ALL_RULES:
        if rule.name == name:
            for line in findings.render_explanation(rule):
                screen.say(line)
            return
    parser.error(f"there is no rule {name}; see --list-rules")
