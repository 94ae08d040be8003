"""Names that other programs import; what they name is in the packages beside it."""

from __future__ import annotations

import logging

from .auth import get_cacert, get_clientcert, get_userpass_value
from .commands.inputs import get_file_size
from .config.arguments import EnvironmentDefault, EnvironmentFlag
from .config.known_indexes import PYPI, TESTPYPI, normalize_repository_url, sanitize_url
from .config.options import DEFAULT_CONFIG_FILE
from .config.pypirc import get_config, get_repository_from_config
from .index.session import make_session as make_requests_session
from .index.upload_error import check_status_code

__all__ = (
    "DEFAULT_CONFIG_FILE",
    "DEFAULT_REPOSITORY",
    "TEST_REPOSITORY",
    "EnvironmentDefault",
    "EnvironmentFlag",
    "RepositoryConfig",
    "check_status_code",
    "get_cacert",
    "get_clientcert",
    "get_config",
    "get_file_size",
    "get_repository_from_config",
    "get_userpass_value",
    "input_func",
    "logger",
    "make_requests_session",
    "normalize_repository_url",
    "sanitize_url",
)

DEFAULT_REPOSITORY = PYPI.upload_url
TEST_REPOSITORY = TESTPYPI.upload_url
# The type of what `get_repository_from_config` returns.
RepositoryConfig = dict[str, str | None]
# Unused here, as the logger: programs know both from 7.0.0.
input_func = input
logger = logging.getLogger(__name__)
