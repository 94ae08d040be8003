"""Deliberate differences: what the PyPA's twine does there, and what ours does better.

Both programs run each scenario of the table; the reason for the difference stands
beside it.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from compat.sides import (
    LOGIN,
    SDIST,
    TO,
    UPLOAD,
    WHEEL,
    Scenario,
    Sides,
    file_with,
    make_both,
    make_signer,
    upload,
    wheel_with,
)
from support.dists import make_sdist, make_wheel, metadata_text
from support.fakepypi import FakePyPI
from support.index import Answer, Fault, ScriptedIndex
from support.secrets import PASSWORD, SECRET, TOKEN, TOKEN_AUTH, USER

_MINE = "[distutils]\nindex-servers = mine\n[mine]\nrepository = "
_MINTED = f"__token__:pypi-{SECRET}-minted-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One scenario, what becomes of it on either side, and why.

    `theirs` and `ours` give the expected values of attributes of `Outcome`.
    """

    why: str
    scenario: Scenario
    theirs: Mapping[str, object] = field(default_factory=dict)
    ours: Mapping[str, object] = field(default_factory=dict)
    shown: str = ""
    """What ours shows, and theirs does not."""
    hidden: str = ""
    """What ours does not show."""
    sent: Mapping[str, list[str]] = field(default_factory=dict)
    """Fields of the form of our one upload."""


def _wheel_that_bundles_another(folder: Path) -> None:
    with zipfile.ZipFile(make_wheel(folder), "a") as archive:
        other = metadata_text("bundled", "9.9")
        archive.writestr("a/METADATA", other)
        archive.writestr("bundled-9.9.dist-info/METADATA", other)


def _broken_and_good(folder: Path) -> None:
    make_sdist(folder)
    (folder / "a-1.0.tar.gz").write_bytes(b"")


def _short_tokens(index: ScriptedIndex) -> None:
    assert isinstance(index, FakePyPI)
    index.lifetime = 100


def _has_the_wheel(index: ScriptedIndex) -> None:
    assert isinstance(index, FakePyPI)
    index.existing[WHEEL] = "0" * 64


def _ci(*argv: str, **given: Any) -> Scenario:
    return Scenario(argv=(*UPLOAD, *argv), pypi=True, github=True, **given)


def _answered(answer: Answer) -> Scenario:
    return upload(script=lambda index: index.answer("/legacy/", answer))


def _to(url: str, *argv: str) -> Scenario:
    return Scenario(argv=(*UPLOAD, "--repository-url", url, *argv, WHEEL))


