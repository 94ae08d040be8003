"""Each way to hand over credentials brings them unchanged to a real server."""

from pathlib import Path
from urllib.parse import quote

from servers.releases import Release
from servers.running import PrivateIndex
from support.command import Result, Twine


def assert_stored(result: Result, index: PrivateIndex, release: Release) -> None:
    """See that the wheel has arrived, and that the screen never showed the password.

    The `twine` fixture looks for the secret word in it; this looks for all of it.
    """
    result.success()
    assert list(index.stored(release.name)) == [release.wheel.name]
    for secret in (index.password, quote(index.password, safe="")):
        assert secret not in result.text


def test_options(twine: Twine, private_index: PrivateIndex, release: Release) -> None:
    """Take username and password from the command line."""
    uploaded = twine(
        "upload",
        "--verbose",
        "--repository-url",
        private_index.upload_url,
        "-u",
        private_index.username,
        "-p",
        private_index.password,
        str(release.wheel),
    )
    assert_stored(uploaded, private_index, release)


def test_environment(
    twine: Twine, private_index: PrivateIndex, release: Release
) -> None:
    """Take URL, username and password from the environment."""
    environment = {
        "TWINE_REPOSITORY_URL": private_index.upload_url,
        "TWINE_USERNAME": private_index.username,
        "TWINE_PASSWORD": private_index.password,
    }
    uploaded = twine("upload", "--verbose", str(release.wheel), env=environment)
    assert_stored(uploaded, private_index, release)


def test_section_of_the_configuration_file(
    twine: Twine, private_index: PrivateIndex, release: Release, home: Path
) -> None:
    """Take everything from the named section of `~/.pypirc`, percent signs as such."""
    (home / ".pypirc").write_text(
        "[distutils]\n"
        "index-servers =\n"
        "    company\n"
        "[company]\n"
        f"repository = {private_index.upload_url}\n"
        f"username = {private_index.username}\n"
        f"password = {private_index.password}\n",
        encoding="utf-8",
    )
    uploaded = twine("upload", "--verbose", "-r", "company", str(release.wheel))
    assert_stored(uploaded, private_index, release)


def test_user_information_in_the_url(
    twine: Twine, private_index: PrivateIndex, release: Release
) -> None:
    """Take percent-encoded credentials out of the URL, and show the URL without."""
    scheme, _, rest = private_index.upload_url.partition("://")
    password = quote(private_index.password, safe="")
    url = f"{scheme}://{private_index.username}:{password}@{rest}"

    uploaded = twine("upload", "--verbose", "--repository-url", url, str(release.wheel))

    assert_stored(uploaded, private_index, release)
    assert "Uploading distributions to " in uploaded.out
