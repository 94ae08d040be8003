"""Names that other programs import from here."""

import pytest

from twine import auth, utils
from twine.commands import inputs
from twine.config import arguments as environment
from twine.config import known_indexes, options
from twine.config import pypirc as config
from twine.index import session as transport
from twine.index import upload_error


@pytest.mark.parametrize("name", utils.__all__)
def test_every_name_lives_in_a_room_of_its_own(name: str) -> None:
    """What is imported from here is the very thing that the command uses."""
    rooms = [auth, config, environment, inputs, known_indexes, options, transport]
    homes = [
        room
        for room in [*rooms, upload_error]
        if vars(room).get(name) is vars(utils)[name]
    ]
    constants = {
        *("DEFAULT_REPOSITORY", "TEST_REPOSITORY", "make_requests_session"),
        *("RepositoryConfig", "input_func", "logger"),
    }

    assert homes or name in constants


def test_the_urls_of_the_public_indexes() -> None:
    """Programs read the upload URLs from here."""
    assert utils.DEFAULT_REPOSITORY == "https://upload.pypi.org/legacy/"
    assert utils.TEST_REPOSITORY == "https://test.pypi.org/legacy/"
    assert utils.make_requests_session is transport.make_session
