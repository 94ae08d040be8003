"""Files that real servers have already: skipped, or told apart, by their content."""

from pathlib import Path

import pytest

from servers.conftest import Release, Upload
from servers.running import PrivateIndex
from support.dists import sha256


@pytest.mark.parametrize("elsewhere", [False, True])
def test_same_content_is_skipped(
    upload: Upload, private_index: PrivateIndex, release: Release, elsewhere: bool
) -> None:
    """The second run sends only what is missing, wherever the index is asked."""
    upload(private_index, release.wheel).success()
    # Another host by its name: the credentials of the upload do not go there.
    url = private_index.simple_url.replace("127.0.0.1", "localhost")
    given = ("--check-url", url) if elsewhere else ()

    result = upload(
        private_index, "--skip-existing", *given, release.wheel, release.sdist
    )

    name = release.wheel.name
    said = result.success()
    assert f"Skipping {name} because it appears to already exist\n" in said
    assert f"Uploading {name}\n" not in said
    assert private_index.stored(release.name).keys() == {name, release.sdist.name}


@pytest.mark.parametrize("given", [("--skip-existing",), ()])
def test_other_content_is_an_error(
    upload: Upload,
    private_index: PrivateIndex,
    release: Release,
    changed: Path,
    given: tuple[str, ...],
) -> None:
    """Both digests are named, with the option before anything is sent."""
    upload(private_index, release.wheel).success()

    result = upload(private_index, *given, changed)

    said = result.failure("InvalidDistribution" if given else "HTTPError")
    assert said.index(sha256(changed)) < said.index(sha256(release.wheel))
    assert (f"Uploading {changed.name}\n" in result.out) is (not given)
    stored = private_index.stored(release.name)
    assert stored == {changed.name: release.wheel.read_bytes()}


def test_refusal_of_the_same_content_says_so(
    upload: Upload, pypiserver: PrivateIndex, release: Release
) -> None:
    """Show pypiserver's refusal, and that nothing is left to do; devpi accepts it."""
    upload(pypiserver, release.wheel).success()

    said = upload(pypiserver, release.wheel).failure("HTTPError")

    assert "this very file" in said
    assert "`--skip-existing`" in said
