"""`--dry-run` and `--wait` with real servers."""

from servers.conftest import Release, Upload
from servers.running import PrivateIndex


def test_dry_run_leaves_the_server_untouched(
    upload: Upload, private_index: PrivateIndex, release: Release
) -> None:
    """Nothing is stored; what the server has is told, and what would be skipped."""
    said = upload(private_index, "--dry-run", release.wheel, release.sdist).success()
    assert "Of 2 files: 2 would be uploaded." in said
    assert private_index.stored(release.name) == {}

    upload(private_index, release.wheel).success()
    said = upload(
        private_index, "--dry-run", "--skip-existing", release.wheel, release.sdist
    ).success()
    assert "Of 2 files: 1 would be uploaded, 1 would be skipped." in said
    assert set(private_index.stored(release.name)) == {release.wheel.name}


def test_wait_ends_when_the_server_lists_the_files(
    upload: Upload, private_index: PrivateIndex, release: Release
) -> None:
    """Both servers list a file as soon as they have it."""
    said = upload(private_index, "--wait", "30", release.wheel, release.sdist).success()
    assert "The index lists 2 files, after " in said
    assert len(private_index.stored(release.name)) == 2
