"""The indexes that are known by name, how others lay out their URLs, and their URLs.

What is special about one index is here and nowhere else.
"""

from __future__ import annotations

import dataclasses
import re
import urllib.parse

from .. import exceptions
from ..terminal import redaction

# The user name of every API token, and how each of them begins.
TOKEN_USERNAME = "__token__"  # noqa: S105 - a user name
TOKEN_PREFIX = "pypi-"  # noqa: S105 - no secret

# How a URL is shown.
sanitize_url = redaction.sanitize_url


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class KnownIndex:
    """An index whose address and habits need no configuration.

    Args:
        name: Its name on the command line and in ``.pypirc``.
        upload_url: Where it takes uploads.
        web_url: Where people look at projects.
        simple_url: The root of its simple API (PEP 691).
        token_prefix: How its API tokens begin: with its host, in base64.
    """

    name: str
    upload_url: str
    web_url: str
    simple_url: str
    token_prefix: str

    def release_url(self, name: str, version: str) -> str:
        """Return the page of one release."""
        return f"{self.web_url}project/{name}/{version}/"


PYPI = KnownIndex(
    name="pypi",
    upload_url="https://upload.pypi.org/legacy/",
    web_url="https://pypi.org/",
    simple_url="https://pypi.org/simple/",
    token_prefix="pypi-AgEIcHlwaS5vcmcCJ",  # noqa: S106 - no secret
)
TESTPYPI = KnownIndex(
    name="testpypi",
    upload_url="https://test.pypi.org/legacy/",
    web_url="https://test.pypi.org/",
    simple_url="https://test.pypi.org/simple/",
    token_prefix="pypi-AgENdGVzdC5weXBpLm9yZwIk",  # noqa: S106 - no secret
)
KNOWN_INDEXES = (PYPI, TESTPYPI)
_DEPRECATED_HOSTS = ("pypi.python.org", "testpypi.python.org")
_PYPI_HOST = "pypi.org"


def find_known_index(url: str) -> KnownIndex | None:
    """Return the known index that takes uploads at a URL's host, if any."""
    for index in KNOWN_INDEXES:
        # Over plain http anybody may answer: what is meant for PyPI is not for them.
        if host_of(url) == host_of(index.upload_url) and url.startswith("https://"):
            return index
    return None


# How servers lay out their URLs: where they take uploads, and where their simple API
# is. `docs/how-to/other-indexes.rst` lists them. Any other needs `--check-url`.
_LAYOUTS = (
    # pypiserver, at the root of its host
    (r"(https?://[^/]+)/?", r"\1/simple/"),
    # Warehouse and everything that copies its URLs
    (r"(.*)/legacy/?", r"\1/simple/"),
    # Azure Artifacts
    (r"(.*/_packaging/.*/pypi)/upload/?", r"\1/simple/"),
    # Artifactory, GitLab (a project or a group), Gitea and Forgejo
    (r"(.*/api/pypi/[^/]+)/?", r"\1/simple/"),
    (r"(.*/api/v4/(?:projects/[^/]+|groups/[^/]+/-)/packages/pypi)/?", r"\1/simple/"),
    (r"(.*/api/packages/[^/]+/pypi)/?", r"\1/simple/"),
    # AWS CodeArtifact, Google Artifact Registry
    (r"(https://[^/]+\.codeartifact\.[^/]+/pypi/[^/]+)/?", r"\1/simple/"),
    (r"(https://[^/]+-python\.pkg\.dev/[^/]+/[^/]+)/?", r"\1/simple/"),
    # Cloudsmith: what is public; a private one needs `--check-url`, with credentials
    (
        r"https://python\.cloudsmith\.io/([^/]+/[^/]+)/?",
        r"https://dl.cloudsmith.io/public/\1/python/simple/",
    ),
    # Nexus
    (r"(.*/repository/[^/]+)/?", r"\1/simple/"),
    # devpi: USER/INDEX; last, since some of the others look like it
    (r"(https?://[^/]+/(?!simple/)[^/]+/(?!simple/)[^/]+)/?", r"\1/+simple/"),
)


# The words, in reason phrase or body, with which an index refuses a file because it
# has one of that name. No status is enough: PyPI answers 409 for reserved names, too.
FILE_EXISTS = re.compile(
    r"already\s+exist"  # PyPI, pypiserver, devpi, Gitea, Google, AWS
    r"|already\s+been\s+taken"  # GitLab
    r"|already\s+contains\s+file"  # Azure Artifacts
    r"|cannot\s+be\s+updated|not\s+allow\s+updating\s+assets"  # Nexus
    r"|delete/overwrite\s+artifact",  # Artifactory: the permission DELETE is missing
    re.IGNORECASE,
)


def simple_url_of(upload_url: str) -> str | None:
    """Return the root of an index's simple API, if its layout is a known one.

    Args:
        upload_url: Where it takes uploads.
    """
    known = find_known_index(upload_url)
    if known is not None:
        return known.simple_url
    for pattern, simple in _LAYOUTS:
        found = re.fullmatch(pattern, upload_url)
        if found is not None:
            return found.expand(simple)
    return None


