"""Which index, where it takes uploads, and what ``.pypirc`` says about it.

Only :func:`read_config` touches the disk. The format is described at
https://packaging.python.org/en/latest/specifications/pypirc/.
"""

from __future__ import annotations

import configparser
import contextlib
import dataclasses
import logging
import os
import re
from collections.abc import Mapping
from typing import NamedTuple

from .. import exceptions
from ..terminal.redaction import mask_index
from ..terminal.text import suggest
from .arguments import FromEnvironment
from .known_indexes import (
    KNOWN_INDEXES,
    PYPI,
    TOKEN_USERNAME,
    Index,
    comparable_url,
    parse_repository_url,
)
from .options import DEFAULT_CONFIG_FILE

logger = logging.getLogger(__name__)

_LITERALLY = (
    "Values are taken as they are: they need no quotes, and a comment needs a line of "
    "its own."
)


class Config(NamedTuple):
    """What a ``.pypirc`` says.

    Args:
        source: Where it was read from, for messages.
        indexes: The listed indexes by name; ``pypi`` is always one of them.
        unlisted: The sections that ``index-servers`` does not list.
    """

    source: str
    indexes: dict[str, Index]
    unlisted: set[str]

    def select(self, name: str) -> Index:
        """Return the index of a name.

        Raises:
            InvalidConfiguration: There is no such index, or it has no URL.
            UnreachableRepositoryURLDetected: Its URL is not one.
        """
        shown, source = mask_index(name), self.source
        index = self.indexes.get(name)
        if index is None and name in self.unlisted:
            raise exceptions.InvalidConfiguration(
                f"`index-servers` does not list the section `[{shown}]` of `{source}`, "
                "so there is no such index.",
                hint="Add the name to `index-servers` under `[distutils]`: names are "
                "separated by spaces or line breaks, without commas.",
            )
        if index is None:
            names = [mask_index(known) for known in self.indexes]
            raise exceptions.InvalidConfiguration(
                f"There is no index `{shown}`{suggest(name, names)} in `{source}`; it "
                f"knows {', '.join(f'`{known}`' for known in names)}.",
                hint="An index is a section of that file whose name `index-servers` "
                "under `[distutils]` lists. `--repository-url` needs no file.",
            )
        if index.url is None or not index.url.strip():
            what = "no" if index.url is None else "an empty"
            raise exceptions.InvalidConfiguration(
                f"The section `[{shown}]` of `{source}` has {what} `repository`.",
                hint="Add `repository = https://...`: the index's upload URL.",
            )
        if mistake := _find_mistake(index.url.strip()):
            text = f"The `repository` of `[{shown}]` in `{source}` {mistake}."
            raise exceptions.InvalidConfiguration(text, hint=_LITERALLY)
        parse_repository_url(index.url)
        return index

    def find_by_url(self, url: str) -> Index | None:
        """Return the index that has this upload URL, however it is spelled."""
        wanted = comparable_url(url)
        for index in self.indexes.values():
            # Only the credentials are taken: the URL is used as it was given.
            if index.url and comparable_url(index.url) == wanted:
                return index
        return None


