"""Fixtures for tests that call one module within this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from twine.terminal import logs, prompts
from twine.terminal.console import Console

_CI_VARIABLES = (
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "GOOGLE_SERVICE_ACCOUNT_NAME",
    "PYPI_ID_TOKEN",
)


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Give tests an empty home folder, an empty keyring, no CI and no terminal type."""
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("TERM", raising=False)
    for name in _CI_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the terminal alone."""
    monkeypatch.setattr(prompts, "can_ask", lambda: False)


@pytest.fixture
def records_printed() -> Iterator[None]:
    """Print what is logged, as the command line does."""
    with logs.print_records(Console()):
        yield
