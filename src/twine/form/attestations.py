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
        # ValueError also for what is not UTF-8, and for a number of more than 4300
        # digits (CPython 3.11, `sys.set_int_max_str_digits`).
        except (ValueError, RecursionError) as exc:
            raise exceptions.InvalidDistribution(
                f"The attestation `{path}` is not JSON."
            ) from exc
        except OSError as exc:
            raise exceptions.InvalidDistribution(
                f"The attestation `{path}` cannot be read: {exc.strerror}."
            ) from exc
    return found
