"""``twine upload``: publish distributions."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .. import config, console, exceptions, files, replies, workers
from ..package import PackageFile
from ..settings import Settings

if TYPE_CHECKING:
    import requests

    from ..repository import Repository


def upload(upload_settings: Settings, dists: Sequence[str]) -> None:
    """Publish distributions.

    Every file is read and found sound before credentials are looked for and before
    the first byte is sent. The first failure ends the run.

    Args:
        upload_settings: Where and how.
        dists: Paths and patterns: distributions, signatures and attestations.

    Raises:
        TwineException: Something that the user has to decide.
        requests.RequestException: The index refused (``HTTPError``), or the network
            failed.
    """
    with console.session(verbose=upload_settings.verbose or None) as screen:
        upload_settings.check_repository_url()
        upload_settings.verify_feature_capability()
        inputs = files.split_inputs(files.find_dists(dists))
        url = upload_settings.repository_config["repository"] or ""
        screen.say(f"Uploading distributions to {config.sanitize_url(url)}")
        packages = _prepare(upload_settings, inputs)
        repository = upload_settings.create_repository()
        try:
            uploaded = [
                package
                for package in packages
                if _send(repository, package, upload_settings)
            ]
            _report(repository, uploaded)
        finally:
            repository.close()


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
    package = PackageFile.from_filename(
        filename, upload_settings.comment, validate=not upload_settings.no_validate
    )
    size = files.get_file_size(filename)
    console.current().info(f"{filename} ({size})")
    if upload_settings.attestations:
        if not attestations:
            raise exceptions.InvalidDistribution(
                f"`{filename}` has no attestations, and `--attestations` was given.",
                hint="They are files named "
                f"`{package.basefilename}.*.attestation` and must be given too.",
            )
        package.add_attestations(attestations)
    signature = signatures.get(package.signed_basefilename)
    if signature is not None:
        package.add_gpg_signature(signature, package.signed_basefilename)
    elif upload_settings.sign:
        package.sign(upload_settings.sign_with, upload_settings.identity)
    return package


def _send(repository: Repository, package: PackageFile, settings: Settings) -> bool:
    """Send one file; return whether it was published, rather than skipped."""
    if settings.skip_existing and repository.package_is_uploaded(package):
        _say_skipped(package)
        return False
    response = repository.upload(package)
    if skip_upload(response, settings.skip_existing, package):
        _say_skipped(package)
        return False
    replies.check_status_code(response, settings.verbose)
    return True


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


def _say_skipped(package: PackageFile) -> None:
    console.current().warning(
        f"Skipping {package.basefilename} because it appears to already exist"
    )


def _report(repository: Repository, uploaded: Sequence[PackageFile]) -> None:
    """Tell where the releases can be seen, in the order they were sent."""
    urls = repository.release_urls(list(uploaded))
    if urls:
        screen = console.current()
        screen.say("")
        screen.say("View at:")
        for url in sorted(urls):
            screen.say(url)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of this command's arguments."""
    parser = argparse.ArgumentParser(
        prog="twine upload",
        description="Publish distributions: send them to PyPI or another index.",
    )
    Settings.register_argparse_arguments(parser)
    parser.add_argument(
        "dists",
        nargs="+",
        metavar="dist",
        help="the files to upload, usually dist/*; may include signatures (.asc) and "
        "attestations (.attestation)",
    )
    return parser


def main(args: Sequence[str]) -> None:
    """Run the command.

    Args:
        args: The arguments after ``upload``.
    """
    parsed = make_parser().parse_args(list(args))
    upload(Settings.from_argparse(parsed), parsed.dists)
