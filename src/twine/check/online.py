"""Ask an index what it has of some projects, and apply the rules that need it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

import requests
from packaging.utils import canonicalize_name

from .. import rules
from ..config.known_indexes import Index, sanitize_url
from ..index import session as http
from ..index import simple_api
from ..index.authentication import NoCredentials, set_credentials
from ..index.retry import RetryPolicy
from ..rules.model import Finding, ProjectOnIndex, Subject
from ..rules.values import value
from .inspect import IndexFindings


def ask_index(
    subjects: Sequence[Subject],
    leave_out: Collection[str] = (),
    *,
    index: Index,
    policy: RetryPolicy | None = None,
) -> IndexFindings:
    """Check distributions against what an index has; some rules are left out."""
    root = index.url or ""
    names = dict.fromkeys(_project(subject) for subject in subjects)
    problems: list[str] = []
    with http.make_session() as session:
        # What the URL says, and nothing else: not even what `.netrc` has.
        session.auth = NoCredentials()
        set_credentials(session, index.username, index.password)
        listings = _fetch_listings(
            session, root, names, policy or RetryPolicy(), problems
        )
    # One time for all: the rules have no clock of their own.
    now = dt.datetime.now(dt.timezone.utc)
    projects = {
        name: ProjectOnIndex(
            exists=listing.exists,
            status=listing.status,
            digests=listing.files,
            uploaded=listing.uploaded,
            now=now,
        )
        for name, listing in listings.items()
    }
    answered = [subject for subject in subjects if _project(subject) in projects]
    findings: list[Finding] = []
    for subject in answered:
        findings += rules.check_against(subject, projects[_project(subject)], leave_out)
    return IndexFindings(
        findings=tuple(findings),
        problems=tuple(problems),
        answered=frozenset(subject.path for subject in answered),
    )


def _project(subject: Subject) -> str:
    return canonicalize_name(value(subject, "name"))


def _fetch_listings(
    session: requests.Session,
    root: str,
    names: Iterable[str],
    policy: RetryPolicy,
    problems: list[str],
) -> dict[str, simple_api.Listing]:
    """Fetch what an index has of some projects; add why it tells nothing of one."""
    listings = {}
    for name in names:
        try:
            listings[name] = simple_api.fetch_listing(session, policy, root, name)
        except (requests.RequestException, ValueError) as exc:
            shown, reason = sanitize_url(root), str(exc).partition("\n")[0]
            problems.append(f"`{shown}` told nothing about `{name}`: {reason}")
            if isinstance(exc, requests.ConnectionError):
                break  # patience was in vain: the other projects need none
    return listings
