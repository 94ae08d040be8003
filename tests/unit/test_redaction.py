"""What is masked, and what may be shown."""

import pytest

from twine.terminal import redaction

TOKEN = "pypi-AgEIcHlwaS5vcmcCJGM0"
MASK = redaction.MASK


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (TOKEN, MASK),
        (f"There is no file `{TOKEN}`.", f"There is no file `{MASK}`."),
        (f"A={TOKEN}_-x.", f"A={MASK}."),
        (f"{TOKEN} {TOKEN}", f"{MASK} {MASK}"),
        ("ghp_0123456789abcdef", MASK),
        ("glpat-0123456789abcdef", MASK),
        ("https://x.example/pypi-Internal-01/", "https://x.example/pypi-Internal-01/"),
    ],
)
def test_a_token_is_masked_wherever_it_stands(text: str, masked: str) -> None:
    """The names of projects and indexes that begin like a token are none."""
    assert redaction.mask_tokens(text) == masked


@pytest.mark.parametrize(
    ("argument", "masked"),
    [
        (TOKEN, MASK),
        ("pypi-0123456789", MASK),
        ("dist/pypi-s3cr3t-token", f"dist/{MASK}"),
        ("pypi-attestations", "pypi-attestations"),
        ("pypi-attestations-0.0.27.tar.gz", "pypi-attestations-0.0.27.tar.gz"),
        ("pypi-short1", "pypi-short1"),
    ],
)
def test_what_may_be_a_token_is_masked_among_arguments(
    argument: str, masked: str
) -> None:
    """The name of a file that begins like a token is none."""
    assert redaction.mask_argument(argument) == masked


@pytest.mark.parametrize(
    ("index", "shown"),
    [
        ("pypi", "pypi"),
        ("corp@eu", "corp@eu"),
        ("https://index.example/legacy/", "https://index.example/legacy/"),
        ("https://u:p@index.example/", f"https://{MASK}@index.example/"),
        ("http:/u:p@index.example/", f"{MASK}@index.example/"),
        ("https//u:p@index.example/", f"{MASK}@index.example/"),
        ("u:p@index.example/", f"{MASK}@index.example/"),
        ("u:p/@:q@host", f"{MASK}@host"),
        ("token@index.example", f"{MASK}@index.example"),
        ("u:p\nq@host", f"{MASK}@host"),
    ],
)
def test_the_name_of_an_index_may_be_a_mistyped_url(index: str, shown: str) -> None:
    """What stands before an `@` is masked where it may be a password."""
    assert redaction.mask_index(index) == shown


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], []),
        (["-p", "x", "y"], ["x"]),
        (["-px"], ["x"]),
        (["--pas", "x"], ["x"]),
        (["-password=x"], ["x"]),
        (["--api_token", "x", "--secret=y"], ["x", "y"]),
        (["\N{EM DASH}password", "x"], ["x"]),
        (["--keep-going", "--attestations", "--preflight", "--skip-existing", "x"], []),
        (["-r", "x", "--username", "y", "-c", "z"], []),
        (["--keyring", "required", "--keyring=required"], []),
    ],
)
def test_what_stands_where_a_password_would_is_found(
    arguments: list[str], found: list[str]
) -> None:
    """Behind `-p`, `--password`, and what was meant for it or invented."""
    assert [*redaction.find_secret_arguments(arguments)] == found
