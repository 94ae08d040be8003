"""Publish Python distributions to PyPI and other package indexes.

An independent reimplementation of the command ``twine`` and of the names that
other programs import from it. The version and the one-line description come
from the installed distribution's metadata, and are read on first use.
"""

from __future__ import annotations

__all__ = ("__license__", "__summary__", "__title__", "__version__")

__title__ = "twine"
__license__ = "Apache-2.0"

_FROM_METADATA = {"__version__": "Version", "__summary__": "Summary"}


def __getattr__(name: str) -> str:
    """Read ``__version__`` and ``__summary__`` from the installed metadata."""
    if name not in _FROM_METADATA:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib.metadata

    value = importlib.metadata.metadata(__title__)[_FROM_METADATA[name]]
    globals()[name] = value
    return value
