"""``twine upload``: publish distributions."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import exceptions
from ..auth.attest import attest, find_signing_identity
from ..config.known_indexes import find_known_index, sanitize_url
from ..index.response import Exists, Reply, classify_response
from ..package import PackageFile, describe_header_breaks
from ..publish.outcome import (
    Outcome,
    Result,
    describe_error,
    outcome_as_json,
)
from ..settings import Settings
from ..terminal import logs
from ..terminal.console import Console
from .inputs import (
    find_files,
    find_orphans,
    hide_secrets,
    split_inputs,
    warn_of_orphans,
    warn_of_versions,
)
from .parsers import make_upload_parser
from .prepare import hash_ahead, make_package, prepare
from .report import report

if TYPE_CHECKING:
    import requests

    from ..repository import Repository

logger = logging.getLogger(__name__)

# Under this name other programs know it.
_make_package = make_package

_UPLOADING = "Uploading distributions"


def upload(upload_settings: Settings, dists: Sequence[str]) -> None:
    """Publish distributions.

    Every file is read and found sound before credentials are looked for and before
    the first byte is sent. The first failure ends the run, unless it is to keep
    going.

    Args:
        upload_settings: Where and how.
        dists: Paths and patterns: distributions, signatures and attestations.

    Raises:
        TwineException: Something that the user has to decide.
        requests.RequestException: The index refused (``HTTPError``), or the network
            failed.
        KeyboardInterrupt: The user stopped it; what was running has ended.
    """
    if (error := publish(upload_settings, dists).error) is not None:
        raise error


def publish(settings: Settings, dists: Sequence[str]) -> Result:
    """Publish distributions, print and return what became of each.

    Raises:
        TwineException: Something was wrong before the first byte was sent.
        requests.RequestException: The same.
    """
    console = settings.console
    # A release must not end halfway only because nobody reads about it any more.
    console.ignore_write_errors = True
    with logs.for_program(verbose=settings.verbose):
        settings.check_repository_url()
        settings.verify_feature_capability()
        identity = find_signing_identity(console) if settings.attest else None
        paths = find_files(dists, settings)
        inputs = split_inputs(paths)
        what = "Dry run: nothing is sent" if settings.dry_run else _UPLOADING
        console.print(f"{what} to {_masked_url(settings)}")
        packages = prepare(settings, inputs)
        warn_of_versions(packages)
        if settings.attestations:
            warn_of_orphans(find_orphans(paths, inputs))
        for text in describe_header_breaks(packages):
            logger.warning("%s", text)
        with hash_ahead(packages):
            if settings.wants_preflight():
                _preflight(packages)
            result = _send(settings, packages, identity)
        if not settings.dry_run:
            report(result, settings, inputs)
        return result


def _send(
    settings: Settings, packages: Sequence[PackageFile], identity: str | None
) -> Result:
    """Send the files, attested if asked; a failure of one is part of the result."""
    # requests and urllib3 take longest to import, and a refused file needs neither.
    from packaging.utils import canonicalize_name

    from ..publish.run import Run

    settings.projects = {canonicalize_name(p.safe_name) for p in packages}
    with contextlib.ExitStack() as stack:
        stack.callback(settings.revoke_tokens)
        repository = settings.create_repository()
        stack.callback(repository.close)
        if settings.dry_run:
            from ..publish.rehearsal import rehearse

            if not settings.verbose:  # which told it
                for explanation in getattr(settings.auth, "explanations", ()):
                    settings.console.print(explanation)
            return rehearse(
                repository,
                packages,
                settings.console,
                skip_existing=settings.skip_existing,
                jobs=settings.jobs,
            )
        if identity is not None:
            attest(packages, identity, console=settings.console)
        with settings.console.progress_display(
            files=len(packages),
            size=sum(package.size for package in packages),
            enabled=not settings.disable_progress_bar,
        ):
            result = Run(
                repository,
                packages,
                settings.console,
                skip_existing=settings.skip_existing,
                jobs=settings.jobs,
                keep_going=settings.keep_going,
                verbose=settings.verbose,
            ).run()
        if settings.wait is None or result.error is not None:
            return result
        if find_known_index(settings.repository_config["repository"] or ""):
            settings.revoke_tokens()  # PyPI is asked without credentials
        return _wait(repository, packages, result, settings)


def _wait(
    repository: Repository,
    packages: Sequence[PackageFile],
    result: Result,
    settings: Settings,
) -> Result:
    """Wait until the index lists what was uploaded, and add how that ended."""
    from ..publish.wait import wait_until_listed

    try:
        if any(outcome.status == "staged" for outcome in result.outcomes):
            raise exceptions.NotListed(
                "The release is staged: the index lists its files when it is published "
                "there.",
                hint="Leave out `--wait`, or publish the release and wait for it then.",
            )
        wait_until_listed(repository, packages, settings.wait or 0, settings.console)
    except exceptions.TwineException as exc:
        return dataclasses.replace(result, unlisted=exc)
    except KeyboardInterrupt as exc:
        return dataclasses.replace(result, interrupt=exc)
    return result


def _masked_url(settings: Settings) -> str:
    return sanitize_url(settings.repository_config["repository"] or "")


def _preflight(packages: Sequence[PackageFile]) -> None:
    """Apply the rules of PyPI: a certain refusal stops everything before it begins.

    Raises:
        InvalidDistribution: There is such a refusal; it names them all.
    """
    from ..check import description, render, subject
    from ..check.inspect import inspect

    inspection = inspect(subject.read_subjects(subject.make_subject, packages))
    for name, library in inspection.unchecked:
        logger.info("%s", render.render_missing_library(name, library))
    versions = description.render_versions(inspection.renderer)
    logger.info("Descriptions are rendered with %s.", versions)
    refusals = []
    for text, is_refusal in render.render_preflight(inspection):
        if is_refusal:
            refusals.append("\n- " + text.replace("\n", "\n  "))
        else:
            logger.warning("%s", text)
    if refusals:
        raise exceptions.InvalidDistribution(
            "The files break rules of PyPI, so nothing was sent:" + "".join(refusals),
            hint="`twine check --explain RULE` tells more about a rule; "
            "`--no-preflight` sends the files all the same.",
        )


def skip_upload(
    response: requests.Response,
    skip_existing: bool,
    package: PackageFile,  # noqa: ARG001 - other programs pass it
) -> bool:
    """Return whether a refusal only means that the file is there already.

    Args:
        response: What the index answered.
        skip_existing: Whether the user is content with that.
        package: What was sent.
    """
    if not skip_existing:
        return False
    return isinstance(classify_response(Reply.from_response(response)), Exists)


def main(args: Sequence[str], *, console: Console | None = None) -> bool:
    """Run the command.

    Args:
        args: The arguments after ``upload``.
        console: Where to print.

    Returns:
        Whether it failed, as far as that was told already.
    """
    parsed = make_upload_parser().parse_args(list(args))
    return run(parsed, args, console or Console())


def run(parsed: argparse.Namespace, args: Sequence[str], console: Console) -> bool:
    """Run the command with parsed arguments; see :func:`main`."""
    console.quiet = parsed.quiet
    with contextlib.ExitStack() as stack:
        if parsed.format == "json":
            stack.enter_context(console.reserve_stdout())
        stack.enter_context(logs.print_records(console, verbose=parsed.verbose))
        hide_secrets(args, parsed, console)
        if parsed.format == "json":
            return _upload_as_json(parsed, console)
        settings = Settings.from_argparse(parsed, console=console)
        result = publish(settings, parsed.dists)
        if result.error is not None:
            raise result.error
        if any(outcome.status == "uploaded" for outcome in result.outcomes):
            settings.auth.offer_to_keep()
    return False


def _upload_as_json(parsed: argparse.Namespace, console: Console) -> bool:
    """Publish distributions, and print what became of them as JSON.

    Returns:
        Whether it failed.

    Raises:
        KeyboardInterrupt: The user stopped it; the document has been printed.
    """
    outcomes: Sequence[Outcome] = ()
    index: str | None = None
    error: Exception | KeyboardInterrupt | None
    try:
        settings = Settings.from_argparse(parsed, console=console)
        with contextlib.suppress(exceptions.TwineException):
            # What is wrong with it, `publish` will say.
            index = _masked_url(settings)
        result = publish(settings, parsed.dists)
        outcomes, error = result.outcomes, result.error
    except (Exception, KeyboardInterrupt) as exc:  # noqa: BLE001 - told below
        error = exc
    if isinstance(error, Exception):
        console.failure(error)
    console.write_json(
        {
            "index": index,
            "files": [outcome_as_json(outcome) for outcome in outcomes],
            "error": describe_error(error),
        }
    )
    if isinstance(error, KeyboardInterrupt):
        raise error
    return error is not None
