"""Whatever is asked for: each file plays one part, and can be asked for again."""

import shlex
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from twine.commands import inputs, parsers
from twine.config import options
from twine.publish import outcome as report
from twine.settings import Settings

STEM = st.text("ab-1./", min_size=1, max_size=6)
DIST = st.builds(str.__add__, STEM, st.sampled_from([".whl", ".tar.gz", ".egg"]))
PATH = DIST | st.builds(
    str.__add__, DIST, st.sampled_from([".asc", ".publish.attestation", ".attestation"])
)
# Some versions of argparse lose an option's value `--`.
TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12
).filter(lambda text: text != "--")
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "repository_name": TEXT.filter(lambda text: "://" not in text),
        "repository_url": st.sampled_from(["https://index.example/legacy/", "x"]),
        "attestations": st.booleans(),
        "sign_with": TEXT,
        "username": TEXT,
        "password": st.just("Zqsecretwordqz"),
        "comment": TEXT | st.sampled_from(["-x", "--jobs=3", "-"]),
        "config_file": TEXT,
        "no_validate": st.booleans(),
        "cacert": TEXT,
        "timeout": st.none() | st.floats(0.001, 1e6),
        "retries": st.integers(0, 10**8),
        "keep_going": st.booleans(),
    },
)
FILES = st.lists(TEXT | st.sampled_from(["-a.whl", "--", "-"]), min_size=1, max_size=3)


@given(st.lists(PATH, unique=True))
def test_each_input_plays_one_part(paths: list[str]) -> None:
    """Files are split without loss; only attestations may belong to nobody."""
    found = inputs.split_inputs(paths)
    attestations = [
        path for owned in found.attestations_by_dist.values() for path in owned
    ]

    assert sorted(found.dists) == sorted(
        path for path in paths if not path.endswith((".asc", ".attestation"))
    )
    assert set(attestations) <= {
        path for path in paths if path.endswith(".attestation")
    }
    assert set(found.signatures.values()) <= {p for p in paths if p.endswith(".asc")}
    assert list(found.attestations_by_dist) == found.dists


@given(SETTINGS, FILES)
def test_resume_command_means_the_same(
    values: dict[str, Any], names: list[str]
) -> None:
    """A shell and the parser make the same settings of it, password aside."""
    asked = Settings(**values).as_asked()

    command = report.render_resume_command(asked, names)

    parsed = parsers.make_upload_parser().parse_args(shlex.split(command)[2:])
    assert [name.removeprefix("./") for name in parsed.dists] == [
        name.removeprefix("./") for name in names
    ]
    again = Settings(**options.keywords_from_arguments(parsed))
    assert again.as_asked() == {**asked, "password": None}
    assert "Zqsecretwordqz" not in command
