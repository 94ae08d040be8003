"""Deliberate differences: what the PyPA's twine does there, and what ours does better.

Each test runs both programs; the reason is in its docstring.
"""

import zipfile
from pathlib import Path

import pytest

from compat.sides import Scenario, Sides
from support.dists import make_sdist, make_wheel, metadata_text
from support.fakepypi import FakePyPI
from support.index import Answer, ScriptedIndex
from support.secrets import PASSWORD, SECRET, USER

WHEEL = "pkg-1.0-py3-none-any.whl"
SDIST = "pkg-1.0.tar.gz"
BASE = ("upload", "--disable-progress-bar")
TO = (*BASE, "--repository-url", "{url}/legacy/")
LOGIN = ("-u", USER, "-p", PASSWORD)
UPLOAD = (*TO, *LOGIN)
_MINE = "[distutils]\nindex-servers = mine\n[mine]\nrepository = "


def test_the_reason_of_the_index_is_shown(sides: Sides) -> None:
    """The PyPA's twine hides the index's own words unless asked to be verbose."""
    refusal = Answer(400, "Bad Request", body=b"Tea is not a valid classifier")
    ours, theirs = sides.run(
        Scenario(
            argv=(*UPLOAD, WHEEL),
            script=lambda index: index.answer("/legacy/", refusal),
        )
    )
    assert "Tea is not" not in theirs.text
    assert "Tea is not a valid classifier" in ours.text


def test_nothing_is_wrapped_off_a_terminal(sides: Sides) -> None:
    """A log is searched for whole lines; the PyPA's twine breaks them."""
    ours, theirs = sides.run(
        Scenario(argv=(*UPLOAD, WHEEL), env={"COLUMNS": "30", "TERM": "xterm"})
    )
    line = "Uploading distributions to http://INDEX/legacy/"
    assert line not in theirs.text
    assert line in ours.text


def _bundling(folder: Path) -> None:
    path = make_wheel(folder)
    with zipfile.ZipFile(path, "a") as archive:
        other = metadata_text("bundled", "9.9")
        archive.writestr("a/METADATA", other)
        archive.writestr("bundled-9.9.dist-info/METADATA", other)


def test_only_the_wheels_own_metadata_is_read(sides: Sides) -> None:
    """Other files called METADATA belong to bundled projects."""
    ours, _ = sides.run(Scenario(argv=(*UPLOAD, WHEEL), files=_bundling))
    assert ours.code == 0
    assert ours.values("name") == ["pkg"]
    assert ours.values("version") == ["1.0"]


def test_the_ca_holds_for_the_token_exchange(sides: Sides) -> None:
    """`TWINE_CERT` is about every request; the PyPA's twine forgets the exchange."""
    ours, theirs = sides.run(
        Scenario(
            argv=(*BASE, WHEEL),
            env={"REQUESTS_CA_BUNDLE": ""},
            pypi=True,
            github=True,
        )
    )
    assert theirs.code == 1
    assert ours.code == 0
    assert ours.credentials[-1] == f"__token__:pypi-{SECRET}-minted-1"


def test_the_option_beats_the_bundle_of_requests(sides: Sides) -> None:
    """What the user says to twine wins over what the machine says to requests."""
    ours, theirs = sides.run(
        Scenario(
            argv=(*UPLOAD, "--cert", "{ca}", WHEEL),
            env={"REQUESTS_CA_BUNDLE": "/etc/hostname"},
            tls=True,
        )
    )
    assert theirs.code == 1
    assert (ours.code, len(ours.uploads)) == (0, 1)


def test_tokens_are_renewed(sides: Sides) -> None:
    """A token about to expire is replaced before the next file, as both promise."""

    def be_short(index: ScriptedIndex) -> None:
        assert isinstance(index, FakePyPI)
        index.lifetime = 100

    ours, theirs = sides.run(
        Scenario(
            argv=(*BASE, WHEEL, SDIST),
            files=lambda folder: (make_wheel(folder), make_sdist(folder)),
            script=be_short,
            pypi=True,
            github=True,
        )
    )

    def tokens(requests: list[str | None]) -> int:
        return len({auth for auth in requests if auth})

    assert tokens(theirs.credentials) == 1
    assert ours.code == 0
    assert tokens(ours.credentials) == 2


def test_without_a_terminal_nobody_is_asked(sides: Sides) -> None:
    """A CI has nobody to answer; the PyPA's twine asks and stumbles."""
    ours, theirs = sides.run(Scenario(argv=(*TO, WHEEL)))
    assert theirs.code == 1
    assert (ours.code, ours.error, ours.requests) == (1, "NonInteractive", ())


