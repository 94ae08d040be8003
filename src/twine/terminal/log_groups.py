"""Parts of a log that GitHub Actions and GitLab show folded."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator

from .console import Console
from .text import single_line

# The variable that says which service runs the job, and the lines around a group:
# https://docs.github.com/actions/reference/workflow-commands-for-github-actions and
# https://docs.gitlab.com/ci/jobs/job_logs/.
_MARKS = {
    "GITHUB_ACTIONS": ("::group::{title}", "::endgroup::"),
    "GITLAB_CI": (
        "\x1b[0Ksection_start:{now:.0f}:{name}[collapsed=true]\r\x1b[0K{title}",
        "\x1b[0Ksection_end:{now:.0f}:{name}\r\x1b[0K",
    ),
}


@contextlib.contextmanager
def log_group(console: Console, title: str) -> Iterator[None]:
    """Let what is printed meanwhile be one group in the log of a CI service.

    Args:
        console: Where it is printed; beside a document nothing is grouped.
        title: What is shown of the group, unique within the log.
    """
    service = next((name for name in _MARKS if os.environ.get(name) == "true"), None)
    if service is None or console.to_stderr:
        yield
        return
    title = console.sanitize(single_line(title))
    name = re.sub("[^A-Za-z0-9_.-]", "_", title)
    begin, end = _MARKS[service]
    console.write_raw(begin.format(now=time.time(), name=name, title=title))
    try:
        yield
    finally:
        console.write_raw(end.format(now=time.time(), name=name))
