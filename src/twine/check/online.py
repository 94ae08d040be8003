"""Ask an index what it has of some projects, and let the rules judge that."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import requests
from packaging.utils import canonicalize_name

from .. import exceptions, rules
from ..config import known_indexes as config
from ..config.known_indexes import PYPI, sanitize_url
from ..index import session as transport
from ..index import simple_api as simple_index
from ..index.retry import RetryPolicy
from ..rules.indexed import hides_age, look_alike
from ..rules.sent import show_some
from ..terminal import console
from ..terminal.redaction import spellings
from . import inspect as inspection

# A link of the HTML list (PEP 503), a name in the JSON list (PEP 691).
_LINK = re.compile(rb"""href=["']([^"'?#]{1,300})["'?#]""")
_NAME = re.compile(rb'"name"\s{0,9}:\s{0,9}"([^"\\]{1,300})"')
_OVERLAP = 400  # bytes: longer than either
# PyPI's list of projects has some 40 MB.
_LARGEST_LIST = 512 * 2**20
_BLOCK = 2**20
_ACCEPT_LIST = (
    "application/vnd.pypi.simple.v1+html, text/html;q=0.9, "
    "application/vnd.pypi.simple.v1+json;q=0.1"
)


def parse_root(url: str | None) -> config.Index:
    """Return the index whose simple API has this root; PyPI if none is given.

    Args:
        url: The URL; credentials in it are for this index.

    Raises:
        UnreachableRepositoryURLDetected: It cannot be one.
    """
    if url is None:
        return config.Index(url=PYPI.simple_url)
    # With an `@` further on, the sign may be one of a password.
    url, *more = re.split("[?#](?=[^@]*$)", url, maxsplit=1)
    index = config.parse_repository_url(url)
    root = (index.url or "").rstrip("/") + "/"
    if any(more) or set("?#") & set(root):
        # There may be a token behind the sign.
        shown = re.split("[?#]", sanitize_url(root))[0]
        raise exceptions.UnreachableRepositoryURLDetected(
            f"The URL of the index, `{shown}`, was given with a query or a fragment.",
            hint="Give the root of its simple API, which has neither.",
        )
    return dataclasses.replace(index, url=root)


def ask(
    subjects: Sequence[rules.Subject],
    leave_out: Collection[str] = (),
    *,
    index: config.Index,
    policy: RetryPolicy | None = None,
) -> inspection.Told:
    """Judge distributions by what an index has.

    Args:
        subjects: The distributions.
        leave_out: Identifiers of rules that are not asked.
        index: The index.
        policy: How patient to be with it; as with uploads if not given.
    """
    root = index.url or ""
    names = dict.fromkeys(_project(subject) for subject in subjects)
    problems: list[str] = []
    alike: dict[str, set[str]] = {}
    with transport.make_session() as session:
        session.auth = _credentials(index)
        listings = _fetch_listings(
            session, root, names, policy or RetryPolicy(), problems
        )
        new = [name for name, listing in listings.items() if not listing.exists]
        if new and "similar-name" not in leave_out:
            alike = _fetch_alike(session, root, new, problems)
    now = dt.datetime.now(dt.timezone.utc)
    projects = {
        name: rules.OnIndex(
            exists=listing.exists,
            status=listing.status,
            digests=listing.files,
            uploaded=listing.uploaded,
            similar=tuple(sorted(alike.get(name, ()))),
            similar_new=() if listing.exists else _others_alike(name, new),
            now=now,
        )
        for name, listing in listings.items()
    }
    answered = [subject for subject in subjects if _project(subject) in projects]
    findings: list[rules.Finding] = []
    for subject in answered:
        findings += rules.check_against(subject, projects[_project(subject)], leave_out)
    if "release-closed" not in leave_out:
        problems += _describe_ages(answered, projects, root)
    return inspection.Told(findings, problems, {one.path for one in answered})


def _others_alike(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return those names of others that look like a name."""
    wanted = look_alike(name)
    return tuple(sorted({one for one in names if look_alike(one) == wanted} - {name}))


def _credentials(index: config.Index) -> Any:
    """Return what to authenticate with: what the URL says, and nothing else."""
    username, password = index.username or "", index.password or ""
    if not (username or password):
        return transport.NoCredentials()
    console.current().hide(*spellings(username, password))
    return transport.basic_auth(username, password)


def _project(subject: rules.Subject) -> str:
    return canonicalize_name(subject.one("name"))


def _describe(what: str, root: str, why: object) -> str:
    reason = str(why).partition("\n")[0]
    return f"`{sanitize_url(root)}` told nothing about {what}: {reason}"


def _describe_ages(
    subjects: Iterable[rules.Subject], projects: Mapping[str, rules.OnIndex], root: str
) -> list[str]:
    """Return one line on the releases whose age an index does not tell, if any."""
    releases = {
        f"{_project(subject)} {subject.one('version')}"
        for subject in subjects
        if hides_age(subject, projects[_project(subject)])
    }
    if not releases:
        return []
    why = "`release-closed` could not be checked"
    return [_describe(f"the age of {show_some(releases)}", root, why)]


def _fetch_listings(
    session: requests.Session,
    root: str,
    names: Iterable[str],
    policy: RetryPolicy,
    problems: list[str],
) -> dict[str, simple_index.Listing]:
    """Fetch what an index has of some projects; add why it tells nothing of one."""
    listings = {}
    for name in names:
        try:
            listings[name] = simple_index.fetch_listing(
                lambda url, headers: policy.persist(
                    lambda: session.get(url, headers=headers)
                ),
                root,
                name,
                missing_is_empty=True,
            )
        except (requests.RequestException, ValueError) as exc:
            problems.append(_describe(f"`{name}`", root, exc))
            if isinstance(exc, requests.ConnectionError):
                break  # patience was in vain: the other projects need none
    return listings


def _fetch_alike(
    session: requests.Session, root: str, names: Collection[str], problems: list[str]
) -> dict[str, set[str]]:
    """Fetch the names that look like some others; add why an index tells none."""
    try:
        return _find_alike(session, root, names)
    except (requests.RequestException, ValueError) as exc:
        problems.append(_describe("names that look alike", root, exc))
        return {}


def _find_alike(
    session: requests.Session, root: str, names: Collection[str]
) -> dict[str, set[str]]:
    """Return projects of the index whose names look like one of these, by name.

    The list of all projects is read as it comes, and not kept.

    Raises:
        requests.RequestException: The index gave no answer.
        ValueError: It gives no list, or one that is too long.
    """
    wanted: dict[str, list[str]] = {}
    for name in names:
        wanted.setdefault(look_alike(name), []).append(name)
    found: dict[str, set[str]] = {name: set() for name in names}
    headers = {"Accept": _ACCEPT_LIST}
    with session.get(root, headers=headers, stream=True) as response:
        if response.status_code != requests.codes.ok:
            answer = simple_index.describe_answer(response)
            raise ValueError(f"its list of projects {answer}")
        is_json = "json" in response.headers.get("Content-Type", "").lower()
        pattern = _NAME if is_json else _LINK
        rest, size, is_list = b"", 0, False
        for block in _blocks(response):
            text = rest + block
            for match in pattern.finditer(text):
                is_list = True
                path = match[1].decode("utf-8", "replace").rstrip("/")
                other = path.rpartition("/")[2]
                for name in wanted.get(look_alike(other), ()):
                    if canonicalize_name(other) != name:
                        found[name].add(other)
            # A name may lie across the border of two blocks.
            rest = text[-_OVERLAP:]
            size += len(block)
            if size > _LARGEST_LIST:
                raise ValueError("its list of projects is too long")
    if not is_list:
        raise ValueError("its list of projects names none")
    return found


def _blocks(response: requests.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_content(_BLOCK)
    except requests.RequestException as exc:
        raise ValueError("its list of projects broke off") from exc
