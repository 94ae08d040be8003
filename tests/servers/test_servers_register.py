"""`twine register` works on the servers that still take the form."""

import requests

from servers.releases import Release
from servers.running import ANSWERED_WITHIN, Devpi, PrivateIndex
from support.command import Result, Twine


def register(twine: Twine, index: PrivateIndex, release: Release) -> Result:
    """Run `twine register` with the right credentials."""
    return twine(
        "register",
        f"--repository-url={index.upload_url}",
        f"--username={index.username}",
        f"--password={index.password}",
        str(release.wheel),
    )


def test_register_on_devpi_creates_the_project(
    twine: Twine, devpi: Devpi, release: Release
) -> None:
    """Make the project known on devpi without sending a file."""
    index = devpi.fixed
    page_url = f"{index.simple_url}{release.name}/"
    before = requests.get(page_url, timeout=ANSWERED_WITHIN)
    assert before.status_code == 404

    registered = register(twine, index, release)

    assert registered.success().splitlines() == [
        f"Registering package to {index.upload_url}",
        f"Registering {release.wheel.name}",
    ]
    after = requests.get(page_url, timeout=ANSWERED_WITHIN)
    assert after.status_code == 200
    assert index.stored(release.name) == {}


def test_register_on_pypiserver_succeeds_and_changes_nothing(
    twine: Twine, pypiserver: PrivateIndex, release: Release
) -> None:
    """Succeed on pypiserver, which accepts the form and has no use for it."""
    registered = register(twine, pypiserver, release)

    assert f"Registering {release.wheel.name}\n" in registered.success()
    assert pypiserver.stored(release.name) == {}
