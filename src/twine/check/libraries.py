"""Which rules cannot be applied, because a library is not installed."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Collection, Iterator

from .. import rules


def find_unavailable(disabled: Collection[str] = ()) -> dict[str, str]:
    """Return the rules that cannot be applied, with the library that each needs."""
    return {
        rule.name: rule.requires
        for rule in rules.ALL_RULES
        if rule.requires
        and rule.name not in disabled
        and not is_installed(rule.requires)
    }


def is_installed(library: str) -> bool:
    """Return whether a library that some rules need is installed.

    Args:
        library: Its name on PyPI, and perhaps an extra: ``readme-renderer[md]``.
    """
    name, _, extra = library.rstrip("]").partition("[")
    return _is_module(name) and all(map(_is_module, _extra_requirements(name, extra)))


def _is_module(library: str) -> bool:
    # All of these have the name of their module, with underscores.
    return importlib.util.find_spec(library.replace("-", "_")) is not None


def _extra_requirements(library: str, extra: str) -> Iterator[str]:
    """Yield what an extra installs, which differs between releases of a library."""
    from packaging.requirements import Requirement

    if not extra:
        return
    # readme-renderer renders Markdown with `comrak`, older releases with `cmarkgfm`.
    for one in map(Requirement, importlib.metadata.requires(library) or ()):
        marker = one.marker
        if marker is None or marker.evaluate({"extra": ""}):
            continue  # it is installed without the extra
        if marker.evaluate({"extra": extra}):
            yield one.name
