"""What became of each file, for people and for programs."""

import shlex
import subprocess

import pytest
import requests

from support.secrets import PASSWORD, SECRET, USER
from twine import exceptions
from twine.commands import parsers
from twine.index.upload_error import Failure, UploadError
from twine.publish import outcome as report
from twine.publish.outcome import Outcome
from twine.settings import Settings

URL = "https://index.example/legacy/"


def resumed(settings: Settings, *files: str) -> Settings:
    """Return the settings that the command to resume with asks for."""
    command = report.render_resume_command(settings.as_asked(), files)
    assert SECRET not in command
    twine, name, *arguments = shlex.split(command)
    assert (twine, name) == ("twine", "upload")
    parsed = parsers.make_upload_parser().parse_args(arguments)
    assert parsed.dists == list(files)
    return Settings.from_argparse(parsed)


def test_a_table_has_a_line_for_each_file() -> None:
    """Status, path and reason stand in a row; the summary counts what is there."""
    refusal = UploadError(
        headline="400 Bad from the index", server_message="no", hint="A hint"
    )
    table = report.render_table(
        [
            Outcome(path="a.whl", status="uploaded"),
            Outcome(path="b.whl", status="skipped"),
            Outcome(path="c.whl", status="failed", error=refusal),
            Outcome(path="d.whl", status="failed", error=KeyboardInterrupt()),
            Outcome(path="e.whl", status="failed", error=ValueError()),
            Outcome(path="f.tar.gz"),
            Outcome(path="g.tar.gz", note="held back"),
        ]
    )

    assert table[0].split() == ["uploaded", "a.whl"]
    assert table[1].split() == ["skipped", "b.whl"]
    assert table[2].split(maxsplit=1)[0] == "failed"
    assert table[2].endswith("c.whl: 400 Bad from the index. The server says: no")
    assert "d.whl: interrupted" in table[3]
    assert table[4].endswith("e.whl: ValueError")
    assert table[5].split(maxsplit=2) == ["not", "tried", "f.tar.gz"]
    assert table[6].endswith("g.tar.gz: held back")
    assert table[7] == "Known to be on the index: 2 of 7 files."
    columns = [table[n].index(f"{name}.whl") for n, name in enumerate("abcde")]
    assert len(set(columns)) == 1


def test_the_sum_tells_what_is_not_known() -> None:
    """A file in doubt is not counted as one that is not there."""
    gone, skipped = ValueError("Gone."), Outcome(path="d", status="skipped")
    table = report.render_table(
        [
            Outcome(path="a", status="failed", error=gone, in_doubt=True),
            Outcome(path="b", status="unknown", in_doubt=True),
            Outcome(path="c"),
            skipped,
        ]
    )

    assert table[0].endswith("a: Gone. Whether it got through is not known.")
    assert table[1].split() == ["unknown", "b"]
    assert table[2].split() == ["not", "tried", "c"]
    assert table[-1] == "Known to be on the index: 1 of 4 files. Not known: 2."


def test_defaults_are_not_repeated() -> None:
    """A bare run is resumed with a bare command."""
    command = report.render_resume_command(Settings().as_asked(), ["dist/a b.whl"])

    assert command == "twine upload 'dist/a b.whl'"


def test_an_index_that_was_not_asked_for_is_not_repeated() -> None:
    """A URL wins, so whatever else is set is not looked at, and not asked for again."""
    settings = Settings(repository_url=URL, repository_name="ftp://old.example/")

    assert resumed(settings, "a.whl").as_asked() == settings.as_asked()
    assert "ftp" not in report.render_resume_command(settings.as_asked(), ["a.whl"])


@pytest.mark.parametrize("name", ["repository_url", "repository_name", "check_url"])
def test_no_secret_is_repeated(name: str) -> None:
    """Neither a password nor one within a URL is in the command."""
    url = f"https://{USER}:{PASSWORD}@index.example/legacy/"
    settings = Settings(password=PASSWORD, **{name: url})  # type: ignore[arg-type]

    again = resumed(settings, "a.whl")

    assert getattr(again, name) == URL


def test_a_file_that_looks_like_an_option_is_a_file() -> None:
    """A name that begins with a hyphen can be uploaded again.

    No `--` is needed, which the top of the command line would take for itself.
    """
    command = report.render_resume_command({}, ["-a b.whl", "-k-1.0.tar.gz"])

    assert shlex.split(command) == ["twine", "upload", "./-a b.whl", "./-k-1.0.tar.gz"]


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (None, None),
        (
            exceptions.InvalidDistribution("Odd.", hint="Mend it."),
            {
                "type": "InvalidDistribution",
                "status": None,
                "message": "Odd.\nMend it.",
            },
        ),
        (
            requests.ConnectionError("Gone."),
            {"type": "ConnectionError", "status": None, "message": "Gone."},
        ),
        (
            KeyboardInterrupt(),
            {"type": "KeyboardInterrupt", "status": None, "message": "Interrupted."},
        ),
    ],
)
def test_an_error_is_described_for_programs(
    error: Failure | None, described: object
) -> None:
    """Kind, HTTP status if there was one, and the whole message."""
    assert report.describe_error(error) == described


def test_the_command_is_quoted_as_a_shell_wants_it() -> None:
    """On Windows no quotes stand around a path that needs none, and no single ones."""
    command = report.render_resume_command(
        {"comment": "two words"},
        ["dist\\a-1.0.tar.gz", "my dist\\b-1.0.tar.gz"],
        subprocess.list2cmdline,
    )

    assert command == (
        'twine upload --comment "two words" dist\\a-1.0.tar.gz "my dist\\b-1.0.tar.gz"'
    )