DIFFERENCES = {
    "reason of the index": Difference(
        why="A refusal without its reason helps nobody; they show it if verbose.",
        scenario=_answered(Answer(400, "Bad Request", body=b"Tea is no classifier")),
        shown="Tea is no classifier",
    ),
    "long lines": Difference(
        why="A log is searched for whole lines; they wrap them at 30 columns.",
        scenario=upload(env={"COLUMNS": "30", "TERM": "xterm"}),
        shown="Uploading distributions to http://INDEX/legacy/",
    ),
    "wheel that bundles others": Difference(
        why="Other files called METADATA belong to bundled projects.",
        scenario=upload(files=_wheel_that_bundles_another),
        ours={"code": 0},
        sent={"name": ["pkg"], "version": ["1.0"]},
    ),
    "folded headers": Difference(
        why="Lines folded by old tools are sent as they were written, not as folded.",
        scenario=upload(
            files=wheel_with(
                "Metadata-Version: 2.2\nName: pkg\nVersion: 1.0\n"
                "License: Several\n        lines of it\nLicense-File: LICENSE\n"
                "Description: First line\n        second line\n        \n        end\n"
            )
        ),
        theirs={"code": 0},
        ours={"code": 0},
        sent={
            "license": ["Several\nlines of it"],
            "description": ["First line\nsecond line\n\nend"],
        },
    ),
    "import names": Difference(
        why="No field of the metadata is left out; they do not know these of 2.5.",
        scenario=upload(
            files=wheel_with(
                "Metadata-Version: 2.5\nName: pkg\nVersion: 1.0\nImport-Name: pkg\n"
                "Import-Name: pkg._x; private\nImport-Namespace: tools\n"
            )
        ),
        theirs={"code": 0},
        ours={"code": 0},
        sent={
            "import_name": ["pkg", "pkg._x; private"],
            "import_namespace": ["tools"],
        },
    ),
    "CA bundle for the token exchange": Difference(
        why="`TWINE_CERT` is about every request; they forget the exchange.",
        scenario=_ci(WHEEL, env={"REQUESTS_CA_BUNDLE": ""}),
        theirs={"code": 1},
        ours={"code": 0, "credentials": [f"{_MINTED}1"]},
    ),
    "CA bundle of requests": Difference(
        why="What the user says to twine wins over what the machine says to requests.",
        scenario=upload(
            *("--cert", "{ca}", WHEEL),
            env={"REQUESTS_CA_BUNDLE": "/etc/hostname"},
            tls=True,
        ),
        theirs={"code": 1},
        ours={"ending": (0, None, 1)},
    ),
    "token that is about to expire": Difference(
        why="It is replaced before the next file, as both promise.",
        scenario=_ci(WHEEL, SDIST, files=make_both, script=_short_tokens),
        theirs={"minted_tokens": 1},
        ours={"code": 0, "minted_tokens": 2},
    ),
    "no terminal": Difference(
        why="A CI has nobody to answer; they ask and stumble.",
        scenario=Scenario(argv=(*TO, WHEEL)),
        theirs={"code": 1},
        ours={"ending": (1, "NonInteractive", 0)},
    ),
    "file named twice": Difference(
        why="Patterns overlap; the index would refuse the second copy.",
        scenario=upload(WHEEL, f"./{WHEEL}", "*.whl"),
        theirs={"ending": (0, None, 3)},
        ours={"ending": (0, None, 1)},
    ),
    "check of a broken file": Difference(
        why="Every file gets its verdict in one run; they stop at the first.",
        scenario=Scenario(
            argv=("check", "a-1.0.tar.gz", SDIST), files=_broken_and_good
        ),
        theirs={"code": 1},
        ours={"code": 1, "verdicts": ["FAILED", "PASSED"]},
        shown=f"Checking {SDIST}: PASSED",
    ),
    "URL that a section has": Difference(
        why="A URL finds the section that it belongs to.",
        scenario=Scenario(
            argv=(*TO, "--non-interactive", WHEEL),
            pypirc=f"{_MINE}{{url}}/legacy/\nusername = {USER}\npassword = word-1\n",
        ),
        theirs={"credentials": []},
        ours={"code": 0, "credentials": [f"{USER}:word-1"]},
        hidden="word-1",
    ),
    "section's URL with a password": Difference(
        why="A section's URL may hold a password, as the URL of the option may.",
        scenario=Scenario(
            argv=(*UPLOAD, "-r", "mine", "--non-interactive", WHEEL),
            pypirc=f"{_MINE}http://{USER}:word-2@{{address}}/legacy/\n",
        ),
        theirs={"credentials": []},
        ours={"code": 0, "credentials": [f"{USER}:word-2"]},
        hidden="word-2",
    ),
    "URL for `-r`": Difference(
        why="Their manual promises a URL for `-r`.",
        scenario=Scenario(argv=(*UPLOAD, *LOGIN, "-r", "{url}/legacy/", WHEEL)),
        theirs={"credentials": []},
        ours={"code": 0, "credentials": [f"{USER}:{PASSWORD}"]},
    ),
    "URL for `TWINE_REPOSITORY`": Difference(
        why="Their manual promises a URL for `-r`, and so for its variable.",
        scenario=Scenario(
            argv=(*UPLOAD, *LOGIN, WHEEL), env={"TWINE_REPOSITORY": "{url}/legacy/"}
        ),
        theirs={"credentials": []},
        ours={"code": 0, "credentials": [f"{USER}:{PASSWORD}"]},
    ),
    "URL with encoded credentials": Difference(
        why="Credentials in URLs are percent-encoded (RFC 3986).",
        scenario=_to("http://a%40b:p%2Fw%3A1@{address}/legacy/"),
        theirs={"credentials": ["a%40b:p%2Fw%3A1"]},
        ours={"code": 0, "credentials": ["a@b:p/w:1"]},
    ),
    "redirect to nowhere": Difference(
        why="The file did not arrive anywhere; they report success.",
        scenario=_answered(Answer(302, "Found")),
        theirs={"code": 0},
        ours={"ending": (1, "HTTPError", 1)},
    ),
    "malformed configuration": Difference(
        why="The line that cannot be read may be the one with the password.",
        scenario=Scenario(
            argv=(*UPLOAD, "-r", "mine", WHEEL),
            pypirc=f"{_MINE}{{url}}/\nusername: a\nhush-hush password\n",
        ),
        theirs={"code": 1},
        ours={"ending": (1, "InvalidConfiguration", 0)},
        hidden="hush-hush",
    ),
    "metadata of the future": Difference(
        why="The index decides what it accepts, when the user says so.",
        scenario=upload(
            *("--no-validate", WHEEL),
            files=wheel_with(metadata_text(metadata_version="9.9")),
        ),
        theirs={"code": 2},
        ours={"code": 0},
        shown="WARNING",
        sent={"metadata_version": ["9.9"]},
    ),
    "client certificate instead of credentials": Difference(
        why="An index that knows its clients by certificate needs no user name.",
        scenario=Scenario(
            argv=(
                *(*TO, "--non-interactive", "--cert", "{ca}"),
                *("--client-cert", "{client}", WHEEL),
            ),
            tls=True,
            ask_client=True,
        ),
        theirs={"ending": (1, "NonInteractive", 0)},
        ours={"code": 0, "credentials": [None]},
    ),
    "file that PyPI has": Difference(
        why="Who lists files never sees credentials, and the file is not sent.",
        scenario=Scenario(
            argv=(*UPLOAD, "-p", TOKEN, "--skip-existing", WHEEL),
            script=_has_the_wheel,
            pypi=True,
        ),
        theirs={"credentials_of_questions": [TOKEN_AUTH]},
        ours={"ending": (0, None, 0), "credentials_of_questions": [None]},
    ),
}
_TRACEBACK = "A failure is one clear line, and never a traceback."


