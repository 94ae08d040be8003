"""Ask an index what it has of some projects, and let the rules judge that."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence

import requests
from packaging.utils import canonicalize_name

from . import console, preflight, rules, simple_index, transport
from .indexes import PYPI, sanitize_url
from .retries import RetryPolicy
from .rules.indexed import look_alike

_PROJECT = re.compile(rb'href="[^"]*/simple/([^"/]+)/?"')
# PyPI's list of projects has some 40 MB.
_LARGEST_LIST = 512 * 2**20
_BLOCK = 2**20


def ask(
    subjects: Sequence[rules.Subject],
    index_url: str | None,
    leave_out: Collection[str] = (),
) -> tuple[list[rules.Finding], list[str], set[str]]:
    """Judge distributions by what an index has.

    Args:
        subjects: The distributions.
        index_url: The root of the index's simple API; PyPI's if not given.
        leave_out: Identifiers of rules that are not asked.

    Returns:
        What the rules found, why some of it could not be asked, and the paths of the
        distributions of which the index told what it has.
    """
    root = (index_url or PYPI.simple_url).rstrip("/") + "/"
    leave_out = {
        *leave_out,
        *(
            rule.name
            for rule in rules.ALL_RULES
            if rule.requires and not preflight.is_there(rule.requires)
        ),
    }
    answered: set[str] = set()
    findings: list[rules.Finding] = []
    problems: list[str] = []
    known: dict[str, rules.OnIndex | None] = {}
    with transport.make_session() as session:
        session.auth = transport.NoCredentials()
        for subject in subjects:
            name = canonicalize_name(subject.one("name"))
            if name not in known:
                try:
                    known[name] = _look(session, root, name)
                except (requests.RequestException, ValueError) as exc:
                    known[name] = None
                    why = str(exc).partition("\n")[0]
                    problems.append(f"`{sanitize_url(root)}` cannot be asked: {why}")
            there = known[name]
            if there is not None:
                answered.add(subject.path)
                findings += rules.check_against(subject, there, leave_out)
    return findings, problems, answered


def _look(session: requests.Session, root: str, name: str) -> rules.OnIndex:
    """Fetch what an index has of one project.

    Raises:
        requests.RequestException: It gave no answer.
        ValueError: Its answer is no listing.
    """
    policy = RetryPolicy()
    listing = simple_index.fetch_listing(
        lambda url, headers: policy.persist(
            lambda: session.get(url, headers=headers, allow_redirects=False)
        ),
        root,
        name,
        missing_is_empty=True,
    )
    return rules.OnIndex(
        exists=listing.exists,
        status=listing.status,
        digests=listing.files,
        uploaded=listing.uploaded,
        similar=() if listing.exists else _similar(session, root, name),
        now=dt.datetime.now(dt.timezone.utc),
    )


def _similar(session: requests.Session, root: str, name: str) -> tuple[str, ...]:
    """Return projects of the index whose names look like this one.

    The list of all projects is read as it comes, and not kept.
    """
    wanted = look_alike(name)
    found: set[str] = set()
    with session.get(root, headers={"Accept": "text/html"}, stream=True) as response:
        if response.status_code != requests.codes.ok:
            return ()
        rest, size = b"", 0
        for block in response.iter_content(_BLOCK):
            text = rest + block
            for match in _PROJECT.finditer(text):
                other = match[1].decode("utf-8", "replace")
                if look_alike(other) == wanted and canonicalize_name(other) != name:
                    found.add(other)
            # A link may lie across the border of two blocks.
            rest = text[-256:]
            size += len(block)
            if size > _LARGEST_LIST:
                console.current().info("The list of projects is too long to be read.")
                break
    return tuple(sorted(found))
