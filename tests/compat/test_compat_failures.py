"""Deliberate differences: a failure is one clear line, and never a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest

from compat.sides import Scenario, Sides
from support.dists import make_wheel
from support.index import Answer, Fault
from support.secrets import PASSWORD, USER

WHEEL = "pkg-1.0-py3-none-any.whl"
SDIST = "pkg-1.0.tar.gz"
BASE = ("upload", "--disable-progress-bar")
LOGIN = ("-u", USER, "-p", PASSWORD)
UPLOAD = (*BASE, "--repository-url", "{url}/legacy/", *LOGIN)


def _file(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


def _failing_signer(folder: Path) -> None:
    make_wheel(folder)
    (folder / "signer").write_text("#!/bin/sh\nexit 3\n")
    (folder / "signer").chmod(0o755)


CRASHES = {
    "an empty sdist": (
        Scenario(argv=(*UPLOAD, SDIST), files=_file(SDIST, b"")),
        "InvalidDistribution",
    ),
    "an sdist that is none": (
        Scenario(argv=(*UPLOAD, SDIST), files=_file(SDIST, b"no archive at all")),
        "InvalidDistribution",
    ),
    "an empty wheel": (
        Scenario(argv=(*UPLOAD, WHEEL), files=_file(WHEEL, b"")),
        "InvalidDistribution",
    ),
    "a folder": (
        Scenario(argv=(*UPLOAD, WHEEL), files=lambda folder: (folder / WHEEL).mkdir()),
        "InvalidDistribution",
    ),
    "a signer that fails": (
        Scenario(
            argv=(*UPLOAD, "-s", "--sign-with", "./signer", WHEEL),
            files=_failing_signer,
        ),
        "InvalidSigningConfiguration",
    ),
    "a CA bundle that is not there": (
        Scenario(argv=(*UPLOAD, "--cert", "absent.pem", WHEEL), tls=True),
        "InvalidConfiguration",
    ),
    "a client certificate that is not there": (
        Scenario(argv=(*UPLOAD, "--client-cert", "absent.pem", WHEEL), tls=True),
        "InvalidConfiguration",
    ),
}


@pytest.mark.parametrize(("scenario", "error"), CRASHES.values(), ids=CRASHES)
def test_no_tracebacks(scenario: Scenario, error: str, sides: Sides) -> None:
    """What a user or a file can cause is one error line, and nothing is sent.

    The PyPA's twine shows Python's traceback for some of these, which helps nobody.
    """
    ours, theirs = sides.run(scenario)
    assert theirs.code == 1
    assert (ours.code, ours.error, ours.uploads) == (1, error, ())


NETWORK = {
    "an untrusted certificate": (
        Scenario(argv=(*UPLOAD, WHEEL), tls=True),
        "SSLError",
    ),
    "an index that hangs up": (
        Scenario(
            argv=(*UPLOAD, WHEEL),
            script=lambda index: index.answer(
                "/legacy/", Answer(fault=Fault.HANG_UP_AFTER_BODY)
            ),
        ),
        "ConnectionError",
    ),
    "an answer that is not HTTP": (
        Scenario(
            argv=(*UPLOAD, WHEEL),
            script=lambda index: index.answer(
                "/legacy/", Answer(body=b"tea\r\n\r\n", fault=Fault.GARBAGE)
            ),
        ),
        "ConnectionError",
    ),
    "nobody listening": (
        Scenario(
            argv=(
                *(*BASE, *LOGIN, "--repository-url", "http://127.0.0.1:9/legacy/"),
                WHEEL,
            )
        ),
        "ConnectionError",
    ),
}


@pytest.mark.parametrize(("scenario", "error"), NETWORK.values(), ids=NETWORK)
def test_no_tracebacks_of_the_network(
    scenario: Scenario, error: str, sides: Sides
) -> None:
    """A network that fails is one error line; the PyPA's twine shows a traceback."""
    ours, theirs = sides.run(scenario)
    assert theirs.crashed
    assert (ours.code, ours.error) == (1, error)
