"""These tests try very many inputs."""

from collections.abc import Iterator

import coverage
import pytest


@pytest.fixture(autouse=True)
def _not_measured() -> Iterator[None]:
    """Measure no coverage: it would take four times as long, and tell little more."""
    measuring = coverage.Coverage.current()
    if measuring is None:
        yield
        return
    measuring.stop()
    yield
    measuring.start()
