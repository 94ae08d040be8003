"""Whatever was asked for can be asked for again."""

import shlex
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from twine.commands import parsers
from twine.config import options
from twine.publish import outcome as report
from twine.settings import Settings

# Some versions of argparse lose an option's value `--`.
TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12
).filter(lambda text: text != "--")
NAMES = TEXT.filter(lambda text: "://" not in text)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "repository_name": NAMES,
        "repository_url": st.sampled_from(["https://index.example/legacy/", "x"]),
        "attestations": st.booleans(),
        "sign_with": TEXT,
        "username": TEXT,
        "password": st.just("Zqsecretwordqz"),
        "non_interactive": st.booleans(),
        "comment": TEXT | st.sampled_from(["-x", "--jobs=3", "-"]),
        "config_file": TEXT,
        "skip_existing": st.booleans(),
        "no_validate": st.booleans(),
        "cacert": TEXT,
        "client_cert": TEXT,
        "timeout": st.none() | st.floats(0.001, 1e6),
        "retries": st.integers(0, 10**8),
        "jobs": st.integers(1, 10**8),
        "keep_going": st.booleans(),
        "verbose": st.booleans(),
        "disable_progress_bar": st.booleans(),
    },
)
FILES = st.lists(TEXT | st.sampled_from(["-a.whl", "--", "-"]), min_size=1, max_size=3)


@given(VALUES, FILES)
def test_the_command_to_resume_with_means_the_same(
    values: dict[str, Any], files: list[str]
) -> None:
    """A shell and the parser make the same settings of it, password aside."""
    asked = Settings(**values).as_asked()

    command = report.render_resume_command(asked, files)

    parsed = parsers.make_upload_parser().parse_args(shlex.split(command)[2:])
    assert [name.removeprefix("./") for name in parsed.dists] == [
        name.removeprefix("./") for name in files
    ]
    again = Settings(**options.keywords_from_arguments(parsed))
    wanted = {**asked, "password": None}
    assert again.as_asked() == wanted
    assert "Zqsecretwordqz" not in command
