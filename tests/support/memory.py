"""How much memory something takes."""

import tracemalloc
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

MIB = 1024 * 1024
MOST_MEMORY = 128 * MIB
"""Bytes that looking at a file may take, whatever it is made of."""


def measure(action: Callable[[], Result]) -> tuple[Result, int]:
    """Return what a function returns, and the most memory it took, in bytes."""
    tracemalloc.start()
    try:
        result = action()
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
