"""Fixtures for tests that call one module within this process."""

from collections.abc import Iterator

import pytest

from twine.terminal import logs, prompts
from twine.terminal.console import Console


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the terminal alone."""
    monkeypatch.setattr(prompts, "can_ask", lambda: False)


@pytest.fixture
def records_printed() -> Iterator[None]:
    """Print what is logged, as the command line does."""
    with logs.print_records(Console()):
        yield