def test_a_file_named_twice_is_sent_once(sides: Sides) -> None:
    """Patterns overlap; the index would refuse the second copy."""
    ours, theirs = sides.run(Scenario(argv=(*UPLOAD, WHEEL, f"./{WHEEL}", "*.whl")))
    assert len(theirs.uploads) > 1
    assert (ours.code, len(ours.uploads)) == (0, 1)


def test_check_goes_on_after_a_broken_file(sides: Sides) -> None:
    """Every file gets its verdict in one run."""
    ours, theirs = sides.run(
        Scenario(
            argv=("check", "a-1.0.tar.gz", SDIST),
            files=lambda folder: (
                make_sdist(folder),
                (folder / "a-1.0.tar.gz").write_bytes(b""),
            ),
        )
    )
    assert ours.code == theirs.code == 1
    assert not [line for line in theirs.status_lines if "PASSED" in line]
    assert ours.status_lines == (
        "Checking a-1.0.tar.gz: FAILED",
        f"Checking {SDIST}: PASSED",
    )


CREDENTIALS = {
    "a URL that a section has": (
        Scenario(
            argv=(*TO, "--non-interactive", WHEEL),
            pypirc=f"{_MINE}{{url}}/legacy/\nusername = {USER}\npassword = word-1\n",
        ),
        f"{USER}:word-1",
    ),
    "a section's URL with a password": (
        Scenario(
            argv=(*BASE, "-r", "mine", "--non-interactive", WHEEL),
            pypirc=f"{_MINE}http://{USER}:word-2@{{address}}/legacy/\n",
        ),
        f"{USER}:word-2",
    ),
    "a URL as the index": (
        Scenario(argv=(*BASE, *LOGIN, "-r", "{url}/legacy/", WHEEL)),
        f"{USER}:{PASSWORD}",
    ),
    "a URL as the variable": (
        Scenario(
            argv=(*BASE, *LOGIN, WHEEL), env={"TWINE_REPOSITORY": "{url}/legacy/"}
        ),
        f"{USER}:{PASSWORD}",
    ),
    "a URL with encoded credentials": (
        Scenario(
            argv=(
                *(*BASE, "--repository-url"),
                *("http://a%40b:p%2Fw%3A1@{address}/legacy/", WHEEL),
            )
        ),
        "a@b:p/w:1",
    ),
}


@pytest.mark.parametrize(
    ("scenario", "expected"), CREDENTIALS.values(), ids=CREDENTIALS
)
def test_credentials_are_found(scenario: Scenario, expected: str, sides: Sides) -> None:
    """URLs and sections that the PyPA's twine misreads are understood.

    A URL finds the section that it belongs to, a section's URL may hold a password,
    the manual promises a URL for `-r`, and URLs are percent-encoded.
    """
    ours, theirs = sides.run(scenario)
    assert theirs.credentials != [expected]
    assert ours.code == 0
    assert ours.credentials == [expected]
    assert "word-" not in ours.text


def test_a_redirect_to_nowhere_is_no_success(sides: Sides) -> None:
    """The file did not arrive anywhere; the PyPA's twine reports success."""
    ours, theirs = sides.run(
        Scenario(
            argv=(*UPLOAD, WHEEL),
            script=lambda index: index.answer("/legacy/", Answer(302, "Found")),
        )
    )
    assert theirs.code == 0
    assert (ours.code, ours.error) == (1, "HTTPError")


def test_a_malformed_configuration_is_not_shown(sides: Sides) -> None:
    """The line that cannot be read may be the one with the password."""
    ours, theirs = sides.run(
        Scenario(
            argv=(*BASE, "-r", "mine", WHEEL),
            pypirc=f"{_MINE}{{url}}/\nusername: a\nhush-hush password\n",
        )
    )
    assert theirs.code == 1
    assert (ours.code, ours.error) == (1, "InvalidConfiguration")
    assert "hush-hush" not in ours.text


def test_metadata_of_the_future_can_be_sent(sides: Sides) -> None:
    """The index decides what it accepts, when the user says so."""
    ours, theirs = sides.run(
        Scenario(
            argv=(*UPLOAD, "--no-validate", WHEEL),
            files=lambda folder: make_wheel(
                folder, metadata=metadata_text(metadata_version="9.9")
            ),
        )
    )
    assert theirs.code == 2
    assert ours.code == 0
    assert ours.values("metadata_version") == ["9.9"]
    assert "WARNING" in ours.text


def test_a_client_certificate_stands_in_for_credentials(sides: Sides) -> None:
    """An index that knows its clients by certificate needs no user name."""
    ours, theirs = sides.run(
        Scenario(
            argv=(
                *(*TO, "--non-interactive", "--cert", "{ca}"),
                *("--client-cert", "{client}", WHEEL),
            ),
            tls=True,
            ask_client=True,
        )
    )
    assert theirs.error == "NonInteractive"
    assert (ours.code, ours.credentials) == (0, [None])
