"""One index, seen as an object."""

from pathlib import Path

import pytest
import requests

from support import dists
from support.patience import Clock
from support.secrets import PASSWORD, SECRET, USER
from twine.index.retry import RetryPolicy
from twine.package import PackageFile
from twine.repository import Repository

pytestmark = pytest.mark.usefixtures("records_printed")


@pytest.fixture
def package(tmp_path: Path) -> PackageFile:
    """Return a wheel."""
    return PackageFile.from_filename(str(dists.make_wheel(tmp_path, "some_pkg")), None)


def test_no_secret_shows_in_a_repr() -> None:
    """A repository in a traceback tells no password."""
    repository = Repository("https://index.example/", USER, PASSWORD)

    assert SECRET not in repr(repository)
    assert SECRET not in repr(repository.session)


@pytest.mark.parametrize("action", ["upload", "register"])
def test_a_password_is_hidden_without_any_settings(
    package: PackageFile,
    caplog: pytest.LogCaptureFixture,
    action: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A program that makes a Repository itself sees its password in no error."""
    policy = RetryPolicy(retries=1, interrupted=Clock())
    repository = Repository("https://index.example/", USER, PASSWORD, policy=policy)

    def fail(*args: object, **kwargs: object) -> None:
        raise requests.ConnectionError(f"It said {PASSWORD}.")

    monkeypatch.setattr(repository.session, "post", fail)

    with pytest.raises(requests.ConnectionError) as caught:
        getattr(repository, action)(package)

    assert str(caught.value).startswith("It said ********.")
    assert SECRET not in caplog.text
    assert action == "register" or "It said ********." in caplog.text
