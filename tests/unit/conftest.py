"""Fixtures for tests that call one module within this process."""

from pathlib import Path

import pytest

from twine.terminal import console

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
    monkeypatch.setattr(console, "can_ask", lambda: False)
