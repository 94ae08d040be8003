"""Which index, where it takes uploads, and what ``.pypirc`` says about it.

Only :func:`read_config` touches the disk.
"""

from __future__ import annotations

import configparser
import contextlib
import dataclasses
import logging
import os
import re
import urllib.parse
from collections.abc import Collection, Mapping

from .. import exceptions
from ..terminal.redaction import mask_index
from .known_indexes import KNOWN_INDEXES, PYPI, KnownIndex, normalize_repository_url
from .options import DEFAULT_CONFIG_FILE

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One index as it was configured, by a file or by a URL.

    Args:
        url: Its upload URL, free of credentials; ``None`` if the file gives none.
        username: Its user name.
        password: Its password.
        ca_cert: The CA certificates to trust, a PEM file.
        client_cert: The client certificate and key, one PEM file.
    """

    # One that is not usable may still hold a password.
    url: str | None = dataclasses.field(repr=False)
    username: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    ca_cert: str | None = None
    client_cert: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """Return the index under the keys of ``.pypirc``."""
        data = {"username": self.username, "password": self.password}
        optional = {
            "repository": self.url,
            "ca_cert": self.ca_cert,
            "client_cert": self.client_cert,
        }
        return data | {key: value for key, value in optional.items() if value}


def parse_repository_url(url: str) -> Index:
    """Take the credentials out of an upload URL and check what is left.

    Args:
        url: An ``http`` or ``https`` URL, perhaps with ``user:password@``, which
            may be percent-encoded.

    Raises:
        UnreachableRepositoryURLDetected: There is no such scheme or no host.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
        parts.port  # noqa: B018 - raises ValueError on nonsense
    except ValueError:
        usable = False
    if not usable:
        raise exceptions.UnreachableRepositoryURLDetected(
            f"`{mask_index(url)}` is not the URL of an index.",
            hint="It must start with `https://` (or `http://`) and name a host. "
            "Special characters in a user name or password must be "
            "percent-encoded.",
        )
    userinfo, at, host = parts.netloc.rpartition("@")
    name, colon, password = userinfo.partition(":")
    return Index(
        url=normalize_repository_url(parts._replace(netloc=host).geturl()),
        username=urllib.parse.unquote(name) if at else None,
        password=urllib.parse.unquote(password) if colon else None,
    )


def parse_config(text: str, source: str) -> dict[str, Index]:
    """Read the text of a ``.pypirc``.

    Args:
        text: INI text; a ``%`` is only a ``%``.
        source: Where the text comes from, for messages.

    Returns:
        The listed indexes by name; ``pypi`` is always one of them.

    Raises:
        InvalidConfiguration: The text is not INI, or no text at all. It may hold a
            secret, so the message names lines and shows none.
    """
    parser = _parse_ini(text, source)
    defaults = {
        key: parser.get("server-login", key, fallback=None)
        for key in ("username", "password")
    }
    return {
        name: _index_of_section(name, parser, defaults)
        for name in dict.fromkeys([PYPI.name, *_listed(parser)])
        if parser.has_section(name) or _known(name)
    }


def find_unlisted(text: str, source: str) -> set[str]:
    """Return the sections of a ``.pypirc`` that ``index-servers`` does not list.

    Args:
        text: INI text.
        source: Where the text comes from, for messages.

    Raises:
        InvalidConfiguration: The text is not INI.
    """
    parser = _parse_ini(text, source)
    return {*parser.sections()} - {"distutils", "server-login", *_listed(parser)}


def _listed(parser: configparser.RawConfigParser) -> list[str]:
    return parser.get("distutils", "index-servers", fallback="pypi testpypi").split()


def _parse_ini(text: str, source: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text, source)
    except configparser.Error as exc:
        raise exceptions.InvalidConfiguration(
            f"`{source}` is not a valid configuration file: {_fault(exc)}.",
            hint="It must be made of `[section]` lines and `key = value` lines.",
        ) from None
    return parser


def _known(name: str) -> KnownIndex | None:
    return next((index for index in KNOWN_INDEXES if index.name == name), None)


def _index_of_section(
    name: str, parser: configparser.RawConfigParser, defaults: Mapping[str, str | None]
) -> Index:
    section = dict(parser[name]) if parser.has_section(name) else {}
    known = _known(name)
    url = section.get("repository", known.upload_url if known else None)
    from_url = Index(url=None)
    if url is not None:
        # Whether the URL is sound matters only if this index is the chosen one.
        with contextlib.suppress(exceptions.UnreachableRepositoryURLDetected):
            from_url = parse_repository_url(url)
            url = from_url.url
    return Index(
        url=url,
        username=section.get("username", from_url.username or defaults["username"]),
        password=section.get("password", from_url.password or defaults["password"]),
        ca_cert=section.get("ca_cert"),
        client_cert=section.get("client_cert"),
    )


def _fault(error: configparser.Error) -> str:
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


