"""Attestations (PEP 740): the files that lie beside a distribution."""

from __future__ import annotations

import json
from collections.abc import Iterable

from .. import exceptions


def read_attestations(paths: Iterable[str]) -> list[object]:
    """Read attestation files.

    Args:
        paths: JSON files.

    Returns:
        What each of them holds, in order.

    Raises:
        InvalidDistribution: A file cannot be read, or is not JSON.
    """
    found: list[object] = []
    for path in paths:
        try:
            with open(path, "rb") as file:
                found.append(json.load(file))
        except (ValueError, RecursionError) as exc:
            raise exceptions.InvalidDistribution(
                f"The attestation `{path}` is not JSON."
            ) from exc
        except OSError as exc:
            raise exceptions.InvalidDistribution(
                f"The attestation `{path}` cannot be read: {exc.strerror}."
            ) from exc
    return found