def _find_mistake(value: str) -> str | None:
    """Return what a value holds that was hardly meant as a part of it."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return "has quotes around it"
    if re.search(r"\s[;#]", value):
        return "has what looks like a comment behind it"
    return None


def parse_config(text: str, source: str) -> Config:
    """Read the text of a ``.pypirc``.

    Args:
        text: INI text; a ``%`` is only a ``%``.
        source: Where the text comes from, for messages.

    Raises:
        InvalidConfiguration: The text is not INI. It may hold a secret, so the message
            names lines and shows none.
    """
    # Interpolation would take a `%` in a password for the start of a name. Keys are
    # of any case: the task TwineAuthenticate of Azure writes `Index-servers`.
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text, source)
    except configparser.Error as exc:
        raise exceptions.InvalidConfiguration(
            f"`{source}` is not a valid configuration file: {_describe_fault(exc)}.",
            hint="It must be made of `[section]` lines and `key = value` lines.",
        ) from None  # its context, ParsingError, quotes the lines
    # The default of distutils, which made the format: PyPI needs no list.
    listed = parser.get("distutils", "index-servers", fallback="pypi testpypi").split()
    sections = {name: dict(parser[name]) for name in parser.sections()}
    known = {index.name: {"repository": index.upload_url} for index in KNOWN_INDEXES}
    defaults = {
        key: parser.get("server-login", key, fallback=None)
        for key in ("username", "password")
    }
    indexes = {
        name: _read_section(
            known.get(name, {}) | sections.get(name, {}),
            defaults,
            name=name,
            source=source,
        )
        for name in dict.fromkeys([PYPI.name, *listed])
        if name in sections or name in known
    }
    unlisted = sections.keys() - {"distutils", "server-login", *listed}
    return Config(source, indexes, unlisted)


def _read_section(
    section: Mapping[str, str],
    defaults: Mapping[str, str | None],
    *,
    name: str,
    source: str,
) -> Index:
    source = f"`[{mask_index(name)}]` of `{source}`"
    url = section.get("repository")
    from_url = Index(url=None)
    if url is not None:
        # Whether the URL is sound matters only if this index is the chosen one.
        with contextlib.suppress(exceptions.UnreachableRepositoryURLDetected):
            from_url = parse_repository_url(url)
            url = from_url.url
    password = section.get("password", from_url.password or defaults["password"])
    if "token" in section:
        if "password" in section:
            logger.warning(
                "%s has both `token` and `password`.\n"
                "The token is used; remove the other one.",
                source,
            )
        password = section["token"]
        defaults = {"username": TOKEN_USERNAME}
    return Index(
        url=url,
        name=name,
        source=source,
        username=section.get("username", from_url.username or defaults["username"]),
        password=password,
        tokens=section.get("tokens"),
        ca_cert=section.get("ca_cert"),
        client_cert=section.get("client_cert"),
        check_url=section.get("check_url"),
    )


def _describe_fault(error: configparser.Error) -> str:
    """Return what is wrong with an INI text, without quoting any of it."""
    match error:
        case configparser.MissingSectionHeaderError():
            return f"line {error.lineno} comes before any `[section]`"
        case configparser.ParsingError():
            lines = ", ".join(str(number) for number, _ in error.errors)
            return f"line {lines} cannot be understood"
        case configparser.DuplicateSectionError():
            return f"line {error.lineno} repeats a section"
        case configparser.DuplicateOptionError():
            return f"line {error.lineno} repeats a key of its section"
        case _:
            return "it cannot be understood"


def read_config(path: str) -> Config:
    """Read a ``.pypirc`` from disk.

    Args:
        path: The file; ``~`` is the home folder. Only the default one may be
            missing.

    Raises:
        InvalidConfiguration: The file is missing, unreadable or malformed.
        UnableToReadConfigurationFile: The file is not UTF-8.
    """
    if not path.strip():
        raise exceptions.InvalidConfiguration(
            "The path of the configuration file (`--config-file`) is empty."
        )
    real_path = os.path.abspath(os.path.expanduser(path))
    try:
        with open(real_path, "rb") as file:
            # Editors of Windows put a byte order mark before UTF-8.
            text = file.read().decode("utf-8-sig")
    # Users of a system may have the home folder `/dev/null`.
    except (FileNotFoundError, NotADirectoryError):
        if path == DEFAULT_CONFIG_FILE:
            return parse_config("", path)
        raise exceptions.InvalidConfiguration(
            f"The configuration file `{real_path}` does not exist."
        ) from None
    except UnicodeDecodeError:
        raise exceptions.UnableToReadConfigurationFile(
            f"The configuration file `{real_path}` is not UTF-8 text.",
            hint="Save it again in the encoding UTF-8.",
        ) from None
    except OSError as exc:
        raise exceptions.InvalidConfiguration(
            f"The configuration file `{real_path}` cannot be read: {exc.strerror}."
        ) from exc
    logger.info("The configuration file is `%s`.", real_path)
    return parse_config(text, real_path)


def read_index(path: str, name: str, url: str | None = None) -> Index:
    """Return the index that a name or a URL means.

    Args:
        path: The configuration file.
        name: A section's name, or a URL.
        url: An upload URL, which wins over the name.

    Raises:
        InvalidConfiguration: Name or URL are empty, or the file cannot be used, or
            has no such index.
        UnableToReadConfigurationFile: The file is not UTF-8.
        UnreachableRepositoryURLDetected: The URL is not one.
    """
    wanted, flag = (name, "--repository") if url is None else (url, "--repository-url")
    # What was meant for another index must not go to PyPI.
    if not (wanted or "").strip():
        if isinstance(wanted, FromEnvironment):
            flag = wanted.variable
        raise exceptions.InvalidConfiguration(
            f"`{flag}` is empty, and names no index.",
            hint="What should have named the index is probably not set.",
        )
    if url is None and "://" not in name:
        return read_config(path).select(name)
    given = parse_repository_url(wanted)
    try:
        configured = read_config(path).find_by_url(given.url or "")
    except exceptions.TwineException as exc:
        # A URL needs no file, so a broken one does not stop the run.
        logger.warning("No credentials could be looked up. %s", exc)
        configured = None
    if configured is None:
        return given
    both = f"{configured.source} or {given.source}"
    return dataclasses.replace(
        configured,
        url=given.url,
        source=configured.source if given.username is None else both,
        username=configured.username if given.username is None else given.username,
        password=configured.password if given.password is None else given.password,
    )


def get_config(path: str) -> dict[str, dict[str, str | None]]:
    """Read ``.pypirc``: a dictionary of each listed index's keys; see `read_config`."""
    indexes = read_config(path).indexes
    return {name: index.as_dict() for name, index in indexes.items()}


def get_repository_from_config(
    config_file: str, repository: str, repository_url: str | None = None
) -> dict[str, str | None]:
    """Return the keys of one index; see :func:`read_index`."""
    return read_index(config_file, repository, repository_url).as_dict()
