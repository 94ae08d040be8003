"""``twine preview``: the page of a release, before the release is public."""

from __future__ import annotations

import argparse
import os
import pathlib
import tempfile
import threading
import time
import webbrowser
from collections.abc import Sequence
from typing import NamedTuple

from .. import exceptions
from ..check import inspect, subject
from ..check.description import PLAIN
from ..form.fields import describe_faults
from ..form.file import file_stamp
from ..preview.page import Page, make_pages, require_libraries
from ..preview.server import PreviewServer
from ..rules.description import MARKDOWN, RST
from ..rules.model import Subject
from ..rules.values import value
from ..terminal import logs
from ..terminal.console import Console
from .inputs import Inputs, find_dists, split_inputs
from .parsers import make_preview_parser

_SECONDS_BETWEEN_LOOKS = 0.5


def main(args: Sequence[str], *, console: Console | None = None) -> bool:
    """Run the command.

    Returns:
        Whether a file could not be read.
    """
    parsed = make_preview_parser().parse_args(list(args))
    return run(parsed, args, console or Console())


def run(
    parsed: argparse.Namespace,
    args: Sequence[str],  # noqa: ARG001 - other commands look for secrets in them
    console: Console,
) -> bool:
    """Run the command with parsed arguments; see :func:`main`.

    Raises:
        TwineException: A library is missing, there is nothing to show, or a page
            cannot be written.
        KeyboardInterrupt: The pages were served until Ctrl-C.
    """
    with logs.print_records(console):
        require_libraries()
        if parsed.serve is not None:
            return _serve(parsed, console)
        pages, failed = _make_pages(_find_inputs(parsed), parsed, console)
        for page, path in _write_pages(pages, parsed.output_dir):
            _show(page, path, pathlib.Path(path).absolute().as_uri(), parsed, console)
        return failed


def _find_inputs(parsed: argparse.Namespace) -> Inputs:
    inputs = split_inputs(find_dists(parsed.dists))
    if not inputs.dists:
        raise exceptions.InvalidDistribution(
            "There is no distribution among the files to show."
        )
    return inputs


def _make_pages(
    inputs: Inputs, parsed: argparse.Namespace, console: Console
) -> tuple[list[Page], bool]:
    """Return the pages, and whether a file could not be read; errors are printed."""

    def read(path: str) -> Subject:
        return subject.read_subject(path, inputs.attestations_by_dist[path])

    shown = []
    subjects = list(
        subject.read_subjects(read, inputs.dists, media_types={RST, MARKDOWN, PLAIN})
    )
    for one in subjects:
        if value(one, "name") and value(one, "version"):
            shown.append(one)
            continue
        text = one.unreadable or one.not_checked
        text = text or describe_faults(one.path, one.faults, one.header_break)
        console.failure(exceptions.InvalidDistribution(text))
    pages = list(make_pages(shown, inspect.inspect(subjects), images=parsed.images))
    return pages, len(shown) < len(subjects)


def _write_pages(pages: Sequence[Page], folder: str | None) -> list[tuple[Page, str]]:
    """Write the pages into a folder, and return them with their paths."""
    if not pages:
        return []
    try:
        if folder is None:
            folder = tempfile.mkdtemp(prefix="twine-preview-")
        os.makedirs(folder, exist_ok=True)
        written = [(page, os.path.join(folder, page.filename)) for page in pages]
        for page, path in written:
            with open(path, "wb") as file:
                file.write(page.html.encode())
    except OSError as exc:
        text = f"`{exc.filename}` cannot be written: {exc.strerror}."
        raise exceptions.TwineException(text) from exc
    return written


def _show(
    page: Page, where: str, url: str, parsed: argparse.Namespace, console: Console
) -> None:
    """Print where a page is, and open it if that was asked for."""
    console.print(f"Preview of {page.title}: {where}")
    if parsed.open and not webbrowser.open(url):
        console.print_labelled("WARNING", "yellow", "No browser was found to open it.")


def _serve(parsed: argparse.Namespace, console: Console) -> bool:
    """Serve the pages until Ctrl-C; return only if there is none."""
    shown = _find_stamps(parsed)
    pages, failed = _make_pages(_find_inputs(parsed), parsed, console)
    if not pages:
        return failed
    with PreviewServer(parsed.serve) as server:
        server.publish(pages)
        for page in pages:
            url = server.url_of(page)
            _show(page, url, url, parsed, console)
        console.print("The pages are reloaded when a file changes. Ctrl-C ends this.")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        before = shown
        while True:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
            now = _find_stamps(parsed)
            # A build may remove all files first, and writes them for a while.
            if now is not None and now == before and now != shown:
                shown = now
                pages, _ = _make_pages(now.inputs, parsed, console)
                if pages:
                    server.publish(pages)
            before = now


class _Stamps(NamedTuple):
    inputs: Inputs
    stamps: list[tuple[int, int]]


def _find_stamps(parsed: argparse.Namespace) -> _Stamps | None:
    """Return size and time of change of each file; nothing while some are missing."""
    try:
        inputs = _find_inputs(parsed)
        return _Stamps(inputs, [file_stamp(os.stat(path)) for path in inputs.dists])
    except (exceptions.InvalidDistribution, OSError):
        return None
