"""Whatever the arguments are, each file is sent once, in order."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from twine.commands import inputs

STEM = st.text("ab-1./", min_size=1, max_size=6)
DIST = st.builds(
    str.__add__, STEM, st.sampled_from([".whl", ".tar.gz", ".zip", ".egg"])
)
PATH = DIST | st.builds(
    str.__add__, DIST, st.sampled_from([".asc", ".publish.attestation", ".attestation"])
)


@given(st.lists(PATH, unique=True))
def test_files_are_parted_without_loss(paths: list[str]) -> None:
    """Each path plays exactly one part; only attestations may belong to nobody."""
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


@given(st.lists(PATH, unique=True))
def test_attestations_belong_to_the_file_they_name(paths: list[str]) -> None:
    """An attestation's name begins with its file's, and no longer name fits.

    Of several files with that name, those in the attestation's folder are meant.
    """
    found = inputs.split_inputs(paths)

    for owner, attestations in found.attestations_by_dist.items():
        for attestation in attestations:
            given_as = Path(attestation).resolve()
            fitting = [
                Path(dist).resolve()
                for dist in found.dists
                if given_as.name.startswith(f"{Path(dist).name}.")
            ]
            chosen = Path(owner).resolve()
            beside = given_as.with_name(chosen.name)
            assert chosen.name == max((path.name for path in fitting), key=len)
            assert chosen == beside or beside not in fitting


@given(st.lists(DIST))
def test_wheels_come_first_and_the_order_is_kept(paths: list[str]) -> None:
    """The result has the same files: all wheels as given, then the rest as given."""
    wheels = [path for path in paths if path.endswith(".whl")]
    others = [path for path in paths if not path.endswith(".whl")]

    assert inputs.group_wheel_files_first(paths) == wheels + others
