"""Attestations (PEP 740): the files that lie beside a distribution."""

from __future__ import annotations

import json
from collections.abc import Iterable

from .. import exceptions

# Real ones go to level 8. Python's own limit depends on who asks.
_DEEPEST = 100


def read_attestations(paths: Iterable[str]) -> list[object]:
    """Read attestation files.

    Args:
        paths: JSON files.

    Returns:
        What each of them holds, in order.

    Raises:
        InvalidDistribution: A file cannot be read, is not JSON, or goes too deep.
    """
    found: list[object] = []
    for path in paths:
        try:
            with open(path, "rb") as file:
                found.append(json.load(file, parse_constant=_refuse))
            _check_depth(found[-1])
        except (ValueError, RecursionError) as exc:
            raise exceptions.InvalidDistribution(
                f"The attestation `{path}` is not JSON."
            ) from exc
        except OSError as exc:
            raise exceptions.InvalidDistribution(
                f"The attestation `{path}` cannot be read: {exc.strerror}."
            ) from exc
    return found


def _refuse(constant: str) -> None:
    """Refuse ``NaN`` and its like: Python takes and writes them, nobody else does."""
    raise ValueError(constant)


def _check_depth(value: object) -> None:
    """Refuse what cannot be written again.

    Raises:
        RecursionError: It goes too deep.
    """
    level = [value]
    for _ in range(_DEEPEST):
        lists = [one for one in level if isinstance(one, list)]
        maps = [one.values() for one in level if isinstance(one, dict)]
        level = [child for children in (*lists, *maps) for child in children]
    if level:
        raise RecursionError