def read_config(path: str) -> dict[str, Index]:
    """Read a ``.pypirc`` from disk.

    Args:
        path: The file; ``~`` is the home folder. Only the default one may be
            missing.

    Raises:
        InvalidConfiguration: The file is missing, unreadable or malformed.
        UnableToReadConfigurationFile: The file is not UTF-8.
    """
    return parse_config(*_read_text(path))


def _read_text(path: str) -> tuple[str, str]:
    """Return the text of a ``.pypirc``, and the file's absolute path."""
    if not path.strip():
        raise exceptions.InvalidConfiguration(
            "The path of the configuration file (`--config-file`) is empty."
        )
    real_path = os.path.abspath(os.path.expanduser(path))
    try:
        with open(real_path, "rb") as file:
            text = file.read().decode("utf-8-sig")
    # Users of a system may have the home folder `/dev/null`.
    except (FileNotFoundError, NotADirectoryError):
        if path == DEFAULT_CONFIG_FILE:
            return "", real_path
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
    return text, real_path


def select_index(
    indexes: Mapping[str, Index],
    name: str,
    source: str,
    unlisted: Collection[str] = (),
) -> Index:
    """Return the index of a name.

    Args:
        indexes: What :func:`parse_config` returned.
        name: The section's name.
        source: Where the indexes were read from, for messages.
        unlisted: What :func:`find_unlisted` returned.

    Raises:
        InvalidConfiguration: There is no such index, or it has no URL.
        UnreachableRepositoryURLDetected: Its URL is not one.
    """
    index = indexes.get(name)
    shown = mask_index(name)
    if index is None and name in unlisted:
        raise exceptions.InvalidConfiguration(
            f"`index-servers` does not list the section `[{shown}]` of `{source}`, so "
            "there is no such index.",
            hint="Add the name to `index-servers` under `[distutils]`: names are "
            "separated by spaces or line breaks, without commas.",
        )
    if index is None:
        raise exceptions.InvalidConfiguration(
            f"There is no index `{shown}` in `{source}`; it knows "
            + ", ".join(f"`{mask_index(known)}`" for known in indexes)
            + ".",
            hint="An index is a section of that file whose name `index-servers` "
            "under `[distutils]` lists. `--repository-url` needs no file.",
        )
    if index.url is None or not index.url.strip():
        what = "no" if index.url is None else "an empty"
        raise exceptions.InvalidConfiguration(
            f"The section `[{shown}]` of `{source}` has {what} `repository`.",
            hint="Add `repository = https://...`: the index's upload URL.",
        )
    slip = _find_slip(index.url)
    if slip is not None:
        raise exceptions.InvalidConfiguration(
            f"The `repository` of `[{shown}]` in `{source}` {slip}.", hint=_LITERALLY
        )
    parse_repository_url(index.url)
    return index


_LITERALLY = (
    "Values are taken as they are: they need no quotes, and a comment needs a line of "
    "its own."
)


def _find_slip(value: str | None) -> str | None:
    """Return what a value holds that was hardly meant as a part of it."""
    text = (value or "").strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return "has quotes around it"
    if re.search(r"\s[;#]", text):
        return "has what looks like a comment behind it"
    return None


def find_index_by_url(indexes: Mapping[str, Index], url: str) -> Index | None:
    """Return the configured index that has this upload URL, if one has.

    Args:
        indexes: What :func:`parse_config` returned.
        url: An upload URL without credentials.
    """
    wanted = url.rstrip("/")
    for index in indexes.values():
        if index.url and index.url.rstrip("/") == wanted:
            return index
    return None


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
    # What was meant for another index must not go to PyPI.
    if url is not None and not url.strip():
        raise exceptions.InvalidConfiguration("The URL of the index is empty.")
    if url is None and not (name or "").strip():
        raise exceptions.InvalidConfiguration("The name of the index is empty.")
    if url is None and "://" not in name:
        text, source = _read_text(path)
        unlisted = find_unlisted(text, source)
        return select_index(parse_config(text, source), name, path, unlisted)
    given = parse_repository_url(name if url is None else url)
    try:
        configured = find_index_by_url(read_config(path), given.url or "")
    except (
        exceptions.InvalidConfiguration,
        exceptions.UnableToReadConfigurationFile,
    ) as exc:
        # A URL needs no file, so a broken one does not stop the run.
        logger.warning("No credentials could be looked up. %s", exc)
        return given
    if configured is None:
        return given
    return dataclasses.replace(
        configured,
        url=given.url,
        username=configured.username if given.username is None else given.username,
        password=configured.password if given.password is None else given.password,
    )


def get_config(path: str) -> dict[str, dict[str, str | None]]:
    """Read ``.pypirc``: a dictionary of each listed index's keys.

    Raises:
        InvalidConfiguration: The file is missing, unreadable or malformed.
        UnableToReadConfigurationFile: The file is not UTF-8.
    """
    return {name: index.as_dict() for name, index in read_config(path).items()}


def get_repository_from_config(
    config_file: str, repository: str, repository_url: str | None = None
) -> dict[str, str | None]:
    """Return the keys of one index; see :func:`read_index`."""
    return read_index(config_file, repository, repository_url).as_dict()