def _failure(error: str, scenario: Scenario, **theirs: object) -> Difference:
    return Difference(
        why=_TRACEBACK,
        scenario=scenario,
        theirs={"code": 1, **theirs},
        ours={"code": 1, "error": error},
    )


FAILURES = {
    "empty sdist": _failure(
        "InvalidDistribution", upload(SDIST, files=file_with(SDIST))
    ),
    "sdist that is no archive": _failure(
        "InvalidDistribution", upload(SDIST, files=file_with(SDIST, b"no archive"))
    ),
    "empty wheel": _failure("InvalidDistribution", upload(files=file_with(WHEEL))),
    "folder": _failure(
        "InvalidDistribution", upload(files=lambda folder: (folder / WHEEL).mkdir())
    ),
    "signer that fails": _failure(
        "InvalidSigningConfiguration",
        upload(
            *("-s", "--sign-with", "./signer", WHEEL),
            files=lambda folder: make_signer(folder, "exit 3"),
        ),
    ),
    "CA bundle that is not there": _failure(
        "InvalidConfiguration", upload("--cert", "absent.pem", WHEEL, tls=True)
    ),
    "client certificate that is not there": _failure(
        "InvalidConfiguration", upload("--client-cert", "absent.pem", WHEEL, tls=True)
    ),
    "untrusted certificate": _failure("SSLError", upload(tls=True), crashed=True),
    "index that hangs up": _failure(
        "ConnectionError",
        _answered(Answer(fault=Fault.HANG_UP_AFTER_BODY)),
        crashed=True,
    ),
    "answer that is not HTTP": _failure(
        "ConnectionError",
        _answered(Answer(body=b"tea\r\n\r\n", fault=Fault.GARBAGE)),
        crashed=True,
    ),
    "nobody listening": _failure(
        "ConnectionError", _to("http://127.0.0.1:9/legacy/", *LOGIN), crashed=True
    ),
}
EVERY = DIFFERENCES | FAILURES


@pytest.mark.parametrize("difference", EVERY.values(), ids=EVERY)
def test_deliberate_difference(difference: Difference, sides: Sides) -> None:
    """Either program does what the table says of it."""
    ours, theirs = sides.run(difference.scenario)
    said = f"{difference.why}\nOURS\n{ours.text}\nTHEIRS\n{theirs.text}"
    for name, value in difference.theirs.items():
        assert getattr(theirs, name) == value, said
    for name, value in difference.ours.items():
        assert getattr(ours, name) == value, said
    if difference.shown:
        assert difference.shown in ours.text, said
        assert difference.shown not in theirs.text, said
    assert not difference.hidden or difference.hidden not in ours.text, said
    for name, values in difference.sent.items():
        assert ours.values(name) == values, said
        assert theirs.code or theirs.values(name) != values, said
