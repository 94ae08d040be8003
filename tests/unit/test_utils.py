"""Names that other programs import from `twine.utils`."""

import pytest

from twine import auth, utils
from twine.commands import inputs
from twine.config import arguments, known_indexes, options, pypirc
from twine.index import session, upload_error

DEFINED_HERE = {
    *("DEFAULT_REPOSITORY", "TEST_REPOSITORY", "RepositoryConfig", "input_func"),
    *("make_requests_session", "logger"),
}


@pytest.mark.parametrize("name", sorted({*utils.__all__} - DEFINED_HERE))
def test_names_are_those_of_the_packages(name: str) -> None:
    """What is imported from here is the very thing that the command uses."""
    modules = (auth, pypirc, known_indexes, arguments, inputs, options, upload_error)

    assert any(vars(one).get(name) is vars(utils)[name] for one in modules)
    assert utils.make_requests_session is session.make_session


def test_names_for_type_checkers_and_prompts() -> None:
    """As in 7.0.0, they stand for a dictionary and for `input`."""
    assert utils.RepositoryConfig == dict[str, str | None]
    assert utils.input_func is input
    assert utils.logger.name == "twine.utils"
