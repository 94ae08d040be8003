"""What the installed distribution tells pip, type checkers and the shell."""

import importlib.resources
import re
from importlib.metadata import distribution, entry_points, metadata
from pathlib import Path

import pytest

import twine

PROJECT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(?:\]\(|src=\")(?!https?:|#)([^)\"#]+)")


def test_marked_as_typed() -> None:
    """Type checkers find the marker of PEP 561 beside the code."""
    assert importlib.resources.files(twine).joinpath("py.typed").is_file()


@pytest.mark.parametrize("name", ["check", "preview", "register", "upload"])
def test_own_commands_are_registered(name: str) -> None:
    """Each command is an entry point of ours that loads."""
    ours = distribution("twine").entry_points
    (entry,) = ours.select(group="twine.registered_commands", name=name)

    assert callable(entry.load())


def test_one_distribution_claims_the_command() -> None:
    """No second distribution in the environment installs a program `twine`."""
    (entry,) = entry_points(group="console_scripts", name="twine")

    assert entry.value == "twine.__main__:main"


def test_extras_that_scripts_ask_for() -> None:
    """`twine[keyring]` is for older scripts; the others bring libraries."""
    extras = set(metadata("twine").get_all("Provides-Extra", []))
    assert extras == {
        "attest",
        "completion",
        "keyring",
        "preview",
        "pypi",
        "socks",
        "system-certs",
    }


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "SECURITY.md"])
def test_links_lead_somewhere(page: str) -> None:
    """Every relative link of the pages at the root names a file of the project."""
    targets = LINK.findall((PROJECT / page).read_text(encoding="utf-8"))

    assert [target for target in targets if not (PROJECT / target).exists()] == []