def is_of_known_simple_api(url: str) -> bool:
    """Return whether a URL lies within the simple API of a known index."""
    return url.startswith(tuple(index.simple_url for index in KNOWN_INDEXES))


def is_at_pypi(url: str) -> bool:
    """Return whether a host of PyPI answers a URL, upload host or not."""
    return _is_within(host_of(url), _PYPI_HOST)


def is_deprecated(url: str) -> bool:
    """Return whether a URL belongs to a host that PyPI has given up."""
    return any(_is_within(host_of(url), old) for old in _DEPRECATED_HOSTS)


def _is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def host_of(url: str) -> str:
    """Return a URL's host in lower case, without a port; empty if there is none."""
    try:
        return urllib.parse.urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_same_origin(one: str, other: str) -> bool:
    """Return whether scheme, host and port of two URLs are the same (RFC 6454)."""
    origins = set()
    for url in (one, other):
        try:
            parts = urllib.parse.urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        except ValueError:
            return False
        origins.add((parts.scheme, parts.hostname, port))
    return len(origins) == 1


def normalize_repository_url(url: str) -> str:
    """Return the URL with ``https`` where the host is one of PyPI's."""
    # PyPI answers a form over plain http with 403 "SSL is required".
    if url.startswith("http://") and (is_at_pypi(url) or is_deprecated(url)):
        return "https://" + url.removeprefix("http://")
    return url


def comparable_url(url: str) -> str:
    """Return a URL as it is compared with others: RFC 3986, sections 6.2.2 and 6.2.3.

    Scheme and host are in lower case; the default port and the slash at the end are
    left out.
    """
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return url
    port = {"http": ":80", "https": ":443"}.get(parts.scheme, ":")
    host = parts.netloc.lower().removesuffix(port)
    return parts._replace(netloc=host, path=parts.path.rstrip("/")).geturl()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One index as it was configured, by a file or by a URL.

    Args:
        name: Its section, or the name under which it is known.
        source: Where credentials were found, for messages.
        url: Its upload URL, free of credentials; ``None`` if the file gives none.
        username: Its user name.
        password: Its password, or the API token that stands for both.
        tokens: The API tokens of its projects, one ``project = token`` on each line.
        ca_cert: The CA certificates to trust, a PEM file.
        client_cert: The client certificate and key, one PEM file.
        check_url: The root of its simple API.
    """

    # One that is not usable may still hold a password; a section may be named like it.
    url: str | None = dataclasses.field(repr=False)
    name: str | None = dataclasses.field(default=None, repr=False, compare=False)
    source: str = dataclasses.field(default="the URL of the index", compare=False)
    username: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    tokens: str | None = dataclasses.field(default=None, repr=False)
    ca_cert: str | None = None
    client_cert: str | None = None
    check_url: str | None = dataclasses.field(default=None, repr=False)

    def as_dict(self) -> dict[str, str | None]:
        """Return the index under the keys of ``.pypirc``."""
        data = {"username": self.username, "password": self.password}
        optional = {
            "repository": self.url,
            "tokens": self.tokens,
            "ca_cert": self.ca_cert,
            "client_cert": self.client_cert,
            "check_url": self.check_url,
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
        # Raises ValueError for half a pair of brackets, `[::1` (RFC 3986, 3.2.2).
        parts = urllib.parse.urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
        parts.port  # noqa: B018 - raises ValueError on nonsense
    except ValueError:
        usable = False
    if not usable:
        raise exceptions.UnreachableRepositoryURLDetected(
            f"`{redaction.mask_index(url)}` is not the URL of an index.",
            hint="It must start with `https://` (or `http://`) and name a host. "
            "Special characters in a user name or password must be "
            "percent-encoded.",
        )
    # The last `@`: a password should encode its own (RFC 3986, 3.2.1), few people do.
    userinfo, at, host = parts.netloc.rpartition("@")
    name, colon, password = userinfo.partition(":")
    url = normalize_repository_url(parts._replace(netloc=host).geturl())
    known = find_known_index(url)
    return Index(
        url=url,
        name=known.name if known else None,
        username=urllib.parse.unquote(name) if at else None,
        password=urllib.parse.unquote(password) if colon else None,
    )


def parse_simple_url(url: str) -> Index:
    """Take the credentials out of the root of a simple API and check what is left.

    Args:
        url: The URL; credentials in it are for this index.

    Raises:
        UnreachableRepositoryURLDetected: It cannot be one.
    """
    # With an `@` further on, the sign may be one of a password.
    url, *more = re.split("[?#](?=[^@]*$)", url, maxsplit=1)
    index = parse_repository_url(url)
    root = (index.url or "").rstrip("/") + "/"
    if any(more) or set("?#") & set(root):
        # There may be a token behind the sign.
        shown = re.split("[?#]", sanitize_url(root))[0]
        raise exceptions.UnreachableRepositoryURLDetected(
            f"The URL of the index, `{shown}`, was given with a query or a fragment.",
            hint="Give the root of its simple API, which has neither.",
        )
    return dataclasses.replace(index, url=root)
