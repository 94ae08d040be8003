"""Uploads do what they do with the PyPA's twine: same requests, same lines."""

import json
from pathlib import Path

import pytest

from compat.sides import Scenario, Sides
from support.dists import make_sdist, make_wheel, make_zip_sdist, metadata_text
from support.index import Answer, ScriptedIndex
from support.secrets import BASIC_AUTH, PASSWORD, USER

WHEEL = "pkg-1.0-py3-none-any.whl"
SDIST = "pkg-1.0.tar.gz"
TO = ("upload", "--disable-progress-bar", "--repository-url", "{url}/legacy/")
UPLOAD = (*TO, "-u", USER, "-p", PASSWORD)


def _both(folder: Path) -> tuple[Path, Path]:
    return make_wheel(folder), make_sdist(folder)


def _signed(folder: Path) -> None:
    make_wheel(folder)
    (folder / f"{WHEEL}.asc").write_bytes(b"SIGNATURE")


def _attested(folder: Path) -> None:
    make_wheel(folder)
    for kind in ("publish", "build"):
        text = json.dumps({"version": 1, "kind": kind})
        (folder / f"{WHEEL}.{kind}.attestation").write_text(text)


def _attested_elsewhere(folder: Path) -> None:
    _attested(folder)
    (folder / "at").mkdir()
    name = f"{WHEEL}.publish.attestation"
    (folder / name).rename(folder / "at" / name)
    (folder / "other.zip.x.attestation").touch()


def _with_signer(folder: Path) -> None:
    make_wheel(folder)
    signer = folder / "signer"
    signer.write_text(
        "#!/bin/sh\nfor last; do :; done\n"
        'echo "$@" > "$last.asc"\necho "$@" | wc -w >> "$last.asc"\n'
    )
    signer.chmod(0o755)


