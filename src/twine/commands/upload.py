"""``twine upload``: publish distributions."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import shlex
import subprocess
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .. import exceptions
from ..config import known_indexes as indexes
from ..index import response as replies
from ..package import PackageFile, describe_header_breaks
from ..publish import outcome as report
from ..publish import workers
from ..publish.run import Publication
from ..settings import Settings
from ..terminal import logs
from ..terminal.console import Console, activate
from ..terminal.text import format_size, is_text
from . import inputs as files
from .inputs import find_files, hide_secrets, warn_of_orphans, warn_of_versions
from .parsers import make_upload_parser

if TYPE_CHECKING:
    import requests

    from ..repository import Repository

logger = logging.getLogger(__name__)

# How the usual shell of this system wants a command line to be quoted.
_JOIN = subprocess.list2cmdline if os.name == "nt" else shlex.join


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


def publish(settings: Settings, dists: Sequence[str]) -> Publication:
    """Publish distributions, print and return what became of each.

    Args:
        settings: Where and how.
        dists: Paths and patterns.

    Raises:
        TwineException: Something was wrong before the first byte was sent.
        requests.RequestException: The same.
    """
    # A release must not end halfway only because nobody reads about it any more.
    settings.console.ignore_write_errors = True
    with (
        activate(settings.console) as screen,
        logs.for_program(verbose=settings.verbose),
    ):
        settings.check_repository_url()
        settings.verify_feature_capability()
        paths = find_files(dists, settings)
        inputs = files.split_inputs(paths)
        screen.print(f"Uploading distributions to {_masked_url(settings)}")
        packages = _prepare(settings, inputs)
        warn_of_versions(packages)
        if settings.attestations:
            warn_of_orphans(files.find_orphans(paths, inputs))
        for text in describe_header_breaks(packages):
            screen.warning(text)
        if settings.wants_preflight():
            _preflight(packages)
        repository = settings.create_repository()
        publication = Publication(
            repository,
            packages,
            lambda package: _send(repository, package, settings),
            jobs=settings.jobs,
            keep_going=settings.keep_going,
        )
        try:
            with screen.progress_display(
                files=len(packages),
                size=sum(outcome.size for outcome in publication.outcomes),
                enabled=not settings.disable_progress_bar,
            ):
                publication.run()
        finally:
            repository.close()
        _report(publication, settings, inputs)
        return publication


def _masked_url(settings: Settings) -> str:
    return indexes.sanitize_url(settings.repository_config["repository"] or "")


def _prepare(settings: Settings, inputs: files.Inputs) -> list[PackageFile]:
    """Read all files; what is wrong with any of them is shown together."""
    if not inputs.dists:
        raise exceptions.InvalidDistribution(
            "There is no distribution among the files: signatures and attestations "
            "go with one."
        )

    def make(filename: str) -> PackageFile:
        return _make_package(
            filename,
            inputs.signatures,
            inputs.attestations_by_dist[filename],
            settings,
        )

    # A signing program may ask for a passphrase: one at a time.
    jobs = 1 if settings.sign else workers.DEFAULT_JOBS
    results = list(workers.map_ordered(make, inputs.dists, jobs=jobs))
    _raise_faults(result for result in results if isinstance(result, Exception))
    return [result for result in results if isinstance(result, PackageFile)]


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
            "PyPI would refuse this, so nothing was sent:" + "".join(refusals),
            hint="`twine check --explain RULE` tells more about a rule; "
            "`--no-preflight` sends the files all the same.",
        )


def _raise_faults(errors: Iterable[Exception]) -> None:
    """Raise one error that tells all faults of all files."""
    faults = []
    for error in errors:
        if not isinstance(error, exceptions.InvalidDistribution):
            raise error
        faults.append(error)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise exceptions.InvalidDistribution(
            f"{len(faults)} files cannot be published:\n"
            + "\n".join(str(fault) for fault in faults)
        )


def _make_package(
    filename: str,
    signatures: dict[str, str],
    attestations: list[str],
    upload_settings: Settings,
) -> PackageFile:
    """Read a distribution with its signature and its attestations; sign it if asked.

    Args:
        filename: The distribution.
        signatures: Signatures by base name.
        attestations: The distribution's attestations.
        upload_settings: Whether and how to sign and to attest.

    Raises:
        InvalidDistribution: It cannot be published, or lacks attestations.
        InvalidSigningExecutable: There is no program to sign with.
        InvalidSigningConfiguration: Signing failed.
    """
    if not is_text(os.path.basename(filename)):
        raise exceptions.InvalidDistribution(
            f"The name of `{filename}` is not UTF-8 text, and cannot be sent.",
            hint="Give the file the name that its build gave it.",
        )
    package = PackageFile.from_filename(
        filename,
        upload_settings.comment,
        validate=not upload_settings.no_validate,
        for_rules=upload_settings.wants_preflight(),
    )
    logger.info("%s", f"{filename} ({format_size(package.size)})")
    if upload_settings.attestations:
        if not attestations:
            raise exceptions.InvalidDistribution(
                f"`{filename}` has no attestations, and `--attestations` was given.",
                hint=f"Give `{package.basefilename}.*.attestation` as well.",
            )
        package.add_attestations(attestations)
    if (signature := signatures.get(package.signed_basefilename)) is not None:
        package.add_gpg_signature(signature, package.signed_basefilename)
    elif upload_settings.sign:
        package.sign(upload_settings.sign_with, upload_settings.identity)
    return package


def _send(
    repository: Repository, package: PackageFile, settings: Settings
) -> report.Status:
    """Send one file; return whether it was published or skipped."""
    if not (settings.skip_existing and repository.package_is_uploaded(package)):
        response = repository.upload(package)
        if not skip_upload(response, settings.skip_existing, package):
            replies.check_status_code(response, settings.verbose)
            return "unknown" if repository.delivery(package).in_doubt else "uploaded"
    logger.warning(
        "%s", f"Skipping {package.basefilename} because it appears to already exist"
    )
    return "skipped"


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
    verdict = replies.judge(replies.Reply.from_response(response))
    return isinstance(verdict, replies.Exists)


def _report(publication: Publication, settings: Settings, inputs: files.Inputs) -> None:
    """Tell where the releases can be seen, or what is left to do."""
    screen = settings.console
    if publication.error is None:
        urls = {o.url for o in publication.outcomes if o.url and o.status == "uploaded"}
        if urls:
            screen.print("\nView at:")
            for url in sorted(urls):
                screen.print(url)
        return
    if len(publication.outcomes) > 1:
        screen.print("")
        for line in report.render_table(publication.outcomes):
            screen.print(line)
        if publication.left:
            screen.print("To publish the rest:")
            screen.print(f"  {_resume_command(publication, settings, inputs)}")


def _resume_command(
    publication: Publication, settings: Settings, inputs: files.Inputs
) -> str:
    """Return the command line for what is left, with all that goes with it."""
    left: list[str] = []
    for path in publication.left:
        made = f"{path}.asc"  # by this run, if it signs
        signature = inputs.signatures.get(os.path.basename(made)) or made
        left += [path, *([signature] if os.path.exists(signature) else [])]
        left += inputs.attestations_by_dist[path]
    return report.resume_command(settings.as_asked(), left, _JOIN)


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
    with contextlib.ExitStack() as stack:
        if parsed.format == "json":
            stack.enter_context(console.reserve_stdout())
        stack.enter_context(logs.print_records(console, verbose=parsed.verbose))
        hide_secrets(args, parsed, console)
        if parsed.format == "json":
            return _upload_for_programs(parsed, console)
        upload(Settings.from_argparse(parsed, console=console), parsed.dists)
    return False


def _upload_for_programs(parsed: argparse.Namespace, console: Console) -> bool:
    """Publish distributions, and print what became of them as JSON.

    Args:
        parsed: What the parser returned.
        console: Where to print.

    Returns:
        Whether it failed.

    Raises:
        KeyboardInterrupt: The user stopped it; the document has been printed.
    """
    outcomes: list[report.Outcome] = []
    settings: Settings | None = None
    error: BaseException | None
    try:
        settings = Settings.from_argparse(parsed, console=console)
        publication = publish(settings, parsed.dists)
        outcomes, error = publication.outcomes, publication.error
    except (Exception, KeyboardInterrupt) as exc:  # noqa: BLE001 - told below
        error = exc
    if isinstance(error, Exception):
        console.failure(error)
    console.write_json(
        {
            "index": _index_for_programs(settings),
            "files": [report.describe(outcome) for outcome in outcomes],
            "error": report.describe_error(error),
        }
    )
    if isinstance(error, KeyboardInterrupt):
        raise error
    return error is not None


def _index_for_programs(settings: Settings | None) -> str | None:
    try:
        return None if settings is None else _masked_url(settings)
    except exceptions.TwineException:
        return None
