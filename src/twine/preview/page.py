"""One page of HTML for each release, of what its files and the rules say."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .. import __version__, exceptions
from ..check.description import find_versions, render_versions
from ..check.inspect import Inspection, extra_requirements, is_installed
from ..check.render import merge_findings, render_missing_library
from ..form.fields import BY_FORM_NAME
from ..rules.addresses import project_urls, url_fault
from ..rules.model import Subject
from ..rules.values import value, values
from ..terminal.text import format_size
from .description import prepare_description

if TYPE_CHECKING:
    from jinja2 import Template

_RENDERER = "readme-renderer[md]"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page of one release.

    Args:
        title: The project's name, and the version.
        filename: The name for a file.
        html: The page.
    """

    title: str
    filename: str
    html: str


def require_libraries() -> None:
    """Make sure that what only pages need is installed.

    Raises:
        TwineException: It is not.
    """
    missing = [name for name in ("jinja2", _RENDERER) if not is_installed(name)]
    if missing:
        raise exceptions.TwineException(
            f"`twine preview` needs {' and '.join(f'`{name}`' for name in missing)}.",
            hint="Install them with `pip install 'twine[preview]'`.",
        )


def make_pages(
    subjects: Iterable[Subject], inspection: Inspection, *, images: bool = False
) -> Iterator[Page]:
    """Yield a page for each release; its first distribution says what is on it.

    PyPI, too, shows what the first file that it gets says. Where the others differ is
    the matter of the rule ``metadata-differs``.

    Args:
        subjects: Distributions with name and version, in the order of sending.
        inspection: What the rules found in them.
        images: Whether images are loaded when the page is looked at.
    """
    from packaging.utils import canonicalize_name, canonicalize_version

    releases: dict[tuple[str, str], list[Subject]] = {}
    for subject in subjects:
        name, version = value(subject, "name"), value(subject, "version")
        key = canonicalize_name(name), canonicalize_version(version)
        releases.setdefault(key, []).append(subject)
    template, style = _load_template()
    for release in releases.values():
        title = f"{value(release[0], 'name')} {value(release[0], 'version')}"
        # A version that is not valid may hold anything.
        stem = re.sub(r"[^\w.+!-]+", "-", title, flags=re.ASCII)
        html = template.render(
            _describe(release, inspection, images=images),
            policy=_make_policy(style, images=images),
            style=style,
            title=title,
        )
        # The name of a file need not be text.
        html = html.encode("utf-8", "replace").decode()
        yield Page(title=title, filename=f"{stem}.html", html=html)


def _load_template() -> tuple[Template, str]:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader(__package__, "."),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    style = environment.get_template("page.css").render()
    return environment.get_template("page.html"), style


def _make_policy(style: str, *, images: bool) -> str:
    """Return the page's Content-Security-Policy: its style, and at most images."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        f"img-src data:{' https: http:' if images else ''}; "
        "form-action 'none'; base-uri 'none'"
    )


def _describe(
    release: Sequence[Subject], inspection: Inspection, *, images: bool
) -> dict[str, object]:
    """Return what the template shows, by the names that it has there."""
    first = release[0]
    paths = {subject.path for subject in release}
    reports = [report for report in inspection.files if report.path in paths]
    findings = sorted(merge_findings(reports).items(), key=lambda one: -one[0].severity)
    return {
        "classifiers": _group_classifiers(values(first, "classifiers")),
        "description": prepare_description(first.description.html, images=images),
        "files": release,
        "findings": [(one, map(os.path.basename, where)) for one, where in findings],
        "format_size": format_size,
        "headers": {name: field.header for name, field in BY_FORM_NAME.items()},
        "links": list(_find_links(first)),
        "twine": __version__,
        "unchecked": [render_missing_library(*one) for one in inspection.unchecked],
        "values": {name: values(first, name) for name in BY_FORM_NAME},
        "versions": render_versions(find_versions(_find_renderer())),
    }


def _group_classifiers(classifiers: Iterable[str]) -> dict[str, list[str]]:
    """Return classifiers by their first part."""
    groups: dict[str, list[str]] = {}
    for classifier in classifiers:
        first, _, rest = classifier.partition(" :: ")
        groups.setdefault(first, []).append(rest or first)
    return groups


def _find_links(subject: Subject) -> Iterator[tuple[str, str, bool]]:
    """Yield the project's links: label, address, and whether PyPI would take it."""
    for field in ("home_page", "download_url"):
        if url := value(subject, field):
            yield BY_FORM_NAME[field].header, url, not url_fault(url)
    for label, url in project_urls(subject):
        yield label, url, not url_fault(url)


def _find_renderer() -> list[str]:
    """Return the libraries that render descriptions."""
    name, _, extra = _RENDERER.rstrip("]").partition("[")
    return [name, "docutils", *extra_requirements(name, extra)]