class Script:
    """Give these answers in turn, the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        """Remember the answers."""
        self.answers = answers

    def __call__(self, index: ScriptedIndex) -> None:
        """Teach an index."""
        *first, last = self.answers
        for answer in first:
            index.answer(lambda request: request.method == "POST", answer, times=1)
        index.answer(lambda request: request.method == "POST", last)


FILES = {
    "a wheel": Scenario(argv=(*UPLOAD, WHEEL)),
    "an sdist": Scenario(argv=(*UPLOAD, SDIST), files=make_sdist),
    "a zip sdist": Scenario(argv=(*UPLOAD, "pkg-1.0.zip"), files=make_zip_sdist),
    "wheels go first": Scenario(argv=(*UPLOAD, SDIST, WHEEL), files=_both),
    "a pattern": Scenario(argv=(*UPLOAD, "pkg-*.whl")),
    "a folder's pattern": Scenario(
        argv=(*UPLOAD, "dist/*"), files=lambda folder: make_wheel(folder / "dist")
    ),
    "a platform wheel": Scenario(
        argv=(*UPLOAD, "pkg-1.0-cp313-cp313-win_amd64.whl"),
        files=lambda folder: make_wheel(folder, tag="cp313-cp313-win_amd64"),
    ),
    "a large wheel": Scenario(
        argv=(*UPLOAD, WHEEL),
        files=lambda folder: make_wheel(folder, payload=bytes(range(256)) * 8192),
    ),
    "a comment": Scenario(argv=(*UPLOAD, "-c", "schöner Kessel", WHEEL)),
    "a signature": Scenario(argv=(*UPLOAD, WHEEL, f"{WHEEL}.asc"), files=_signed),
    "a signature first": Scenario(argv=(*UPLOAD, f"{WHEEL}.asc", WHEEL), files=_signed),
    "signing": Scenario(
        argv=(*UPLOAD, "-s", "--sign-with", "./signer", WHEEL), files=_with_signer
    ),
    "signing as somebody": Scenario(
        argv=(*UPLOAD, "-s", "--sign-with", "./signer", "-i", "me", WHEEL),
        files=_with_signer,
    ),
    "a signature beats signing": Scenario(
        argv=(*UPLOAD, "-s", "--sign-with", "./signer", WHEEL, f"{WHEEL}.asc"),
        files=_signed,
    ),
    "attestations": Scenario(
        argv=(
            *(*UPLOAD, "--attestations", WHEEL),
            *(f"{WHEEL}.publish.attestation", f"{WHEEL}.build.attestation"),
        ),
        files=_attested,
    ),
    "attestations elsewhere": Scenario(
        argv=(*UPLOAD, "--attestations", WHEEL, "at/*", f"./{WHEEL}.build.attestation"),
        files=_attested_elsewhere,
    ),
    "an attestation of nobody": Scenario(
        argv=(*UPLOAD, "--attestations", WHEEL, "at/*", "other.zip.x.attestation"),
        files=_attested_elsewhere,
    ),
    "attestations not asked for": Scenario(
        argv=(*UPLOAD, WHEEL, f"{WHEEL}.publish.attestation"), files=_attested
    ),
    "abbreviated options": Scenario(
        argv=(
            *("upload", "--disable", "--repository-u", "{url}/legacy/"),
            *("--user", USER, "--pass", PASSWORD, WHEEL),
        )
    ),
}


@pytest.mark.parametrize("scenario", FILES.values(), ids=FILES)
def test_upload(scenario: Scenario, sides: Sides) -> None:
    """The index gets the same forms and files, and the user sees the same lines."""
    done = sides.assert_same(scenario)
    assert done.code == 0
    assert set(done.credentials) == {BASIC_AUTH}


FAILURES = {
    "nothing by that name": Scenario(argv=(*UPLOAD, "absent.whl")),
    "a pattern without files": Scenario(argv=(*UPLOAD, "absent*")),
    "signatures alone": Scenario(argv=(*UPLOAD, f"{WHEEL}.asc"), files=_signed),
    "an identity without signing": Scenario(argv=(*UPLOAD, "-i", "me", WHEEL)),
    "no such signer": Scenario(argv=(*UPLOAD, "-s", "--sign-with", "nobody", WHEEL)),
    "attestations missing": Scenario(argv=(*UPLOAD, "--attestations", WHEEL)),
    "an egg": Scenario(
        argv=(*UPLOAD, "pkg.egg"), files=lambda folder: (folder / "pkg.egg").touch()
    ),
    "an invalid second file": Scenario(
        argv=(*UPLOAD, WHEEL, SDIST),
        files=lambda folder: (
            make_wheel(folder),
            make_sdist(folder, metadata=metadata_text(extra="Requires-Dist: a b\n")),
        ),
    ),
    "an unknown field": Scenario(
        argv=(*UPLOAD, WHEEL),
        files=lambda folder: make_wheel(
            folder, metadata=metadata_text(extra="Colour: red\n")
        ),
    ),
    "metadata of the future": Scenario(
        argv=(*UPLOAD, WHEEL),
        files=lambda folder: make_wheel(
            folder, metadata=metadata_text(metadata_version="9.9")
        ),
    ),
    "no scheme": Scenario(
        argv=("upload", "--repository-url", "{address}/legacy/", WHEEL)
    ),
    "another scheme": Scenario(
        argv=("upload", "--repository-url", "ftp://{address}/legacy/", WHEEL)
    ),
    "a host of old": Scenario(
        argv=(*UPLOAD, "--repository-url", "https://pypi.python.org/pypi", WHEEL)
    ),
    "skipping on a private index": Scenario(argv=(*UPLOAD, "--skip-existing", WHEEL)),
}


@pytest.mark.parametrize("scenario", FAILURES.values(), ids=FAILURES)
def test_upload_that_cannot_begin(scenario: Scenario, sides: Sides) -> None:
    """The same error is named, and nothing is sent."""
    done = sides.assert_same(scenario)
    assert done.code == 1
    assert done.error
    assert done.requests == ()


_MOVED = {"Location": "https://other.example/legacy/"}
ANSWERS = {
    "201": Answer(201, "Created"),
    "204": Answer(204, "No Content"),
    "301": Answer(301, "Moved", _MOVED),
    "308": Answer(308, "Moved", _MOVED),
    "400": Answer(400, "Bad Request", body=b"Invalid version"),
    "401": Answer(401, "Unauthorized"),
    "403": Answer(403, "Forbidden"),
    "404": Answer(404, "Not Found"),
    "409": Answer(409, "Conflict"),
    "499": Answer(499, "Client Closed Request"),
    "302 within": Answer(302, "Found", {"Location": "/elsewhere/"}),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_upload_that_is_answered(answer: Answer, sides: Sides) -> None:
    """Each answer ends the run in the same way, at the same file."""
    scenario = Scenario(
        argv=(*UPLOAD, SDIST, WHEEL), files=_both, script=Script(answer)
    )
    done = sides.assert_same(scenario)
    good = answer.status < 300
    assert (done.code, len(done.uploads)) == ((0, 2) if good else (1, 1))


def test_upload_that_fails_at_the_second_file(sides: Sides) -> None:
    """What was sent before the failure is sent, and nothing after it."""
    scenario = Scenario(
        argv=(*UPLOAD, SDIST, WHEEL, "pkg-1.0-py2-none-any.whl"),
        files=lambda folder: (_both(folder), make_wheel(folder, tag="py2-none-any")),
        script=Script(Answer(), Answer(403, "Forbidden")),
    )
    done = sides.assert_same(scenario)
    assert (done.code, done.error, len(done.uploads)) == (1, "HTTPError", 2)


# Nothing tells where an index with such a URL could be asked what it has; one that can
# be asked is asked by ours before each further try.
MUTE = (*UPLOAD, "--repository-url", "{url}/mute/", WHEEL)


@pytest.mark.parametrize("status", [500, 503])
def test_upload_is_tried_again(status: int, sides: Sides) -> None:
    """An index that is down for a moment gets the file again, in full."""
    scenario = Scenario(
        argv=MUTE,
        script=Script(Answer(status, "Down"), Answer(status, "Down"), Answer()),
    )
    done = sides.assert_same(scenario)
    assert (done.code, len(done.uploads)) == (0, 3)


def test_upload_is_given_up_after_five_tries(sides: Sides) -> None:
    """An index that stays down gets the file five times."""
    scenario = Scenario(argv=MUTE, script=Script(Answer(503, "Down")))
    done = sides.assert_same(scenario)
    assert (done.code, done.error, len(done.uploads)) == (1, "HTTPError", 5)
