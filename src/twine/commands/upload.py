"""``twine upload``: publish distributions."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .. import exceptions
from ..config import arguments as environment
from ..config import known_indexes as indexes
from ..config import options
from ..index import response as replies
from ..package import PackageFile, describe_header_breaks
from ..publish import outcome as report
from ..publish import workers
from ..publish.run import Publication
from ..settings import Settings
from ..terminal import console
from ..terminal.text import format_size, is_text
from . import files
from .inputs import find_files, protect_secrets, warn_of_orphans, warn_of_versions

if TYPE_CHECKING:
    import requests

    from ..repository import Repository

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
    with console.session(verbose=settings.verbose or None, steadfast=True) as screen:
        settings.check_repository_url()
        settings.verify_feature_capability()
        paths = find_files(dists, settings)
        inputs = files.split_inputs(paths)
        screen.say(f"Uploading distributions to {_masked_url(settings)}")
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
            with screen.board(
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
        console.current().info(render.render_missing_library(name, library))
    versions = description.render_versions(inspection.renderer)
    console.current().info(f"Descriptions are rendered with {versions}.")
    refusals = []
    for text, is_refusal in render.render_preflight(inspection):
        if is_refusal:
            refusals.append("\n- " + text.replace("\n", "\n  "))
        else:
            console.current().warning(text)
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
    console.current().info(f"{filename} ({format_size(package.size)})")
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
    console.current().warning(
        f"Skipping {package.basefilename} because it appears to already exist"
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
    screen = console.current()
    if publication.error is None:
        urls = {o.url for o in publication.outcomes if o.url and o.status == "uploaded"}
        if urls:
            screen.say("\nView at:")
            for url in sorted(urls):
                screen.say(url)
        return
    if len(publication.outcomes) > 1:
        screen.say("")
        for line in report.render_table(publication.outcomes):
            screen.say(line)
        if publication.left:
            screen.say("To publish the rest:")
            screen.say(f"  {_resume_command(publication, settings, inputs)}")


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


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of this command's arguments."""
    parser = environment.CommandParser(
        prog="twine upload",
        description="Publish distributions: send them to PyPI or another index.",
    )
    Settings.register_argparse_arguments(parser)
    options.add_arguments(parser, table=options.UPLOAD_TABLE)
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how to print the result; json is one document on standard output, and "
        "everything else goes to standard error (default: text)",
    )
    parser.add_argument(
        "dists",
        nargs="+",
        metavar="dist",
        help="the files to upload, usually dist/*; may include signatures (.asc) and "
        "attestations (.attestation)",
    )
    return parser


def main(args: Sequence[str]) -> bool:
    """Run the command.

    Args:
        args: The arguments after ``upload``.

    Returns:
        Whether it failed, as far as that was told already.
    """
    parsed = make_parser().parse_args(list(args))
    with console.session(aside=parsed.format == "json" or None):
        protect_secrets(args, parsed)
        if parsed.format == "json":
            return _upload_for_programs(parsed)
        upload(Settings.from_argparse(parsed), parsed.dists)
    return False


def _upload_for_programs(parsed: argparse.Namespace) -> bool:
    """Publish distributions, and print what became of them as JSON.

    Args:
        parsed: What the parser returned.

    Returns:
        Whether it failed.

    Raises:
        SystemExit: The user stopped it; the document has been printed.
    """
    with console.session(aside=True) as screen:
        outcomes: list[report.Outcome] = []
        settings: Settings | None = None
        error: BaseException | None
        try:
            settings = Settings.from_argparse(parsed)
            publication = publish(settings, parsed.dists)
            outcomes, error = publication.outcomes, publication.error
        except (Exception, KeyboardInterrupt) as exc:  # noqa: BLE001 - told below
            error = exc
        if isinstance(error, Exception):
            screen.failure(error)
        elif error is not None:
            screen.error("Interrupted.")
        screen.document(
            {
                "index": _index_for_programs(settings),
                "files": [report.describe(outcome) for outcome in outcomes],
                "error": report.describe_error(error),
            }
        )
        if isinstance(error, KeyboardInterrupt):
            raise SystemExit(exceptions.INTERRUPTED)
    return error is not None


def _index_for_programs(settings: Settings | None) -> str | None:
    try:
        return None if settings is None else _masked_url(settings)
    except exceptions.TwineException:
        return None
